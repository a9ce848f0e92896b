"""Closures of more pressures than one: along and across B, and the whole tensor."""

import math
from dataclasses import dataclass

import numpy as np

from multifluid.errors import InputError
from multifluid.fluids.base import Fluid
from multifluid.kernels import codes

COMPONENTS = ("xx", "xy", "xz", "yy", "yz", "zz")
THRESHOLDS = {"firehose": codes.FIREHOSE, "mirror": codes.MIRROR, "ion-cyclotron": codes.CYCLOTRON}
HEAT_FLUXES = ("local", "gradient", "none")
HAMMETT_PERKINS = math.sqrt(8.0 / (9.0 * math.pi))


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
            # as the kernels have it (closures.lacks_positivity): the same cells to the last bit
            inverse = 1.0 / xx
            share = xz * inverse
            b = yy - xy * (xy * inverse)
            mixed = yz - xy * share
            last = (zz - xz * share) * (b * inverse) > mixed * (mixed * inverse)
            return super().bad(W) | ~((xx > 0) & (b > 0) & last)

    def raised(self, W, p_floor):
        low = self.bad(W) | ~(W[4] >= p_floor)
        W = W.copy()
        p = np.where(W[4] >= p_floor, W[4], p_floor)
        W[4] = np.where(low, p, W[4])
        for k, component in enumerate(COMPONENTS):
            W[5 + k] = np.where(low, p if component in ("xx", "yy", "zz") else 0.0, W[5 + k])
        return W, int(np.count_nonzero(low))
