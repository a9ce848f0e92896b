"""Rates, lengths and speeds of a plasma, one formula each.

Charges may have either sign. Where not said otherwise: any plasma textbook, e.g. Huba, NRL Plasma Formulary, whose
Gaussian forms follow with eps0 = 1/(4 pi), mu0 = 4 pi/c^2 and B -> B/c.
"""

import numpy as np


def plasma_frequency(number_density, charge, mass, eps0=1.0):
    """omega_p = sqrt(n q^2/(eps0 m)), rad/time."""
    return np.abs(charge) * np.sqrt(number_density / (eps0 * np.asarray(mass, float)))


def cyclotron_frequency(charge, mass, B):
    """Omega = q B/m, rad/time, with the sign of the charge; B the strength of the field."""
    return charge * np.asarray(B, float) / mass


def inertial_length(number_density, charge, mass, mu0=1.0):
    """d = c/omega_p = sqrt(m/(mu0 n q^2)): the skin depth d_e of electrons, the inertial length d_i of ions."""
    return np.sqrt(mass / (mu0 * np.asarray(number_density, float))) / np.abs(charge)


def debye_length(number_density, charge, temperature, eps0=1.0, axis=0):
    """lambda_D = (sum_s n_s q_s^2/(eps0 k T_s))^(-1/2), summed over the species along ``axis``; temperature is k T."""
    return np.sum(number_density * np.square(charge) / (eps0 * np.asarray(temperature, float)), axis=axis) ** -0.5


def thermal_speed(temperature, mass):
    """sqrt(k T/m), the spread of one component of the velocity."""
    return np.sqrt(np.asarray(temperature, float) / mass)


def gyroradius(temperature, mass, charge, B):
    """sqrt(k T/m)/|Omega|."""
    return thermal_speed(temperature, mass) / np.abs(cyclotron_frequency(charge, mass, B))


def collision_rate(alpha, rho):
    """nu_sr = alpha_sr rho_r: the rate at which s loses its slip against r; rho_s nu_sr = rho_r nu_rs."""
    return alpha * np.asarray(rho, float)


def mean_free_path(temperature, mass, rate):
    """Mean thermal speed sqrt(8 k T/(pi m)) over the rate of losing momentum; infinite without collisions."""
    rate = np.asarray(rate, float)
    speed = np.sqrt(8.0 / np.pi) * thermal_speed(temperature, mass) + 0.0 * rate
    return np.divide(speed, rate, out=np.full(np.shape(speed), np.inf), where=rate > 0)


def beta(pressure, B, mu0=1.0):
    """2 mu0 p/B^2."""
    return 2.0 * mu0 * pressure / np.square(B)


def alfven_speed(B, rho, mu0=1.0, c=np.inf):
    """B/sqrt(mu0 rho), and with c given B/sqrt(mu0 rho + B^2/c^2), which never exceeds c.

    With the density of the charges it is the speed of Alfven waves that leave the neutrals behind, with that of all
    species the speed of waves that carry them along.
    """
    return B / np.sqrt(mu0 * np.asarray(rho, float) + np.square(B / c))


def sound_speed(pressure, rho, gamma=5.0 / 3.0):
    """sqrt(gamma p/rho); isothermal with gamma = 1."""
    return np.sqrt(gamma * pressure / np.asarray(rho, float))


def magnetosonic_speeds(sound, alfven, angle=np.pi / 2):
    """(fast, slow) of v^2 = (a^2 + b^2 +- sqrt((a^2 + b^2)^2 - 4 a^2 b^2 cos^2 angle))/2, angle between k and B.

    The slow speed is taken from the product of the two, a b |cos angle|, so that a small one keeps its digits.
    """
    sound, alfven, cosine = np.asarray(sound, float), np.asarray(alfven, float), np.abs(np.cos(angle))
    # the two perfect squares whose roots add up to twice the fast speed
    straight = np.sqrt(np.maximum(sound**2 + alfven**2 + 2.0 * sound * alfven * cosine, 0.0))
    slanted = np.sqrt(np.maximum(sound**2 + alfven**2 - 2.0 * sound * alfven * cosine, 0.0))
    fast = 0.5 * (straight + slanted)
    product = sound * alfven * cosine
    return fast, np.divide(product, fast, out=np.zeros(np.shape(product)), where=fast > 0)
