"""Exact steady shocks of weakly ionised gas, to start runs from, to feed their boundaries and to check them.

Every function returns a `ShockProfile`, in the frame of the shock with the flow along x:

====================================  =======================================================================
`inertialess_ion_shock`               isothermal neutrals, ions frozen to B without inertia
`charged_fluid_shock`                 isothermal neutrals, any number of charged fluids without inertia
`ion_neutral_shock`                   isothermal ions and neutrals, ideal induction
`heated_ion_neutral_shock`            the same with five moments: friction heats, temperatures relax
`three_fluid_shock`                   isothermal ions, electrons, neutrals and Maxwell's equations in full
`heated_three_fluid_shock`            the same with five moments
====================================  =======================================================================
"""

from multifluid.theory.shocks.charged import charged_fluid_shock
from multifluid.theory.shocks.complete import heated_three_fluid_shock, three_fluid_shock
from multifluid.theory.shocks.inertialess import inertialess_ion_shock
from multifluid.theory.shocks.ion_neutral import heated_ion_neutral_shock, ion_neutral_shock
from multifluid.theory.shocks.jump import Jump, adiabatic_jump, isothermal_jump
from multifluid.theory.shocks.profile import ShockProfile

__all__ = [
    "Jump", "ShockProfile", "adiabatic_jump", "charged_fluid_shock", "heated_ion_neutral_shock", "heated_three_fluid_shock",
    "inertialess_ion_shock", "ion_neutral_shock", "isothermal_jump", "three_fluid_shock",
]  # fmt: skip
