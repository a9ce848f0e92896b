"""One eigenmode of the linearised equations as an initial state, and its amplitude in a record."""

import cmath
from functools import cached_property

import numpy as np

from multifluid.theory.dispersion import solve

from .closures import harmonic, perturbed, pressures


class Eigenmode:
    """Mix-in of problems that start from one eigenmode of ions, electrons and more on a uniform plasma at rest.

    The problem has the parameters ``amplitude``, ``reconstruction``, ``k_di`` (|k|) and ``c`` (mu0 = 1), and says what
    it is about by

    _plasma : arguments of the theory's functions, (backgrounds, B, k, c, 1.0, alpha, temperature_relaxation); the first
        fluid is "ion" with mass and charge 1, the second "electron" with charge -1
    _extents : (start, stop, cells) of each axis
    mode : the theory.Mode, one of those of ``_spectrum``
    """

    @property
    def _backgrounds(self):
        return self._plasma[0]

    @property
    def background_field(self):
        """ndarray (3,): B0."""
        return self._plasma[1]

    @property
    def wavevector(self):
        """ndarray (3,): k in units of 1/d_i."""
        return self._plasma[2]

    @cached_property
    def _spectrum(self):
        return solve(*self._plasma)

    @cached_property
    def _dual(self):
        """Row that gives the mode's amplitude from a perturbation in the theory's energy coordinates: its left
        eigenvector, blind to all other modes."""
        x = self._spectrum.x
        own = np.abs(x.conj().T @ self.coordinates(self.mode.vector))
        own[np.abs(self._spectrum.omega - self.mode.omega) > 1e-9 * abs(self.mode.omega)] = 0.0
        return np.linalg.pinv(x)[np.argmax(own)]

    def coordinates(self, vector):
        """Energy coordinates of a perturbation that is keyed as a Mode's vector: complex array."""
        return self._spectrum.system.coordinates(vector)

    @cached_property
    def _scale(self):
        """Factor that makes the largest relative perturbation ``amplitude``; velocities count against the phase speed,
        or v_A if that is less."""
        vector, speed = self.mode.vector, min(abs(self.mode.omega) / self.k_di, 1.0)
        sizes = [np.linalg.norm(vector["B"])]
        for fluid in self._backgrounds:
            sizes += [abs(vector[f"rho_{fluid.name}"]) / fluid.rho, np.linalg.norm(vector[f"u_{fluid.name}"]) / speed]
            sizes += [abs(vector[f"{key}_{fluid.name}"]) / (fluid.p or np.inf)
                      for key in pressures(fluid, self.background_field)]
        return self.amplitude / max(sizes)

    def exact(self, t, x, y, z):
        """The eigenmode at time t on its background."""
        change = self.mode.evaluate(self.wavevector, t, x, y, z, self._scale)
        state = {f.name: perturbed(f, self.background_field, change) for f in self._backgrounds}
        state["E"] = tuple(change["E"])
        state["B"] = tuple(b + wave for b, wave in zip(self.background_field, change["B"]))
        return state

    def initial(self, x, y, z):
        """The mode at t = 0, electrons adjusted so that Gauss's law holds for the centred divergence of the grid."""
        state = self.exact(0.0, x, y, z)
        state["B"] = tuple(self.background_field)
        near, far = (0.5, 0.0) if self.reconstruction == "plm" else (2.0 / 3.0, -1.0 / 12.0)
        spacing = np.array([(stop - start) / cells for start, stop, cells in self._extents])
        turn = self.wavevector * spacing
        divergence = 2j * np.dot((near * np.sin(turn) + far * np.sin(2 * turn)) / spacing, self.mode.vector["E"])
        charge = divergence / self.c**2 - self.mode.vector["rho_ion"]
        wave = self._scale * np.exp(1j * (self.wavevector[0] * x + self.wavevector[1] * y + self.wavevector[2] * z))
        electron = self._backgrounds[1]
        state["electron"]["rho"] = electron.rho - np.real(charge * wave) / self.mass_ratio
        return state

    def vector_potential(self, x, y, z):
        """A = i k x B/k^2, whose curl is the wave's B."""
        amplitude = 1j * np.cross(self.wavevector, self.mode.vector["B"]) / self.k_di**2
        wave = self._scale * np.exp(1j * (self.wavevector[0] * x + self.wavevector[1] * y + self.wavevector[2] * z))
        return tuple(np.real(a * wave) for a in amplitude)

    # -- measuring ----------------------------------------------------------------------------------------------

    def coordinates_of(self, fields):
        """Energy coordinates (of multifluid.theory's `LinearSystem`) of the wave's harmonic in a record, in units of the
        mode at the start: complex array whose norm is 1 there.

        Parameters
        ----------
        fields : dict of str to ndarray (z, y, x)
        """
        x, y, z = self.grid().mesh()
        wave = np.exp(-1j * (self.wavevector[0] * x + self.wavevector[1] * y + self.wavevector[2] * z))
        return self.coordinates(harmonic(self._backgrounds, self.background_field, wave, fields)) / self._scale

    def amplitude_of(self, fields):
        """Complex amplitude of the mode in a record: its left eigenvector on the harmonic exp(i k.x).

        Undamped modes of isotropic fluids are orthogonal in the energy, sum of rho |u|^2, |p|^2/(gamma p), eps0 |E|^2 and
        |B|^2, and this is the energy's inner product; anisotropic and damped ones are not.

        Parameters
        ----------
        fields : dict of str to ndarray (z, y, x)

        Returns
        -------
        complex
        """
        return complex(self._dual @ self.coordinates_of(fields))

    def measured_frequency(self, run):
        """Complex frequency between the first and the last record of a run, on the sheet nearest to theory."""
        (_, first), (t, last) = run.records[0], run.records[-1]
        ratio = self.amplitude_of(last) / self.amplitude_of(first)
        omega = self.mode.omega
        return omega + 1j * cmath.log(ratio * cmath.exp(1j * omega * t)) / t
