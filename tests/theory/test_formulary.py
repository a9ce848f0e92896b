"""The formulary: identities, the conductivity tensor against a direct solve, published numbers."""

from types import SimpleNamespace

import mpmath
import numpy as np
import pytest
from scipy.integrate import quad

from multifluid.coupling import laws, rates
from multifluid.errors import InputError
from multifluid.theory import formulary as f
from multifluid.theory.drift import mobility
from multifluid.units import constants

SI = constants()


def random_charges(rng, N, spread=3.0):
    """(charge, mass, n, nu, B, exchange) of N charged species that are neutral together; Hall parameters of 10^+-spread."""
    charge = np.array([1.0, -1.0, *rng.choice([-1.0, 1.0, 2.0], N - 2)])
    n = np.exp(rng.uniform(-1, 1, N))
    n[1] = (charge * n).sum() + n[1]
    if n[1] <= 0:  # more negative than positive charge among the rest
        n[0] += 1.0 - n[1]
        n[1] = 1.0
    mass, B = 10.0 ** rng.uniform(-3, 1, N), 10.0 ** rng.uniform(-1, 1)
    nu = np.abs(charge) * B / mass / 10.0 ** rng.uniform(-spread, spread, N)
    k = rng.uniform(0, 2, (N, N)) * np.sqrt(np.outer(mass * n * nu, mass * n * nu))
    return charge, mass, n, nu, B, k + k.T


@pytest.mark.parametrize("seed", range(6))
def test_each_diffusivity_keeps_its_digits(seed):
    """eta_O, eta_H and eta_A each, with Hall parameters of 1e-6 to 1e6 and collisions among 2 to 5 charges."""
    charge, mass, n, nu, B, exchange = random_charges(np.random.default_rng(100 + seed), 3 + seed % 3, 6.0)
    got = f.diffusivities(charge * n, mass * n * nu, exchange, B)
    want = direct(charge, mass, n, nu, B, exchange, as_diffusivities=True)
    for a, b in zip(got, want, strict=True):
        assert a == pytest.approx(b, rel=1e-12)


def direct(charge, mass, n, nu, B, exchange, as_diffusivities=False):
    """Conductivity along, across and Hall from the 3 N momentum equations with B along z, solved with 40 digits."""
    N = len(charge)
    with mpmath.workdps(40):
        M, push = mpmath.zeros(3 * N), mpmath.zeros(3 * N, 2)
        for s in range(N):
            q = mpmath.mpf(charge[s]) * mpmath.mpf(n[s])
            for d in range(3):
                M[3 * s + d, 3 * s + d] += mpmath.mpf(mass[s]) * mpmath.mpf(n[s]) * mpmath.mpf(nu[s])
                for r in range(N):
                    if r != s:
                        M[3 * s + d, 3 * s + d] += mpmath.mpf(exchange[s][r])
                        M[3 * s + d, 3 * r + d] -= mpmath.mpf(exchange[s][r])
            M[3 * s, 3 * s + 1] -= q * B
            M[3 * s + 1, 3 * s] += q * B
            push[3 * s, 0] = push[3 * s + 2, 1] = q
        J = mpmath.zeros(3, 2)
        for case in (0, 1):
            v = mpmath.lu_solve(M, push[:, case])
            for d in range(3):
                J[d, case] = sum(mpmath.mpf(charge[s]) * mpmath.mpf(n[s]) * v[3 * s + d] for s in range(N))
        parallel, pedersen, hall = J[2, 1], J[0, 0], J[1, 0]
        if as_diffusivities:
            square = pedersen**2 + hall**2
            return [float(x) for x in (1 / parallel, hall / square, pedersen / square - 1 / parallel)]
        return f.Conductivity(float(parallel), float(pedersen), float(hall))


def same_tensor(got, want, gate):
    """Along B to the gate; across it both components to the gate times the size of the perpendicular part."""
    across = np.hypot(want.pedersen, want.hall)
    assert abs(got.parallel / want.parallel - 1) < gate
    assert abs(got.pedersen - want.pedersen) < gate * across and abs(got.hall - want.hall) < gate * across


@pytest.mark.parametrize("seed", range(12))
def test_tensor_against_momentum_balance(seed):
    """The sums of Wardle & Ng, the general solve and the two conversions between tensor and diffusivities."""
    rng = np.random.default_rng(seed)
    charge, mass, n, nu, B, exchange = random_charges(rng, 2 + seed % 4)
    mu0 = rng.uniform(0.5, 2.0)
    hall = f.hall_parameter(charge, mass, B, nu)
    want = direct(charge, mass, n, nu, B, 0 * exchange)
    got = f.conductivity(charge, n, hall, B)
    same_tensor(got, want, 2e-15)  # measured 4e-16 over 60 seeds
    eta = f.diffusivities(charge * n, mass * n * nu, 0 * exchange, B, mu0)
    same_tensor(f.conductivity_of(eta, mu0), want, 3e-15)  # measured 7e-16
    again = f.diffusivities_of(got, mu0)
    size = max(np.abs(eta))
    assert all(abs(a - b) < 3e-15 * size for a, b in zip(again, eta, strict=True))
    eta = f.diffusivities(charge * n, mass * n * nu, exchange, B, mu0)
    same_tensor(f.conductivity_of(eta, mu0), direct(charge, mass, n, nu, B, exchange), 3e-15)  # measured 8e-16


def test_tensor_is_that_of_the_mobilities():
    """`theory.drift` sums mobility tensors: the same sigma for any direction of B."""
    rng = np.random.default_rng(5)
    charge, mass, n, nu, B, _ = random_charges(rng, 4)
    b = rng.normal(size=3)
    b /= np.linalg.norm(b)
    sigma = sum(c * m * mobility(q / mm, r, B * b) * (1 / m) * m
                for c, q, mm, m, r in zip(charge, charge, mass, n, nu, strict=True))
    got = f.conductivity(charge, n, f.hall_parameter(charge, mass, B, nu), B)
    along = np.outer(b, b)
    turn = np.array([[0, -b[2], b[1]], [b[2], 0, -b[0]], [-b[1], b[0], 0]])  # b x
    tensor = got.parallel * along + got.pedersen * (np.eye(3) - along) + got.hall * turn
    assert np.abs(tensor - sigma).max() < 1e-12 * np.abs(sigma).max()


@pytest.mark.parametrize("hall_ion", [1e-9, 1e-3, 1.0, 1e3, 1e9])
@pytest.mark.parametrize("hall_electron", [1e-9, 1e-3, 1.0, 1e3, 1e9])
@pytest.mark.parametrize("exchange", [0.0, 0.7])
def test_ions_and_electrons_in_closed_form(hall_ion, hall_electron, exchange):
    """All three diffusivities to round-off over 36 decades of beta_i beta_e: nothing cancels."""
    n, B, mu0 = 2.0, 3.0, 0.7
    f_i, f_e = n * B / hall_ion, n * B / hall_electron
    total = f_i + f_e
    eta = f.diffusivities(np.array([n, -n]), np.array([f_i, f_e]), exchange * np.ones((2, 2)), B, mu0)
    assert eta.ohmic == pytest.approx((exchange + f_e * (f_i / total)) / n**2 / mu0, rel=1e-14)
    assert eta.ambipolar == pytest.approx(B**2 / total / mu0, rel=1e-14)
    assert eta.hall == pytest.approx(B / n * (f_i - f_e) / total / mu0, rel=1e-14, abs=1e-15 * B)
    if hall_ion != hall_electron and exchange == 0.0:  # equal mobility: the sums of the tensor vanish
        charges = np.array([1.0, -1.0])
        tensor = f.conductivity(charges, np.array([n, n]), np.array([hall_ion, -hall_electron]), B)
        want = f.conductivity_of(eta, mu0)
        assert tensor.pedersen == pytest.approx(want.pedersen, rel=1e-14)
        assert tensor.hall == pytest.approx(want.hall, rel=1e-14)


def test_limits_of_the_tensor():
    """beta_e >> beta_i >> 1: eta_A = B^2/(mu0 gamma rho_i rho_n), eta_H = B/(mu0 n e); more species, to 1/beta^2."""
    for beta in (1e2, 1e4, 1e6):
        charge, n, B = np.array([1.0, 1.0, -1.0]), np.array([0.3, 0.7, 1.0]), 2.0
        hall = np.array([beta, 0.2 * beta, -1e4 * beta])
        friction = n * B / np.abs(hall)
        eta = f.diffusivities(charge * n, friction, np.zeros((3, 3)), B)
        assert eta.ambipolar == pytest.approx(B**2 / friction.sum(), rel=30.0 / beta**2 + 1e-14)
        assert f.dominant(eta) == 3 and f.regime_of_hall_parameters(hall) == 3
    hall_regime = f.diffusivities(np.array([1.0, -1.0]), np.array([1e3, 1e-3]), np.zeros((2, 2)), 1.0)
    assert hall_regime.hall == pytest.approx(1.0, rel=1e-5) and f.dominant(hall_regime) == 2
    assert f.regime_of_hall_parameters(np.array([1e-3, -1e3])) == 2
    ohmic = f.diffusivities(np.array([1.0, -1.0]), np.array([1e3, 1e3]), np.zeros((2, 2)), 1.0)
    assert f.dominant(ohmic) == 1 and f.regime_of_hall_parameters(np.array([1e-3, -1e-3])) == 1
    assert f.dominant(ohmic, length=1e6, speed=1.0) == 0


def test_no_field_and_no_friction():
    """B = 0 leaves Ohm alone; electrons without any drag leave eta_O = 0; several such species too."""
    charge_density, friction = np.array([1.0, 1.0, -2.0]), np.array([2.0, 3.0, 0.5])
    eta = f.diffusivities(charge_density, friction, np.zeros((3, 3)), 0.0)
    assert (eta.hall, eta.ambipolar) == (0.0, 0.0)
    assert eta.ohmic == pytest.approx(1.0 / (charge_density**2 / friction).sum(), rel=1e-14)
    eta = f.diffusivities(charge_density, np.array([2.0, 3.0, 0.0]), np.zeros((3, 3)), np.array([1.0, 4.0]))
    assert np.all(eta.ohmic == 0.0) and np.all(eta.ambipolar > 0)
    eta = f.diffusivities(charge_density, np.array([2.0, 0.0, 0.0]), np.zeros((3, 3)), 4.0)
    assert eta.ohmic == 0.0 and eta.ambipolar == pytest.approx(8.0, rel=1e-14)
    for wrong in ((charge_density[:1], friction[:1]), (charge_density, 0 * friction)):
        with pytest.raises(InputError, match="diffusivities"):
            f.diffusivities(*wrong, np.zeros((len(wrong[0]),) * 2), 1.0)


def test_arrays_are_the_points():
    """Everything on (z, y, x) at once gives what each point gives."""
    rng = np.random.default_rng(3)
    shape = (2, 3, 4)
    rho, T, B = rng.uniform(0.5, 2, (4, *shape)), rng.uniform(0.5, 2, (4, *shape)), rng.uniform(0.1, 9, shape)
    mass, charge = np.array([1.0, 0.1, 3.0, 2.0]), np.array([1.0, -2.0, -0.5, 0.0])
    alpha = rng.uniform(0.1, 3, (4, 4))
    alpha = alpha + alpha.T
    rho[1] = (charge[0] / mass[0] * rho[0] + charge[2] / mass[2] * rho[2]) * mass[1] / -charge[1]
    rho[1] = np.abs(rho[1])
    mix = f.Mixture(mass, charge, rho, T, B, alpha, c=30.0)
    point = (1, 2, 3)
    one = f.Mixture(mass, charge, rho[(slice(None), *point)], T[(slice(None), *point)], B[point], alpha, c=30.0)
    for name in ("hall_parameters", "sound_speed", "debye_length", "neutral_rates", "beta", "ion_neutral_rate",
                 "ambipolar_diffusivity", "rates", "ionisation"):
        np.testing.assert_allclose(getattr(mix, name)[(..., *point)], getattr(one, name), rtol=1e-14)
    for many, single in zip((*mix.diffusivities, *mix.magnetosonic_speeds(0.3), *mix.alfven_cutoffs),
                            (*one.diffusivities, *one.magnetosonic_speeds(0.3), *one.alfven_cutoffs), strict=True):
        np.testing.assert_allclose(many[point], single, rtol=1e-13)


def test_reynolds_number_and_elsasser_number():
    B, gamma, rho_i, rho_n, V, Omega, mu0 = 3.0, 0.2, 1e-3, 4.0, 0.7, 0.05, 1.3
    eta = f.ambipolar_diffusivity(B, gamma, rho_i, rho_n, mu0)
    assert f.magnetic_reynolds(V, f.critical_length(eta, V), eta) == pytest.approx(1.0, rel=1e-15)
    v_A = f.alfven_speed(B, rho_n, mu0)
    assert f.elsasser_from_diffusivity(v_A, eta, Omega) == pytest.approx(
        f.elsasser_from_coupling(gamma, rho_i, Omega), rel=1e-14)
    assert f.critical_length(eta, v_A) == pytest.approx(v_A / f.collision_rate(gamma, rho_i), rel=1e-14)
    assert f.diffusion_time(2.0, eta) == pytest.approx(4.0 / eta, rel=1e-15)


def test_drift_and_heating():
    """u_i - u_n balances J x B; mu0 eta_A J/B across B; Q_A = mu0 eta_A J_perp^2, and none along B."""
    rng = np.random.default_rng(1)
    curl, B = rng.normal(size=(2, 3, 5))
    gamma, rho_i, rho_n, mu0 = 0.3, rng.uniform(0.1, 1, 5), rng.uniform(1, 9, 5), 0.8
    drift = f.drift_velocity(curl, B, gamma, rho_i, rho_n, mu0)
    force = np.cross(curl, B, axis=0) / mu0
    np.testing.assert_allclose(gamma * rho_i * rho_n * drift, force, rtol=1e-14)
    size = np.sqrt((B**2).sum(0))
    across = curl - B * (curl * B).sum(0) / size**2
    eta = f.ambipolar_diffusivity(size, gamma, rho_i, rho_n, mu0)
    slip = np.sqrt((drift**2).sum(0))
    np.testing.assert_allclose(slip, eta * np.sqrt((across**2).sum(0)) / size, rtol=1e-13)
    np.testing.assert_allclose(f.heating(gamma, rho_i, rho_n, slip), eta / mu0 * (across**2).sum(0), rtol=1e-13)
    # with pressure: both fluids' momentum equations with one acceleration, solved for slip and acceleration
    grad_c, grad_n = rng.normal(size=(2, 3, 5))
    got = f.drift_with_pressure(curl, B, grad_c, grad_n, gamma, rho_i, rho_n, mu0)
    for cell in range(5):
        k = gamma * rho_i[cell] * rho_n[cell]
        matrix = np.array([[k, rho_i[cell]], [-k, rho_n[cell]]])
        want = np.linalg.solve(matrix, np.array([force[:, cell] - grad_c[:, cell], -grad_n[:, cell]]))[0]
        np.testing.assert_allclose(got[:, cell], want, rtol=1e-12)


def test_rates_are_those_of_the_drag_laws():
    """Langevin and hard-sphere rates of the formulary and of `multifluid.coupling` are one formula."""
    ion, neutral = SimpleNamespace(name="i", mass=29.0, charge=1.3), SimpleNamespace(name="n", mass=2.0, charge=0.0)
    mu = laws.reduced_mass(ion, neutral)
    law = laws.Langevin(0.8, eps0=0.02, factor=1.1052)
    assert f.langevin_rate(1.3, 0.8, mu, 0.02, f.ambipolar.POLARISATION_MOMENTUM) == pytest.approx(
        law.sigma_v(ion, neutral, 1.0, 1.0), rel=1e-14)
    hard = laws.HardSphere(0.4)
    assert f.hard_sphere_rate(0.4, 0.7, mu) == pytest.approx(hard.sigma_v(ion, neutral, 0.7, 0.7), rel=1e-14)
    # SI and cgs give one number: HCO+ on H2
    mass = [1e-3 * rates.MASS[name] for name in ("HCO+", "H2")]
    rate = f.langevin_rate(SI.e, 1e-6 * 0.804e-24, mass[0] * mass[1] / sum(mass), SI.eps0, 1.1052)
    assert 1e6 * rate == pytest.approx(rates.langevin_rate("HCO+", "H2"), rel=1e-8)


@pytest.mark.parametrize("chi", [9.0, 30.0, 1e3, 1e6])
def test_band_without_alfven_waves(chi):
    """Roots of Kulsrud & Pearce's cubic: all damped without oscillation exactly between the two wavenumbers."""
    nu, v = 0.3, 2.0
    low, high = f.alfven_cutoffs(v, nu, chi)

    def oscillates(k):
        s = np.roots([1.0, (1 + chi) * nu, (k * v) ** 2, nu * (k * v) ** 2])
        return bool(np.any(np.abs(s.imag) > 1e-3 * np.abs(s)))

    for k, expected in ((low * 0.999, True), (low * 1.001, False), (np.sqrt(low * high), False), (high * 0.999, False),
                        (high * 1.001, True)):
        assert oscillates(k) is expected, (k, low, high)
    if chi == 1e6:
        assert high == pytest.approx(chi * nu / (2 * v), rel=2e-5)
        assert low == pytest.approx(2 * nu / (v / np.sqrt(1 + chi)), rel=2e-5)
    assert np.isnan(f.alfven_cutoffs(v, nu, 7.9)).all()
    assert np.isclose(*f.alfven_cutoffs(v, nu, 8.0))


def test_magnetosonic_speeds():
    a, b, angle = np.array([0.5, 1.0, 1e-8, 0.0]), np.array([2.0, 1.0, 1.0, 3.0]), np.array([0.7, 0.0, 1.0, 0.4])
    fast, slow = f.magnetosonic_speeds(a, b, angle)
    np.testing.assert_allclose(fast**2 + slow**2, a**2 + b**2, rtol=1e-14)
    np.testing.assert_allclose(fast * slow, a * b * np.cos(angle), rtol=1e-14)
    assert np.all(fast >= np.maximum(a, b) * (1 - 1e-15)) and slow[3] == 0.0
    assert slow[2] == pytest.approx(1e-8 * np.cos(1.0), rel=1e-13)  # no cancellation at low beta


def test_published_plasma_numbers():
    """NRL Plasma Formulary (Huba 2013), pp. 28-29, in cgs and eV, to the digits it gives."""
    n, T, B = 1e6, SI.e, 1e-4  # 1 /cm^3, 1 eV, 1 G
    assert f.plasma_frequency(n, -SI.e, SI.m_e, SI.eps0) == pytest.approx(5.64e4, rel=1e-3)
    assert f.plasma_frequency(n, SI.e, SI.m_p, SI.eps0) == pytest.approx(1.32e3, rel=3e-3)
    assert f.cyclotron_frequency(-SI.e, SI.m_e, B) == pytest.approx(-1.76e7, rel=1e-3)
    assert f.cyclotron_frequency(SI.e, SI.m_p, B) == pytest.approx(9.58e3, rel=1e-3)
    assert f.inertial_length(n, SI.e, SI.m_e, SI.mu0) == pytest.approx(5.31e3, rel=1e-3)
    assert f.inertial_length(n, SI.e, SI.m_p, SI.mu0) == pytest.approx(2.28e5, rel=2e-3)
    assert f.debye_length(np.array([n]), np.array([SI.e]), np.array([T]), SI.eps0) == pytest.approx(7.43, rel=1e-3)
    assert f.gyroradius(T, SI.m_e, SI.e, B) == pytest.approx(2.38e-2, rel=5e-3)
    assert f.gyroradius(T, SI.m_p, SI.e, B) == pytest.approx(1.02, rel=5e-3)
    assert f.alfven_speed(B, n * SI.m_p, SI.mu0) == pytest.approx(2.18e9, rel=2e-3)
    assert f.beta(n * T, B, SI.mu0) == pytest.approx(4.03e-11, rel=2e-3)


def test_published_cloud_numbers():
    """Drag, mass-to-flux, free fall and Hall parameters of molecular clouds, to the digits published."""
    # Shu, Adams & Lizano 1987 (ARA&A 25, 23) and many after: 3.5e13 cm^3/(g s) for 1.9e-9 cm^3/s, ions of 30, neutrals 2.33
    u = 1e3 * SI.u
    assert 1.9e-9 / (32.33 * u) == pytest.approx(3.5e13, rel=0.02)
    # Gaussian: 1/(2 pi sqrt G) of a sheet (Nakano & Nakamura 1978), 0.126/sqrt G (Mouschovias & Spitzer 1976)
    for shape, number in (("sheet", 1 / (2 * np.pi)), ("cloud", 0.126)):
        assert f.critical_mass_to_flux(2.0, 4 * np.pi, shape) * np.sqrt(2.0) == pytest.approx(number, rel=3e-3)
    assert f.critical_mass_to_flux(2.0, 0.3) == pytest.approx(1 / np.sqrt(np.pi * 0.3 * 2.0), rel=1e-15)
    # B of a sheet of 1e21 H2 of 2.8 u per cm^2 at the critical ratio: Crutcher 2004 (Ap&SS 292, 225), mu = 7.6e-21 N/B(uG)
    ratio = f.mass_to_flux_of_sheet(1e25 * 2.8 * 1.00784 * SI.u, 10 * 1e-10, SI.G, SI.mu0)
    assert ratio == pytest.approx(7.6e-21 * 1e21 / 10, rel=0.02)
    # beta_e of some 1e8 and beta_i of some 1e4 at 30 uG in clouds of 1e3 to 1e5 per cm^3
    for n in (1e9, 1e10):
        ion = f.hall_parameter(SI.e, 29 * SI.u, 3e-9, 1.7e-15 / (31 * SI.u) * n * 2 * SI.u)
        electron = f.hall_parameter(-SI.e, SI.m_e, 3e-9, 2e-15 / (2 * SI.u) * n * 2 * SI.u)
        assert 5e3 < ion < 2e5 and -5e8 < electron < -2e7
    # free fall at n_H = 1e3 per cm^3 with 1.4 m_H each: 1.37e6 yr (McKee & Ostriker 2007, ARA&A 45, 565)
    assert f.free_fall_time(1e9 * 1.00784 * SI.u * 1.4, SI.G) / SI.yr == pytest.approx(1.37e6, rel=5e-3)


def test_mean_free_path():
    """Mean speed of a Maxwellian by quadrature, over the rate; infinite without collisions, element by element."""
    T, m = 0.3, 2.0
    speed = quad(lambda v: 4 * np.pi * v**3 * (m / (2 * np.pi * T)) ** 1.5 * np.exp(-m * v * v / (2 * T)), 0, np.inf)[0]
    found = f.mean_free_path(np.array([T, T]), m, np.array([0.25, 0.0]))
    assert found[0] == pytest.approx(speed / 0.25, rel=1e-9) and np.isinf(found[1])
    assert f.mean_free_path(T, m, 0.25) == found[0]


def test_jeans_length_grows_beyond():
    """omega^2 = k^2 a^2 - 4 pi G rho vanishes at the Jeans length; the mass is that of the sphere."""
    a, rho, G = 0.3, 2.0, 0.4
    length = f.jeans_length(a, rho, G)
    assert (2 * np.pi / length * a) ** 2 == pytest.approx(4 * np.pi * G * rho, rel=1e-14)
    assert f.jeans_mass(a, rho, G) == pytest.approx(4 * np.pi / 3 * rho * (length / 2) ** 3, rel=1e-14)


def test_ionisation_balance():
    """zeta n_n = alpha n_i^2, and eta_A then goes as n_n^-3/2 at fixed B."""
    n = np.array([1.0, 4.0])
    n_i = f.ionisation_balance(0.3, n, 0.2)
    np.testing.assert_allclose(0.3 * n, 0.2 * n_i**2, rtol=1e-15)
    eta = f.ambipolar_diffusivity(1.0, 1.0, n_i, n)
    assert eta[0] / eta[1] == pytest.approx(8.0, rel=1e-14)


def fields_case(shape=(2, 3, 4)):
    """Arguments of `regime_fields` for ions, electrons and two neutrals with random velocities."""
    rng = np.random.default_rng(8)
    mass, charge = np.array([1.0, 1e-3, 2.0, 4.0]), np.array([1.0, -1.0, 0.0, 0.0])
    n = rng.uniform(0.5, 2.0, shape)
    rho = np.stack([n, 1e-3 * n, 50 * n, 20 * n])
    alpha = np.array([[0, 0.1, 0.3, 0.2], [0.1, 0, 0.05, 0.0], [0.3, 0.05, 0, 1.0], [0.2, 0.0, 1.0, 0]])
    return mass, charge, rho, rng.normal(size=(4, 3, *shape)), rho / mass.reshape(-1, 1, 1, 1), rng.normal(
        size=(3, *shape)), alpha


def test_regime_fields():
    mass, charge, rho, u, p, B, alpha = case = fields_case()
    found = f.regime_fields(*case, length=0.5)
    assert list(found) == ["drift", "Q_A", "eta_A", "eta_O", "eta_H", "elsasser", "regime"]
    assert all(field.data.shape == B.shape[1:] and field.long_name and field.kind for field in found.values())
    cell = (1, 0, 2)
    pick = (slice(None), *cell)
    r, v = rho[pick], u[(slice(None), slice(None), *cell)]
    slip = (r[0] * v[0] + r[1] * v[1]) / (r[0] + r[1]) - (r[2] * v[2] + r[3] * v[3]) / (r[2] + r[3])
    assert found["drift"].data[cell] == pytest.approx(np.linalg.norm(slip), rel=1e-13)
    heat = sum(alpha[s, n] * r[s] * r[n] * ((v[s] - v[n]) ** 2).sum() for s in (0, 1) for n in (2, 3))
    assert found["Q_A"].data[cell] == pytest.approx(heat, rel=1e-13)
    strength = np.linalg.norm(B[pick])
    mix = f.Mixture(mass, charge, r, 1.0, strength, alpha)
    for name, value in zip(("eta_O", "eta_H", "eta_A"), mix.diffusivities, strict=True):
        assert found[name].data[cell] == pytest.approx(float(value), rel=1e-13)
    assert found["elsasser"].data[cell] == pytest.approx(
        float(mix.alfven_speed() * 0.5 / mix.diffusivities.ambipolar), rel=1e-13)
    assert found["regime"].data[cell] == f.dominant(mix.diffusivities, 0.5, mix.alfven_speed())
    assert set(np.unique(f.regime_fields(*case)["regime"].data)) <= {1.0, 2.0, 3.0}
    assert set(np.unique(f.regime_fields(*case, length=1e9)["regime"].data)) == {0.0}


def test_regime_fields_without_field_or_slip():
    mass, charge, rho, u, p, B, alpha = fields_case()
    found = f.regime_fields(mass, charge, rho, 0 * u, p, 0 * B, alpha, length=0.5)
    assert np.all(found["drift"].data == 0) and np.all(found["Q_A"].data == 0) and np.all(found["eta_A"].data == 0)
    assert np.all(np.isinf(found["elsasser"].data))
    with pytest.raises(InputError, match="drag between charged and neutral"):
        f.regime_fields(mass, charge, rho, u, p, B, 0 * alpha)


def test_bad_mixtures():
    good = {"mass": [1.0, 2.0], "charge": [1.0, 0.0], "rho": [1.0, 1.0], "alpha": np.ones((2, 2))}
    for change, match in (({"rho": None}, "either rho or number_density"), ({"charge": [1.0]}, "one charge"),
                          ({"alpha": [[0, 1], [2, 0]]}, "symmetric"), ({"rho": [1.0]}, "2 species"),
                          ({"rho": [1.0, -1.0]}, "negative")):
        with pytest.raises(InputError, match=match):
            f.Mixture(**(good | change))
    with pytest.raises(InputError, match="one point"):
        f.summary(f.Mixture([1.0], [0.0], np.ones((1, 2))))
