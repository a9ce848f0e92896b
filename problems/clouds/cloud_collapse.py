"""Collapse of a magnetised molecular cloud: supercritical, subcritical, and what ambipolar diffusion does to the latter."""

import math
from functools import cached_property

import numpy as np

from multifluid import (
    Boundaries,
    Drag,
    FiveMoment,
    Grid,
    InputError,
    Ionisation,
    Isothermal,
    Maxwell,
    Parameter,
    Problem,
)
from multifluid.coupling import rates
from multifluid.coupling.laws import ConstantRate
from multifluid.gravity import SelfGravity
from multifluid.problems.clouds import cloud_checks, flux_tubes
from multifluid.units import Units

RATES = {"HCO+": rates.HCO_ON_H2, "Mg+": rates.MG_ON_H2}
# Drag this much stronger leaves no drift that a grid could see.
LOCKED = 1e6
# Range of the drag laws in K.
WARMEST = 100.0


class CloudCollapse(Problem):
    """Cloud threaded by B under its own gravity: ions, true electrons, H2, cosmic-ray ionisation, true c, real units.

    At rest in a uniform B_z, in a closed box of ``box`` cloud radii around the cloud (R: distance from its centre),

        n_H2 = n0 [f + (1 - f) exp(-R^2/radius^2)],    f = ``outside``,    n_i = n_e = sqrt(zeta n_H2/alpha_rec)

    What decides is the mass-to-flux ratio of the central flux tube over the critical one (Nakano & Nakamura 1978),

        lambda = 2 pi sqrt(G) Sigma/B      (Gaussian; Sigma: column of mass along B)

    A supercritical cloud (lambda > 1) collapses, in about a free-fall time. A subcritical one flattens along B and stays
    if ions and neutrals are locked (coupling=ideal); with the true drag (coupling=ambipolar) neutrals drift inwards past
    field and ions, lambda of the centre rises past 1 in the diffusion time radius^2/eta_A, and it collapses after all.

    Code units: length ``radius``, density that of n0 H2 per cm^3, time t_ff = sqrt(3 pi/(32 G rho0)), mu0 = 1. The
    centre is that of the box; lambda is followed within the flux of 0.3 radii around the axis at the start. Walls:
    the field's normal part moves with the gas at z = +-box (the mirror image of the cloud lies behind), and the outer
    r (x, y) boundary is a conductor that keeps the flux in the box. Gravity knows of nothing outside.

    The step follows ambipolar diffusion where eta_A = B^2/(mu0 gamma rho_i rho_n) ~ rho^-1.5 is largest: outside.

    `check`: masses, Gauss's law, div B, no floor, how many steps of light and of electrons one step replaces, and the
    fate that lambda foretells; in 3-D the central density of the same cloud in (r, z) as well, and the fate if
    ``duration`` lasts so long.
    """

    reference = ("Nakano & Nakamura 1978, Publ. Astron. Soc. Japan 30, 671 (critical mass-to-flux ratio); Fiedler & "
                 "Mouschovias 1993, ApJ 415, 680 (axisymmetric collapse with ambipolar diffusion)")
    resolution = "nr"
    converge_fields = ("rho", "B")
    # eta_A dt/dx^2 up to 1.3 in (r, z), of the 2.2 at which explicit diffusion turns unstable
    drag_reach = 32.0
    series_steps = 10

    nr = Parameter(64, "cells along r (half those along x and y in 3-D)", min=4)
    nz = Parameter(0, "cells along z; 0: 2 nr", min=0)
    geometry = Parameter("cylindrical", "(r, z) or 3-D", choices=("cylindrical", "cartesian"))
    n0 = Parameter(3e3, "H2 at the centre", unit="cm^-3", min=1e3, max=1e6)
    B0 = Parameter(12.0, "magnetic field", unit="uG", above=0.0)
    T = Parameter(10.0, "temperature at the start (isothermal: for ever)", unit="K", min=10.0, max=WARMEST)
    radius = Parameter(0.26, "radius of the cloud, where the density is down to 1/e", unit="pc", above=0.0)
    outside = Parameter(0.3, "density of the medium outside over that of the centre", above=0.0, max=1.0)
    box = Parameter(1.2, "outer r and half height of the box (3-D: a square of the same area)",
                    unit="radii of the cloud", above=0.5)
    coupling = Parameter("ambipolar", "drag: true rates, or ions and neutrals locked", choices=("ambipolar", "ideal"))
    ion = Parameter("HCO+", "the ion", choices=tuple(RATES))
    zeta = Parameter(1.3e-17, "cosmic-ray ionisation rate per H2", unit="1/s", above=0.0)
    recombination = Parameter(
        6.5e-8, "recombination rate; the default gives n_e = 1e-5 sqrt(n_H) (McKee 1989, ApJ 345, 782)", unit="cm^3/s",
        above=0.0)
    closure = Parameter("isothermal", "of all fluids; five: with temperatures", choices=("isothermal", "five"))
    duration = Parameter(0.0, "end of the run, 0: by the fate expected; in 3-D 1", unit="free-fall times", min=0.0)
    records = Parameter(10, "records after the first", min=1)

    def validate(self):
        if self.nr < 4.0 * self.box:
            raise InputError(f"cloud_collapse: nr = {self.nr} leaves fewer than 4 cells per radius; raise nr")

    # -- units and rates ----------------------------------------------------------------------------------------

    @cached_property
    def _units(self):
        mass = rates.MASS["H2"]
        free_fall = math.sqrt(3.0 * math.pi / (32.0 * 6.67430e-8 * mass * self.n0))
        return Units(length=f"{self.radius} pc", density=f"{self.n0} cm^-3", time=free_fall, mass=f"{mass} g")

    def units(self):
        """Cloud radius, free-fall time, central density, H2."""
        return self._units

    @property
    def t_end(self):
        if self.duration:
            return self.duration
        return self.time_of_fate if self.geometry == "cylindrical" else 1.0

    @property
    def time_of_fate(self):
        """When the fate of the cloud has shown."""
        if self.expected_lambda > 1.0:
            return 2.0
        return 2.5 if self.coupling == "ideal" else 1.7

    @property
    def output_interval(self):
        return self.t_end / self.records

    @property
    def _field(self):
        return self._units.code(self.B0, "uG")

    @property
    def _temperature(self):
        return self._units.code(self.T, "K")

    @property
    def expected_lambda(self):
        """Mass-to-flux ratio of the axis at t = 0 over the critical one."""
        f = self.outside
        column = 2.0 * f * self.box + (1.0 - f) * math.sqrt(math.pi) * math.erf(self.box)
        return flux_tubes.critical(self._units.G) * column / self._field

    # -- the set-up ---------------------------------------------------------------------------------------------

    def grid(self):
        nz, side = self.nz or 2 * self.nr, self.box
        if self.geometry == "cylindrical":
            return Grid(x=(0.0, side, self.nr), z=(-side, side, nz), geometry="cylindrical")
        # a square of the circle's area: the same mass and flux
        half = 0.5 * math.sqrt(math.pi) * side
        return Grid((-half, half, 2 * self.nr), (-half, half, 2 * self.nr), (-side, side, nz))

    def boundaries(self):
        side = "axis" if self.geometry == "cylindrical" else "conductor"
        return Boundaries(x=(side, "conductor"), y="conductor", z="wall")

    def fluids(self):
        e, heavy = self._units.e, rates.MASS[self.ion] / rates.MASS["H2"]
        particles = (("ion", heavy, e), ("electron", self._units.m_e, -e), ("neutral", 1.0, 0.0))
        if self.closure == "isothermal":
            return [Isothermal(*particle, temperature=self._temperature) for particle in particles]
        return [FiveMoment(*particle) for particle in particles]

    def field(self):
        return Maxwell(self._units.c)

    def interactions(self):
        pairs = (("ion", RATES[self.ion]), ("electron", rates.ELECTRON_ON_H2))
        cgs = self._units.cgs
        if self.coupling == "ideal":
            drags = [Drag(name, "neutral", ConstantRate(LOCKED * cgs.rate(float(rate(self.T))))) for name, rate in pairs]
        else:
            drags = [Drag(name, "neutral", rate.law(10.0, WARMEST, cgs)) for name, rate in pairs]
        return [*drags, Ionisation("neutral", "ion", "electron", cgs.frequency(self.zeta), cgs.rate(self.recombination))]

    def self_gravity(self):
        return SelfGravity(self._units.G, "isolated")

    def initial(self, x, y, z):
        R2 = x**2 + z**2 + (0.0 if self.geometry == "cylindrical" else y**2)
        n = self.outside + (1.0 - self.outside) * np.exp(-R2)
        cgs = self._units.cgs
        charged = np.sqrt(cgs.frequency(self.zeta) * n / cgs.rate(self.recombination))
        out = {"B": (0.0, 0.0, self._field)}
        for fluid in self.fluids():
            number = n if fluid.charge == 0.0 else charged
            out[fluid.name] = {"rho": fluid.mass * number, "u": (0.0, 0.0, 0.0)}
            if self.closure == "five":
                out[fluid.name]["p"] = number * self._temperature
        return out

    # -- what a run tells ---------------------------------------------------------------------------------------

    def output_series(self, t, fields):
        """Central density, mass-to-flux ratios, drift, temperature."""
        u, grid = self._units, self.grid()
        rho = fields["rho_neutral"]
        peak = np.unravel_index(np.argmax(rho), rho.shape)
        drift = np.sqrt(sum((fields[f"u{a}_ion"] - fields[f"u{a}_neutral"]) ** 2 for a in "xyz"))
        lam = flux_tubes.mass_to_flux(grid, rho, fields["Bz"], self._field * math.pi * flux_tubes.TUBE**2)
        scale = flux_tubes.critical(u.G)
        return {
            "n_max": (u.physical(rho.max(), "cm^-3", "number_density"), "highest H2 density", "cm-3"),
            "lambda_centre": (scale * lam[0], "mass-to-flux ratio of the central tube over critical"),
            "lambda_box": (scale * lam[1], "mass-to-flux ratio of the box over critical"),
            "drift_max": (u.physical(drift.max(), "km/s"), "largest ion-neutral drift", "km s-1"),
            "T_centre": (u.physical((fields["p_neutral"] / rho)[peak], "K"), "temperature where H2 is densest", "K"),
        }  # fmt: skip

    # -- acceptance ---------------------------------------------------------------------------------------------

    def check(self, run):
        return cloud_checks.checks(self, run)

    def steps_asked_for(self, t):
        """Number of steps until t with the light step, c dt sum_d 1/dx_d = cfl, and with the electron step,
        omega_pe dt = 1 at the centre at t = 0."""
        u, grid = self._units, self.grid()
        crossings = sum(1.0 / h for h, g in zip(grid.spacing, grid.ghosts) if g)
        return u.c * crossings * t / self.cfl, u.e * u.c * math.sqrt(self._ions_at_centre / u.m_e) * t

    @property
    def _ions_at_centre(self):
        """Ions per H2 at the centre at t = 0."""
        cgs = self._units.cgs
        return math.sqrt(cgs.frequency(self.zeta) / cgs.rate(self.recombination))

    @property
    def diffusion_time(self):
        """radius^2/eta_A of the centre at t = 0, eta_A = B^2/(mu0 alpha rho_i rho_n)."""
        ion, _, neutral = self.fluids()
        alpha = self.interactions()[0].law.alpha(ion, neutral, self._temperature, self._temperature, 0.0)
        return alpha * ion.mass * self._ions_at_centre / self._field**2

    def plot(self, run, path):
        from multifluid.plotting import pyplot, take_snapshot
        from multifluid.problems import pictures

        snapshot, grid, u = take_snapshot(run), self.grid(), self._units
        fields = {name: np.reshape(snapshot.profile(name), grid.shape) for name in ("rho_neutral", "Bz")}
        plane = (slice(None), 0 if grid.cylindrical else grid.cells[1] // 2)
        x, z = grid.centres(0), grid.centres(2)
        figure, axes = pictures.subplots(1, 4, figsize=(16, 4.4))
        n = u.physical(fields["rho_neutral"][plane], "cm^-3", "number_density")
        pictures.image(figure, axes[0, 0], x, z, n, r"$n_{\mathrm{H}_2}$ [cm$^{-3}$]",
                       norm=pyplot().matplotlib.colors.LogNorm())
        if grid.cylindrical:
            Phi = flux_tubes.flux_function(grid, fields["Bz"])
            # equally spaced where the field is uniform
            axes[0, 0].contour(grid.faces(0), z, np.sqrt(np.maximum(Phi, 0.0)), levels=14, colors="white", linewidths=0.6)
        axes[0, 0].set(xlabel="$r$ [cloud radii]" if grid.cylindrical else "$x$ [cloud radii]", ylabel="$z$")
        t = u.physical(np.asarray(snapshot.series["t"]), "Myr")
        for ax, names, label in ((axes[0, 1], ("n_max",), r"highest $n$ [cm$^{-3}$]"),
                                 (axes[0, 2], ("lambda_centre", "lambda_box"), r"$\lambda$"),
                                 (axes[0, 3], ("drift_max",), "largest drift [km/s]")):
            for name in names:
                ax.plot(t, np.asarray(snapshot.series[name]), label=name.partition("_")[2])
            ax.set(xlabel="t [Myr]", title=label)
        axes[0, 1].set_yscale("log")
        axes[0, 2].axhline(1.0, color="0.6", linewidth=0.8)
        axes[0, 2].legend(fontsize=9)
        figure.suptitle(f"Cloud of {self.n0:g} /cm$^3$ in {self.B0:g} $\\mu$G, {self.coupling}, "
                        rf"$\lambda_0 = {self.expected_lambda:.2f}$, $t = {u.physical(snapshot.t, 'Myr'):.2f}$ Myr",
                        fontsize=12)
        pictures.save(figure, path)
