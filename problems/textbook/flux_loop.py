"""Frozen-in flux through loops that move with the electrons and with the ions."""

import numpy as np

from multifluid import Check, Grid, Isothermal, Maxwell, Parameter, Problem
from multifluid.problems import ion_electron, measures, pictures
from multifluid.problems.sources.records import records
from multifluid.problems.textbook import loops

NAMES = ("electron", "ion")
TURN = 2.0 * np.pi


class FluxLoop(Problem):
    """Flux through loops that move with the electrons and with the ions: what is frozen into which fluid.

    A smooth compressible flow in the x, y plane across B = B_z(x, y, t): density, field and velocity vary, not along the
    same lines. For a fluid whose pressure is a function of its density, without collisions, the curl of the equation of
    motion is

        d_t Q_s = curl(u_s x Q_s),      Q_s = B + (m_s/q_s) curl u_s

    so that the flux of Q_s through any loop that moves with u_s is constant (Kelvin's theorem): exactly, with full
    Maxwell equations, at any scale. Through the electrons' loop that of B alone is constant but for (m_e/e) times the
    change of its circulation. Through the ions' loop it changes by -(m_i/e) times the change of theirs: the Hall term of
    Ohm's law, d(flux)/dt = -loop integral of (J x B/n e) dl. In the limit d_i -> 0 of ideal MHD all four are the same.

    The points of a loop are carried after the run by the velocities in its records; electrons=current takes
    u_i - curl B/(mu0 n e) for that of the electrons. Recorded ones are off by some (T_e/m_e) dt^2 d_x d_x u where steps do
    not resolve plasma oscillations (an IMEX step ends with explicit fluxes, which nothing balances any more); Ampere's law
    without the displacement current is off where c is small. Isothermal fluids; box, rho, B and mu0 are 1, so that times
    are in box lengths/v_A.
    """

    reference = ("theory: frozen-in flux, Bellan 2008, Fundamentals of Plasma Physics; generalised vorticity, Steinhauer & "
                 "Ishida 1997, Phys. Rev. Lett. 79, 3423")

    reconstruction = "ppm"
    nx = Parameter(32, "cells per side", min=16)
    d_i = Parameter(0.05, "ion inertial length", unit="box", above=0.0)
    c = Parameter(20.0, "speed of light", unit="v_A", above=1.0)
    mass_ratio = Parameter(1836.0, "ion to electron mass", above=1.0)
    beta_ion = Parameter(0.2, "pressure of ions over B^2/2 mu0", above=0.0)
    beta_electron = Parameter(0.2, "pressure of electrons over B^2/2 mu0", above=0.0)
    flow = Parameter(0.5, "largest speed of the ions along an axis", unit="v_A", above=0.0)
    contrast = Parameter(0.2, "amplitude of density and field, relative", min=0.0, max=0.5)
    radius = Parameter(0.2, "radius of the loop at the start", unit="box", above=0.0, max=0.5)
    points = Parameter(256, "points of a loop", min=16)
    frames = Parameter(24, "records after the first", min=4)
    t_end = Parameter(0.3, "length of the run", unit="box/v_A", above=0.0)
    electrons = Parameter("recorded", "velocity that carries the electrons' loop", choices=("recorded", "current"))
    tolerance = Parameter(0.0, "relative change of a flux that check allows; 0: 0.3 (1 + 6 d_i)/nx^2 with ppm, thrice that "
                          "with plm", min=0.0)

    def grid(self):
        """A square in the x, y plane."""
        return Grid((0.0, 1.0, self.nx), (0.0, 1.0, self.nx))

    def fluids(self):
        """Isothermal ions and electrons."""
        n = ion_electron.mass_shares(self.mass_ratio)[0]
        ion, electron = ion_electron.fluids(self.d_i, self.mass_ratio, 5.0 / 3.0)
        return [Isothermal(f.name, f.mass, f.charge, temperature=0.5 * beta / n)
                for f, beta in ((ion, self.beta_ion), (electron, self.beta_electron))]

    def field(self):
        """Maxwell's equations with mu0 = 1."""
        return Maxwell(self.c)

    @property
    def output_interval(self):
        """``frames`` records."""
        return self.t_end / self.frames

    # -- initial state ------------------------------------------------------------------------------------------

    def _magnetic(self, x, y):
        """B_z and curl B = (d_y B_z, -d_x B_z)."""
        b, X, Y = self.contrast, TURN * x, TURN * y
        J = (-b * TURN * np.sin(X) * np.sin(Y), -b * TURN * np.cos(X) * np.cos(Y))
        return 1.0 + b * np.sin(X) * np.cos(Y), J

    def _density(self, x, y):
        """n_i and the gradient of its logarithm."""
        n, angle = ion_electron.mass_shares(self.mass_ratio)[0], TURN * (x + y)
        shape = 1.0 + self.contrast * np.cos(angle)
        slope = -self.contrast * TURN * np.sin(angle) / shape
        return n * shape, (slope, slope)

    def _motion(self, x, y):
        """Velocities of ions and electrons in the plane, and E of electrons without inertia."""
        electron = self.fluids()[1]
        (n, slope), (B, J) = self._density(x, y), self._magnetic(x, y)
        ion = (-self.flow * np.sin(TURN * y), self.flow * np.sin(TURN * x) + 0.5 * self.flow * np.cos(TURN * y))
        velocity = [u + j / (electron.charge * n) for u, j in zip(ion, J, strict=True)]
        pressure = electron.temperature / electron.charge
        return ion, velocity, (-velocity[1] * B + pressure * slope[0], velocity[0] * B + pressure * slope[1])

    def initial(self, x, y, z):
        """Ions as given, electrons that carry curl B; Gauss's law for the derivative of the grid."""
        x, y = x + 0.0 * (y + z), y + 0.0 * (x + z)
        ion, electron = self.fluids()
        near, far = (0.5, 0.0) if self.reconstruction == "plm" else (2.0 / 3.0, -1.0 / 12.0)
        h, divergence = 1.0 / self.nx, 0.0
        for weight, cells in ((near, 1), (far, 2)):
            for sign in (1, -1):
                step = sign * cells * h
                along = self._motion(x + step, y)[2][0] + self._motion(x, y + step)[2][1]
                divergence = divergence + sign * weight / h * along
        n = self._density(x, y)[0]
        velocities, E = self._motion(x, y)[:2], self._motion(x, y)[2]
        densities = (n, n - self.field().eps0 * divergence / ion.charge)
        state = {f.name: {"rho": f.mass * density, "u": (*u, 0.0)}
                 for f, density, u in zip((ion, electron), densities, velocities, strict=True)}
        return {**state, "E": (*E, 0.0), "B": (0.0, 0.0, self._magnetic(x, y)[0])}

    # -- measuring ----------------------------------------------------------------------------------------------

    def loop(self):
        """ndarray (2, points): the circle at the start."""
        angle = TURN * np.arange(self.points) / self.points
        return 0.5 + self.radius * np.array([np.cos(angle), np.sin(angle)])

    def carried(self, run):
        """(times, {fluid: (T, 2, points)}): the loops of electrons and of ions at each record of a run."""
        found, plane = records(run), loops.Plane(self.grid())
        times = np.array([t for t, _ in found])
        return times, {name: loops.carried(plane, times, np.array([self.velocity(f, name) for _, f in found]), self.loop())
                       for name in NAMES}

    def velocity(self, fields, name):
        """(2, ny, nx): velocity of a fluid in the plane of a record, that of electrons as ``electrons`` says."""
        if name == "ion" or self.electrons == "recorded":
            return np.array([fields[f"u{a}_{name}"][0] for a in "xy"])
        wavenumber = TURN * np.fft.fftfreq(self.nx, 1.0 / self.nx)
        transform = 1j * np.fft.fft2(fields["Bz"][0])
        curl = np.real(np.fft.ifft2([transform * wavenumber[:, None], -transform * wavenumber]))
        ion = self.fluids()[0]
        return self.velocity(fields, "ion") - curl / (ion.charge_to_mass * fields["rho_ion"][0])

    def fluxes(self, run):
        """Fluxes at each record over that of B at the start: dict of "t" and, for both fluids, ``B_electron`` of B and
        ``Q_electron`` of B + (m/q) curl u through the loop of that fluid, all ndarray (T,)."""
        times, places = self.carried(run)
        plane, rows = loops.Plane(self.grid()), {"t": times}
        for fluid in self.fluids():
            B, Q = [], []
            for (_, fields), points in zip(records(run), places[fluid.name], strict=True):
                B.append(loops.flux(plane, fields["Bz"][0], points))
                turning = loops.circulation(plane, self.velocity(fields, fluid.name), points)
                Q.append(B[-1] + turning / fluid.charge_to_mass)
            rows[f"B_{fluid.name}"], rows[f"Q_{fluid.name}"] = np.array(B) / B[0], np.array(Q) / B[0]
        return rows

    @staticmethod
    def changes(rows):
        """Largest change of each of `fluxes` since the start: dict of float; ``Hall``: |change of B - theory's| over the
        largest change of B through the ions' loop, theory being -(m_i/e) times the change of circulation."""
        found = {name: float(np.abs(line - line[0]).max()) for name, line in rows.items() if name != "t"}
        return found | {"Hall": found["Q_ion"] / found["B_ion"]}

    def check(self, run):
        """Canonical fluxes through both loops; constraints, masses."""
        share = 0.3 if self.reconstruction == "ppm" else 0.9
        limit = self.tolerance or share * (1.0 + 6.0 * self.d_i) / self.nx**2
        found, electron = self.changes(self.fluxes(run)), self.fluids()[1]
        dt = float(np.max(run.series["dt"]))
        unbalanced = 0.15 * electron.temperature / electron.mass * (TURN * dt) ** 2
        lag = limit + (unbalanced if self.electrons == "recorded" else 0.0)
        return [
            Check("flux of B + (m_i/e) curl u_i through the ions' loop, change", found["Q_ion"], limit),
            Check("flux of B - (m_e/e) curl u_e through the electrons' loop, change", found["Q_electron"], lag),
            *measures.constraint_checks(run.series), *measures.mass_checks(run.series),
        ]

    def plot(self, run, path):
        """Both loops at the end on B_z, and the four fluxes over time."""
        (times, places), last = self.carried(run), records(run)[-1][1]
        figure, axes = pictures.subplots(1, 2, figsize=(10.4, 4.2))
        x = self.grid().centres(0)
        pictures.image(figure, axes[0, 0], x, x, last["Bz"][0], rf"$B_z$, $t = {times[-1]:g}$", cmap="viridis")
        axes[0, 0].plot(*self.loop(), color="0.7", linewidth=1.0, label="start")
        for name, style in (("electron", "w-"), ("ion", "C3--")):
            axes[0, 0].plot(*places[name][-1], style, linewidth=1.2, label=f"{name}s")
        axes[0, 0].legend(fontsize=7, loc="upper right", facecolor="0.3", labelcolor="white")
        rows = self.fluxes(run)
        labels = {"B_electron": ("C0-", "$B$, electrons' loop"), "Q_electron": ("k:", r"$B-(m_e/e)\nabla\times u_e$"),
                  "B_ion": ("C3-", "$B$, ions' loop"), "Q_ion": ("C1--", r"$B+(m_i/e)\nabla\times u_i$, ions' loop")}
        for name, (style, label) in labels.items():
            axes[0, 1].plot(times, rows[name] - rows[name][0], style, label=label)
        axes[0, 1].set(xlabel=r"$t$", title="change of flux / flux of B at the start")
        axes[0, 1].legend(fontsize=8)
        pictures.save(figure, path)
