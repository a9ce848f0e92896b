"""Electrons along B settle to the Boltzmann relation."""

from functools import cached_property

import numpy as np
from scipy.optimize import root

from multifluid import Check, Cold, Drag, Grid, Isothermal, Maxwell, Parameter, Problem
from multifluid.problems import measures, pictures
from multifluid.problems.sources.records import records


class Boltzmann(Problem):
    """Isothermal electrons along B settle to the Boltzmann relation n_e = n_0 exp(e phi/T_e) in a clump of ions.

    Cold ions, n_i = 1 + clump exp((cos 2 pi (x - 1/2) - 1)/(2 pi width)^2), periodic along x and B; the electrons start as
    many as the ions, at rest, without E. Their pressure drives them out, E holds them, and what swings in between is damped
    by drag on the ions. In the end the forces along B balance,

        0 = -e E - (T_e/n_e) d_x n_e,    E = -d_x phi   =>   ln n_e = e phi/T_e + const,                        (5.61)

    and with Gauss's law e n_e is the solution of lambda_D^2 psi'' = exp(psi) - n_i, psi = e phi/T_e (Poisson-Boltzmann). E
    comes from the run by Maxwell's equations, nowhere from an Ohm's law or from Poisson's equation. Ions of true mass
    (mass_ratio=1836) expand the while; the relation then holds up to the electrons' inertia, m_e/m_i, and to the time step:
    where steps do not resolve plasma oscillations, E is that of some 1.5 dt ago.

    Units: lengths in wavelengths L, T_e = m_e = e = 1 and n_i = 1 between the clumps, so that times are in L/v_te,
    ``debye`` = lambda_D/L sets eps0 = debye^2, and omega_pe = 1/debye. Debye lengths much smaller than a cell, with steps
    of many plasma periods, are the quasi-neutral regime.
    """

    reference = ("Chen 2016, Introduction to Plasma Physics and Controlled Fusion, vol. 1, section 3.5: the Boltzmann "
                 "relation")

    reconstruction = "ppm"
    nx = Parameter(48, "cells", min=16)
    debye = Parameter(0.05, "Debye length", unit="L", above=0.0)
    clump = Parameter(1.0, "ions in the middle of the clump above those around", above=-0.9)
    width = Parameter(0.12, "width of the clump", unit="L", above=0.0)
    mass_ratio = Parameter(1e9, "ion to electron mass; 1e9: ions that stay where they are", above=1.0)
    damping = Parameter(1.0, "electron-ion collision frequency at n_i = 1", unit="omega_pe", above=0.0, max=2.0)
    c = Parameter(5.0, "speed of light", unit="v_te", above=1.0)
    beta = Parameter(0.2, "pressure of electrons at n_i = 1 over B^2/2 mu0", above=0.0)
    t_end = Parameter(2.0, "length of the run", unit="L/v_te", above=0.0)
    steps = Parameter(50, "time steps at least", min=1)
    tolerance = Parameter(0.0, "relative error of ln n_e and n_e that check allows; 0: 0.6/nx^2 with ppm, 20/nx^2 with plm, "
                          "and m_e/m_i, and what E changes in 1.5 dt", min=0.0)

    def grid(self):
        """One wavelength along x."""
        return Grid((0.0, 1.0, self.nx))

    def fluids(self):
        """Cold ions, isothermal electrons."""
        return [Cold("ion", self.mass_ratio, 1.0), Isothermal("electron", 1.0, -1.0, temperature=1.0)]

    def field(self):
        """eps0 = debye^2."""
        return Maxwell(self.c, 1.0 / (self.debye * self.c) ** 2)

    def interactions(self):
        """nu_ei = alpha m_i n_i = damping omega_pe."""
        return [Drag("electron", "ion", self.damping / (self.debye * self.mass_ratio))]

    @property
    def largest_step(self):
        """``steps`` at least."""
        return self.t_end / self.steps

    def initial(self, x, y, z):
        """As many electrons as ions, at rest, no E."""
        n = 1.0 + self.clump * np.exp((np.cos(2.0 * np.pi * (x - 0.5)) - 1.0) / (2.0 * np.pi * self.width) ** 2)
        rest = (0.0, 0.0, 0.0)
        return {"ion": {"rho": self.mass_ratio * n, "u": rest}, "electron": {"rho": n, "u": rest},
                "E": rest, "B": (np.sqrt(2.0 * self.field().mu0 / self.beta), 0.0, 0.0)}

    # -- theory -------------------------------------------------------------------------------------------------

    @cached_property
    def _second_derivative(self):
        """(nx, nx): d_x d_x of a periodic line, spectral."""
        k = 2.0 * np.pi * np.fft.fftfreq(self.nx, 1.0 / self.nx)
        return np.real(np.fft.ifft(-(k**2)[:, None] * np.fft.fft(np.eye(self.nx), axis=0), axis=0))

    def poisson_boltzmann(self, ions):
        """psi = e phi/T_e (nx,) of electrons that are settled among ``ions`` (nx,); exp(psi) is their density."""
        curvature = self.debye**2 * self._second_derivative
        found = root(lambda psi: (curvature @ psi - np.exp(psi) + ions) / ions, np.log(ions),
                     jac=lambda psi: (curvature - np.diag(np.exp(psi))) / ions[:, None], tol=1e-13)
        return found.x

    # -- measuring ----------------------------------------------------------------------------------------------

    def potential(self, fields):
        """e phi/T_e (nx,) from E_x of a record, zero in the mean."""
        E = np.ravel(fields["Ex"])
        k = 2.0 * np.pi * np.fft.fftfreq(self.nx, 1.0 / self.nx)
        k[0] = np.inf
        periodic = np.real(np.fft.ifft(np.fft.fft(E) * 1j / k))
        return periodic - E.mean() * (self.grid().centres(0) - 0.5)

    def errors(self, fields):
        """Of a record: largest deviation of ln n_e from e phi/T_e (its mean apart) over the range of ln n_e
        (``relation``), largest relative deviation of n_e from Poisson-Boltzmann (``density``); and how far n_e is
        from n_i (``charge``), which is no error: dict of float."""
        ions, electrons = np.ravel(fields["rho_ion"]) / self.mass_ratio, np.ravel(fields["rho_electron"])
        log = np.log(electrons)
        apart = log - self.potential(fields)
        settled = np.exp(self.poisson_boltzmann(ions))
        return {"relation": float(np.abs(apart - apart.mean()).max() / np.ptp(log)),
                "density": float(np.abs(electrons / settled - 1.0).max()),
                "charge": float(np.abs(electrons / ions - 1.0).max())}

    def rate(self, fields):
        """Largest |d_t ln n_e| over the range of ln n_e, by continuity from a record."""
        n, u = np.ravel(fields["rho_electron"]), np.ravel(fields["ux_electron"])
        flux = n * u
        change = 0.5 * self.nx * (np.roll(flux, -1) - np.roll(flux, 1)) / n
        return float(np.abs(change - change.mean()).max() / np.ptp(np.log(n)))

    def check(self, run):
        """The Boltzmann relation, n_e by Poisson and Boltzmann, Gauss's law, masses."""
        share = 0.6 if self.reconstruction == "ppm" else 20.0
        limit = self.tolerance or share / self.nx**2 + 1.0 / self.mass_ratio
        last = records(run)[-1][1]
        errors, behind = self.errors(last), 1.5 * float(np.max(run.series["dt"])) * self.rate(last)
        return [Check("ln n_e against e phi/T_e, largest deviation over range", errors["relation"], limit + behind),
                Check("n_e against Poisson-Boltzmann, largest relative deviation", errors["density"], limit),
                *measures.constraint_checks(run.series), *measures.mass_checks(run.series)]

    def plot(self, run, path):
        """Densities, and ln n_e over e phi/T_e on the straight line."""
        last, x = records(run)[-1][1], self.grid().centres(0)
        ions, electrons = np.ravel(last["rho_ion"]) / self.mass_ratio, np.ravel(last["rho_electron"])
        psi = self.potential(last)
        figure, axes = pictures.subplots(1, 2, figsize=(9.6, 3.8))
        axes[0, 0].plot(x, ions, "0.6", linewidth=1.5, label="ions")
        axes[0, 0].plot(x, np.exp(self.poisson_boltzmann(ions)), "C3", linewidth=1.0, label="Poisson-Boltzmann")
        axes[0, 0].plot(x, electrons, "ko", markersize=3, fillstyle="none", label="electrons, run")
        axes[0, 0].set(xlabel="x", title=rf"density, $\lambda_D = {pictures.number(self.debye)}\,L$")
        log = np.log(electrons)
        ends = np.array([psi.min(), psi.max()])
        axes[0, 1].plot(ends, ends + log.mean() - psi.mean(), "C3", linewidth=1.0, label="Boltzmann relation")
        axes[0, 1].plot(psi, log, "ko", markersize=3, fillstyle="none", label="run")
        axes[0, 1].set(xlabel=r"$e \phi/T_e$ from E", ylabel=r"$\ln n_e$", title="electrons along B")
        for ax in axes[0]:
            ax.legend(fontsize=8)
        pictures.save(figure, path)
