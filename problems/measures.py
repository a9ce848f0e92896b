"""What the acceptance tests of several problems measure and hold against limits."""

import numpy as np

from multifluid import Check


def relative_change(series, name):
    """Largest |q(t) - q(0)|/|q(0)| over a run of one of its integrals."""
    values = np.asarray(series[name])
    return float(np.max(np.abs(values - values[0])) / abs(values[0]))


def largest(series, name):
    """Largest |value| over a run of one of its integrals."""
    return float(np.max(np.abs(series[name])))


def last(series, name):
    """Last value of one of a run's integrals: the sum, for a counter."""
    return float(np.asarray(series[name])[-1])


def constraint_checks(series):
    """Gauss's law and div B, at their worst over the run: list of Check.

    Gauss's law holds to round-off unless cells were taken to first order: there the charge flux is limited to keep the
    electrons positive, and what was cut off remains."""
    gauss = 1e-12 if last(series, "fallbacks") == 0 else 1e-6
    return [
        Check("div B, max |div B| dx/|B|", largest(series, "div_b"), 1e-13),
        Check("Gauss's law, max |div E - rho_c/eps0| eps0/(n e)", largest(series, "gauss_error"), gauss),
    ]


def mass_checks(series):
    """Mass of ions and of electrons in a box that nothing leaves: list of Check."""
    return [Check(f"mass of {name}s, relative change", relative_change(series, f"mass_{name}"), 1e-13)
            for name in ("ion", "electron")]  # fmt: skip


def asymmetry(run, flips, odd=(), magnetic=()):
    """How far the last state is from its mirror image, per kind of variable relative to the kind's largest size.

    Parameters
    ----------
    run : Result
        Of a problem in the x, y plane.
    flips : tuple of int
        Axes of the squeezed (y, x) arrays that are reversed.
    odd : str
        Components ("xy") of velocity and E that change sign; a pressure P_ij does where one of i, j is among them.
    magnetic : str
        Components of B that change sign.

    Returns
    -------
    float
        max over variables of max |q(x) -+ q(x')|/max |kind|.
    """
    worst = 0.0
    fields = {name: np.squeeze(field.data) for name, field in run.fields().items()}
    size = {}
    for name, data in fields.items():
        size[_kind(name)] = max(size.get(_kind(name), 0.0), float(np.max(np.abs(data))))
    for name, data in fields.items():
        kind = _kind(name)
        flipped = kind[0] in "uE" and name[1] in odd or kind == "B" and name[1] in magnetic
        if kind.startswith("P_"):
            flipped = (name[1] in odd) != (name[2] in odd)
        image = np.flip(data, flips)
        difference = data + image if flipped else data - image
        if size[kind] > 0:
            worst = max(worst, float(np.max(np.abs(difference))) / size[kind])
    return worst


def _kind(name):
    """Variables of one kind share a scale: components of a vector or a tensor; each density and pressure by itself."""
    if name.startswith("p") and name[1] in "xyz" and name[2] in "xyz":
        return "P_" + name.partition("_")[2]
    if name.startswith("u") and name[1] in "xyz":
        return "u_" + name.partition("_")[2]
    return name[0] if name in ("Ex", "Ey", "Ez", "Bx", "By", "Bz") else name
