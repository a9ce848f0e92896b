"""Waves and instabilities of plasmas with p_par != p_perp: growth rates, the CGL closed form, thresholds.

Sums over fluids s of p_par = sum_s p_par,s and so on; beta = 2 mu0 p/B^2:

firehose    p_par - p_perp > B^2/mu0                                        (fluid and kinetic, long waves)
mirror      p_perp^2/(6 p_par) > p_perp + B^2/(2 mu0)                       (six-moment fluid)
            sum_s beta_perp,s (p_perp,s/p_par,s - 1) - C > 1,
            C = (sum_s q_s n_s p_perp,s/p_par,s)^2/(2 sum_s (q_s n_s)^2/beta_par,s)   (kinetic)
"""

import numpy as np

from multifluid.errors import InputError
from multifluid.theory.dispersion import solve

# T_perp/T_par = 1 + a/(beta_par - beta_0)^b
_MARGINAL = {
    "ion_cyclotron": (0.43, 0.42, -0.0004),
    "parallel_firehose": (-0.47, 0.53, 0.59),
    "mirror": (0.77, 0.76, -0.016),
    "oblique_firehose": (-1.4, 1.0, -0.11),
}


def growth_rate(fluids, B, k, c, mu0=1.0, alpha=None, temperature_relaxation=0.0):
    """Largest Im omega of all waves at one wavevector; 0 or negative where none grows.

    Firehose, mirror and the streaming instabilities alike. Parameters and errors as in `dispersion_modes`.
    """
    return float(solve(fluids, B, k, c, mu0, alpha, temperature_relaxation).omega.imag.max())


def cgl_speeds_squared(rho, p_par, p_perp, B, angle, mu0=1.0):
    """(omega/k)^2 of the six-moment plasma as one fluid, long waves, v_A << c.

    With s, c = sin, cos of the angle between k and B (Kato, Tajiri & Taniuti 1966, J. Phys. Soc. Japan 21, 765;
    Hau & Wang 2007, Nonlin. Processes Geophys. 14, 557):

        alfven      rho v^2 = c^2 (B^2/mu0 + p_perp - p_par)
        slow, fast  eigenvalues of [[B^2/mu0 + 2 p_perp s^2 - (p_par - p_perp) c^2, p_perp s c], [p_perp s c, 3 p_par c^2]]

    Parameters
    ----------
    rho, p_par, p_perp, B : float
        Mass density, pressures, |B|.
    angle : float
        Between k and B, radians.

    Returns
    -------
    ndarray (3,)
        Alfven (firehose where negative), slow (mirror where negative), fast.
    """
    s, c, tension = np.sin(angle), np.cos(angle), B * B / mu0
    matrix = [[tension + 2 * p_perp * s * s - (p_par - p_perp) * c * c, p_perp * s * c], [p_perp * s * c, 3 * p_par * c * c]]
    return np.array([c * c * (tension + p_perp - p_par), *np.linalg.eigvalsh(matrix)]) / rho


def firehose_margin(fluids, B, mu0=1.0):
    """mu0 sum_s (p_par - p_perp)/B^2 - 1: positive where long waves along B are unstable.

    The same for six-moment fluids and for particles (Chandrasekhar, Kaufman & Watson 1958, Proc. R. Soc. A 245, 435;
    Parker 1958, Phys. Rev. 109, 1874).

    Parameters
    ----------
    fluids : sequence of Background
    B : array_like (3,)
    """
    return float(sum(f.p_par - f.p_perp for f in _warm(fluids)) * mu0 / _square(B) - 1.0)


def mirror_margin(fluids, B, mu0=1.0, theory="kinetic"):
    """Positive where long waves almost across B are mirror unstable.

    Parameters
    ----------
    fluids : sequence of Background
    B : array_like (3,)
    theory : {'kinetic', 'fluid'}
        'kinetic': sum_s beta_perp (p_perp/p_par - 1) - C - 1 of bi-Maxwellian particles, C (module text) from the
        electric field along B (Hasegawa 1969, Phys. Fluids 12, 2642; Hellinger 2007, Phys. Plasmas 14, 082105).
        'fluid': [p_perp^2/(6 p_par) - p_perp] 2 mu0/B^2 - 1 of six-moment fluids, whose p_perp of all fluids together
        must be 6 times as large where beta is large (Kulsrud 1983, Handbook of Plasma Physics 1, chapter 1.4).

    Raises
    ------
    InputError
        Unknown theory, or B = 0.
    """
    warm = _warm(fluids)
    half = _square(B) / (2.0 * mu0)
    if theory == "fluid":
        par, perp = sum(f.p_par for f in warm), sum(f.p_perp for f in warm)
        return float((perp * perp / (6.0 * par) - perp) / half - 1.0) if warm else -1.0
    if theory != "kinetic":
        raise InputError(f"theory = '{theory}' is unknown, use 'kinetic' or 'fluid'")
    drive = sum(f.p_perp * (f.anisotropy - 1.0) for f in warm) / half
    charged = [f for f in fluids if f.charge]
    if any(f not in warm for f in charged) or not charged:
        return float(drive - 1.0)  # a cold charged fluid shorts out the field along B
    charge = [f.charge * f.rho / f.mass for f in charged]
    push = sum(z * f.anisotropy for z, f in zip(charge, charged, strict=True))
    screen = sum(z * z * half / f.p_par for z, f in zip(charge, charged, strict=True))
    return float(drive - push * push / (2.0 * screen) - 1.0)


def marginal_anisotropy(instability, beta_par):
    """T_perp/T_par of bi-Maxwellian protons with isotropic electrons at which the growth rate is 1e-3 Omega_p.

    1 + a/(beta_par - beta_0)^b, fits to the linear Vlasov theory by Hellinger, Travnicek, Kasper & Lazarus 2006,
    Geophys. Res. Lett. 33, L09101, table 1.

    Parameters
    ----------
    instability : {'ion_cyclotron', 'mirror', 'parallel_firehose', 'oblique_firehose'}
    beta_par : array_like
        2 mu0 p_par/B^2 of the protons.

    Returns
    -------
    ndarray
        Not a number where the instability does not exist: at low beta_par no positive T_perp is unstable.
    """
    if instability not in _MARGINAL:
        raise InputError(f"instability = '{instability}' is unknown, use one of {', '.join(_MARGINAL)}")
    a, b, start = _MARGINAL[instability]
    excess = np.asarray(beta_par, float) - start
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = 1.0 + a / np.where(excess > 0.0, excess, np.nan) ** b
    return np.where(ratio > 0.0, ratio, np.nan)


def _warm(fluids):
    return [f for f in fluids if f.closure != "cold"]


def _square(B):
    square = float(np.dot(B, B))
    if not square > 0.0:
        raise InputError("B: the thresholds need a magnetic field")
    return square
