"""The gravitational potential of matter with axial symmetry, on a cylindrical grid (r, z): a sum over rings.

A ring of unit mass, of radius s at z = 0, has the potential (Binney & Tremaine 2008, Galactic Dynamics, eq. 2.142 and
problem 2.25, written with the parameter m of the elliptic integral)

    phi = -(2 G/pi) K(m)/sqrt((r + s)^2 + z^2),      m = 4 r s/((r + s)^2 + z^2)

Along z the sum over rings is a convolution, done by FFT on a box of twice the height (Hockney & Eastwood 1988, section
6-5-4), for each pair of radii. Rings have the cross-section of a cell: the mean over it is taken where field and source
are near each other, which also removes the logarithmic singularity of a thin ring on itself.
"""

import math

import numpy as np
from scipy import fft
from scipy.special import ellipkm1

from ..errors import InputError
from ..parallel.sums import exact_sum

# Cells on each side over whose cross-section a ring is averaged, and points along each side of a quadrant of the nearest.
NEAR, POINTS = 3, 12


def ring_potential(r, s, z):
    """Potential times -1/G at (r, z) of a thin ring of unit mass and radius s at z = 0."""
    far = (r + s) ** 2 + z**2
    # 1 - m without cancellation
    return 2.0 / math.pi * ellipkm1(((r - s) ** 2 + z**2) / far) / np.sqrt(far)


class RingPoissonSolver:
    """Potential, acceleration and energy of a density on a cylindrical grid, with nothing outside.

    Parameters
    ----------
    grid : Grid
        Cylindrical, with several cells along z.
    G : float
        Gravitational constant.

    Raises
    ------
    InputError
        The grid is not cylindrical, or flat along z.

    Notes
    -----
    Second order. The force along z sums to zero to round-off, the kernel being even in z and symmetric in the radii.
    """

    def __init__(self, grid, G=1.0):
        if not grid.cylindrical or grid.ghosts[2] == 0:
            raise InputError("self-gravity of rings needs a cylindrical grid with several cells along z")
        self.grid, self.G = grid, float(G)
        nr, nz = grid.cells[0], grid.cells[2]
        self._dr, self._dz = grid.spacing[0], grid.spacing[2]
        self._mass = grid.volume.reshape(1, nr)
        self._length = fft.next_fast_len(2 * nz + 2, real=True)
        # target radii: one more than the cells, for the gradient in the last
        self._kernel = -self.G * self._transformed(nr, nz)
        self._phi = np.zeros((nz + 2, nr + 2))

    def _transformed(self, nr, nz):
        """(modes, nr + 1, nr) transform along z of the kernel between target and source radii."""
        sources = self.grid.centres(0)
        targets = sources[0] + self._dr * np.arange(nr + 1)
        heights = self._dz * np.arange(nz + 1)
        z, r, s = heights[:, None, None], targets[None, :, None], sources[None, None, :]
        with np.errstate(divide="ignore"):
            table = ring_potential(r, s, z)
        for k in range(min(NEAR, nz) + 1):
            for i in range(nr + 1):
                for j in range(max(0, i - NEAR), min(nr, i + NEAR + 1)):
                    table[k, i, j] = self._mean_over_cell(targets[i], sources[j], heights[k], nearest=k == 0 and i == j)
        # what a ring does to another, the other does to it: no net force along z
        table[:, :nr] = 0.5 * (table[:, :nr] + table[:, :nr].transpose(0, 2, 1))
        full = np.zeros((self._length, nr + 1, nr))
        full[:nz + 1] = table
        full[-nz:] = table[nz:0:-1]
        return fft.rfft(full, axis=0, workers=1).real

    def _mean_over_cell(self, r, s, z, nearest):
        """Mean over a cell's cross-section, weighted by mass (2 pi s), of the potential of its rings."""
        x, w = np.polynomial.legendre.leggauss(POINTS if nearest else 4)
        # quadrants: the singular point of the nearest cell lies on their common corner
        x, w = 0.25 * (np.concatenate([x - 1.0, x + 1.0])), 0.25 * np.concatenate([w, w])
        radii, heights = s + self._dr * x[:, None], z + self._dz * x[None, :]
        weight = w[:, None] * w[None, :] * radii
        return float((weight * ring_potential(r, radii, heights)).sum() / weight.sum())

    @property
    def phi(self):
        """(z, y, x) interior view of the potential last solved for."""
        return self._phi[1:-1, None, 1:-1]

    def solve(self, density):
        """Solve for the potential of a density (z, 1, r) without ghost cells; returns the view ``phi``.

        Raises
        ------
        InputError
            The shape is not that of the grid's interior.
        """
        if np.shape(density) != self.grid.shape:
            raise InputError(f"self-gravity: density has shape {np.shape(density)}, the grid's cells are "
                             f"(z, y, x) = {self.grid.shape}")
        nz = self.grid.cells[2]
        spectrum = fft.rfft(density[:, 0] * self._mass, n=self._length, axis=0, workers=1)
        # real kernels on real and imaginary parts, mode by mode
        out = np.matmul(self._kernel, spectrum.view(float).reshape(*spectrum.shape, 2))
        phi = fft.irfft(out.reshape(out.shape[0], -1).view(complex), n=self._length, axis=0, workers=1)
        self._phi[1:-1, 1:] = phi[:nz]
        self._phi[-1, 1:], self._phi[0, 1:] = phi[nz], phi[-1]
        # even across the axis
        self._phi[:, 0] = self._phi[:, 1]
        return self.phi

    def acceleration(self, density, out=None):
        """g = -grad phi at cell centres: (3, z, y, x) with ghost cells, which keep what they hold; made if None."""
        self.solve(density)
        if out is None:
            out = np.zeros((3, *self.grid.full_shape))
        inside = self.grid.interior
        p = self._phi
        out[0][inside] = (-(p[1:-1, 2:] - p[1:-1, :-2]) / (2.0 * self._dr))[:, None]
        out[2][inside] = (-(p[2:, 1:-1] - p[:-2, 1:-1]) / (2.0 * self._dz))[:, None]
        return out

    def energy(self, density):
        """Gravitational energy, half the sum of mass times potential."""
        return 0.5 * exact_sum(density * self.grid.volume * self.solve(density))

    def growth_rate(self, density):
        """sqrt(4 pi G max rho)."""
        return math.sqrt(4.0 * math.pi * self.G * float(np.max(density)))
