"""C-shocks of ions, electrons and neutrals, from a front to the steady profile."""

import math
from functools import cached_property

import numpy as np
from scipy.optimize import minimize_scalar

from multifluid import Boundaries, Check, Drag, FiveMoment, Grid, InputError, Isothermal, Maxwell, Parameter, Problem
from multifluid.problems import ion_electron, measures, pictures
from multifluid.problems.clouds import profiles
from multifluid.problems.sources.records import records
from multifluid.theory import shocks

GAMMA = 5.0 / 3.0
NAMES = ("ion", "electron", "neutral")


class CShock(Problem):
    """C-shock of isothermal ions, electrons and neutrals: a front spreads until drag holds it, steady, at any angle.

    In the frame of the shock gas comes in from the left at v_s. The field of a weakly ionised gas runs ahead of it, the ions
    with the field, and their drag slows the neutrals gently down: no jump is left (Mullan 1971; Draine 1980; Wardle 1990).
    Units: rho_n = v_A = B0/sqrt(mu0 rho_n) = 1 upstream, mu0 = 1, alpha rho_c = 1 (rho_c: ions and electrons), so that the
    drag length is L = sqrt(2) v_A/(alpha rho_c) = sqrt(2). Drag: alpha_sn rho_s rho_n (u_n - u_s), electrons with
    ``electron_drag`` times the ions' alpha.

    The run starts as a front between the two uniform ends (or, with start=profile, from the steady profile) and lasts
    ``flow_times`` times L/v_A. `check` moves the steady profile of `multifluid.theory.shocks` to where the shock stands,
    with one shift for all components, and compares each of them: ions and neutrals with ideal induction or, with
    complete=true (where d_i is at least a tenth of the shock), all three fluids with Maxwell's equations.
    """

    reference = ("Wardle 1990, MNRAS 246, 98; Mac Low et al. 1995, ApJ 442, 726; Draine & McKee 1993, ARA&A 31, 373; "
                 "profiles: multifluid.theory.shocks")
    converge_fields = ("rho", "u", "B")
    # eta_A dt/dx^2 up to 0.6; the ions' fast speed, and with it their dissipation, is that of more locked neutrals
    drag_reach = 16.0

    reconstruction = "ppm"
    nx = Parameter(200, "cells", min=16)
    vs = Parameter(5.0, "speed of the shock", unit="v_A", above=1.0)
    cs = Parameter(0.1, "isothermal sound speed of the neutrals", unit="v_A", above=0.0)
    angle = Parameter(90.0, "angle between field and flow upstream", unit="degree", above=0.0, max=90.0)
    ion_fraction = Parameter(1e-3, "mass density of ions and electrons over that of neutrals", above=0.0)
    c = Parameter(1000.0, "speed of light", unit="v_A", above=1.0)
    d_i = Parameter(1e-6, "ion inertial length upstream", unit="L/sqrt(2)", above=0.0)
    mass_ratio = Parameter(1836.0, "ion to electron mass", above=1.0)
    electron_drag = Parameter(10.0, "alpha of electrons on neutrals over that of ions", min=0.0)
    ion_heat = Parameter(1.0, "temperature of ions over that of neutrals (their masses are equal)", above=0.0)
    electron_heat = Parameter(1.0, "temperature of electrons over that of neutrals", above=0.0)
    closure = Parameter("isothermal", "of all fluids; five-moment: with friction's heat and heat exchange, no cooling",
                        choices=("isothermal", "five-moment"))
    before = Parameter(21.0, "length of the box upstream of the front", unit="L", above=0.0)
    after = Parameter(4.0, "length of the box downstream of the front", unit="L", above=0.0)
    start = Parameter("front", "start from a front or from the steady profile", choices=("front", "profile"))
    complete = Parameter(False, "compare with the shock of three fluids and Maxwell's equations; needs d_i of about 0.1")
    flow_times = Parameter(9.6, "length of the run", unit="L/v_A", above=0.0)
    tolerance = Parameter(1e-3, "L1 error of every component over its upstream value that check allows", above=0.0)

    def validate(self):
        """A shock must exist; one temperature where temperatures evolve."""
        if self.closure == "five-moment" and (self.ion_heat, self.electron_heat) != (1.0, 1.0):
            raise InputError(f"{self.name}: with closure=five-moment all fluids start with one temperature; leave "
                             "ion_heat and electron_heat at 1")
        self.ends  # noqa: B018  (raises InputError)

    length = math.sqrt(2.0)
    """L = sqrt(2) v_A/(alpha rho_c)."""

    def grid(self):
        """``before`` and ``after`` drag lengths about x = 0."""
        return Grid(x=(-self.before * self.length, self.after * self.length, self.nx))

    @cached_property
    def densities(self):
        """ndarray (3,): upstream densities of ion, electron, neutral."""
        ion, electron = ion_electron.mass_shares(self.mass_ratio)
        return np.array([self.ion_fraction * ion, self.ion_fraction * electron, 1.0])

    @cached_property
    def temperatures(self):
        """ndarray (3,): upstream T of ion, electron, neutral."""
        return self.cs**2 * np.array([self.ion_heat, self.electron_heat, 1.0])

    @cached_property
    def masses(self):
        """ndarray (3,): particle masses of ion, electron, neutral."""
        return np.array([1.0, 1.0 / self.mass_ratio, 1.0])

    def fluids(self):
        """Ions, electrons, neutrals."""
        charge = 1.0 / (self.d_i * math.sqrt(self.ion_fraction))
        rows = zip(NAMES, self.masses, (charge, -charge, 0.0), self.temperatures, strict=True)
        if self.closure == "isothermal":
            return [Isothermal(name, mass, q, temperature=T) for name, mass, q, T in rows]
        return [FiveMoment(name, mass, q, GAMMA) for name, mass, q, _ in rows]

    def field(self):
        """Maxwell's equations with mu0 = 1."""
        return Maxwell(self.c)

    @property
    def alpha(self):
        """float: drag coefficient of the ions."""
        return 1.0 / self.ion_fraction

    def interactions(self):
        """Drag of ions and electrons on neutrals."""
        return [Drag("ion", "neutral", self.alpha), Drag("electron", "neutral", self.electron_drag * self.alpha)]

    def boundaries(self):
        """The uniform states ahead and behind. Behind the gas is slower than the fast wave: without a state there the shock
        would drift at what speed the start has left it (5e-4 v_s)."""
        return Boundaries(x="inflow")

    @property
    def t_end(self):
        """``flow_times`` L/v_A."""
        return self.flow_times * self.length

    # -- exact shock --------------------------------------------------------------------------------------------

    @property
    def _theta(self):
        return math.pi / 2 if self.angle == 90.0 else math.radians(self.angle)

    @cached_property
    def two_fluid(self):
        """theory.shocks.ShockProfile of ions (with the electrons' mass and pressure) and neutrals."""
        rho, p = self.densities, self.densities * self.temperatures / self.masses
        few = rho[0] + rho[1]
        alpha = self.alpha * (rho[0] + self.electron_drag * rho[1]) / few
        if self.closure == "isothermal":
            light = math.sqrt((p[0] + p[1]) / few)
            return shocks.ion_neutral_shock(self.vs, 1.0, self._theta, alpha, (few, 1.0), (light, self.cs))
        mean = few / (rho[:2] / self.masses[:2]).sum()
        return shocks.heated_ion_neutral_shock(self.vs, 1.0, self._theta, alpha, (few, 1.0), self.cs**2, (mean, 1.0), GAMMA,
                                               self.temperature_relaxation)

    @cached_property
    def three_fluid(self):
        """theory.shocks.ShockProfile of ions, electrons and neutrals with Maxwell's equations."""
        qm = np.array([f.charge_to_mass for f in self.fluids()[:2]])
        drag = np.zeros((3, 3))
        drag[0, 2] = drag[2, 0] = self.alpha
        drag[1, 2] = drag[2, 1] = self.electron_drag * self.alpha
        common = (self.vs, 1.0, self._theta, self.densities, qm)
        if self.closure == "isothermal":
            return shocks.three_fluid_shock(*common, np.sqrt(self.temperatures / self.masses), drag, self.c)
        return shocks.heated_three_fluid_shock(*common, self.cs**2, self.masses, drag, self.c, GAMMA,
                                               self.temperature_relaxation)

    @cached_property
    def ends(self):
        """(upstream, downstream) states, keyed as `steady`."""
        return tuple(self._named({key: value[..., None] for key, value in end.items()})
                     for end in (self.two_fluid.upstream, self.two_fluid.downstream))

    def steady(self, x):
        """Steady profile: dict of the variables of the run's files; x = 0 where B_y is half-way.

        Without ``complete`` ions and electrons move together.

        Parameters
        ----------
        x : ndarray
        """
        profile = self.three_fluid if self.complete else self.two_fluid
        return self._named(profile(x))

    def _named(self, state):
        if len(state["rho"]) == 2:
            # ions and electrons move as one
            rho, p, u = state["rho"], state["p"], state["u"]
            few = self.densities[:2] / self.densities[:2].sum()
            light = self.densities[:2] * self.temperatures[:2] / self.masses[:2]
            light = light / light.sum()
            state = state | {"rho": np.stack([few[0] * rho[0], few[1] * rho[0], rho[1]]), "u": np.stack([u[0], u[0], u[1]]),
                             "p": np.stack([light[0] * p[0], light[1] * p[0], p[1]])}
        return profiles.variables(state, NAMES)

    def _state(self, values):
        """Of variables by name, what `initial` returns."""
        return profiles.initial(values, NAMES, self.closure == "five-moment")

    def initial(self, x, y, z):
        """The front, or the profile with electrons such that Gauss's law holds for the centred divergence of the grid."""
        if self.start == "front":
            left, right = self.ends
            return self._state({name: np.where(x < 0.0, left[name], right[name]) for name in left})
        values = self.steady(x)
        ion, electron = (f.charge_to_mass for f in self.fluids()[:2])
        slope = profiles.divergence(lambda place: self.steady(place)["Ex"], x, self._dx, self.reconstruction)
        charge = slope / self.c**2
        values["rho_electron"] = (charge - ion * values["rho_ion"]) / electron
        return self._state(values)

    def exact(self, t, x, y, z):
        """The profile, where the run starts from it."""
        return self._state(self.steady(x)) if self.start == "profile" else None

    # -- measuring ----------------------------------------------------------------------------------------------

    @property
    def _dx(self):
        return (self.before + self.after) * self.length / self.nx

    def place(self, fields):
        """Where the shock stands in a record: the shift of the steady profile with the least sum of squares of `errors`."""
        near = profiles.place(self.steady, self.grid().centres(0), np.ravel(fields["By"]), 0.5 * self.length)
        found = minimize_scalar(lambda shift: sum(e * e for e in self.errors(fields, shift).values()), method="bounded",
                                bounds=(near - 0.2 * self._dx, near + 0.2 * self._dx), options={"xatol": 1e-4 * self._dx})
        return float(found.x)

    def cell_averages(self, shift):
        """The steady profile, moved by ``shift``, as the cells hold it: dict as `steady`."""
        return profiles.cell_averages(self.steady, self.grid().centres(0) - shift, self._dx, NAMES)

    def errors(self, fields, shift=None):
        """L1 error of every component of a record over its upstream value (of velocities: v_s; of B: B0).

        Parameters
        ----------
        fields : dict of str to ndarray
        shift : float, optional
            Where the shock stands; `place` by default.

        Returns
        -------
        dict of str to float
        """
        upstream = self.ends[0]
        exact = self.cell_averages(self.place(fields) if shift is None else shift)
        names = ["By"] + (["Bz"] if self.complete else [])
        for fluid in NAMES:
            names += [f"rho_{fluid}", f"ux_{fluid}", f"uy_{fluid}"]
            names += [f"p_{fluid}"] if self.closure == "five-moment" else []
            names += [f"uz_{fluid}"] if self.complete else []
        found = {}
        for name in names:
            scale = {"u": self.vs, "B": 1.0}.get(name[0]) or upstream[name][0]
            found[name] = float(np.mean(np.abs(np.ravel(fields[name]) - exact[name])) / scale)
        return found

    def mean_error(self, fields):
        """Mean over the components of their L1 error over their largest value in the profile: float."""
        shift, upstream = self.place(fields), self.ends[0]
        exact, total = self.cell_averages(shift), []
        for name, error in self.errors(fields, shift).items():
            scale = {"u": self.vs, "B": 1.0}.get(name[0]) or upstream[name][0]
            # components that vanish count as those that do not
            largest = self.vs if name[0] == "u" else np.abs(exact["By" if name[0] == "B" else name]).max()
            total.append(error * scale / largest)
        return float(np.mean(total))

    def check(self, run):
        """Every component against the steady profile; that the shock stands still; Gauss's law; help that was needed."""
        (before, earlier), (t, last) = records(run)[-2:]
        speed = (self.place(last) - self.place(earlier)) / (t - before)
        worst = self.errors(last, 0.0 if self.start == "profile" else None)
        return [
            *(Check(f"{name} against the steady profile, L1 over upstream", value, self.tolerance)
              for name, value in worst.items()),
            Check("speed of the shock in its own frame, over v_s", abs(speed) / self.vs, self.tolerance),
            *measures.constraint_checks(run.series),
            Check("floors used", measures.last(run.series, "floors"), 0),
        ]

    def plot(self, run, path):
        """Densities, velocities and field of the last record over the steady profile."""
        t, last = records(run)[-1]
        x, shift = self.grid().centres(0), 0.0 if self.start == "profile" else self.place(last)
        fine = np.linspace(x[0], x[-1], 1500)
        exact = self.steady(fine - shift)
        figure, axes = pictures.subplots(1, 3, figsize=(13.0, 4.2))
        for ax, names, title in ((axes[0, 0], ("rho_neutral", "rho_ion"), "density over its upstream value"),
                                 (axes[0, 1], ("ux_neutral", "ux_ion"), "$u_x$, in $v_A$"),
                                 (axes[0, 2], ("By",), "$B_y$, in $B_0$")):
            for name in names:
                scale = self.ends[0][name][0] if name.startswith("rho") else 1.0
                ax.plot(fine / self.length, exact[name] / scale, color="k", linewidth=0.8)
                ax.plot(x / self.length, np.ravel(last[name]) / scale, "o", markersize=2.4, label=name)
            ax.set(xlabel="x/L", title=title, xlim=(max(-self.before, -4.0), min(self.after, 3.0)))
            ax.legend(fontsize=9)
        figure.suptitle(rf"C-shock, $v_s = {self.vs:g}\,v_A$, ion fraction ${pictures.number(self.ion_fraction)}$, "
                        rf"$c = {pictures.number(self.c)}\,v_A$, t = {t:.3g}: lines steady profile", fontsize=11)
        pictures.save(figure, path)
