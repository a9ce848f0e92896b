"""Relaxation in a uniform box: the local sources alone."""

from functools import cached_property

import numpy as np

from multifluid import Check, FiveMoment, Grid, InputError, Ionisation, Maxwell, Parameter, Problem
from multifluid.problems import pictures
from multifluid.problems.sources import lists
from multifluid.problems.sources.records import records
from multifluid.theory.local_sources import LocalSources, LocalState

# The box is so long that no signal at this many times c and the largest speed crosses a cell in a step.
ROOM = 1e4
# Steps resolve the sources where the fastest rate times dt is below this; second order is asked for there.
RESOLVED = 0.5
# Records of the fields at most.
RECORDS = 100


class Box(Problem):
    """Relaxation of any fluids in a uniform box: drag, heat, ionisation, gravity, E and B, against the exact answer.

    Nothing varies in space, so that the sources alone act (and fluxes cancel to the last bit). Lists have one entry per
    fluid, in the order of ``names``; one number stands for all. The exact answer is the solution of the nonlinear
    ordinary differential equations in `multifluid.theory.local_sources`. `check` holds the last state against it,
    measures the order in time with a second run, and looks at what is conserved; where the step does not resolve
    the fastest source (rate times dt above 0.5) only the latter is asked for.

    Drag: "ion-neutral:1" is alpha = <sigma v>/(m_ion + m_neutral), so that nu_in = alpha rho_neutral; or a law by name
    and its numbers: "electron-ion:coulomb:10", "ion-neutral:hard_sphere:1", "ion-neutral:draine:1/0.5".
    With zeta or recombination above 0, fluids 1, 2, 3 are ion, electron and neutral of n <-> i + e, as by default.
    """

    reference = "theory: multifluid.theory.local_sources (Schunk 1977, Rev. Geophys. 15, 429, for drag and heat)"
    resolution = "steps"
    converge_fields = ("rho", "u", "p", "E")

    names = Parameter("ion, electron, neutral", "names of the fluids; ionisation needs ion, electron, neutral in this order")
    masses = Parameter("1, 0.04, 1.2", "masses of particles")
    charges = Parameter("1, -1, 0", "charges of particles")
    densities = Parameter("1, 0.04, 2.4", "mass densities")
    pressures = Parameter("0.4, 2, 1", "pressures at the start")
    ux = Parameter("-0.4, 1, 0.1", "x velocities at the start")
    uy = Parameter("0.8, 0.3, -0.5", "y velocities at the start")
    uz = Parameter("0.2, -0.7, 0.3", "z velocities at the start")
    gamma = Parameter("1.6666666666666667, 1.6666666666666667, 1.4", "adiabatic indices")
    alpha = Parameter("ion-neutral:1, electron-neutral:2, electron-ion:coulomb:0.5",
                      "drag of pairs: first-second:alpha, alpha = <sigma v>/(m_s + m_r), or :law:numbers",
                      unit="volume/(mass time)")
    relaxation = Parameter(3.0, "coefficient of temperature relaxation, 3 for elastic collisions, 0: none", min=0.0)
    gravity = Parameter("0, 0, 0", "acceleration of all fluids")
    E = Parameter("0.3, -0.2, 0.5", "electric field at the start")
    B = Parameter("0.6, 0.4, -1.1", "magnetic field")
    c = Parameter(1.0, "speed of light; eps0 = 1/c^2 with mu0 = 1", above=0.0)
    zeta = Parameter(0.3, "ionisation rate per neutral", unit="1/time", min=0.0)
    recombination = Parameter(2.0, "recombination coefficient at electron temperature 1", unit="volume/time", min=0.0)
    exponent = Parameter(-0.6, "recombination goes with this power of the electrons' temperature")
    t_end = Parameter(2.0, "length of the run", above=0.0)
    steps = Parameter(200, "number of time steps", min=1)
    tolerance = Parameter(5e-3, "error against the exact answer that check allows where dt resolves the sources", above=0.0)

    def validate(self):
        """Lists must fit the number of fluids; ionisation needs three."""
        fluids = self.fluids()
        if (self.zeta or self.recombination) and len(fluids) < 3:
            raise InputError("parameter zeta, recombination: ionisation needs three fluids: ion, electron, neutral")
        for name in ("densities", "pressures"):
            if min(lists.numbers(name, getattr(self, name), len(fluids))) <= 0:
                raise InputError(f"parameter {name} must be positive, not {getattr(self, name)!r}")
        self.interactions()
        self._state  # noqa: B018  (raises InputError)
        lists.numbers("gravity", self.gravity, 3), lists.numbers("B", self.B, 3)

    def fluids(self):
        """One per name."""
        names = lists.words(self.names)
        if len(set(names)) < len(names) or not names:
            raise InputError(f"parameter names must be different names with commas between them, not {self.names!r}")
        per_fluid = [lists.numbers(name, getattr(self, name), len(names)) for name in ("masses", "charges", "gamma")]
        return [FiveMoment(*values) for values in zip(names, *per_fluid, strict=True)]

    def field(self):
        """Maxwell's equations with mu0 = 1."""
        return Maxwell(self.c)

    def interactions(self):
        """Drag, and ionisation if there is any."""
        drags = lists.drags("alpha", self.alpha, eps0=self.field().eps0)
        if self.zeta or self.recombination:
            ion, electron, neutral = (fluid.name for fluid in self.fluids()[:3])
            return [*drags, Ionisation(neutral, ion, electron, self.zeta, self.recombination, self.exponent)]
        return drags

    @property
    def temperature_relaxation(self):
        """The parameter ``relaxation``."""
        return self.relaxation

    def acceleration(self, t, x, y, z):
        """The same for all."""
        return tuple(lists.numbers("gravity", self.gravity, 3))

    @property
    def _dt(self):
        return self.t_end / self.steps

    @property
    def largest_step(self):
        """t_end/steps, a rounding longer, so that no sliver of a step is left at the end."""
        return self._dt * (1.0 + 1e-12)

    @property
    def output_interval(self):
        """Records at whole steps, at most a hundred."""
        stride = next(n for n in range(max(1, self.steps // RECORDS), self.steps + 1)
                      if self.steps % n == 0 and self.steps // n <= RECORDS)
        return self._dt * stride

    def grid(self):
        """Four cells that no signal crosses."""
        state = self._state
        speed = self.c + np.abs(state.u).max() + np.sqrt((state.p / state.rho).max())
        return Grid((0.0, 4.0 * ROOM * speed * self.t_end, 4))

    @cached_property
    def _state(self):
        count = len(lists.words(self.names))
        columns = {name: lists.numbers(name, getattr(self, name), count)
                   for name in ("densities", "ux", "uy", "uz", "pressures")}
        u = np.stack([columns[name] for name in ("ux", "uy", "uz")], axis=-1)
        return LocalState(np.array(columns["densities"]), u, np.array(columns["pressures"]),
                          np.array(lists.numbers("E", self.E, 3)))

    def initial(self, x, y, z):
        """The lists, everywhere."""
        return self._as_dict(self._state)

    def _as_dict(self, state):
        fluids = {fluid.name: {"rho": state.rho[s], "u": tuple(state.u[s]), "p": state.p[s]}
                  for s, fluid in enumerate(self.fluids())}
        return {**fluids, "E": tuple(state.E), "B": tuple(lists.numbers("B", self.B, 3))}

    @cached_property
    def sources(self):
        """theory.local_sources.LocalSources of this box."""
        fluids = self.fluids()
        index = {fluid.name: s for s, fluid in enumerate(fluids)}
        laws, reaction = np.zeros((len(fluids), len(fluids), 5)), None
        for item in self.interactions():
            if isinstance(item, Ionisation):
                reaction = (index[item.neutral], index[item.ion], index[item.electron], item.zeta, item.recombination,
                            item.reference_temperature, item.exponent)
            else:
                s, r = index[item.first], index[item.second]
                laws[s, r] = laws[r, s] = item.law.coefficients(fluids[s], fluids[r])
        return LocalSources([f.mass for f in fluids], [f.charge for f in fluids], [f.gamma for f in fluids], laws,
                            self.relaxation, reaction, lists.numbers("B", self.B, 3), self.field().eps0,
                            (self.acceleration(0.0, None, None, None),))

    def exact(self, t, x, y, z):
        """Solution of the ordinary differential equations."""
        return self._as_dict(self.sources.solve(self._state, [t])[0])

    # -- measuring ----------------------------------------------------------------------------------------------

    def state_of(self, fields):
        """theory.local_sources.LocalState of one record (a dict of arrays), from its first cell."""
        names = [fluid.name for fluid in self.fluids()]

        def first(name):
            return float(np.ravel(fields[name])[0])

        return LocalState(np.array([first(f"rho_{n}") for n in names]),
                          np.array([[first(f"u{a}_{n}") for a in "xyz"] for n in names]),
                          np.array([first(f"p_{n}") for n in names]), np.array([first(f"E{a}") for a in "xyz"]))

    def errors(self, state, exact):
        """Relative error of each kind of variable.

        Densities and pressures of each fluid by themselves; velocities against the largest speed or the speed of
        sound of the mixture; E against the largest of |E|, that at the start and what makes the field's energy one
        thousandth of matter's.

        Returns
        -------
        dict of str to float
        """
        speed = max(np.abs(exact.u).max(), np.abs(self._state.u).max(), np.sqrt(exact.p.sum() / exact.rho.sum()))
        matter = exact.p.sum() + 0.5 * (exact.rho * (exact.u**2).sum(axis=1)).sum()
        field = max(np.abs(exact.E).max(), np.abs(self._state.E).max(), np.sqrt(2e-3 * matter / self.field().eps0))
        return {"density": float(np.max(np.abs(state.rho / exact.rho - 1.0))),
                "velocity": float(np.max(np.abs(state.u - exact.u)) / speed),
                "pressure": float(np.max(np.abs(state.p / exact.p - 1.0))),
                "E": float(np.max(np.abs(state.E - exact.E)) / field)}

    def conserved(self, state):
        """(mass, charge, momentum with eps0 E x B, energy with eps0 E^2/2) per volume, and a size for each."""
        fluids = self.fluids()
        qm = np.array([fluid.charge / fluid.mass for fluid in fluids])
        gamma = np.array([fluid.gamma for fluid in fluids])
        eps0, B = self.field().eps0, np.array(lists.numbers("B", self.B, 3))
        momentum = state.rho[:, None] * state.u
        energy = state.p / (gamma - 1.0) + 0.5 * (momentum * state.u).sum(axis=1)
        electric = 0.5 * eps0 * (state.E**2).sum()
        return {"mass": (state.rho.sum(), state.rho.sum()),
                "charge": ((qm * state.rho).sum(), np.abs(qm * state.rho).sum()),
                "momentum": (momentum.sum(axis=0) + eps0 * np.cross(state.E, B), np.abs(momentum).sum()
                             + eps0 * np.linalg.norm(state.E) * np.linalg.norm(B)),
                "energy": (energy.sum() + electric, energy.sum() + electric)}

    def check(self, run):
        """Error and order where resolved; mass, charge, momentum, energy."""
        states = [self.state_of(fields) for _, fields in records(run)]
        before, after = self.conserved(self._state), self.conserved(states[-1])
        resolved = self.sources.fastest_rate(self._state) * self._dt <= RESOLVED

        def change(name):
            return float(np.max(np.abs(after[name][0] - before[name][0])) / (before[name][1] or 1.0))

        checks = [Check("mass, relative change", change("mass"), 1e-12)]
        if before["charge"][1] > 0:
            checks.append(Check("charge, change relative to sum |q| n", change("charge"), 1e-12))
        neutral = abs(before["charge"][0]) <= 1e-12 * before["charge"][1]
        if neutral and not any(self.acceleration(0.0, None, None, None)):
            # a linear invariant of the equations, which every step keeps
            checks.append(Check("momentum of matter + eps0 E x B, relative change", change("momentum"), 1e-11))
            energy = float((after["energy"][0] - before["energy"][0]) / before["energy"][1])
            checks.append(Check("energy of matter and E, growth", energy, self.tolerance if resolved else self._slack))
        checks.append(Check("smallest pressure", float(min(state.p.min() for state in states)), 0.0, kind="min"))
        if resolved:
            checks += self._accuracy(states[-1])
        return checks

    @property
    def _slack(self):
        """Growth of energy allowed where a step does not resolve the sources: what E may gain when it jumps to its
        balance within the first step, twice the energy of the jump; relative to all energy."""
        jump = np.linalg.norm(self._state.E) + np.abs(self._state.u).sum(axis=1).max() * np.linalg.norm(
            lists.numbers("B", self.B, 3))
        return 1e-12 + self.field().eps0 * jump**2 / self.conserved(self._state)["energy"][1]

    def _accuracy(self, last):
        from multifluid import Simulation

        exact = self.sources.solve(self._state, [self.t_end])[0]
        found = self.errors(last, exact)
        finer = type(self)(**{**self.parameters(), "steps": 2 * self.steps})
        half = self.errors(self.state_of(Simulation(finer).run().records[-1][1]), exact)
        checks = [Check(f"error of {name} against the exact answer", value, self.tolerance)
                  for name, value in found.items()]
        # an error at round-off has no order; the largest has one
        worst = max(found, key=found.get)
        if found[worst] > 1e-11:
            checks.append(Check(f"order in time ({worst}: {found[worst]:.2g}, {half[worst]:.2g})",
                                float(np.log2(found[worst] / half[worst])), 1.9, kind="min"))
        return checks

    def plot(self, run, path):
        """Velocities, temperatures, densities and E over time: points of the run on the exact answer."""
        from multifluid.plotting import COLOURS

        fluids, found_at = self.fluids(), records(run)
        times = np.array([t for t, _ in found_at])
        found = [self.state_of(fields) for _, fields in found_at]
        line = np.linspace(0.0, times[-1], 401)
        exact = self.sources.solve(self._state, line)
        figure, axes = pictures.subplots(3, 2, figsize=(9.0, 8.4), sharex=True)
        mass = np.array([fluid.mass for fluid in fluids])
        panels = [("$u_x$", lambda s: s.u[:, 0]), ("$u_y$", lambda s: s.u[:, 1]), ("$u_z$", lambda s: s.u[:, 2]),
                  ("temperature  $p\\,m/\\rho$", lambda s: mass * s.p / s.rho),
                  ("number density, over its start", lambda s: s.rho / self._state.rho), ("electric field", lambda s: s.E)]
        for ax, (title, value) in zip(axes.flat, panels, strict=True):
            labels = [f"$E_{a}$" for a in "xyz"] if title == "electric field" else [fluid.name for fluid in fluids]
            curves, points = np.array([value(s) for s in exact]), np.array([value(s) for s in found])
            for k, label in enumerate(labels):
                colour = COLOURS[k % len(COLOURS)]
                ax.plot(line, curves[:, k], color=colour, linewidth=1.0, label=label)
                ax.plot(times, points[:, k], "o", color=colour, markersize=3)
            ax.set(title=title, xlim=(0.0, times[-1]))
        axes[0, 0].legend(fontsize=8)
        axes[2, 1].legend(fontsize=8)
        for ax in axes[-1]:
            ax.set(xlabel="time")
        figure.suptitle(f"Relaxation in a box, {self.steps} steps (lines: exact)", fontsize=11)
        pictures.save(figure, path)
