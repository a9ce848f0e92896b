"""The formulary of a mixture as rows of a table, and its length scales in order."""

from typing import NamedTuple

import numpy as np

from multifluid.errors import InputError
from multifluid.theory.formulary import ambipolar, gravity, plasma
from multifluid.theory.formulary.conductivity import REGIMES, dominant, regime_of_hall_parameters


class Row(NamedTuple):
    """One quantity: ``kind`` tells its unit (`multifluid.units.KINDS`), ``meaning`` what it says of the plasma."""

    section: str
    quantity: str
    symbol: str
    value: float
    kind: str
    meaning: str


def summary(mix, *, G=None, length=None, speed=None, Omega=None, cell=None):
    """What a mixture is like.

    Parameters
    ----------
    mix : Mixture
        At one point.
    G : float, optional
        Constant of gravity, for the scales of self-gravity.
    length, speed : float, optional
        Scale L and speed V of the flow: R_A = V L/eta_A, and drift and heating where the field changes over L. V is the
        Alfven speed of all species if only the length is given.
    Omega : float, optional
        Rate of rotation, for the Elsasser number.
    cell : float, optional
        Cell width, to stand among the length scales.

    Returns
    -------
    list of Row

    Raises
    ------
    InputError
        The mixture has more than one point.
    """
    if mix.shape:
        raise InputError(f"summary: the mixture has cells {mix.shape}; give one point")
    rows = [*_composition(mix), *_rates(mix)]
    magnetised = bool(mix.B > 0)
    if magnetised:
        rows += _speeds(mix)
        if mix.couples:
            rows += [*_coupling(mix), *_flow(mix, length, speed, Omega)]
    else:
        rows.append(Row("speeds", "sound, all species", "c_s", float(mix.sound_speed), "velocity", "no magnetic field"))
    if G is not None:
        rows += _self_gravity(mix, G, length)
    return rows + length_scales(mix, G=G, length=length, cell=cell)


def _composition(mix):
    out = []
    for s, name in enumerate(mix.names):
        n, T = float(mix.number_density[s]), float(mix.temperature[s]) / mix.kB
        out.append(Row("composition", f"number density of {name}", f"n_{name}", n, "number_density", ""))
        out.append(Row("composition", f"temperature of {name}", f"T_{name}", T, "temperature", ""))
    out.append(Row("composition", "mass density", "rho", float(mix.rho_total), "density", "all species"))
    out.append(Row("composition", "magnetic field", "B", float(mix.B), "magnetic_field", ""))
    if mix.neutral and mix.charged:
        out.append(Row("composition", "ion fraction", "n_i/n_n", float(mix.ionisation), "number",
                       _fraction(float(mix.rho_charged / mix.rho_neutral))))
    return out


def _fraction(ratio):
    return f"charges hold {ratio:.2g} of the neutrals' mass"


def _rates(mix):
    out = []
    for s in mix.charged:
        name = mix.names[s]
        if np.isfinite(mix.c):
            rate = plasma.plasma_frequency(mix.number_density[s], mix.charge[s], mix.mass[s], mix.eps0)
            out.append(Row("rates", f"plasma rate of {name}", f"omega_p_{name}", float(rate), "frequency", ""))
        rate = abs(float(plasma.cyclotron_frequency(mix.charge[s], mix.mass[s], mix.B)))
        out.append(Row("rates", f"cyclotron rate of {name}", f"Omega_{name}", rate, "frequency", ""))
    for s, first in enumerate(mix.names):
        for r, second in enumerate(mix.names):
            if mix.rates[s, r] > 0:
                out.append(Row("rates", f"{first} against {second}", f"nu_{first}_{second}", float(mix.rates[s, r]),
                               "frequency", "rate of losing slip, alpha rho"))
    return out


def _speeds(mix):
    fast, slow = mix.magnetosonic_speeds(np.pi / 4)
    b = float(mix.beta)
    rows = [
        Row("speeds", "plasma beta", "beta", b, "number", "pressure rules" if b > 1 else "the field rules"),
        Row("speeds", "sound, all species", "c_s", float(mix.sound_speed), "velocity", "adiabatic"),
        Row("speeds", "isothermal sound", "a", float(mix.isothermal_speed), "velocity", "all species"),
        Row("speeds", "Alfven, all species", "v_A", float(mix.alfven_speed()), "velocity", "charges carry the neutrals"),
    ]
    if mix.charged and mix.neutral:
        rows.append(Row("speeds", "Alfven, charges alone", "v_A_charged", float(mix.alfven_speed("charged")), "velocity",
                        "neutrals left behind"))
    rows += [Row("speeds", f"Alfven, {mix.names[s]} alone", f"v_A_{mix.names[s]}", float(mix.alfven_speed(mix.names[s])),
                 "velocity", "") for s in mix.charged]
    return rows + [Row("speeds", "fast, at 45 degrees", "v_f", float(fast), "velocity", "all species"),
                   Row("speeds", "slow, at 45 degrees", "v_s", float(slow), "velocity", "all species")]


def _coupling(mix):
    out = []
    hall = mix.hall_parameters
    for s, value in zip(mix.charged, hall, strict=True):
        out.append(Row("coupling", f"Hall parameter of {mix.names[s]}", f"beta_{mix.names[s]}", float(value), "number",
                       _tied(abs(float(value)))))
    eta = mix.diffusivities
    regime = REGIMES[int(dominant(eta))]
    by_hall = REGIMES[int(regime_of_hall_parameters(hall))]
    say = {"ohmic": "", "hall": "", "ambipolar": "", regime: "the largest"}
    out += [
        Row("coupling", "drag coefficient", "gamma", float(mix.gamma_drag), "drag", "friction/(rho_i rho_n), all pairs"),
        Row("coupling", "Ohmic diffusivity", "eta_O", float(eta.ohmic), "diffusivity", say["ohmic"]),
        Row("coupling", "Hall diffusivity", "eta_H", float(eta.hall), "diffusivity", say["hall"]),
        Row("coupling", "ambipolar diffusivity", "eta_A", float(eta.ambipolar), "diffusivity",
            f"{say['ambipolar']}; Hall parameters say: {by_hall}".lstrip("; ")),
        Row("coupling", "neutrals follow charges", "nu_ni", float(mix.neutral_ion_rate), "frequency",
            "slower changes carry the neutrals along"),
        Row("coupling", "charges follow neutrals", "nu_in", float(mix.ion_neutral_rate), "frequency", ""),
    ]
    return out


def _tied(size):
    if size >= 10.0:
        return "tied to the field"
    return "held by the neutrals" if size <= 0.1 else "between field and neutrals"


def _flow(mix, length, speed, Omega):
    out, eta = [], float(mix.diffusivities.ambipolar)
    alfven = float(mix.alfven_speed())
    V = alfven if speed is None else speed
    whose = "V = v_A of all species" if speed is None else f"V = {speed / alfven:.3g} v_A"
    if length is not None:
        R = float(ambipolar.magnetic_reynolds(V, length, eta))
        drift = eta / length
        out += [
            Row("flow", "scale of the flow", "L", length, "length", whose),
            Row("flow", "ambipolar Reynolds number", "R_A", R, "number",
                "the field goes with the neutrals" if R > 1 else "the field slips through the neutrals"),
            Row("flow", "drift of the charges", "v_d", drift, "velocity", f"B changes over L: {drift / alfven:.2g} v_A"),
            Row("flow", "ambipolar heating", "Q_A", float(mix.friction) * drift**2, "heating", "B changes over L"),
            Row("flow", "diffusion time", "t_A", float(ambipolar.diffusion_time(length, eta)), "time", "L^2/eta_A"),
        ]
    if Omega is not None:
        neutral = float(mix.alfven_speed("neutral"))
        for symbol, value, what in (
            ("Am", ambipolar.elsasser_from_coupling(mix.gamma_drag, mix.rho_charged, Omega), "gamma rho_i/Omega"),
            ("Am'", ambipolar.elsasser_from_diffusivity(neutral, eta, Omega), "v_A^2/(eta_A Omega), v_A of the neutrals"),
        ):
            out.append(Row("flow", "Elsasser number", symbol, float(value), "number", what))
    return out


def _self_gravity(mix, G, length):
    a, rho = float(mix.isothermal_speed), float(mix.rho_total)
    out = [
        Row("gravity", "free-fall time", "t_ff", float(gravity.free_fall_time(rho, G)), "time", ""),
        Row("gravity", "Jeans mass", "M_J", float(gravity.jeans_mass(a, rho, G)), "mass", "sphere of diameter lambda_J"),
    ]
    if mix.B > 0 and length is not None:
        ratio = float(gravity.mass_to_flux_of_sheet(rho * length, mix.B, G, mix.mu0))
        out.append(Row("gravity", "mass to flux of a sheet rho L", "mu", ratio, "number",
                       "supercritical: the field cannot hold it" if ratio > 1 else "subcritical: held by the field"))
        if mix.couples:
            ratio = float(ambipolar.diffusion_time(length, mix.diffusivities.ambipolar) / gravity.free_fall_time(rho, G))
            out.append(Row("gravity", "diffusion over free fall", "t_A/t_ff", ratio, "number", "at the scale L"))
    return out


def length_scales(mix, *, G=None, length=None, cell=None):
    """The length scales of a mixture as rows, shortest first; parameters as of `summary`."""
    found = []

    def add(quantity, symbol, value, meaning):
        if value is not None and np.isfinite(value) and value > 0:
            found.append(Row("lengths", quantity, symbol, float(value), "length", meaning))

    if mix.charged and np.isfinite(mix.c):
        add("Debye length", "lambda_D", mix.debye_length if np.any(mix.temperature > 0) else None,
            "below: charges separate")
    for s in mix.charged:
        name = mix.names[s]
        if mix.number_density[s] > 0:
            lightest = mix.mass[s] == min(mix.mass[r] for r in mix.charged)
            light = "electrons' inertia, light" if lightest else "Hall physics without neutrals, whistlers"
            add(f"inertial length of {name}", f"d_{name}",
                plasma.inertial_length(mix.number_density[s], mix.charge[s], mix.mass[s], mix.mu0), f"below: {light}")
        if mix.B > 0:
            add(f"gyroradius of {name}", f"r_{name}",
                plasma.gyroradius(mix.temperature[s], mix.mass[s], mix.charge[s], mix.B), "")
    for s in mix.charged:
        name, rate = mix.names[s], float(mix.rates[s].sum())
        if rate > 0:
            add(f"mean free path of {name}", f"l_{name}", plasma.mean_free_path(mix.temperature[s], mix.mass[s], rate),
                "against other species")
    if mix.couples and mix.B > 0:
        v, eta = float(mix.alfven_speed()), mix.diffusivities
        low, high = mix.alfven_cutoffs
        add("charges alone", "2 pi/k_high", 2.0 * np.pi / high, "below: Alfven waves of the charges alone")
        add("charges and neutrals locked", "2 pi/k_low", 2.0 * np.pi / low, "above: Alfven waves of all; none in between")
        for symbol, size, what in (("ohmic", eta.ohmic, "Ohmic"), ("hall", abs(eta.hall), "Hall"),
                                   ("crit", eta.ambipolar, "ambipolar")):
            add(f"{what} length", f"L_{symbol}", float(ambipolar.critical_length(size, v)),
                f"eta/v_A; below: {what} diffusion beats Alfven waves")
    if G is not None:
        add("Jeans length", "lambda_J", gravity.jeans_length(mix.isothermal_speed, mix.rho_total, G), "above: collapse")
    add("scale of the flow", "L", length, "")
    add("CELL WIDTH", "dx", cell, "what is longer is resolved, what is shorter is not")
    return sorted(found, key=lambda row: row.value)
