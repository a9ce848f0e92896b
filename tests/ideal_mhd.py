r"""One-dimensional ideal MHD by finite volumes: the reference that multifluid tubes are held against.

With B_x constant, mu0 = 1 and u, B three-component, the equations are

.. math::

    \partial_t \rho + \partial_x (\rho u_x) = 0, \qquad
    \partial_t (\rho \mathbf u) + \partial_x (\rho u_x \mathbf u - B_x \mathbf B + p_t \hat x) = 0, \\
    \partial_t B_{y,z} + \partial_x (u_x B_{y,z} - B_x u_{y,z}) = 0, \qquad
    \partial_t e + \partial_x [(e + p_t) u_x - B_x\, \mathbf u \cdot \mathbf B] = 0,

with p_t = p + B^2/2 and e = p/(gamma - 1) + rho u^2/2 + B^2/2.

Primitives are reconstructed linearly with the MC limiter (van Leer 1977, J. Comput. Phys. 23, 276), the flux is HLL
(Harten, Lax & van Leer 1983, SIAM Rev. 25, 35) or Rusanov with the fast speed, time is advanced by the
strong-stability-preserving Runge-Kutta method of order two or three (Shu & Osher 1988, J. Comput. Phys. 77, 439).
The state is one array of seven rows: rho, u_x, u_y, u_z, B_y, B_z, p (``w``) or rho, rho u, B_y, B_z, e (``u``).

It is used by tests only. The packaged Brio-Wu reference is written from the root of the checkout by

    python -m tests.ideal_mhd --write

as float64 rows rho, ux, uy, p, By on ``x`` (3200 cells, gamma = 2, t = 0.1) in multifluid/data/brio_wu_mhd.npz.
"""

import argparse
from pathlib import Path

import numpy as np

REFERENCE = Path(__file__).resolve().parent.parent / "multifluid" / "data" / "brio_wu_mhd.npz"
REFERENCE_CELLS = 3200
GHOSTS = 2
STAGES = {2: ((0.0, 1.0), (0.5, 0.5)), 3: ((0.0, 1.0), (0.75, 0.25), (1 / 3, 2 / 3))}  # u <- a u_start + b (u + dt L u)


def conserved(w, bx, gamma):
    """Rows rho, rho u, B_y, B_z, e from rows rho, u, B_y, B_z, p; shape (7, n)."""
    u = w.copy()
    u[1:4] *= w[0]
    u[6] = w[6] / (gamma - 1) + 0.5 * w[0] * (w[1:4] ** 2).sum(0) + 0.5 * (bx**2 + w[4] ** 2 + w[5] ** 2)
    return u


def primitive(u, bx, gamma):
    """Inverse of `conserved`.

    Raises
    ------
    FloatingPointError
        If density or pressure is not positive somewhere.
    """
    w = u.copy()
    w[1:4] /= u[0]
    w[6] = (gamma - 1) * (u[6] - 0.5 * u[0] * (w[1:4] ** 2).sum(0) - 0.5 * (bx**2 + u[4] ** 2 + u[5] ** 2))
    if not (u[0].min() > 0 and w[6].min() > 0):
        raise FloatingPointError(f"ideal MHD: min rho = {u[0].min():.3g}, min p = {w[6].min():.3g}")
    return w


def flux_physical(w, u, bx):
    """The flux of every conserved row along x; shape (7, n)."""
    p_total = w[6] + 0.5 * (bx**2 + w[4] ** 2 + w[5] ** 2)
    f = u * w[1]
    f[1] += p_total - bx**2
    f[2:4] -= bx * w[4:6]
    f[4:6] -= bx * w[2:4]
    f[6] += p_total * w[1] - bx * (bx * w[1] + w[2] * w[4] + w[3] * w[5])
    return f


def fast_speed(w, bx, gamma):
    """Fast magnetosonic speed along x: 2 c_f^2 = a^2 + b^2 + sqrt((a^2 + b^2)^2 - 4 a^2 b_x^2), b = B/sqrt(rho)."""
    a2, bx2 = gamma * w[6] / w[0], bx**2 / w[0]
    total = a2 + bx2 + (w[4] ** 2 + w[5] ** 2) / w[0]
    return np.sqrt(0.5 * (total + np.sqrt(np.maximum(total**2 - 4 * a2 * bx2, 0.0))))


def face_flux(wl, wr, bx, gamma, riemann="hll"):
    """HLL flux with the speeds min, max(u -+ c_f) of Davis (1988, SIAM J. Sci. Stat. Comput. 9, 445).

    ``riemann="rusanov"`` takes the largest |u| + c_f to both sides. Raises ValueError for any other name.
    """
    ul, ur = conserved(wl, bx, gamma), conserved(wr, bx, gamma)
    fl, fr = flux_physical(wl, ul, bx), flux_physical(wr, ur, bx)
    cl, cr = fast_speed(wl, bx, gamma), fast_speed(wr, bx, gamma)
    if riemann == "hll":
        sl = np.minimum(np.minimum(wl[1] - cl, wr[1] - cr), 0.0)
        sr = np.maximum(np.maximum(wl[1] + cl, wr[1] + cr), 0.0)
    elif riemann == "rusanov":
        sr = np.maximum(abs(wl[1]) + cl, abs(wr[1]) + cr)
        sl = -sr
    else:
        raise ValueError(f"riemann = {riemann!r}: choose 'hll' or 'rusanov'")
    return (sr * fl - sl * fr + sl * sr * (ur - ul)) / (sr - sl)


def slope_mc(w):
    """MC-limited difference per cell, ghost-most cells dropped: (7, n) -> (7, n - 2)."""
    left, right = w[:, 1:-1] - w[:, :-2], w[:, 2:] - w[:, 1:-1]
    size = np.minimum(2 * np.minimum(abs(left), abs(right)), 0.5 * abs(left + right))
    return np.where(left * right > 0, np.sign(left) * size, 0.0)


def advance(w, bx, dx, t_end, gamma, cfl=0.4, boundary="open", riemann="hll", order=3):
    """Carry the primitive rows ``w`` (7, n) from t = 0 to ``t_end``.

    Parameters
    ----------
    boundary : {"open", "periodic"}
        Zero gradient, or wrapped.
    riemann : {"hll", "rusanov"}
    order : {2, 3}
        Of the Runge-Kutta method; space is second order.

    Returns
    -------
    w, steps
    """
    mode = {"open": "edge", "periodic": "wrap"}[boundary]

    def rate(w):
        padded = np.pad(w, ((0, 0), (GHOSTS, GHOSTS)), mode=mode)
        half, middle = 0.5 * slope_mc(padded), padded[:, 1:-1]
        f = face_flux((middle + half)[:, :-1], (middle - half)[:, 1:], bx, gamma, riemann)
        return (f[:, :-1] - f[:, 1:]) / dx

    t, steps = 0.0, 0
    while t < t_end:
        dt = min(cfl * dx / (abs(w[1]) + fast_speed(w, bx, gamma)).max(), t_end - t)
        start = u = conserved(w, bx, gamma)
        for a, b in STAGES[order]:
            u = a * start + b * (u + dt * rate(w))
            w = primitive(u, bx, gamma)
        t, steps = (t_end if dt == t_end - t else t + dt), steps + 1
    return w, steps


def brio_wu(n, gamma=2.0, t_end=0.1, cfl=0.4, riemann="hll", order=3):
    """Shock tube of Brio & Wu (1988, J. Comput. Phys. 75, 400) on [0, 1], diaphragm at 1/2.

    Left (rho, p, B_y) = (1, 1, 1), right (0.125, 0.1, -1), B_x = 0.75, at rest.

    Returns
    -------
    dict
        ``x`` (n,), ``rho`` (n,), ``u`` (3, n), ``p`` (n,), ``B`` (3, n), ``steps``.
    """
    x = (np.arange(n) + 0.5) / n
    left, w, bx = x < 0.5, np.zeros((7, n)), 0.75
    w[0], w[4], w[6] = np.where(left, 1.0, 0.125), np.where(left, 1.0, -1.0), np.where(left, 1.0, 0.1)
    w, steps = advance(w, bx, 1 / n, t_end, gamma, cfl, "open", riemann, order)
    return {"x": x, "rho": w[0], "u": w[1:4], "p": w[6], "B": np.stack([np.full(n, bx), w[4], w[5]]), "steps": steps}


def cell_averages(fine, n):
    """Means of a fine profile (..., m) over n equal cells; raises ValueError unless n divides m."""
    fine = np.asarray(fine)
    if fine.shape[-1] % n:
        raise ValueError(f"{fine.shape[-1]} fine cells do not fill {n} cells evenly")
    return fine.reshape(*fine.shape[:-1], n, -1).mean(-1)


def l1(a, b):
    """Mean over cells of |a - b|: the L1 norm per unit length, not divided by the size of b."""
    return float(np.mean(np.abs(np.asarray(a) - np.asarray(b))))


def write_reference(path=REFERENCE, n=REFERENCE_CELLS):
    """Run Brio-Wu on n cells and write rows x, rho, ux, uy, p, By (float64) to ``path``."""
    run = brio_wu(n)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, x=run["x"], rho=run["rho"], ux=run["u"][0], uy=run["u"][1], p=run["p"], By=run["B"][1])
    return run["steps"]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Ideal-MHD Brio-Wu reference profile.")
    parser.add_argument("--write", action="store_true", required=True, help=f"write {REFERENCE.name}")
    parser.parse_args()
    print(f"{REFERENCE.name}: {REFERENCE_CELLS} cells, {write_reference()} steps")
