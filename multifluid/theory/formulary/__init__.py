"""Formulary of weakly ionised plasmas: what the coupling of ions, electrons and neutrals to the field means in numbers.

Every function takes floats or arrays that broadcast, and any consistent set of units: SI with ``mu0`` and ``eps0`` given,
code units (mu0 = 1) by default. Temperatures are energies, k T. Drag is written with the symmetric coefficient alpha of
the force density alpha rho_s rho_r (u_r - u_s), alpha = <sigma v>/(m_s + m_r); the gamma of the literature on ambipolar
diffusion (Shu 1983, ApJ 273, 202) is the same number.

`Mixture` holds any number of species and gives what follows from all of them; `regime_fields` gives output fields;
`summary` gives the table that ``multifluid regime`` prints.
"""

from multifluid.theory.formulary.ambipolar import (
    alfven_cutoffs,
    ambipolar_diffusivity,
    critical_length,
    diffusion_time,
    drift_velocity,
    drift_with_pressure,
    elsasser_from_coupling,
    elsasser_from_diffusivity,
    hard_sphere_rate,
    heating,
    ionisation_balance,
    langevin_rate,
    magnetic_reynolds,
)  # fmt: skip
from multifluid.theory.formulary.conductivity import (
    REGIMES,
    Conductivity,
    Diffusivities,
    conductivity,
    conductivity_of,
    diffusivities,
    diffusivities_of,
    dominant,
    hall_parameter,
    regime_of_hall_parameters,
)  # fmt: skip
from multifluid.theory.formulary.fields import RegimeField, regime_fields
from multifluid.theory.formulary.gravity import (
    critical_mass_to_flux,
    free_fall_time,
    jeans_length,
    jeans_mass,
    mass_to_flux_of_sheet,
)  # fmt: skip
from multifluid.theory.formulary.mixture import Mixture
from multifluid.theory.formulary.plasma import (
    alfven_speed,
    beta,
    collision_rate,
    cyclotron_frequency,
    debye_length,
    gyroradius,
    inertial_length,
    magnetosonic_speeds,
    mean_free_path,
    plasma_frequency,
    sound_speed,
    thermal_speed,
)  # fmt: skip
from multifluid.theory.formulary.summary import Row, summary

__all__ = [
    "REGIMES", "Conductivity", "Diffusivities", "Mixture", "RegimeField", "Row", "alfven_cutoffs", "alfven_speed",
    "ambipolar_diffusivity", "beta", "collision_rate", "conductivity", "conductivity_of", "critical_length",
    "critical_mass_to_flux", "cyclotron_frequency", "debye_length", "diffusion_time", "diffusivities", "diffusivities_of",
    "dominant", "drift_velocity", "drift_with_pressure", "elsasser_from_coupling", "elsasser_from_diffusivity",
    "free_fall_time", "gyroradius", "hall_parameter", "hard_sphere_rate", "heating", "inertial_length",
    "ionisation_balance", "jeans_length", "jeans_mass", "langevin_rate", "magnetic_reynolds", "magnetosonic_speeds",
    "mass_to_flux_of_sheet", "mean_free_path", "plasma_frequency", "regime_fields", "regime_of_hall_parameters",
    "sound_speed", "summary", "thermal_speed",
]  # fmt: skip
