"""Pressures along and across B in a record, of six- and of ten-moment fluids."""

import numpy as np


def gyrotropic(fields, name):
    """(p_par, p_perp, |B|) of one fluid: arrays like the fields'.

    Parameters
    ----------
    fields : dict of str to ndarray
        Primitive variables and B of one record.
    name : str
        The fluid's.

    Returns
    -------
    tuple of ndarray
        Of a ten-moment fluid p_par = b.P.b and p_perp = (tr P - p_par)/2.
    """
    B = [fields[f"B{a}"] for a in "xyz"]
    size = np.sqrt(sum(b * b for b in B))
    if f"ppar_{name}" in fields:
        return fields[f"ppar_{name}"], fields[f"pperp_{name}"], size
    par = sum((1.0 if a == b else 2.0) * fields[f"p{'xyz'[a]}{'xyz'[b]}_{name}"] * B[a] * B[b]
              for a in range(3) for b in range(a, 3)) / size**2
    return par, 1.5 * fields[f"p_{name}"] - 0.5 * par, size
