"""Ionisation of a neutral fluid and recombination."""

import math
from dataclasses import dataclass

from ..errors import InputError


@dataclass(frozen=True)
class Ionisation:
    """Ionisation at a constant rate per particle, and recombination: n <-> i + e.

        dn_i/dt = dn_e/dt = zeta n_n - alpha_rec n_i n_e,    alpha_rec = a (T_e/T0)^exponent
        d rho_n/dt = -(m_i + m_e) dn_i/dt

    Mass and charge are conserved exactly. New ions and electrons carry the momentum and, shared by mass, the thermal
    energy of the neutrals they come from, and back; the energy of mixing becomes heat. The energy spent on ionisation
    comes from outside (cosmic rays) and is not booked. Balance: n_i n_e = zeta n_n/alpha_rec.

    Parameters
    ----------
    neutral, ion, electron : str
        Names of the fluids; the ion's charge cancels the electron's.
    zeta : float
        Ionisation rate per neutral particle (Umebayashi & Nakano 1981, Publ. Astron. Soc. Japan 33, 617: 1e-17 per
        second for cosmic rays in dense clouds).
    recombination : float
        a: volume/time.
    exponent, reference_temperature : float
        b and T0 (energy units); the default does not depend on temperature.
    """

    neutral: str
    ion: str
    electron: str
    zeta: float
    recombination: float
    exponent: float = 0.0
    reference_temperature: float = 1.0

    def __post_init__(self):
        for name in ("zeta", "recombination"):
            value = getattr(self, name)
            if not 0 <= value < math.inf:
                raise InputError(f"ionisation of {self.neutral}: {name} must be finite and not negative, not {value!r}")
        if not 0 < self.reference_temperature < math.inf:
            raise InputError(f"ionisation of {self.neutral}: reference_temperature must be positive, "
                             f"not {self.reference_temperature!r}")
        if not math.isfinite(self.exponent):
            raise InputError(f"ionisation of {self.neutral}: exponent must be finite, not {self.exponent!r}")


def find_ionisation(fluids, interactions):
    """The one Ionisation among the interactions, as ((neutral, ion, electron) indices, Ionisation), or None.

    Raises
    ------
    InputError
        More than one, unknown fluids, a charged neutral, or charges that do not cancel.
    """
    found = [i for i in interactions if isinstance(i, Ionisation)]
    if not found:
        return None
    if len(found) > 1:
        raise InputError("interactions: only one Ionisation is possible so far; put the ions into one fluid")
    reaction = found[0]
    index = {fluid.name: s for s, fluid in enumerate(fluids)}
    names = (reaction.neutral, reaction.ion, reaction.electron)
    for name in names:
        if name not in index:
            raise InputError(f"ionisation: there is no fluid {name!r} (fluids: {', '.join(index)})")
    if len(set(names)) < 3:
        raise InputError(f"ionisation: neutral, ion and electron must be three fluids, not {', '.join(names)}")
    neutral, ion, electron = (fluids[index[name]] for name in names)
    if neutral.charge != 0:
        raise InputError(f"ionisation: {neutral.name} has charge {neutral.charge:g}; the neutral must have none")
    if abs(ion.charge + electron.charge) > 1e-14 * abs(ion.charge) or ion.charge == 0:
        raise InputError(f"ionisation: the charges of {ion.name} ({ion.charge:g}) and {electron.name} "
                         f"({electron.charge:g}) do not cancel")
    return tuple(index[name] for name in names), reaction
