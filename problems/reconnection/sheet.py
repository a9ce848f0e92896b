"""A Harris sheet of ions and electrons on the grid, with the current that the code's own B has."""

from multifluid import Boundaries, Maxwell
from multifluid.theory.harris import HarrisSheet

__all__ = ["CurrentSheet"]

DERIVATIVE = {"plm": (1.0 / 2.0, 0.0), "ppm": (2.0 / 3.0, -1.0 / 12.0)}  # weights of the code's centred difference


class CurrentSheet:
    """Mix-in of problems that start from a `HarrisSheet` in the x, y plane between conducting walls, periodic in x.

    The problem has the parameters ``mass_ratio``, ``c`` and ``reconstruction``, its ``grid`` reaches as far below y = 0 as
    above, and it says how A_z differs from the sheet's by

    _perturbation : function (x, y) of the change of A_z
    """

    @property
    def sheet(self):
        """HarrisSheet: the unperturbed one, of the GEM challenge's width, background and temperatures."""
        return HarrisSheet(mass_ratio=self.mass_ratio)

    def field(self):
        """Maxwell's equations, mu0 = 1."""
        return Maxwell(self.c)

    def boundaries(self):
        """Periodic along the sheet, perfectly conducting walls beyond it."""
        return Boundaries(x="periodic", y="conductor")

    def _potential(self, x, y):
        """A_z: B = (d_y A_z, -d_x A_z)."""
        return self.sheet.potential(y) + self._perturbation(x, y)

    def vector_potential(self, x, y, z):
        """(0, 0, A_z): all of B_x and B_y."""
        return 0.0, 0.0, self._potential(x, y)

    def difference(self, q, axis, x, y):
        """The code's own centred difference along x (0) or y (1) of a function of x and y."""
        step, total = self.grid().spacing[axis], 0.0
        for k, weight in enumerate(DERIVATIVE[self.reconstruction], start=1):
            if weight:
                dx, dy = (k * step, 0.0) if axis == 0 else (0.0, k * step)
                total = total + weight / step * (q(x + dx, y + dy) - q(x - dx, y - dy))
        return total

    def _current(self, x, y, potential=None):
        """J_z = curl B with the code's differences of the code's cell-centred B, of A_z or of another potential."""
        A = potential or self._potential
        dx, dy, _ = self.grid().spacing

        def corners(x, y, along):
            # B on cell centres: face differences of A_z, averaged
            q = {(i, j): A(x + 0.5 * i * dx, y + 0.5 * j * dy) for i in (-1, 1) for j in (-1, 1)}
            if along == 0:
                return (q[1, 1] - q[1, -1] + q[-1, 1] - q[-1, -1]) / (2 * dy)
            return -(q[1, 1] - q[-1, 1] + q[1, -1] - q[-1, -1]) / (2 * dx)

        return (self.difference(lambda x, y: corners(x, y, 1), 0, x, y)
                - self.difference(lambda x, y: corners(x, y, 0), 1, x, y))
