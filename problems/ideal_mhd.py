"""Answers of ideal MHD that problems are held against where there is no closed one.

Each is a file multifluid/data/<problem>_mhd.npz of means over cells, made by a finite-volume code (HLL, second order) on
a finer grid; `multifluid.benchmark.ideal_reference` tells how.
"""

from importlib.resources import files

import numpy as np

from multifluid import InputError


def means(fine, cells):
    """Means of a fine profile (m,) or square (m, m) over equal blocks, ``cells`` along each axis.

    Raises
    ------
    InputError
        ``cells`` does not divide m.
    """
    fine = np.asarray(fine, float)
    if fine.shape[0] % cells:
        raise InputError(f"ideal MHD: {cells} cells do not divide {fine.shape[0]}; take a number that does")
    block = fine.shape[0] // cells
    return fine.reshape((cells, block) * fine.ndim).mean(axis=tuple(range(1, 2 * fine.ndim, 2)))


def answer(problem, cells):
    """Ideal MHD's state at the end of a problem as means over ``cells`` along each axis.

    Parameters
    ----------
    problem : str
        "brio_wu", "orszag_tang" or "rotor"; with their default parameters, d_i -> 0.
    cells : int
        A divisor of 3200, 128, 128.

    Returns
    -------
    dict of str to ndarray
        rho and those of Bx, By that vary.
    """
    with files("multifluid").joinpath(f"data/{problem}_mhd.npz").open("rb") as file, np.load(file) as data:
        return {name: means(data[name], cells) for name in ("rho", "Bx", "By") if name in data.files}


def distances(found, reference):
    """L1 distances, means over cells of |rho - rho'| and of the length |B - B'|.

    Parameters
    ----------
    found, reference : dict of str to ndarray
        rho, and of Bx, By those that vary (what the reference has is compared).

    Returns
    -------
    dict of str to float
        "rho", "B".
    """
    field = sum((found[name] - reference[name]) ** 2 for name in ("Bx", "By") if name in reference)
    return {"rho": float(np.mean(np.abs(found["rho"] - reference["rho"]))), "B": float(np.mean(np.sqrt(field)))}
