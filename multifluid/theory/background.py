"""The uniform background of a linear wave problem: what each fluid is, and the checks of the input."""

import math
from dataclasses import dataclass

import numpy as np

from multifluid.errors import InputError

CLOSURES = ("five-moment", "isothermal", "polytropic", "cold", "six-moment", "ten-moment")
ANISOTROPIC = ("six-moment", "ten-moment")
# Directions nearer to parallel than this are rounding of the caller's numbers.
_ROUNDING = 1e-12
HAMMETT_PERKINS = math.sqrt(8.0 / (9.0 * math.pi))


@dataclass(frozen=True)
class HeatFlux:
    """Heat-flux closure of a ten-moment fluid, v_t = sqrt(p/rho).

    kind = 'local' relaxes the pressure tensor towards its mean (Wang, Hakim, Bhattacharjee & Germaschewski 2015, Phys.
    Plasmas 22, 012108):

        d_k q_ijk = k0 v_t (P_ij - p delta_ij)

    kind = 'gradient' is a flux down the gradient of temperature (Ng, Hakim, Wang & Bhattacharjee 2020, Phys. Plasmas
    27, 082106):

        q_ijk = - chi (v_t/k0) rho [d_i (P_jk/rho) + d_j (P_ik/rho) + d_k (P_ij/rho)]

    Parameters
    ----------
    kind : {'local', 'gradient'}
    k0 : float
        Wavenumber (1/length) at which the closure stands for Landau damping.
    chi : float, optional
        Of the gradient closure; sqrt(8/(9 pi)) = 0.532 by default: where k = k0 the flux along k is then the one of
        Hammett & Perkins 1990 (Phys. Rev. Lett. 64, 3019), q = -sqrt(8/pi) (v_t/k0) rho d_x(P_xx/rho). With v_t =
        sqrt(2 p/rho), as some write it, the same number is sqrt(4/(9 pi)).
    """

    kind: str
    k0: float
    chi: float | None = None

    @property
    def coefficient(self):
        """chi of the gradient closure."""
        return HAMMETT_PERKINS if self.chi is None else self.chi


@dataclass(frozen=True)
class Background:
    """One fluid of the uniform background.

    Parameters
    ----------
    name : str
        Name used in the keys of a mode's vector.
    mass, charge : float
        Of one particle; the charge may be 0.
    rho, p : float
        Mass density and pressure; of an anisotropic fluid p = (p_par + 2 p_perp)/3.
    gamma : float
        Ratio of specific heats (five-moment closure) or exponent (polytropic).
    u : tuple of float
        Streaming velocity (3).
    closure : str
        'five-moment', 'isothermal' (p/rho constant in a perturbation), 'polytropic' (p = C rho^gamma), 'cold' (no
        pressure; `p` is ignored), 'six-moment' (p_par, p_perp about B) or 'ten-moment' (whole pressure tensor).
    anisotropy : float
        p_perp/p_par of a six- or ten-moment fluid.
    isotropisation : float
        Rate nu at which a six- or ten-moment fluid loses P_ij - p delta_ij.
    heat_flux : HeatFlux, optional
        Of a ten-moment fluid.
    axis : tuple of float, optional
        Direction of p_par (3); B by default. Where B acts on the fluid no other is a steady state.
    """

    name: str
    mass: float
    charge: float
    rho: float
    p: float
    gamma: float = 5.0 / 3.0
    u: tuple = (0.0, 0.0, 0.0)
    closure: str = "five-moment"
    anisotropy: float = 1.0
    isotropisation: float = 0.0
    heat_flux: HeatFlux | None = None
    axis: tuple | None = None

    @classmethod
    def gyrotropic(cls, name, mass, charge, rho, p_par, p_perp, closure="six-moment", **others):
        """A six- or ten-moment fluid from p_par and p_perp; `others` as in the class."""
        p = (p_par + 2.0 * p_perp) / 3.0
        if not (np.isfinite(p) and p_par > 0 and p_perp > 0):
            raise InputError(f"fluid {name}: p_par = {p_par} and p_perp = {p_perp} must be positive")
        return cls(name, mass, charge, rho, p, closure=closure, anisotropy=p_perp / p_par, **others)

    @property
    def p_par(self):
        """Pressure along B."""
        return 3.0 * self.p / (1.0 + 2.0 * self.anisotropy)

    @property
    def p_perp(self):
        """Pressure across B."""
        return self.anisotropy * self.p_par

    @property
    def sound_speed_squared(self):
        """gamma p/rho, p/rho or 0 by closure; of six- and ten-moment fluids 5 p/(3 rho), that of fast isotropisation."""
        gamma = {"isothermal": 1.0, "cold": 0.0, "six-moment": 5.0 / 3.0, "ten-moment": 5.0 / 3.0}
        return gamma.get(self.closure, self.gamma) * self.p / self.rho


def check_input(fluids, B, k, c, mu0, alpha, temperature_relaxation):
    """Checked copies (tuple of Background, B, k, c, mu0, alpha); InputError names what is wrong."""
    fluids = tuple(fluids)
    if not fluids:
        raise InputError("fluids: give at least one Background")
    names = [f.name for f in fluids]
    if len(set(names)) < len(names):
        raise InputError(f"fluids: names must differ, got {', '.join(names)}")
    B, k = vector("B", B), vector("k", k)
    for f in fluids:
        _check_fluid(f)
        _check_anisotropy(f, B)
    if not k.any():
        raise InputError("k: the wavevector must not be zero")
    for name, value in (("c", c), ("mu0", mu0)):
        if not (np.isfinite(value) and value > 0):
            raise InputError(f"{name} = {value} must be positive and finite")
    if not (np.isfinite(temperature_relaxation) and temperature_relaxation >= 0):
        raise InputError(f"temperature_relaxation = {temperature_relaxation} must not be negative")
    n = len(fluids)
    alpha = np.zeros((n, n)) if alpha is None else np.array(alpha, dtype=float)
    if alpha.shape != (n, n) or not np.isfinite(alpha).all() or (alpha < 0).any() or (alpha != alpha.T).any():
        raise InputError(f"alpha: needs a symmetric {n} x {n} matrix of drag coefficients >= 0, one row for each fluid")
    return fluids, B, k, float(c), float(mu0), alpha


def _check_fluid(f):
    if f.closure not in CLOSURES:
        raise InputError(f"fluid {f.name}: closure '{f.closure}' is unknown, use one of {', '.join(CLOSURES)}")
    for name, value, low in (("mass", f.mass, 0), ("rho", f.rho, 0), ("gamma", f.gamma, 1), ("anisotropy", f.anisotropy, 0)):
        if not (np.isfinite(value) and value > low):
            raise InputError(f"fluid {f.name}: {name} = {value} must be finite and greater than {low}")
    if not np.isfinite(f.charge):
        raise InputError(f"fluid {f.name}: charge = {f.charge} must be finite")
    if f.closure != "cold" and not (np.isfinite(f.p) and f.p > 0):
        raise InputError(f"fluid {f.name}: p = {f.p} must be positive; use closure='cold' for no pressure")
    if not (np.isfinite(f.isotropisation) and f.isotropisation >= 0):
        raise InputError(f"fluid {f.name}: isotropisation = {f.isotropisation} must be finite and not negative")
    vector(f"fluid {f.name}: u", f.u)


def _check_anisotropy(f, B):
    if f.closure not in ANISOTROPIC:
        if f.anisotropy != 1.0 or f.isotropisation or f.axis is not None:
            raise InputError(
                f"fluid {f.name}: anisotropy, isotropisation and axis need closure='six-moment' or 'ten-moment'"
            )
    elif f.closure == "six-moment" and not B.any():
        raise InputError(f"fluid {f.name}: a six-moment fluid needs B; use closure='ten-moment' where B = 0")
    elif f.axis is None and f.anisotropy != 1.0 and not B.any():
        raise InputError(f"fluid {f.name}: anisotropy = {f.anisotropy} without B needs the direction of p_par: give axis")
    if f.axis is not None:
        axis = vector(f"fluid {f.name}: axis", f.axis)
        across = np.linalg.norm(np.cross(axis, B)) > _ROUNDING * np.linalg.norm(axis) * np.linalg.norm(B)
        if not axis.any() or (across and (f.closure == "six-moment" or f.charge)):
            raise InputError(f"fluid {f.name}: axis = {f.axis} must not be zero, and be along B where B acts on the fluid")
    if f.heat_flux is not None:
        _check_heat_flux(f)


def _check_heat_flux(f):
    flux = f.heat_flux
    if f.closure != "ten-moment":
        raise InputError(f"fluid {f.name}: heat_flux needs closure='ten-moment'")
    if flux.kind not in ("local", "gradient"):
        raise InputError(f"fluid {f.name}: heat_flux.kind = '{flux.kind}' is unknown, use 'local' or 'gradient'")
    if not (np.isfinite(flux.k0) and flux.k0 > 0):
        raise InputError(f"fluid {f.name}: heat_flux.k0 = {flux.k0} must be positive and finite")
    if flux.chi is not None and (flux.kind == "local" or not (np.isfinite(flux.chi) and flux.chi >= 0)):
        raise InputError(f"fluid {f.name}: heat_flux.chi = {flux.chi} must not be negative, and belongs to kind='gradient'")


def vector(name, value):
    """Array of three finite numbers, else InputError."""
    array = np.array(value, dtype=float)
    if array.shape != (3,) or not np.isfinite(array).all():
        raise InputError(f"{name}: needs three finite numbers, got {value}")
    return array
