"""Growth of a magnetised self-gravitating isothermal gas across its field, frozen and with ambipolar diffusion."""

import math
from functools import cached_property

import numpy as np

from multifluid import Check, Drag, Grid, InputError, Isothermal, Maxwell, Parameter, Problem, SelfGravity
from multifluid.problems import ion_electron, measures, pictures
from multifluid.problems.sources.records import records
from multifluid.theory.jeans import ambipolar_roots, frozen_growth, ion_neutral_roots

NAMES = ("ion", "electron", "neutral")


class SlabCollapse(Problem):
    """Jeans mode of magnetised isothermal gas across B: its growth rate, flux-frozen or with ambipolar diffusion.

    Ions, electrons and neutrals at rest, B along z, one wavelength along x. All three fluids attract each other. Where drag
    ties the neutrals to the ions, pressure and field hold up waves shorter than the magnetic Jeans length,
    g^2 = 4 pi G rho - k^2 (cs^2 + vA^2); ambipolar diffusion lets the neutrals fall through the field, and every wave longer
    than the thermal Jeans length grows, the stable ones at the slow rate of diffusion. Units: rho = 1 of all fluids together
    (of the neutrals: 1/(1 + ion_fraction)), mu0 = 1.

    The run starts from the growing eigenvector of charged fluid and neutrals; `check`
    projects the records on it and compares the rate of growth with that of `multifluid.theory.jeans`.
    """

    reference = "Chandrasekhar & Fermi 1953, ApJ 118, 116; Langer 1978, ApJ 225, 95; theory: multifluid.theory.jeans"
    resolution = "n"
    converge_fields = ("rho", "u", "B")

    n = Parameter(64, "cells per wavelength", min=8)
    k = Parameter(1.0, "wavenumber", above=0.0)
    G = Parameter(0.05, "constant of gravity", above=0.0)
    cs = Parameter(0.2, "isothermal sound speed of ions with electrons, and of neutrals", above=0.0)
    va = Parameter(0.5, "Alfven speed of all the gas", above=0.0)
    eta = Parameter(0.1, "ambipolar diffusivity; 0: the fluids are tied together by an eta of 1e-8", min=0.0)
    ion_fraction = Parameter(1e-4, "mass density of ions and electrons over that of neutrals", above=0.0)
    d_i = Parameter(1e-6, "ion inertial length, times k", above=0.0)
    c = Parameter(1e3, "speed of light over the Alfven speed of the ions", above=1.0)
    mass_ratio = Parameter(1836.0, "ion to electron mass", above=1.0)
    electron_drag = Parameter(10.0, "alpha of electrons on neutrals over that of ions", min=0.0)
    amplitude = Parameter(1e-5, "relative perturbation of the density at the start", above=0.0, max=0.1)
    growths = Parameter(2.0, "length of the run, in 1/g", above=0.0)
    tolerance = Parameter(1e-2, "relative error of the growth rate that check allows", above=0.0)

    def validate(self):
        """The wave must grow."""
        if self.theory_rate <= 0.0:
            need = "4 pi G rho > k^2 (cs^2 + va^2)" if self.eta == 0.0 else "4 pi G rho > k^2 cs^2"
            raise InputError(f"{self.name}: k = {self.k:g} does not grow; take a smaller k, for {need}")

    def grid(self):
        """One wavelength along x."""
        return Grid((0.0, 2.0 * math.pi / self.k, self.n))

    # -- physics ------------------------------------------------------------------------------------------------

    @cached_property
    def densities(self):
        """ndarray (3,): of ion, electron, neutral."""
        neutral = 1.0 / (1.0 + self.ion_fraction)
        light = self.ion_fraction * neutral
        return np.array([*(light * share for share in ion_electron.mass_shares(self.mass_ratio)), neutral])

    @property
    def alpha(self):
        """float: drag coefficient of the charged fluid: eta = (rho_n/rho)^2 B^2/(mu0 alpha rho_c rho_n)."""
        light, neutral = self.densities[:2].sum(), self.densities[2]
        return neutral * self.va**2 / ((self.eta or 1e-8) * light)

    @cached_property
    def alphas(self):
        """ndarray (2,): drag coefficients of ions and of electrons, their mean by mass being ``alpha``."""
        weights = np.array([1.0, self.electron_drag])
        return self.alpha * weights * self.densities[:2].sum() / (weights @ self.densities[:2])

    @cached_property
    def sound_squares(self):
        """ndarray (3,): T/m. Ions and electrons of one temperature have, together, the sound speed ``cs``."""
        pair = self.cs**2 * (1.0 + 1.0 / self.mass_ratio) / 2.0
        return np.array([pair, pair * self.mass_ratio, self.cs**2])

    @property
    def speed_of_light(self):
        """float: ``c`` in the units of the problem."""
        return self.c * self.va / math.sqrt(self.densities[:2].sum())

    def fluids(self):
        """Ions, electrons, neutrals."""
        charge = self.k / (self.d_i * math.sqrt(self.densities[0]))
        masses = (1.0, 1.0 / self.mass_ratio, 1.0)
        return [Isothermal(name, mass, q, temperature=square * mass)
                for name, mass, q, square in zip(NAMES, masses, (charge, -charge, 0.0), self.sound_squares, strict=True)]

    def field(self):
        """Maxwell's equations with mu0 = 1."""
        return Maxwell(self.speed_of_light)

    def interactions(self):
        """Drag of ions and of electrons on neutrals."""
        return [Drag(name, "neutral", alpha) for name, alpha in zip(NAMES, self.alphas)]

    def self_gravity(self):
        """Of all fluids, periodic: the mean attracts nothing."""
        return SelfGravity(self.G)

    # -- theory -------------------------------------------------------------------------------------------------

    @property
    def theory_rates(self):
        """dict: growth rate by name: of tied gas (``frozen``), of the one-fluid ``cubic``, of the two-fluid ``quartic``."""
        return self.rates_at(self.k)

    def rates_at(self, k):
        """`theory_rates` at another wavenumber."""
        light, neutral = self.densities[:2].sum(), self.densities[2]
        return {
            "frozen": frozen_growth(k, 1.0, self.cs, self.va, self.G).real,
            "cubic": ambipolar_roots(k, 1.0, self.cs, self.va, self.G, self.eta)[0].real,
            "quartic": ion_neutral_roots(k, (light, neutral), (self.cs, self.cs), self.va, self.G, self.alpha)[0].real,
        }

    @property
    def theory_rate(self):
        """float: what the run is held against: ``frozen`` without eta, else ``quartic``."""
        return self.theory_rates["frozen" if self.eta == 0.0 else "quartic"]

    @cached_property
    def mode(self):
        """(g, x): the growing eigenvector of charged fluid and neutrals: rate, and relative perturbations (3,) of the
        densities of ion, electron, neutral, that of all gas being 1."""
        light, neutral = self.densities[:2].sum(), self.densities[2]
        g = ion_neutral_roots(self.k, (light, neutral), (self.cs, self.cs), self.va, self.G, self.alpha)[0].real
        # the neutrals' equation, their displacement being i x/k
        pull, drag = 4.0 * math.pi * self.G, self.alpha * g
        ratio = (g * g + self.k**2 * self.cs**2 - pull * neutral + drag * light) / (pull * light + drag * light)
        x = np.array([ratio, ratio, 1.0])
        return g, x / (self.densities @ x)

    def exact(self, t, x, y, z):
        """The growing mode of charged fluid and neutrals at time t; electrons carry the current."""
        g, size = self.mode
        size = size * self.amplitude * math.exp(g * t)
        cos, sin = np.cos(self.k * x), np.sin(self.k * x)
        state = {}
        for name, rho, part in zip(NAMES, self.densities, size, strict=True):
            state[name] = {"rho": rho * (1.0 + part * cos), "u": (-g * part / self.k * sin, 0.0, 0.0)}
        ux, electron = state["electron"]["u"][0], self.fluids()[1]
        current = self.k * self.va * size[0] * sin
        state["electron"]["u"] = (ux, current / (electron.charge_to_mass * self.densities[1]), 0.0)
        return state | {"E": (0.0, ux * self.va, 0.0), "B": (0.0, 0.0, self.va * (1.0 + size[0] * cos))}

    def initial(self, x, y, z):
        """The mode at t = 0."""
        return self.exact(0.0, x, y, z)

    @property
    def t_end(self):
        """``growths`` times 1/g."""
        return self.growths / self.theory_rate

    # -- measuring ----------------------------------------------------------------------------------------------

    def amplitudes(self, fields):
        """Amplitudes of cos(k x) in a record, relative to the background: dict of total density ``rho``, of ``ion``,
        ``electron``, ``neutral`` density and of ``B``."""
        weight = 2.0 * np.cos(self.k * self.grid().centres(0)) / self.n
        found = {name: float(weight @ np.ravel(fields[f"rho_{name}"])) for name in NAMES}
        total = sum(found.values())
        relative = {name: value / rho for (name, value), rho in zip(found.items(), self.densities, strict=True)}
        return {"rho": total, **relative, "B": float(weight @ np.ravel(fields["Bz"])) / self.va}

    def measured_rates(self, run):
        """Growth rates of `amplitudes` over the second half of a run: dict of float, by least squares of their logarithm."""
        found = records(run)
        late = found[len(found) // 2:]
        times = np.array([t for t, _ in late])
        rows = [self.amplitudes(fields) for _, fields in late]
        return {name: float(np.polynomial.polynomial.polyfit(times, np.log(np.abs([row[name] for row in rows])), 1)[1])
                for name in rows[0]}

    def check(self, run):
        """Growth rates of total density, neutrals, ions and field against theory; quasi-neutrality, Gauss's law, div B."""
        g, measured = self.theory_rate, self.measured_rates(run)
        names = {"rho": "all gas", "neutral": "neutrals", "ion": "ions", "B": "field"}
        return [
            *(Check(f"growth rate of {text}, relative error", abs(measured[name] / g - 1.0), self.tolerance)
              for name, text in names.items()),
            *measures.constraint_checks(run.series),
            *measures.mass_checks(run.series),
        ]

    def plot(self, run, path):
        """Left: growth rates over the wavenumber and that of the run; right: its amplitudes over time."""
        measured = self.measured_rates(run)["rho"]
        longest = math.sqrt(4.0 * math.pi * self.G)
        figure, axes = pictures.subplots(1, 2, figsize=(10.4, 4.2))
        k = np.linspace(0.02, 1.02, 300) * longest / self.cs
        rates = {name: np.array([max(self.rates_at(q)[name], 0.0) for q in k]) for name in self.theory_rates}
        labels = {"frozen": ("0.6", "flux-frozen"), "cubic": ("C0--", "one gas, ambipolar diffusion"),
                  "quartic": ("k", "ions and neutrals")}
        for name, (style, label) in labels.items():
            if name == "frozen" or self.eta > 0.0:
                line = {"color": style, "linestyle": "-"} if name == "frozen" else {}
                axes[0, 0].plot(k, rates[name] / longest, *([] if line else [style]), **line, linewidth=1.0, label=label)
        axes[0, 0].plot(self.k, measured / longest, "C3o", label=f"run, {self.n} cells")
        axes[0, 0].set(xlabel="k", ylabel=r"$g/\sqrt{4 \pi G \rho}$", title="growth rate", ylim=(0.0, None))
        axes[0, 0].legend(fontsize=8)
        found = records(run)
        times = np.array([t for t, _ in found])
        rows = [self.amplitudes(fields) for _, fields in found]
        first = rows[0]
        for name, colour in (("neutral", "C0"), ("ion", "C1"), ("B", "C2")):
            axes[0, 1].semilogy(times, np.abs([row[name] for row in rows]), "o", color=colour, markersize=3.5, label=name)
            axes[0, 1].semilogy(times, abs(first[name]) * np.exp(self.theory_rate * times), color=colour, linewidth=0.8)
        axes[0, 1].set(xlabel="t", title="relative amplitude (lines: theory)")
        axes[0, 1].legend(fontsize=8)
        figure.suptitle(rf"Magnetised Jeans mode, k = {pictures.number(self.k)}, $\eta_A$ = {pictures.number(self.eta)}: "
                        f"g = {measured:.5g}, theory {self.theory_rate:.5g}", fontsize=11)
        pictures.save(figure, path)
