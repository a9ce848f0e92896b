"""Steady profiles by the names of a run's variables: what the shock problems share."""

import numpy as np
from scipy.optimize import minimize_scalar


def variables(state, names):
    """Arrays of a `multifluid.theory.shocks.ShockProfile`, its fluids in the order of ``names``, as dict by variable."""
    out = {f"{field}{'xyz'[d]}": state[field][d] for field in "EB" for d in range(3)}
    for s, name in enumerate(names):
        out |= {f"rho_{name}": state["rho"][s], f"p_{name}": state["p"][s]}
        out |= {f"u{'xyz'[d]}_{name}": state["u"][s, d] for d in range(3)}
    return out


def initial(values, names, pressures=False):
    """What ``Problem.initial`` returns, of variables by name; with ``pressures`` for fluids that have their own."""
    out = {}
    for name in names:
        out[name] = {"rho": values[f"rho_{name}"], "u": tuple(values[f"u{a}_{name}"] for a in "xyz")}
        if pressures:
            out[name]["p"] = values[f"p_{name}"]
    return out | {field: tuple(values[f"{field}{a}"] for a in "xyz") for field in "EB"}


def divergence(Ex, x, dx, reconstruction):
    """d_x E_x as the grid takes it, of a function Ex(x): centred, of fourth order with parabolae."""
    slope = (Ex(x + dx) - Ex(x - dx)) / (2.0 * dx)
    if reconstruction == "plm":
        return slope
    return (4.0 * slope - (Ex(x + 2.0 * dx) - Ex(x - 2.0 * dx)) / (4.0 * dx)) / 3.0


def cell_averages(steady, x, dx, names):
    """Of a profile ``steady(x)``, what cells of width dx about x hold: averages of rho, p, E, B, and of rho u over rho."""
    nodes, weights = np.polynomial.legendre.leggauss(4)
    values = steady((x[:, None] + 0.5 * dx * nodes).ravel())

    def mean(value):
        return np.reshape(value, (len(x), -1)) @ weights / 2.0

    out = {name: mean(value) for name, value in values.items()}
    for name in names:
        for u in (f"u{a}_{name}" for a in "xyz"):
            out[u] = mean(values[f"rho_{name}"] * values[u]) / out[f"rho_{name}"]
    return out


def place(steady, x, By, reach):
    """The shift, at most ``reach`` from where By is half-way between its ends, at which a profile is nearest to By in L1."""
    middle = 0.5 * (By[0] + By[-1])
    crossing = np.flatnonzero(np.diff(np.sign(By - middle)))
    guess = x[crossing[-1 if By[0] < By[-1] else 0]]
    found = minimize_scalar(lambda shift: np.mean(np.abs(By - steady(x - shift)["By"])), method="bounded",
                            bounds=(guess - reach, guess + reach), options={"xatol": 1e-7})  # fmt: skip
    return float(found.x)
