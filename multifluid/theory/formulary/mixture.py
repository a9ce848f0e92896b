"""Any number of species in a magnetic field, and what follows from all of them."""

from functools import cached_property

import numpy as np

from multifluid.errors import InputError
from multifluid.theory.formulary import ambipolar, plasma
from multifluid.theory.formulary.conductivity import diffusivities, hall_parameter


class Mixture:
    """Species at a point or on a grid.

    Parameters
    ----------
    mass, charge : (S,)
        Per particle; charge 0 for a neutral.
    rho : (S, ...), optional
        Mass densities. Give these or ``number_density``.
    number_density : (S, ...), optional
    temperature : (S, ...)
        Times ``kB`` an energy: energies by default, kelvin with kB = 1.380649e-23 J/K.
    B : (...)
        Strength of the magnetic field.
    alpha : (S, S) or (S, S, ...)
        Symmetric drag coefficients, alpha_sr = <sigma v>/(m_s + m_r); the diagonal is not read.
    mu0, c, kB : float
        mu0 = 1 and c = infinity by default; SI: 1.25663706e-6, 2.99792458e8, 1.380649e-23. eps0 = 1/(mu0 c^2).
    gamma : float or (S,)
        Adiabatic indices.
    names : sequence of str, optional

    Attributes
    ----------
    charged, neutral : list of int
        Indices of the species.
    rho, number_density, temperature, pressure : (S, ...)
        temperature as energy.

    Raises
    ------
    InputError
        Shapes that do not fit, densities or temperatures that are negative, alpha not symmetric.
    """

    def __init__(self, mass, charge, rho=None, temperature=0.0, B=0.0, alpha=None, *, number_density=None, mu0=1.0,
                 c=np.inf, kB=1.0, gamma=5.0 / 3.0, names=None):
        self._m, self._q = np.atleast_1d(np.asarray(mass, float)), np.atleast_1d(np.asarray(charge, float))
        S = len(self._m)
        if self._q.shape != (S,) or (rho is None) == (number_density is None):
            raise InputError("mixture: give one mass and one charge per species, and either rho or number_density")
        alpha = np.zeros((S, S)) if alpha is None else np.asarray(alpha, float)
        if alpha.shape[:2] != (S, S) or not np.allclose(alpha, np.swapaxes(alpha, 0, 1), rtol=1e-12, atol=0.0):
            raise InputError(f"mixture: alpha must be a symmetric matrix of {S} x {S} drag coefficients")
        given = np.asarray(number_density if rho is None else rho, float)
        temperature = kB * np.asarray(temperature, float)
        temperature = np.full(S, temperature) if temperature.ndim == 0 else temperature
        if given.shape[:1] != (S,) or temperature.shape[:1] != (S,):
            raise InputError(f"mixture: densities and temperatures need {S} species along their first axis")
        self.shape = np.broadcast_shapes(given.shape[1:], temperature.shape[1:], np.shape(B), alpha.shape[2:])
        self.mass, self.charge = (self._spread(a) for a in (self._m, self._q))
        given, self.temperature = self._spread(given), self._spread(temperature)
        self.rho = given * self.mass if rho is None else given
        self.number_density = self.rho / self.mass
        if np.any(self.rho < 0) or np.any(self.temperature < 0):
            raise InputError("mixture: densities and temperatures must not be negative")
        self.pressure = self.number_density * self.temperature
        self.B = np.broadcast_to(np.asarray(B, float), self.shape)
        self.alpha = self._spread(alpha, 2)
        self.gamma = self._spread(np.full(S, gamma) if np.ndim(gamma) == 0 else np.asarray(gamma, float))
        self.mu0, self.c, self.kB, self.eps0 = mu0, c, kB, 1.0 / (mu0 * c * c)
        self.names = list(names) if names is not None else [f"species_{s}" for s in range(S)]
        self.charged = [s for s in range(S) if self._q[s] != 0]
        self.neutral = [s for s in range(S) if self._q[s] == 0]

    def _spread(self, a, axes=1):
        """(S, ...) with axes of length 1 up to the shape of the cells."""
        return a.reshape(a.shape[:axes] + (1,) * (len(self.shape) + axes - a.ndim) + a.shape[axes:])

    # -- densities, speeds ------------------------------------------------------------------------------------------

    def _sum(self, values, which):
        return np.broadcast_to(values, (len(self._m), *self.shape))[which].sum(axis=0)

    @property
    def rho_total(self):
        """Mass density of all species."""
        return self._sum(self.rho, self.charged + self.neutral)

    @property
    def rho_charged(self):
        """Mass density of the charged species."""
        return self._sum(self.rho, self.charged)

    @property
    def rho_neutral(self):
        """Mass density of the neutrals."""
        return self._sum(self.rho, self.neutral)

    @property
    def pressure_total(self):
        """Pressure of all species."""
        return self._sum(self.pressure, self.charged + self.neutral)

    @property
    def sound_speed(self):
        """sqrt(sum gamma p/sum rho), all species moving together."""
        return np.sqrt(self._sum(self.gamma * self.pressure, self.charged + self.neutral) / self.rho_total)

    @property
    def isothermal_speed(self):
        """sqrt(sum p/sum rho)."""
        return np.sqrt(self.pressure_total / self.rho_total)

    def alfven_speed(self, which="total"):
        """B/sqrt(mu0 rho + B^2/c^2) with the density of "total", "charged", "neutral", or of one species by name."""
        if which in ("total", "charged", "neutral"):
            rho = getattr(self, f"rho_{which}")
        else:
            rho = self._sum(self.rho, [self.names.index(which)])
        return plasma.alfven_speed(self.B, rho, self.mu0, self.c)

    def magnetosonic_speeds(self, angle=np.pi / 2):
        """(fast, slow) of all species moving together; angle between k and B."""
        return plasma.magnetosonic_speeds(self.sound_speed, self.alfven_speed(), angle)

    @property
    def beta(self):
        """2 mu0 p/B^2 of all species."""
        return plasma.beta(self.pressure_total, self.B, self.mu0)

    @property
    def ionisation(self):
        """Number of positive charges' carriers over that of neutrals."""
        ions = [s for s in self.charged if self._q[s] > 0]
        return self._sum(self.number_density, ions) / self._sum(self.number_density, self.neutral)

    @property
    def debye_length(self):
        """Of all charged species."""
        return plasma.debye_length(self.number_density[self.charged], self.charge[self.charged],
                                   self.temperature[self.charged], self.eps0)

    # -- coupling ---------------------------------------------------------------------------------------------------

    @cached_property
    def rates(self):
        """nu_sr = alpha_sr rho_r, (S, S, ...), without a species' collisions with itself."""
        S = len(self._m)
        off = (1.0 - np.eye(S)).reshape((S, S) + (1,) * len(self.shape))
        return plasma.collision_rate(self.alpha, self.rho[None]) * off

    @property
    def neutral_rates(self):
        """nu_s = sum_n alpha_sn rho_n of every species, (S, ...)."""
        return self.rates[:, self.neutral].sum(axis=1)

    @property
    def friction(self):
        """sum_s sum_n alpha_sn rho_s rho_n: force of all charges on all neutrals per volume and slip."""
        return self._sum(self.rho * self.neutral_rates, self.charged)

    @property
    def gamma_drag(self):
        """friction/(rho_charged rho_neutral): the one gamma that stands for all pairs."""
        return self.friction / (self.rho_charged * self.rho_neutral)

    @property
    def hall_parameters(self):
        """q_s B/(m_s nu_s) of the charged species, (N, ...), in the order of ``charged``; infinite without drag."""
        c = self.charged
        return hall_parameter(self.charge[c], self.mass[c], self.B, self.neutral_rates[c])

    @property
    def couples(self):
        """Whether charges and neutrals are there and drag on each other: else there is no ambipolar diffusion."""
        return len(self.charged) > 1 and len(self.neutral) > 0 and bool(np.all(self.friction > 0))

    @cached_property
    def diffusivities(self):
        """Ohmic, Hall and ambipolar `Diffusivities`, collisions among charges included."""
        c = self.charged
        exchange = self.alpha[np.ix_(c, c)] * self.rho[c][:, None] * self.rho[c][None]
        return diffusivities((self.charge * self.number_density)[c], (self.rho * self.neutral_rates)[c], exchange,
                             self.B, self.mu0)

    @property
    def ambipolar_diffusivity(self):
        """B^2/(mu0 sum_s sum_n alpha_sn rho_s rho_n): all charges tied to the field."""
        return ambipolar.ambipolar_diffusivity(self.B, self.gamma_drag, self.rho_charged, self.rho_neutral, self.mu0)

    @property
    def neutral_ion_rate(self):
        """friction/rho_neutral: the rate at which neutrals follow the charges (nu_ni)."""
        return self.friction / self.rho_neutral

    @property
    def ion_neutral_rate(self):
        """friction/rho_charged: the rate at which charges follow the neutrals (nu_in)."""
        return self.friction / self.rho_charged

    @property
    def alfven_cutoffs(self):
        """(low, high) wavenumbers between which no Alfven wave propagates; see `ambipolar.alfven_cutoffs`."""
        return ambipolar.alfven_cutoffs(self.alfven_speed("charged"), self.neutral_ion_rate,
                                        self.rho_neutral / self.rho_charged)
