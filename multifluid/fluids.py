"""Fluid models: what a species is made of, how its moments close, and the names of its variables.

Every closure answers the same questions: the names of its primitive variables (``variables``) and of what a problem
gives (``inputs``), how both and the conserved variables follow from one another, and the numbers its kernels take
(``model``, see ``multifluid.kernels.codes``).
"""

import math
from dataclasses import dataclass, field

import numpy as np

from .errors import InputError
from .kernels import codes

MONATOMIC = 5.0 / 3.0
COMPONENTS = ("xx", "xy", "xz", "yy", "yz", "zz")
THRESHOLDS = {"firehose": codes.FIREHOSE, "mirror": codes.MIRROR, "ion-cyclotron": codes.CYCLOTRON}
HEAT_FLUXES = ("local", "gradient", "none")
HAMMETT_PERKINS = math.sqrt(8.0 / (9.0 * math.pi))


@dataclass(frozen=True)
class Fluid:
    """What all closures share.

    Parameters
    ----------
    name : str
        Used in files and messages, e.g. ``"ion"`` gives ``rho_ion``.
    mass, charge : float
        Per particle; the equations hold only charge/mass, heat exchange also mass ratios. Charge 0 is a neutral.
    """

    name: str
    mass: float
    charge: float = 0.0

    kind = codes.FIVE
    needs_field = False

    def __post_init__(self):
        if not self.name.isidentifier():
            raise InputError(f"fluid name {self.name!r}: use letters, digits and underscores")
        self._require("mass", self.mass > 0, "positive")
        self._require("charge", np.isfinite(self.charge), "finite")

    def _require(self, what, fine, how):
        if not fine:
            raise InputError(f"fluid {self.name}: {what} must be {how}, not {getattr(self, what)!r}")

    @property
    def charge_to_mass(self):
        """q/m."""
        return self.charge / self.mass

    @property
    def heat_gamma(self):
        """float: gamma in p = (gamma - 1) (internal energy), 5/3 where the closure has no such law."""
        return MONATOMIC

    @property
    def variables(self):
        """(name, long name) of each primitive variable, in storage order."""
        n = self.name
        return ((f"rho_{n}", f"mass density of {n}"), (f"ux_{n}", f"x velocity of {n}"),
                (f"uy_{n}", f"y velocity of {n}"), (f"uz_{n}", f"z velocity of {n}"), (f"p_{n}", f"pressure of {n}"))

    @property
    def conserved_count(self):
        """int: number of conserved variables."""
        return codes.CONSERVED[self.kind]

    @property
    def inputs(self):
        """tuple of tuple of str: the sets of names that ``Problem.initial`` may give for this fluid."""
        return (("rho", "u", "p"),)

    @property
    def model(self):
        """(MODEL,) array: what the kernels know of this fluid."""
        numbers = np.zeros(codes.MODEL)
        numbers[[codes.KIND, codes.GAMMA, codes.SOUND, codes.EXPONENT]] = self.kind, self.heat_gamma, 1.0, 1.0
        return numbers

    def pressures(self, rho, given):
        """Primitive rows from p on, of the inputs ``given`` (arrays by name): list of arrays."""
        return [given["p"]]

    def conserved(self, W):
        """Conserved rows of primitive rows: (variables, ...) to (``conserved_count``, ...)."""
        return np.stack([W[0], *(W[0] * W[1:4]), self._energy(W)])

    def _energy(self, W):
        return W[4] / (self.heat_gamma - 1.0) + self.kinetic(W)

    @staticmethod
    def kinetic(W):
        """Kinetic energy density rho u^2/2 of primitive rows."""
        return 0.5 * W[0] * (W[1] ** 2 + W[2] ** 2 + W[3] ** 2)

    def energy(self, A):
        """Kinetic and internal energy density of conserved rows."""
        return A[4]

    def bad(self, W):
        """Where primitive rows are not positive and finite: bool array."""
        with np.errstate(invalid="ignore"):
            return ~((W[0] > 0) & (W[4] > 0) & (W[4] < 1e300))

    def raised(self, W, p_floor):
        """Primitive rows with the pressure raised to the floor, and how many cells that took."""
        low = ~(W[4] >= p_floor)
        W = W.copy()
        W[4] = np.where(low, p_floor, W[4])
        return W, int(np.count_nonzero(low))


@dataclass(frozen=True)
class FiveMoment(Fluid):
    """A fluid with density, velocity and scalar pressure (the five-moment or Euler closure).

        d_t rho + div(rho u) = 0
        d_t(rho u) + div(rho u u + p I) = (q/m) rho (E + u x B) + drag
        d_t e + div((e + p) u) = (q/m) rho u.E + drag work and heat,    e = p/(gamma - 1) + rho u^2/2

    Parameters
    ----------
    name : str
        Used in files and messages, e.g. ``"ion"`` gives ``rho_ion``.
    mass, charge : float
        Per particle; the equations hold only charge/mass, heat exchange also mass ratios. Charge 0 is a neutral.
    gamma : float
        Adiabatic index, above 1.
    """

    gamma: float = MONATOMIC

    def __post_init__(self):
        super().__post_init__()
        self._require("gamma", self.gamma > 1, "above 1")

    @property
    def heat_gamma(self):
        return self.gamma

    @property
    def model(self):
        numbers = super().model
        numbers[codes.SOUND] = self.gamma
        return numbers


@dataclass(frozen=True)
class _Barotropic(Fluid):
    """p is a function of rho; there is no energy equation, and heat given to the fluid goes nowhere."""

    kind = codes.BAROTROPIC

    @property
    def law(self):
        """(C, exponent) of p = C rho^exponent."""
        raise NotImplementedError

    @property
    def inputs(self):
        return (("rho", "u"),)

    @property
    def model(self):
        numbers = super().model
        constant, exponent = self.law
        numbers[[codes.SOUND, codes.CONSTANT, codes.EXPONENT]] = exponent, constant, exponent
        return numbers

    def pressures(self, rho, given):
        constant, exponent = self.law
        return [constant * rho if exponent == 1.0 else constant * rho**exponent]

    def conserved(self, W):
        return np.stack([W[0], *(W[0] * W[1:4])])

    def energy(self, A):
        kinetic = 0.5 * (A[1] ** 2 + A[2] ** 2 + A[3] ** 2) / np.where(A[0] > 0, A[0], np.inf)
        return kinetic + self.internal_energy(A[0])

    def internal_energy(self, rho):
        """Energy density whose change is the work of compression; up to a multiple of rho."""
        constant, exponent = self.law
        if exponent == 1.0:
            return constant * rho * np.log(np.where(rho > 0, rho, 1.0))
        return constant * rho**exponent / (exponent - 1.0)

    def raised(self, W, p_floor):
        return W, 0


@dataclass(frozen=True)
class Isothermal(_Barotropic):
    """A fluid of one temperature for ever: p = rho T/m, with mass and momentum equations alone.

    It is a heat bath: drag and collisions with other fluids heat and cool those, but not this one. The "energy" of its
    integrals is rho u^2/2 + p log(rho), which its own motion keeps.

    Parameters
    ----------
    name, mass, charge :
        As of `FiveMoment`.
    temperature : float
        T in energy units; the sound speed is sqrt(T/m).
    """

    temperature: float = field(kw_only=True)

    def __post_init__(self):
        super().__post_init__()
        self._require("temperature", 0 < self.temperature < np.inf, "positive")

    @property
    def law(self):
        return self.temperature / self.mass, 1.0


@dataclass(frozen=True)
class Polytropic(_Barotropic):
    """A fluid with p = C rho^gamma (eq. 5.11 of the fluid equations: adiabatic where C is the same everywhere).

    Parameters
    ----------
    name, mass, charge :
        As of `FiveMoment`.
    constant : float
        C.
    gamma : float
        Exponent, at least 1.
    """

    constant: float = field(kw_only=True)
    gamma: float = MONATOMIC

    def __post_init__(self):
        super().__post_init__()
        self._require("constant", 0 < self.constant < np.inf, "positive")
        self._require("gamma", 1 <= self.gamma < np.inf, "at least 1")

    @property
    def heat_gamma(self):
        return self.gamma if self.gamma > 1 else MONATOMIC

    @property
    def law(self):
        return self.constant, float(self.gamma)


@dataclass(frozen=True)
class Cold(_Barotropic):
    """A fluid without pressure (P = 0). Its density may vanish.

    Parameters
    ----------
    name, mass, charge :
        As of `FiveMoment`.
    """

    @property
    def law(self):
        return 0.0, 1.0

    def bad(self, W):
        with np.errstate(invalid="ignore"):
            return ~((W[0] >= 0) & (W[0] < 1e300))


@dataclass(frozen=True)
class _Tensor(Fluid):
    """Closures with more pressures than one, and what makes these equal."""

    isotropisation: float = 0.0
    instability_rate: float = 0.0
    thresholds: tuple = ("firehose", "mirror", "ion-cyclotron")

    def __post_init__(self):
        super().__post_init__()
        self._require("isotropisation", 0 <= self.isotropisation < np.inf, "finite and not negative")
        self._require("instability_rate", 0 <= self.instability_rate < np.inf, "finite and not negative")
        if isinstance(self.thresholds, str) or not set(self.thresholds) <= set(THRESHOLDS):
            raise InputError(f"fluid {self.name}: thresholds must be a tuple of {', '.join(THRESHOLDS)}, "
                             f"not {self.thresholds!r}")

    @property
    def needs_field(self):
        return self.instability_rate > 0

    @property
    def model(self):
        numbers = super().model
        numbers[codes.SOUND] = 3.0
        numbers[codes.RATE] = self.isotropisation
        numbers[codes.LIMITER] = self.instability_rate
        numbers[codes.THRESHOLDS] = sum(THRESHOLDS[name] for name in set(self.thresholds))
        return numbers


@dataclass(frozen=True)
class SixMoment(_Tensor):
    """A fluid with pressures along and across B (CGL, double adiabatic): P = p_perp I + (p_par - p_perp) b b.

        d_t p_par + div(p_par u) = -2 p_par b.(b.grad)u - (2/3) nu (p_par - p_perp)
        d_t e + div(e u + P.u) = (q/m) rho u.E + drag work and heat,    e = p_par/2 + p_perp + rho u^2/2

    (Chew, Goldberger & Low 1956, Proc. R. Soc. A 236, 112; eq. 5.14 with the energy in place of p_perp, so that energy
    is conserved). Where B is exactly zero the pressure counts as isotropic. Give nu > 0 where B passes through zero:
    the closure rests on a gyroradius smaller than anything else.

    Parameters
    ----------
    name, mass, charge :
        As of `FiveMoment`; a field is needed, a charge is not.
    isotropisation : float
        nu, the rate at which p_par - p_perp decays (collisions).
    instability_rate : float
        Rate at which what lies beyond ``thresholds`` decays; 0 leaves instabilities to grow as the equations have it.
    thresholds : tuple of str
        "firehose" p_par - p_perp = B^2/mu0, "mirror" p_perp/p_par - 1 = B^2/(2 mu0 p_perp) (both kinetic and linear),
        "ion-cyclotron" p_perp/p_par - 1 = 0.43 (B^2/(2 mu0 p_par))^0.42 (Gary & Lee 1994, J. Geophys. Res. 99, 11297).
    """

    kind = codes.SIX
    needs_field = True

    @property
    def variables(self):
        n = self.name
        return (*super().variables[:4], (f"p_{n}", f"mean pressure (p_par + 2 p_perp)/3 of {n}"),
                (f"ppar_{n}", f"pressure of {n} along B"), (f"pperp_{n}", f"pressure of {n} across B"))

    @property
    def inputs(self):
        return ("rho", "u", "ppar", "pperp"), ("rho", "u", "p")

    def pressures(self, rho, given):
        par, perp = (given["p"], given["p"]) if "p" in given else (given["ppar"], given["pperp"])
        return [(par + 2.0 * perp) / 3.0, par, perp]

    def conserved(self, W):
        return np.stack([W[0], *(W[0] * W[1:4]), 0.5 * W[5] + W[6] + self.kinetic(W), W[5]])

    def bad(self, W):
        with np.errstate(invalid="ignore"):
            return super().bad(W) | ~((W[5] > 0) & (W[6] > 0))

    def raised(self, W, p_floor):
        W = W.copy()
        low = ~(W[5] >= p_floor) | ~(W[6] >= p_floor)
        W[5], W[6] = np.where(W[5] >= p_floor, W[5], p_floor), np.where(W[6] >= p_floor, W[6], p_floor)
        W[4] = (W[5] + 2.0 * W[6]) / 3.0
        return W, int(np.count_nonzero(low))


@dataclass(frozen=True)
class TenMoment(_Tensor):
    """A fluid with the whole pressure tensor, P_ij turning about B (ten-moment closure).

        d_t E_ij + d_k(u_k E_ij + u_i P_jk + u_j P_ik) = (q/m) [rho (u_i E_j + u_j E_i) + (eps_iml E_mj + eps_jml E_mi) B_l]
                                                        - nu (P_ij - p delta_ij) + heat,     E_ij = rho u_i u_j + P_ij

    (Hakim 2008, J. Fusion Energy 27, 36) less the divergence of the heat flux d_k q_ijk, with v_t = sqrt(p/rho) and k0 the
    wave number at which the closure stands for Landau damping: "local" adds k0 v_t to nu = ``isotropisation`` instead
    (Wang, Hakim, Bhattacharjee & Germaschewski 2015, Phys. Plasmas 22, 012108, eq. 14); "gradient" is

        q_ijk = -chi (v_t/k0) rho [d_i (P_jk/rho) + d_j (P_ik/rho) + d_k (P_ij/rho)]

    (Ng, Hakim, Wang & Bhattacharjee 2020, Phys. Plasmas 27, 082106). The internal energy is tr P/2, gamma is 5/3. Drag
    heats isotropically.

    Parameters
    ----------
    name, mass, charge :
        As of `FiveMoment`.
    isotropisation : float
        Constant part of nu.
    instability_rate, thresholds :
        As of `SixMoment`, on the gyrotropic part of P.
    k0 : float
        Wave number of the heat-flux closure; 0 is none.
    heat_flux : {"local", "gradient", "none"}
        The closure that k0 belongs to. Each stage of a step solves "gradient" implicitly, at any step and in a number of
        iterations that grows as sqrt(chi v_t dt/k0)/dx; it goes with the IMEX stepper alone.
    chi : float
        Of the gradient closure. At k = k0 the default sqrt(8/(9 pi)) gives the flux of Hammett & Perkins 1990 (Phys. Rev.
        Lett. 64, 3019) along k.
    """

    k0: float = 0.0
    heat_flux: str = "local"
    chi: float = HAMMETT_PERKINS

    kind = codes.TEN

    def __post_init__(self):
        super().__post_init__()
        self._require("k0", 0 <= self.k0 < np.inf, "finite and not negative")
        self._require("heat_flux", self.heat_flux in HEAT_FLUXES, f"one of {', '.join(HEAT_FLUXES)}")
        self._require("chi", 0 < self.chi < np.inf, "positive")
        if self.heat_flux == "gradient":
            self._require("k0", self.k0 > 0, "positive with heat_flux='gradient'")
        elif self.heat_flux == "none":
            self._require("k0", self.k0 == 0, "0 with heat_flux='none'")

    @property
    def model(self):
        numbers = super().model
        if self.heat_flux == "gradient":
            numbers[codes.CONDUCTION] = self.chi / self.k0
        else:
            numbers[codes.WAVENUMBER] = self.k0
        return numbers

    @property
    def variables(self):
        n = self.name
        return (*super().variables[:4], (f"p_{n}", f"mean pressure tr P/3 of {n}"),
                *((f"p{c}_{n}", f"pressure tensor {c} of {n}") for c in COMPONENTS))

    @property
    def inputs(self):
        return ("rho", "u", "P"), ("rho", "u", "p")

    def pressures(self, rho, given):
        if "p" in given:
            zero = np.zeros_like(given["p"])
            P = [given["p"] if c in ("xx", "yy", "zz") else zero for c in COMPONENTS]
        else:
            P = list(given["P"])
        return [(P[0] + P[3] + P[5]) / 3.0, *P]

    def conserved(self, W):
        tensor = [W[0] * W[1 + i] * W[1 + j] + W[5 + k] for k, (i, j) in enumerate(zip(codes.FIRST, codes.SECOND))]
        return np.stack([W[0], *(W[0] * W[1:4]), *tensor])

    def energy(self, A):
        return 0.5 * (A[4] + A[7] + A[9])

    def bad(self, W):
        with np.errstate(invalid="ignore", divide="ignore"):
            xx, xy, xz, yy, yz, zz = W[5:11]
            b = yy - xy * xy / xx
            c = zz - xz * xz / xx - (yz - xy * xz / xx) ** 2 / b
            return super().bad(W) | ~((xx > 0) & (b > 0) & (c > 0))

    def raised(self, W, p_floor):
        low = self.bad(W) | ~(W[4] >= p_floor)
        W = W.copy()
        p = np.where(W[4] >= p_floor, W[4], p_floor)
        W[4] = np.where(low, p, W[4])
        for k, component in enumerate(COMPONENTS):
            W[5 + k] = np.where(low, p if component in ("xx", "yy", "zz") else 0.0, W[5 + k])
        return W, int(np.count_nonzero(low))
