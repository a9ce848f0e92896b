"""Names of the wave branches of any closures, taken over from the plasma with scalar pressures it resembles.

Six- and ten-moment fluids add branches of their own between the named ones, so that order and number no longer tell
which is which. The plasma whose anisotropic fluids are replaced by isotropic five-moment ones of the same p, the limit
of fast isotropisation, has names (`names.identify`); each goes to the wave most like it in u, E and B.
"""

from dataclasses import replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from multifluid.theory.background import ANISOTROPIC
from multifluid.theory.dispersion import solve
from multifluid.theory.names import identify

# How fast a likeness in shape loses against one in frequency.
_FREQUENCY_POWER = 4


def isotropic(fluid):
    """The fluid, if six- or ten-moment as a five-moment fluid with the same mean pressure and gamma = 5/3."""
    if fluid.closure not in ANISOTROPIC:
        return fluid
    return replace(
        fluid, closure="five-moment", gamma=5.0 / 3.0, anisotropy=1.0, isotropisation=0.0, heat_flux=None, axis=None
    )


def named_spectrum(fluids, B, k, c, mu0):
    """Spectrum of a plasma at rest without drag, and dict branch name -> index of its mode.

    Parameters
    ----------
    fluids, B, k, c, mu0 :
        As in `dispersion_modes`.

    Returns
    -------
    spectrum : Spectrum
    names : dict
        Modes with Re omega >= 0; of a pair that hardly propagates the growing one.
    """
    spectrum = solve(fluids, B, k, c, mu0)
    simple = [isotropic(f) for f in fluids]
    if all(a is b for a, b in zip(simple, fluids, strict=True)):
        return spectrum, identify(spectrum)
    known = solve(simple, B, k, c, mu0)
    names = identify(known)
    wanted = sorted(set(names.values()))
    # The firehose of the left-handed wave along B grows with a small Re omega < 0.
    forward = [i for i, omega in enumerate(spectrum.omega) if omega and (omega.real >= 0.0 or omega.imag > -omega.real)]
    before, after = _motion(known)[:, wanted], _motion(spectrum)[:, forward]
    old, new = np.abs(known.omega[wanted, None]), np.abs(spectrum.omega[None, forward])
    score = np.abs(before.conj().T @ after) ** 2 * np.minimum(old / new, new / old) ** _FREQUENCY_POWER
    # The decaying member of a pair never stands for the wave that its growing partner continues.
    decaying = -spectrum.omega[forward].imag > np.abs(spectrum.omega[forward].real)
    score[:, decaying] *= 0.5
    rows, columns = linear_sum_assignment(score, maximize=True)
    taken = {wanted[row]: forward[column] for row, column in zip(rows, columns, strict=True)}
    return spectrum, {name: taken[index] for name, index in names.items() if index in taken}


def _motion(spectrum):
    """Velocities and fields of every mode in energy units."""
    system = spectrum.system
    rows = [first + j for first in system.first for j in (1, 2, 3)] + list(range(system.e, system.e + 5))
    return spectrum.x[rows]
