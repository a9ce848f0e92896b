"""Damped waves of ions, electrons and neutrals, and the wavenumbers at which no Alfven wave propagates."""

import cmath
import math
from functools import cached_property

import numpy as np

from multifluid import Check, Drag, FiveMoment, Grid, InputError, Isothermal, Maxwell, Parameter, Problem
from multifluid.problems import ion_electron, pictures
from multifluid.problems.clouds.alfven_cubic import alfven_gap, alfven_roots
from multifluid.problems.sources.records import records
from multifluid.theory import Background, named_branch

# A wave that the step resolves: its own error in time, (omega dt)^2/12 to (omega dt)^2/6, is then at most 2e-3.
RESOLVED = 0.1


class IonNeutralWave(Problem):
    """Damped Alfven, fast or slow wave of ions, electrons and neutrals, from decoupled to locked, and in between.

    One exact eigenmode of the three fluids with Maxwell's equations (`multifluid.theory`) on gas at rest, in one
    dimension. Drag: ions alpha rho_i rho_n (u_n - u_i), electrons the same alpha, so that the charged fluid together
    feels alpha rho_c rho_n (u_n - u_c), nu_cn = alpha rho_n and nu_nc = alpha rho_c. With nu far below omega the neutrals
    stand still and damp the wave at nu_cn/2; far above they move along, and the wave goes at B/sqrt(mu0 (rho_c + rho_n)).
    With rho_n > 8 rho_c there is a band of wavenumbers between the two in which nothing propagates and an Alfven wave
    just dies: see `alfven_gap`, which is this problem at such a wavenumber.

    mu0 = 1; rho, p, B in any units that go with it. The two charged fluids have equal pressures; the neutrals' mass is
    such that all have one temperature.

    `check` projects the records on the mode, in the energy norm, and compares the complex frequency with theory.
    """

    reference = "Kulsrud & Pearce 1969, ApJ 156, 445; Soler, Carbonell & Ballester 2013, ApJS 209, 16 (three fluids)"
    resolution = "n"
    converge_fields = ("u", "B")

    n = Parameter(64, "cells per wavelength", min=8)
    branch = Parameter("alfven", "which wave", choices=("alfven", "fast", "slow"))
    alpha = Parameter(0.1, "drag coefficient, force alpha rho_c rho_n (u_n - u_c)", min=0.0)
    k = Parameter(6.25 * math.pi, "wavenumber", above=0.0)
    angle = Parameter(0.0, "angle between wavevector and B", unit="degree", min=0.0, max=90.0)
    B0 = Parameter(0.4, "field", above=0.0)
    rho_c = Parameter(10.0, "mass density of ions and electrons", above=0.0)
    rho_n = Parameter(20.0, "mass density of neutrals", above=0.0)
    p_c = Parameter(10.0, "pressure of ions and electrons", above=0.0)
    p_n = Parameter(20.0, "pressure of neutrals", above=0.0)
    closure = Parameter("isothermal", "of all fluids", choices=("isothermal", "five-moment"))
    d_i = Parameter(1e-6, "ion inertial length at rho_c, times k", above=0.0)
    c = Parameter(1e3, "speed of light", above=0.0)
    mass_ratio = Parameter(1836.0, "ion to electron mass", above=1.0)
    amplitude = Parameter(1e-6, "largest relative perturbation", above=0.0, max=0.1)
    periods = Parameter(1.0, "length of the run, in 2 pi/|Re omega|, or 2 pi/|omega| where the wave only dies", above=0.0)
    tolerance = Parameter(3e-3, "relative error of omega that check allows", above=0.0)

    def validate(self):
        """The branch must exist."""
        self.mode  # noqa: B018  (raises InputError)

    def grid(self):
        """One wavelength along x."""
        return Grid((0.0, 2.0 * math.pi / self.k, self.n))

    @cached_property
    def wavevector(self):
        """ndarray (3,): k along x."""
        return np.array([self.k, 0.0, 0.0])

    @cached_property
    def background_field(self):
        """ndarray (3,): B0 in the plane of x and z."""
        angle = math.radians(self.angle)
        along = 0.0 if self.angle == 90.0 else math.cos(angle)
        return self.B0 * np.array([along, 0.0, math.sin(angle)])

    @cached_property
    def backgrounds(self):
        """list of theory.Background: ions (mass 1), electrons, neutrals."""
        ion, electron = ion_electron.mass_shares(self.mass_ratio)
        temperature = 0.5 * self.p_c / (ion * self.rho_c)
        charge = self.k / (self.d_i * math.sqrt(self.rho_c))
        rows = (("ion", 1.0, charge, ion * self.rho_c, 0.5 * self.p_c),
                ("electron", 1.0 / self.mass_ratio, -charge, electron * self.rho_c, 0.5 * self.p_c),
                ("neutral", temperature * self.rho_n / self.p_n, 0.0, self.rho_n, self.p_n))
        return [Background(*row, closure=self.closure) for row in rows]

    def fluids(self):
        """Ions, electrons, neutrals."""
        if self.closure == "isothermal":
            return [Isothermal(b.name, b.mass, b.charge, temperature=b.p * b.mass / b.rho) for b in self.backgrounds]
        return [FiveMoment(b.name, b.mass, b.charge, b.gamma) for b in self.backgrounds]

    def field(self):
        """Maxwell's equations with mu0 = 1."""
        return Maxwell(self.c)

    def interactions(self):
        """Drag of ions and of electrons on neutrals."""
        return [Drag("ion", "neutral", self.alpha), Drag("electron", "neutral", self.alpha)]

    @cached_property
    def mode(self):
        """theory.Mode of the branch."""
        drag = np.zeros((3, 3))
        drag[:2, 2] = drag[2, :2] = self.alpha
        return named_branch(self.branch, self.backgrounds, self.background_field, self.wavevector, self.c, 1.0, drag,
                            self.temperature_relaxation)

    @cached_property
    def _scale(self):
        """Factor that makes the largest relative perturbation ``amplitude``; velocities count against k/|omega|."""
        vector, speed = self.mode.vector, abs(self.mode.omega) / self.k
        sizes = [np.linalg.norm(vector["B"]) / self.B0]
        for b in self.backgrounds:
            sizes += [abs(vector[f"rho_{b.name}"]) / b.rho, np.linalg.norm(vector[f"u_{b.name}"]) / speed]
        return self.amplitude / max(sizes)

    @property
    def propagates(self):
        """bool: whether the wave moves at all."""
        return self.mode.omega.real > 1e-3 * abs(self.mode.omega)

    @property
    def t_end(self):
        """The chosen number of periods."""
        omega = self.mode.omega
        return self.periods * 2.0 * math.pi / (omega.real if self.propagates else abs(omega))

    def exact(self, t, x, y, z):
        """The eigenmode at time t on its background."""
        change = self.mode.evaluate(self.wavevector, t, x, y, z, self._scale)
        state = {b.name: {"rho": b.rho + change[f"rho_{b.name}"], "u": tuple(change[f"u_{b.name}"])}
                 for b in self.backgrounds}
        if self.closure == "five-moment":
            for b in self.backgrounds:
                state[b.name]["p"] = b.p + change[f"p_{b.name}"]
        state["E"] = tuple(change["E"])
        state["B"] = tuple(b + wave for b, wave in zip(self.background_field, change["B"], strict=True))
        return state

    def initial(self, x, y, z):
        """The mode at t = 0, electrons adjusted so that Gauss's law holds for the centred divergence of the grid."""
        state = self.exact(0.0, x, y, z)
        ion, electron, _ = self.backgrounds
        spacing = 2.0 * math.pi / (self.k * self.n)
        near, far = (0.5, 0.0) if self.reconstruction == "plm" else (2.0 / 3.0, -1.0 / 12.0)
        slope = 2j * (near * math.sin(self.k * spacing) + far * math.sin(2.0 * self.k * spacing)) / spacing
        charge = slope * self.mode.vector["E"][0] / self.c**2 - ion.charge * self.mode.vector["rho_ion"]
        wave = self._scale * np.exp(1j * self.k * x)
        state["electron"]["rho"] = electron.rho + np.real(charge * wave) * electron.mass / electron.charge
        return state

    # -- measuring ----------------------------------------------------------------------------------------------

    def amplitude_of(self, fields):
        """Complex amplitude of the mode in a record, over that at t = 0, by the energy inner product: sum of rho |u|^2,
        c_s^2 |rho'|^2/rho and |B|^2 (the field's electric part is (v_A/c)^2 of it).

        Parameters
        ----------
        fields : dict of str to ndarray (z, y, x)

        Returns
        -------
        complex
        """
        wave = np.exp(-1j * self.k * self.grid().mesh()[0])
        pairs = []
        for b in self.backgrounds:
            pairs.append((b.sound_speed_squared / b.rho, self.mode.vector[f"rho_{b.name}"], fields[f"rho_{b.name}"] - b.rho))
            pairs += [(b.rho, self.mode.vector[f"u_{b.name}"][d], fields[f"u{a}_{b.name}"]) for d, a in enumerate("xyz")]
        pairs += [(1.0, self.mode.vector["B"][d], fields[f"B{a}"] - self.background_field[d]) for d, a in enumerate("xyz")]
        overlap = sum(weight * np.conj(v) * 2.0 * np.mean(data * wave) for weight, v, data in pairs)
        return complex(overlap / sum(weight * abs(v) ** 2 for weight, v, _ in pairs)) / self._scale

    def measured_frequency(self, run):
        """Complex frequency between the first and the last record, on the sheet nearest to theory."""
        found = records(run)
        (_, first), (t, last) = found[0], found[-1]
        ratio = self.amplitude_of(last) / self.amplitude_of(first)
        omega = self.mode.omega
        return omega + 1j * cmath.log(ratio * cmath.exp(1j * omega * t)) / t

    def check(self, run):
        """Complex frequency against theory; Gauss's law and div B."""
        omega, dt = self.mode.omega, float(run.series["dt"].max())
        if abs(omega) * dt > RESOLVED:
            raise InputError(f"{self.name}: |omega| dt = {abs(omega) * dt:.2g} is not resolved; take a larger n")
        error = abs(self.measured_frequency(run) - omega) / abs(omega)
        return [Check("complex frequency, |omega - theory|/|theory|", error, self.tolerance),
                Check("Gauss's law, |div E - rho_c/eps0| eps0/(n e)", float(run.series["gauss_error"].max()), 1e-12),
                Check("div B dx/|B|", float(run.series["div_b"].max()), 1e-13)]

    # -- picture ------------------------------------------------------------------------------------------------

    def plot(self, run, path):
        """Left: frequency and damping of Alfven waves along B over the wavenumber, with the gap; right: the run's B."""
        figure, axes = pictures.subplots(1, 2, figsize=(10.4, 4.4))
        self._draw_dispersion(axes[0, 0], self.measured_frequency(run))
        t, last = records(run)[-1]
        x = self.grid().mesh()[0].ravel()
        component = max("xyz", key=lambda a: float(np.ptp(records(run)[0][1][f"B{a}"])))
        at = "xyz".index(component)
        fine = np.linspace(0.0, 2.0 * math.pi / self.k, 400)
        ax, rest = axes[0, 1], self.background_field[at]
        for when, style in ((0.0, "0.7"), (t, "k")):
            ax.plot(fine, (self.exact(when, fine, 0.0, 0.0)["B"][at] - rest) / self.amplitude, color=style, linewidth=0.9,
                    label="start" if when == 0.0 else "theory")
        ax.plot(x, (np.ravel(last[f"B{component}"]) - rest) / self.amplitude, "o", markersize=2.8,
                label=f"{self.n} cells")
        ax.set(xlabel="x", title=rf"$\delta B_{component}$ over amplitude, t = {t:.3g}")
        ax.legend(fontsize=9)
        figure.suptitle(rf"Ion-neutral wave ({self.branch}), $\rho_n/\rho_c = {pictures.number(self.rho_n / self.rho_c)}$, "
                        rf"$\alpha = {pictures.number(self.alpha)}$", fontsize=11)
        pictures.save(figure, path)

    def _draw_dispersion(self, ax, measured):
        """Roots of the cold cubic over K = k v_A cos(angle)/nu_ni, and the run's frequency."""
        ratio, v_a = self.rho_n / self.rho_c, self.B0 / math.sqrt(self.rho_c)
        nu_ni = self.alpha * self.rho_c
        here = self.k * v_a * max(math.cos(math.radians(self.angle)), 1e-3) / nu_ni if nu_ni else 1.0
        K = np.geomspace(min(0.1, here / 10.0), max(10.0 * (1.0 + ratio), here * 10.0), 600)
        roots = np.array([alfven_roots(value, 1.0, ratio) for value in K])
        real = np.where(roots.real > 1e-6 * np.abs(roots), roots.real, np.nan)
        ax.loglog(K, real[:, 0] / K, "k", linewidth=1.0, label=r"Re $\omega$")
        for column in range(3):
            ax.loglog(K, -roots[:, column].imag / K, "C3.", markersize=1.2, label=None if column else r"$-$Im $\omega$")
        if nu_ni and measured.real > 1e-3 * abs(measured):
            ax.plot(here, measured.real / nu_ni / here, "ko", markersize=5)
        if nu_ni:
            ax.plot(here, -measured.imag / nu_ni / here, "C3o", markersize=5, label="run")
        gap = alfven_gap(ratio)
        if gap is not None:
            ax.axvspan(*gap, color="0.9", zorder=0, label="nothing propagates")
        ax.set(xlabel=r"$k v_A \cos\theta/\nu_{ni}$", title=r"Alfven waves: $\omega/(k v_A)$", ylim=(1e-4, 30.0))
        ax.legend(fontsize=8)


class AlfvenGap(IonNeutralWave):
    """An Alfven wave at a wavenumber where none propagates: it dies where it stands (Kulsrud & Pearce 1969).

    `ion_neutral_wave` with rho_n > 8 rho_c and the drag coefficient at which k lies at ``place`` between the ends of the
    gap. Too slow to carry the neutrals along, too fast for them to stand still: friction damps more than critically.
    `check` compares the complex frequency, whose real part is 0.
    """

    rho_n = Parameter(1000.0, "mass density of neutrals", above=0.0)
    p_n = 1000.0
    place = Parameter(0.5, "where in the gap, 0 at its long and 1 at its short waves, by log k", min=0.0, max=1.0)
    periods = 0.3

    def validate(self):
        """There must be a gap."""
        if alfven_gap(self.rho_n / self.rho_c) is None:
            raise InputError(f"{self.name}: rho_n/rho_c = {self.rho_n / self.rho_c:g} leaves no gap; it needs more than 8")
        super().validate()

    @property
    def alpha(self):
        """float: drag coefficient that puts k in the gap."""
        low, high = alfven_gap(self.rho_n / self.rho_c)
        nu_ni = self.k * self.B0 / math.sqrt(self.rho_c) / (low * (high / low) ** self.place)
        return nu_ni / self.rho_c
