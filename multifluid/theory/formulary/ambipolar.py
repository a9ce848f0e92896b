"""Ambipolar diffusion: drift of charges through neutrals, and how much it matters.

gamma is the drag coefficient of the force density gamma rho_i rho_n (u_n - u_i), the alpha of `multifluid.coupling`. rho_i
is the mass density of the charges that drag (ions; electrons hardly count), rho_n that of the neutrals. Vectors have their
components along the first axis.
"""

import numpy as np

POLARISATION_CAPTURE = 1.0
"""Factor of `langevin_rate` for capture."""
POLARISATION_MOMENTUM = 1.1052
"""Factor for momentum transfer with a reflecting core (Dalgarno, McDowell & Williams 1958, Phil. Trans. A 250, 411)."""


def drift_velocity(curl_B, B, gamma, rho_i, rho_n, mu0=1.0):
    """u_i - u_n where drag balances the magnetic force: (curl B) x B/(mu0 gamma rho_i rho_n).

    Strong coupling, weak ionisation, cold charges (Spitzer 1978, Physical Processes in the ISM, sect. 13.3; Shu 1983,
    ApJ 273, 202). Its size for a field that changes over L is B^2/(mu0 gamma rho_i rho_n L).

    Parameters
    ----------
    curl_B, B : (3, ...)
    gamma, rho_i, rho_n : (...)

    Returns
    -------
    ndarray (3, ...)
    """
    return np.cross(curl_B, B, axis=0) / (mu0 * gamma * rho_i * rho_n)


def drift_with_pressure(curl_B, B, grad_p_charged, grad_p_neutral, gamma, rho_i, rho_n, mu0=1.0):
    """u_i - u_n with pressure forces and any ionisation.

        [ (rho_n/rho) (J x B - grad p_c) + (rho_i/rho) grad p_n ] / (gamma rho_i rho_n),    rho = rho_i + rho_n

    Both fluids have the same acceleration once the drift is steady; gravity acts on both alike and drops out
    (Braginskii 1965, Rev. Plasma Phys. 1, 205, sect. 7; Zaqarashvili, Khodachenko & Rucker 2011, A&A 529, A82).

    Parameters
    ----------
    curl_B, B, grad_p_charged, grad_p_neutral : (3, ...)
        p_c the pressure of ions and electrons together.
    """
    rho = rho_i + rho_n
    force = np.cross(curl_B, B, axis=0) / mu0 - grad_p_charged
    return (rho_n / rho * force + rho_i / rho * np.asarray(grad_p_neutral)) / (gamma * rho_i * rho_n)


def ambipolar_diffusivity(B, gamma, rho_i, rho_n, mu0=1.0):
    """eta_A = B^2/(mu0 gamma rho_i rho_n), length^2/time; B the strength of the field."""
    return np.square(B) / (mu0 * gamma * rho_i * rho_n)


def magnetic_reynolds(speed, length, eta):
    """R = V L/eta; with eta_A the R_A of ambipolar diffusion: above 1 the field goes with the neutrals."""
    return speed * length / np.asarray(eta, float)


def critical_length(eta, speed):
    """L_crit = eta/V, where R = 1: below it diffusion beats the flow. With V = v_A of all gas it is the length v_A/nu_ni."""
    return eta / np.asarray(speed, float)


def elsasser_from_coupling(gamma, rho_i, Omega):
    """Am = gamma rho_i/Omega: rate at which neutrals follow the ions over the rate of rotation."""
    return gamma * rho_i / np.asarray(Omega, float)


def elsasser_from_diffusivity(alfven, eta, Omega):
    """Am = v_A^2/(eta_A Omega). The same as `elsasser_from_coupling` if v_A = B/sqrt(mu0 rho_n)."""
    return np.square(alfven) / (np.asarray(eta, float) * Omega)


def heating(gamma, rho_i, rho_n, drift):
    """Q_A = gamma rho_i rho_n |u_i - u_n|^2, energy/(volume time); drift the size of the slip.

    With the drift of `drift_velocity` it is |J x B|^2/(gamma rho_i rho_n) = mu0 eta_A |J_perp|^2.
    """
    return gamma * rho_i * rho_n * np.square(drift)


def diffusion_time(length, eta):
    """L^2/eta."""
    return np.square(length) / np.asarray(eta, float)


def ionisation_balance(zeta, n_neutral, recombination):
    """n_i = sqrt(zeta n_n/alpha_rec): ionisation and recombination in balance, n_e = n_i (Elmegreen 1979, ApJ 232, 729).

    Parameters
    ----------
    zeta : float or array
        Ionisations per neutral particle and time.
    n_neutral : float or array
    recombination : float or array
        Volume/time.
    """
    return np.sqrt(zeta * np.asarray(n_neutral, float) / recombination)


def langevin_rate(charge, polarisability, reduced_mass, eps0=1.0, factor=POLARISATION_CAPTURE):
    """<sigma v> = factor 2 pi sqrt(q^2 a/(4 pi eps0 mu)), at any temperature (Langevin 1905, Ann. Chim. Phys. 5, 245)."""
    return factor * 2.0 * np.pi * np.sqrt(np.square(charge) * polarisability / (4.0 * np.pi * eps0 * reduced_mass))


def hard_sphere_rate(cross_section, temperature, reduced_mass):
    """<sigma v> = (4/3) sigma sqrt(8 k T/(pi mu)) for momentum transfer (Schunk 1977, Rev. Geophys. 15, 429).

    The rate of encounters is without the 4/3. temperature is k T; for two temperatures T/mu = T_s/m_s + T_r/m_r.
    """
    return 4.0 / 3.0 * cross_section * np.sqrt(8.0 / np.pi * np.asarray(temperature, float) / reduced_mass)


def alfven_cutoffs(alfven_ions, rate_neutrals, density_ratio):
    """Wavenumbers along B between which ion-neutral friction lets no Alfven wave propagate.

    Waves of omega^3 + i (1 + chi) nu omega^2 - k^2 v^2 omega - i nu k^2 v^2 = 0 (Kulsrud & Pearce 1969, ApJ 156, 445), with
    chi = rho_n/rho_i, nu = nu_ni = gamma rho_i and v the Alfven speed of the ions alone. All roots are damped without
    oscillation between the zeros of the cubic's discriminant (Soler et al. 2013, ApJ 767, 171),

        8 k^2 v^2/nu^2 = b^2 + 18 b - 27 +- sqrt((b - 1)(b - 9)^3),     b = 1 + chi

    In the limit of large chi: k = 2 nu_ni/v_A of all gas, and nu_in/(2 v).

    Parameters
    ----------
    alfven_ions, rate_neutrals, density_ratio : float or array
        v, nu and chi.

    Returns
    -------
    (low, high) : ndarray
        NaN where chi < 8: waves of all wavelengths propagate there.
    """
    b = 1.0 + np.asarray(density_ratio, float)
    root = np.sqrt(np.where(b >= 9.0, (b - 1.0) * np.maximum(b - 9.0, 0.0) ** 3, np.nan))
    high = (b**2 + 18.0 * b - 27.0 + root) / 8.0
    unit = rate_neutrals / np.asarray(alfven_ions, float)
    return unit * np.sqrt(b**3 / high), unit * np.sqrt(high)  # the product of both zeros is b^3
