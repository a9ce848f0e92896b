"""The gravitational potential on a grid, by FFT, and its forces.

Both boundaries use the same operators, with delta f = f_{i+1/2} - f_{i-1/2} along an axis:

    sum_a delta_a^2 phi/dx_a^2 = 4 pi G (rho - <rho>),      g_a = -(phi_{i+1} - phi_{i-1})/(2 dx_a)

(<rho> = 0 if isolated). This pair is second order and keeps momentum twice over. phi is rho convolved with an even
kernel, hence g with an odd one, and the forces of any two cells are opposite: their sum over the box is zero. And rho g is
itself the difference of a stress on faces, in one dimension

    4 pi G (rho_i - <rho>) g_i = -(g_{i+1/2}^2 - g_{i-1/2}^2)/(2 dx),      g_{i+1/2} = -(phi_{i+1} - phi_i)/dx.

Isolated boxes are convolved with the lattice's own free-space Green's function (``lattice``), so that the discrete
equation holds there as in a periodic box, on a box of twice the size filled up with zeros (Hockney & Eastwood 1988,
Computer Simulation Using Particles, section 6-5-4).
"""

import math

import numpy as np
from scipy import fft

from ..errors import InputError
from ..parallel.sums import exact_sum
from .lattice import lattice_green
from .model import BOUNDARIES


class PoissonSolver:
    """Potential, acceleration and energy of a density on a grid.

    Parameters
    ----------
    grid : Grid
        One, two or three axes that are not flat; nothing varies along flat ones.
    boundary : "periodic" or "isolated"
        As in ``SelfGravity``.
    G : float
        Gravitational constant.

    Raises
    ------
    InputError
        Unknown boundary.

    Notes
    -----
    FFTs run on one thread, so that bits do not depend on a number of threads. All arrays are allocated here, save those
    that ``scipy.fft`` returns. An isolated box costs 2^d times a periodic one.
    """

    def __init__(self, grid, boundary="periodic", G=1.0):
        if boundary not in BOUNDARIES:
            raise InputError(f"self-gravity: boundary {boundary!r} is unknown; choose from {', '.join(BOUNDARIES)}")
        self.grid, self.boundary, self.G = grid, boundary, float(G)
        live = [d for d in range(3) if grid.ghosts[2 - d]]
        self._live = live
        # phi with one layer of ghost cells around it
        self._phi = np.zeros([n + 2 * (d in live) for d, n in enumerate(grid.shape)])
        self._inside = tuple(slice(1, -1) if d in live else slice(None) for d in range(3))
        self._spacing = [grid.spacing[2 - d] for d in range(3)]
        kernel = self._periodic_kernel() if boundary == "periodic" else self._isolated_kernel()
        self._kernel = 4.0 * math.pi * self.G * kernel

    @property
    def phi(self):
        """(z, y, x) interior view of the potential last solved for."""
        return self._phi[self._inside]

    def _periodic_kernel(self):
        """-1 over the eigenvalues of the operator; 0 for the mean."""
        self._padded = [self.grid.shape[d] for d in self._live]
        eigenvalue = np.zeros([1] * 3)
        for d, n in zip(self._live, self._padded):
            mode = np.arange(n // 2 + 1 if d == self._live[-1] else n)
            line = (2.0 / self._spacing[d] * np.sin(np.pi * mode / n)) ** 2
            eigenvalue = eigenvalue + line.reshape([-1 if a == d else 1 for a in range(3)])
        mean = (0, 0, 0)
        eigenvalue[mean] = np.inf
        return -1.0 / eigenvalue

    def _isolated_kernel(self):
        """Transform of the Green's function times the cell volume on the doubled box."""
        half = [fft.next_fast_len(self.grid.shape[d], real=True) for d in self._live]
        self._padded = [2 * n for n in half]
        spacing = [self._spacing[d] for d in self._live]
        table = lattice_green([n + 1 for n in half], spacing) * math.prod(spacing)
        # the transform of an even sequence of 2 n points from its first n + 1
        kernel = fft.dctn(table, type=1, workers=1)
        for axis, n in enumerate(half[:-1]):
            mode = np.arange(2 * n)
            kernel = np.take(kernel, np.minimum(mode, 2 * n - mode), axis=axis)
        return kernel.reshape([kernel.shape[self._live.index(d)] if d in self._live else 1 for d in range(3)])

    def solve(self, density):
        """Solve for the potential.

        Parameters
        ----------
        density : (z, y, x)
            Sum of the densities of all fluids, without ghost cells.

        Returns
        -------
        ndarray (z, y, x)
            View of ``phi``, valid until the next call. Periodic: its mean is zero; isolated: zero at infinity in 3-D, on
            the line r = 1 about a line mass in 2-D, on the sheet itself about a sheet in 1-D.

        Raises
        ------
        InputError
            The shape is not that of the grid's interior.
        """
        if np.shape(density) != self.grid.shape:
            raise InputError(f"self-gravity: density has shape {np.shape(density)}, the grid's cells are "
                             f"(z, y, x) = {self.grid.shape}")
        spectrum = fft.rfftn(density, s=self._padded, axes=self._live, workers=1)
        spectrum *= self._kernel
        phi = fft.irfftn(spectrum, s=self._padded, axes=self._live, overwrite_x=True, workers=1)
        # the doubled box holds phi on the layer just outside, too: cell n, and cell -1 at its end
        self._phi[self._inside] = phi[tuple(slice(0, n) for n in self.grid.shape)]
        for d in self._live:
            n = self.grid.shape[d]
            for layer, cell in ((0, -1), (-1, n % phi.shape[d])):
                outer, source = list(self._inside), [slice(0, m) for m in self.grid.shape]
                outer[d], source[d] = layer, cell
                self._phi[tuple(outer)] = phi[tuple(source)]
        return self.phi

    def acceleration(self, density, out=None):
        """g = -grad phi at cell centres.

        Parameters
        ----------
        density : (z, y, x)
            As in ``solve``.
        out : ndarray (3, z, y, x), optional
            With ghost cells, which keep what they hold; made, with zeros there, if None. Sources act on interior cells
            only.

        Returns
        -------
        ndarray (3, z, y, x)
            gx, gy, gz; zero along flat axes.

        Raises
        ------
        InputError
            As in ``solve``.
        """
        self.solve(density)
        if out is None:
            out = np.zeros((3, *self.grid.full_shape))
        for d in range(3):
            component = out[(2 - d, *self.grid.interior)]
            if d not in self._live:
                component[...] = 0.0
                continue
            high, low = list(self._inside), list(self._inside)
            high[d], low[d] = slice(2, None), slice(0, -2)
            np.subtract(self._phi[tuple(low)], self._phi[tuple(high)], out=component)
            component *= 0.5 / self._spacing[d]
        return out

    def energy(self, density):
        """Gravitational energy 1/2 sum rho phi dV of a density, with the volume of flat axes as in all integrals.

        Periodic: that of rho - <rho>. In one and two dimensions an isolated box has an infinite energy; this is its
        difference from that of matter at the places where phi is zero.
        """
        return 0.5 * self.grid.volume * exact_sum(density * self.solve(density))

    def growth_rate(self, density):
        """sqrt(4 pi G max rho), the rate of free fall, which a step should resolve."""
        return math.sqrt(4.0 * math.pi * self.G * float(np.max(density)))
