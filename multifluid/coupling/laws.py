"""Drag laws: the coefficient alpha of a pair as a function of temperature and slip.

One quantity goes by three names, and each is a common source of error:

    <sigma v>  momentum-transfer rate coefficient, volume/time: sigma is the momentum-transfer cross section, so an
               ion makes n_n <sigma v> effective collisions per time;
    alpha      = <sigma v>/(m_s + m_r), volume/(mass time), symmetric: this code's coefficient, with
               force on s per volume = alpha rho_s rho_r (u_r - u_s);
    gamma      = <sigma v>/(m_i + m_n) of Shu (1983, ApJ 273, 202) and of ambipolar diffusivity B^2/(mu0 gamma rho_i
               rho_n): the same number as alpha, e.g. 3.5e13 cm^3/(g s) for 1.9e-9 cm^3/s and masses 30 + 2.33 u.

The rate at which s loses its slip against r is nu_sr = alpha rho_r = n_r <sigma v> m_r/(m_s + m_r): it is smaller than
the collision rate n_r <sigma v> by the mass factor, which some codes fold into a "collision frequency" of their own.

Every law reduces to five numbers k0..k4 per pair, which is all that the compiled source operator reads:

    alpha = k0 + k1 sqrt(v2 + k2 w^2) + k3 (v2 + k4 w^2)^(-3/2),     v2 = T_s/m_s + T_r/m_r,  w = |u_s - u_r|

with temperatures in energy units (T = p m/rho), so that v2 is the variance of one component of the relative velocity
of two Maxwellians at rest.
"""

from dataclasses import dataclass
from math import inf, pi, sqrt
from numbers import Real

import numpy as np

from ..errors import InputError

GAUSSIAN_EPS0 = 1.0 / (4.0 * pi)
"""eps0 for charges in Gaussian units (esu): e^2/(4 pi eps0) = e^2."""

HARD_SPHERE_RATE = 4.0 / 3.0 * sqrt(8.0 / pi)
"""<sigma v>/(sigma sqrt(v2)) of hard spheres without slip: (4/3) sqrt(8 T/(pi mu)) with T/mu = v2."""

HARD_SPHERE_SLIP = 9.0 * pi / 128.0
"""k2 that turns the rate above into sigma w at high slip: 1/HARD_SPHERE_RATE^2."""

COULOMB_SLIP = (2.0 / (9.0 * pi)) ** (1.0 / 3.0)
"""k4 that turns (4 sqrt(2 pi)/3) v2^(-3/2) into 4 pi/w^3 at high slip."""


def alpha_from_sigma_v(sigma_v, first_mass, second_mass):
    """alpha = <sigma v>/(m_s + m_r)."""
    return sigma_v / (first_mass + second_mass)


def sigma_v_from_alpha(alpha, first_mass, second_mass):
    """<sigma v> = alpha (m_s + m_r)."""
    return alpha * (first_mass + second_mass)


def collision_frequency(alpha, rho):
    """nu_sr = alpha rho_r: the rate at which s loses its slip against a partner of mass density rho_r."""
    return alpha * rho


def reduced_mass(first, second):
    """mu = m_s m_r/(m_s + m_r) of two fluids."""
    return first.mass * second.mass / (first.mass + second.mass)


def require(law, **values):
    """Raise InputError unless every value is a finite number, not negative."""
    for name, value in values.items():
        if not isinstance(value, Real) or not 0 <= value < inf:
            raise InputError(f"{type(law).__name__} drag: {name} must be a finite number, not negative, not {value!r}")


class Law:
    """What every drag law offers. A law of your own is a subclass with ``coefficients`` and ``reference``."""

    reference = ""

    def coefficients(self, first, second):
        """The five numbers (k0, k1, k2, k3, k4) of the module's formula, for two fluids with name, mass, charge."""
        raise NotImplementedError(f"{type(self).__name__} must define coefficients(first, second)")

    def alpha(self, first, second, T_first, T_second, slip=0.0):
        """alpha(T_s, T_r, w), volume/(mass time).

        Parameters
        ----------
        first, second : fluid
            Objects with ``name``, ``mass`` and ``charge``.
        T_first, T_second : float or array
            Temperatures in energy units, T = p m/rho.
        slip : float or array
            w = |u_s - u_r|.

        Returns
        -------
        float or ndarray
            Of the broadcast shape of T and slip.
        """
        k0, k1, k2, k3, k4 = self.coefficients(first, second)
        v2 = np.asarray(T_first) / first.mass + np.asarray(T_second) / second.mass
        w2 = np.square(slip)
        alpha = k0 + k1 * np.sqrt(v2 + k2 * w2)
        # A law without the Coulomb term is finite at T = 0, where that term would be 0 * inf.
        return alpha + k3 * (v2 + k4 * w2) ** -1.5 if k3 else alpha

    def sigma_v(self, first, second, T_first, T_second, slip=0.0):
        """<sigma v> = alpha (m_s + m_r), volume/time; arguments as of `alpha`."""
        return sigma_v_from_alpha(self.alpha(first, second, T_first, T_second, slip), first.mass, second.mass)


@dataclass(frozen=True)
class Constant(Law):
    """The same alpha at every temperature and slip.

    Parameters
    ----------
    value : float
        alpha, volume/(mass time).
    reference : str
        Where the value is from.
    """

    value: float
    reference: str = "given by the problem"

    def __post_init__(self):
        require(self, alpha=self.value)

    @classmethod
    def from_gamma(cls, gamma, reference="given by the problem"):
        """From Shu's drag coefficient gamma = <sigma v>/(m_i + m_n), volume/(mass time): alpha = gamma."""
        return cls(gamma, reference)

    @staticmethod
    def from_rate(sigma_v, reference="given by the problem"):
        """From <sigma v>, volume/time: alpha = <sigma v>/(m_s + m_r) once the pair is known (a `ConstantRate`)."""
        return ConstantRate(sigma_v, reference)

    def coefficients(self, first, second):
        """(alpha, 0, 0, 0, 0)."""
        return float(self.value), 0.0, 0.0, 0.0, 0.0


@dataclass(frozen=True)
class ConstantRate(Law):
    """The same <sigma v> at every temperature and slip: alpha = <sigma v>/(m_s + m_r).

    Parameters
    ----------
    rate : float
        <sigma v>, volume/time.
    reference : str
        Where the value is from.
    """

    rate: float
    reference: str = "given by the problem"

    def __post_init__(self):
        require(self, rate=self.rate)

    def coefficients(self, first, second):
        """(<sigma v>/(m_s + m_r), 0, 0, 0, 0)."""
        return alpha_from_sigma_v(self.rate, first.mass, second.mass), 0.0, 0.0, 0.0, 0.0


@dataclass(frozen=True)
class Langevin(Law):
    """Polarisation drag of a charge on a neutral: a rate without dependence on temperature or slip.

        <sigma v> = factor 2 pi sqrt(q^2 a/(4 pi eps0 mu))      (Gaussian: factor 2 pi q sqrt(a/mu))

    Orbits in the potential q^2 a/(2 (4 pi eps0) r^4), attractive, spiral in below an impact parameter of capture: that
    is the factor 1. For momentum transfer, orbits beyond it add 0.2073; the captured ones give 1 if they leave
    isotropically (1.2073 in all, the 2.41 pi of Osterbrock 1961, ApJ 134, 270) and 0.8979 if a small core reflects
    them (1.1052 in all, the 2.21 pi of Dalgarno, McDowell & Williams 1958, Phil. Trans. R. Soc. A 250, 411).

    Parameters
    ----------
    polarisability : float
        a as a volume, length^3: 0.804e-24 cm^3 for H2, 0.667e-24 cm^3 for H.
    eps0 : float
        Permittivity in which the fluids' charges are given. The default takes charges in esu; with SI charges give
        8.854e-12 F/m; with code units give the eps0 of the field.
    factor : float
        1 for capture, 1.1052 for momentum transfer with a reflecting core.

    Raises
    ------
    InputError
        When the pair is used: unless exactly one of the two fluids is charged.
    """

    polarisability: float
    eps0: float = GAUSSIAN_EPS0
    factor: float = 1.0
    reference: str = "Langevin 1905, Ann. Chim. Phys. 5, 245; Gioumousis & Stevenson 1958, J. Chem. Phys. 29, 294"

    def __post_init__(self):
        require(self, polarisability=self.polarisability, eps0=self.eps0, factor=self.factor)
        if self.eps0 == 0:
            raise InputError("Langevin drag: eps0 must be positive")

    def coefficients(self, first, second):
        """(<sigma v>/(m_s + m_r), 0, 0, 0, 0)."""
        if (first.charge == 0) == (second.charge == 0):
            raise InputError(f"Langevin drag {first.name}-{second.name}: one fluid must be charged and the other "
                             f"neutral; their charges are {first.charge!r} and {second.charge!r}")
        q2 = (first.charge + second.charge) ** 2 / (4.0 * pi * self.eps0)
        rate = self.factor * 2.0 * pi * sqrt(q2 * self.polarisability / reduced_mass(first, second))
        return alpha_from_sigma_v(rate, first.mass, second.mass), 0.0, 0.0, 0.0, 0.0


@dataclass(frozen=True)
class HardSphere(Law):
    """Momentum transfer with a constant cross section between two Maxwellians that may slip.

        <sigma v> = (4/3) sigma sqrt((8/pi) (v2 + (9 pi/128) w^2)),     v2 = T_s/m_s + T_r/m_r

    Without slip this is exact: (4/3) sigma sqrt(8 T/(pi mu)) with the effective temperature T = mu v2 (Schunk 1977,
    Rev. Geophys. 15, 429). At high slip the exact rate is sigma w; asking the form for that fixes k2 = 9 pi/128
    (Draine 1986, MNRAS 220, 133). The exact rate in between, with s = w/sqrt(2 v2),

        <sigma v> = sigma w [(1 + s^-2 - s^-4/4) erf(s) + (s^-1 + s^-3/2) exp(-s^2)/sqrt(pi)]

    (Baines, Williams & Asebiomo 1965, MNRAS 130, 63), is exceeded by at most 1.45 %, at w = 2.27 sqrt(v2).

    Parameters
    ----------
    cross_section : float
        sigma, length^2: the momentum-transfer cross section, pi (a_s + a_r)^2 for spheres.
    slip : bool
        False drops the dependence on slip (k2 = 0).
    """

    cross_section: float
    slip: bool = True
    reference: str = "Schunk 1977, Rev. Geophys. 15, 429; with slip Draine 1986, MNRAS 220, 133"

    def __post_init__(self):
        require(self, cross_section=self.cross_section)

    def coefficients(self, first, second):
        """(0, k1, k2, 0, 0)."""
        k1 = alpha_from_sigma_v(HARD_SPHERE_RATE * self.cross_section, first.mass, second.mass)
        return 0.0, k1, HARD_SPHERE_SLIP if self.slip else 0.0, 0.0, 0.0


@dataclass(frozen=True)
class Draine(Law):
    """A constant rate at low relative speed that turns into a constant cross section at high speed.

        <sigma v> = rate + weight <sigma v>_hard-sphere(cross_section, v2, w)

    Draine, Roberge & Dalgarno (1983, ApJ 264, 485) join the polarisation rate of an ion on H2 at low speed to a
    geometric cross section at high speed. With x = <sigma v>_hard-sphere/rate the smooth join is rate sqrt(1 + x^2)
    and the sharp one rate max(1, x). The five-coefficient form has no constant under its square root, so it takes
    rate (1 + weight x), which is exact as x -> 0. Its error:

        weight 3/4 (default)  within 25 % of the smooth join at any temperature and slip: + 25 % at x = 0.75, - 25 %
                              as x -> infinity; no other weight does better. Against the sharp join + 75 % at x = 1,
                              but below + 8 % for x < 0.1 (w < 2 km/s for the numbers below)
        weight 1              exact at both ends, + 41 % at x = 1 against the smooth join, + 100 % against the sharp;
                              exact everywhere for a cross section that is the sum, rate/v + sigma

    Numbers often quoted for HCO+ on H2: rate 1.9e-9 cm^3/s and cross section 1e-15 cm^2, so x = 1 at 19 km/s
    (from secondary literature; not checked against the paper).

    Parameters
    ----------
    rate : float
        <sigma v> at low speed, volume/time.
    cross_section : float
        sigma at high speed, length^2.
    weight : float
        Share of the cross section that is kept, see above.
    slip : bool
        False drops the dependence on slip; that on temperature stays.
    """

    rate: float
    cross_section: float
    weight: float = 0.75
    slip: bool = True
    reference: str = "after Draine, Roberge & Dalgarno 1983, ApJ 264, 485"

    def __post_init__(self):
        require(self, rate=self.rate, cross_section=self.cross_section, weight=self.weight)

    def coefficients(self, first, second):
        """(k0, k1, k2, 0, 0)."""
        k1 = alpha_from_sigma_v(self.weight * HARD_SPHERE_RATE * self.cross_section, first.mass, second.mass)
        k0 = alpha_from_sigma_v(self.rate, first.mass, second.mass)
        return k0, k1, HARD_SPHERE_SLIP if self.slip else 0.0, 0.0, 0.0


@dataclass(frozen=True)
class Coulomb(Law):
    """Momentum exchange of two charged fluids by small-angle Coulomb collisions.

        alpha = (4 sqrt(2 pi)/3) (q_s q_r/(4 pi eps0))^2 L/(m_s m_r mu) (v2 + (2/(9 pi))^(1/3) w^2)^(-3/2)

    Electrons on ions without slip: nu_ei = alpha rho_i = 4 sqrt(2 pi) n_i Z^2 e^4 L/(3 sqrt(m_e) T_e^(3/2)) in
    Gaussian units, the rate 1/tau_e of Braginskii (1965, Rev. Plasma Phys. 1, 205, eq. 2.5e), here with the finite ion
    mass and temperature kept (Schunk 1977). It is the friction of drifting Maxwellians, right across a strong field;
    along the field the electron distribution distorts and the friction falls to 0.51 of it for Z = 1, which this
    isotropic law does not hold.

    The exact rate with slip, (4 pi/w^3) [erf(s) - 2 s exp(-s^2)/sqrt(pi)] in place of the last factor and its 4
    sqrt(2 pi)/3, s = w/sqrt(2 v2) (Chandrasekhar 1943), is met at both ends; between them the form is lower, by at
    most 33.5 %, at w = 2.07 sqrt(v2), and by 6 % at w = 0.45 sqrt(v2).

    Parameters
    ----------
    coulomb_log : float
        L = ln Lambda, taken constant.
    eps0 : float
        Permittivity in which the fluids' charges are given: by default charges are in esu (Gaussian); 8.854e-12 F/m
        for coulombs; the eps0 of the field for code units.
    slip : bool
        False drops the dependence on slip (k4 = 0).

    Raises
    ------
    InputError
        When the pair is used: if a fluid is neutral.
    """

    coulomb_log: float
    eps0: float = GAUSSIAN_EPS0
    slip: bool = True
    reference: str = ("Spitzer & Harm 1953, Phys. Rev. 89, 977; Braginskii 1965, Rev. Plasma Phys. 1, 205; "
                      "Schunk 1977, Rev. Geophys. 15, 429")

    def __post_init__(self):
        require(self, coulomb_log=self.coulomb_log, eps0=self.eps0)
        if self.eps0 == 0:
            raise InputError("Coulomb drag: eps0 must be positive")

    def coefficients(self, first, second):
        """(0, 0, 0, k3, k4)."""
        for fluid in (first, second):
            if fluid.charge == 0:
                raise InputError(f"Coulomb drag {first.name}-{second.name}: {fluid.name} is neutral; "
                                 "both fluids must be charged")
        q2 = first.charge * second.charge / (4.0 * pi * self.eps0)
        # Divided in this order so that SI and cgs masses of electrons do not underflow on the way.
        k3 = 4.0 * sqrt(2.0 * pi) / 3.0 * self.coulomb_log * (q2 / first.mass) * (q2 / second.mass)
        return 0.0, 0.0, 0.0, k3 / reduced_mass(first, second), COULOMB_SLIP if self.slip else 0.0
