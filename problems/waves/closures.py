"""Fluids of the linear-wave problems in any closure: from the theory's Background to the solver's model and its states."""

import numpy as np

from multifluid import Cold, FiveMoment, Isothermal, Polytropic, SixMoment, TenMoment
from multifluid.fluids import COMPONENTS
from multifluid.theory.background import ANISOTROPIC, CLOSURES

__all__ = ["ANISOTROPIC", "CLOSURES", "fluid_of", "harmonic", "perturbed", "pressures"]


def fluid_of(background, **limiter):
    """The solver's fluid with the closure and numbers of a Background.

    Parameters
    ----------
    background : Background
    **limiter
        ``instability_rate`` and ``thresholds`` of a six- or ten-moment fluid.

    Returns
    -------
    Fluid
    """
    b = background
    common = (b.name, b.mass, b.charge)
    if b.closure == "five-moment":
        return FiveMoment(*common, b.gamma)
    if b.closure == "isothermal":
        return Isothermal(*common, temperature=b.p * b.mass / b.rho)
    if b.closure == "polytropic":
        return Polytropic(*common, constant=b.p / b.rho**b.gamma, gamma=b.gamma)
    if b.closure == "cold":
        return Cold(*common)
    if b.closure == "six-moment":
        return SixMoment(*common, isotropisation=b.isotropisation, **limiter)
    k0 = b.heat_flux.k0 if b.heat_flux else 0.0
    return TenMoment(*common, isotropisation=b.isotropisation, k0=k0, **limiter)


def pressures(background, axis):
    """Pressures of the uniform background, keyed as those of a Mode's vector and of files, without the fluid's name.

    Parameters
    ----------
    background : Background
    axis : array_like (3,)
        Direction of p_par, not necessarily of length 1; 0 where the pressure is isotropic.

    Returns
    -------
    dict of str to float
    """
    b = background
    if b.closure == "cold":
        return {"p": 0.0}
    if b.closure == "six-moment":
        return {"ppar": b.p_par, "pperp": b.p_perp}
    if b.closure != "ten-moment":
        return {"p": b.p}
    size = np.linalg.norm(axis)
    direction = np.asarray(axis) / (size or 1.0)
    tensor = b.p_perp * np.eye(3) + (b.p_par - b.p_perp) * np.outer(direction, direction)
    return {f"p{ij}": float(tensor["xyz".index(ij[0]), "xyz".index(ij[1])]) for ij in COMPONENTS}


def perturbed(background, axis, change):
    """State of the fluid, as ``Problem.initial`` gives it: background plus ``change`` (dict keyed as a Mode's vector)."""
    b = background
    state = {"rho": b.rho + change[f"rho_{b.name}"], "u": tuple(change[f"u_{b.name}"])}
    total = {key: value + change[f"{key}_{b.name}"] for key, value in pressures(b, axis).items()}
    if b.closure == "ten-moment":
        state["P"] = tuple(total[f"p{ij}"] for ij in COMPONENTS)
    elif b.closure in ("five-moment", *ANISOTROPIC):
        state.update(total)
    return state


def harmonic(backgrounds, field, wave, fields):
    """Complex amplitude of one harmonic in a record: what stands before Re[... exp(i k.x)].

    Parameters
    ----------
    backgrounds : sequence of Background
    field : ndarray (3,)
        Background magnetic field.
    wave : ndarray
        exp(-i k.x) on the grid.
    fields : dict of str to ndarray (z, y, x)
        Primitive variables.

    Returns
    -------
    dict
        Keyed as a Mode's vector.
    """
    def amplitude(name, rest=0.0):
        return 2.0 * np.mean((fields[name] - rest) * wave)

    found = {"E": np.array([amplitude(f"E{a}") for a in "xyz"]),
             "B": np.array([amplitude(f"B{a}", b) for a, b in zip("xyz", field, strict=True)])}
    for b in backgrounds:
        found[f"rho_{b.name}"] = amplitude(f"rho_{b.name}", b.rho)
        found[f"u_{b.name}"] = np.array([amplitude(f"u{a}_{b.name}") for a in "xyz"])
        for key, value in pressures(b, field).items():
            found[f"{key}_{b.name}"] = amplitude(f"{key}_{b.name}", value)
    return found
