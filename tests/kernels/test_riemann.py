"""Pointwise Riemann solvers: consistency, symmetries, contacts, conservation, positivity."""

import numba
import numpy as np
import pytest

from multifluid.kernels.riemann import flux_hllc, flux_rusanov, sound_speed

G = 1.5  # 1/(gamma - 1)
GAMMA = 1.0 + 1.0 / G
COUNT = 10_000


@numba.njit(error_model="numpy")
def rusanov_faces(L, R, g):
    out = np.empty_like(L)
    for i in range(L.shape[1]):
        rl, ul, vl, wl, pl = L[:, i]
        rr, ur, vr, wr, pr = R[:, i]
        gamma = 1.0 + 1.0 / g
        speed = max(abs(ul) + sound_speed(rl, pl, gamma), abs(ur) + sound_speed(rr, pr, gamma))
        out[:, i] = flux_rusanov(rl, ul, vl, wl, pl, rr, ur, vr, wr, pr, g, speed)
    return out


@numba.njit(error_model="numpy")
def hllc_faces(L, R, g):
    out = np.empty_like(L)
    for i in range(L.shape[1]):
        rl, ul, vl, wl, pl = L[:, i]
        rr, ur, vr, wr, pr = R[:, i]
        gamma = 1.0 + 1.0 / g
        out[:, i] = flux_hllc(rl, ul, vl, wl, pl, rr, ur, vr, wr, pr, g, sound_speed(rl, pl, gamma),
                              sound_speed(rr, pr, gamma))
    return out


SOLVERS = pytest.mark.parametrize("faces", [rusanov_faces, hllc_faces], ids=["rusanov", "hllc"])


def random_states(seed, count=COUNT, decades=3.0, mach=3.0):
    """Primitive states (5, count): densities and pressures over decades, velocities in units of the sound speed."""
    rng = np.random.default_rng(seed)
    rho, p = 10.0 ** rng.uniform(-decades, decades, (2, count))
    u = rng.normal(size=(3, count)) * mach * np.sqrt(GAMMA * p / rho)
    return np.stack([rho, *u, p])


def conserved(W):
    rho, u, v, w, p = W
    return np.stack([rho, rho * u, rho * v, rho * w, G * p + 0.5 * rho * (u * u + v * v + w * w)])


def physical_flux(W):
    rho, u, v, w, p = W
    U = conserved(W)
    return np.stack([rho * u, rho * u * u + p, rho * u * v, rho * u * w, (U[4] + p) * u])


def flux_scale(L, R):
    """Size of the terms that each flux component is made of: fastest speed times largest |U| (sound speed included)."""
    a = np.maximum(*[np.abs(W[1:4]).max(axis=0) + np.sqrt(GAMMA * W[4] / W[0]) for W in (L, R)])
    rho = np.maximum(L[0], R[0])
    return a * np.stack([rho, rho * a, rho * a, rho * a, rho * a * a])


@SOLVERS
def test_flux_of_equal_states_is_the_physical_one(faces):
    W = random_states(1)
    assert np.all(np.abs(faces(W, W, G) - physical_flux(W)) <= 1e-15 * flux_scale(W, W))  # 4.4e-16


@SOLVERS
def test_mirrored_data_give_the_mirrored_flux_to_the_last_bit(faces):
    L, R = random_states(2), random_states(3)
    flip = np.array([1.0, -1.0, 1.0, 1.0, 1.0])[:, None]
    forward = faces(L, R, G)
    mirrored = faces(R * flip, L * flip, G)
    assert np.array_equal(mirrored, forward * np.array([-1.0, 1.0, -1.0, -1.0, -1.0])[:, None])


@SOLVERS
def test_no_flux_of_mass_and_energy_through_a_mirror_plane(faces):
    W = random_states(4)
    mirror = W * np.array([1.0, -1.0, 1.0, 1.0, 1.0])[:, None]
    F = faces(mirror, W, G)
    assert np.all(F[0] == 0.0) and np.all(F[2:] == 0.0)


@SOLVERS
def test_turning_the_transverse_axes_turns_the_flux(faces):
    L, R = random_states(5), random_states(6)

    def turned(q):
        return q[[0, 1, 3, 2, 4]] * np.array([1.0, 1.0, -1.0, 1.0, 1.0])[:, None]

    assert np.array_equal(faces(turned(L), turned(R), G)[[0, 1, 2, 3]], turned(faces(L, R, G))[[0, 1, 2, 3]])
    energy = faces(turned(L), turned(R), G)[4] - faces(L, R, G)[4]
    assert np.all(np.abs(energy) <= 2e-15 * flux_scale(L, R)[4])


@SOLVERS
def test_transverse_galilean_boost(faces):
    """A boost V along the face adds V F_rho to the momentum and V F_v + V^2 F_rho/2 to the energy flux."""
    L, R = random_states(7, mach=1.0, decades=1.0), random_states(8, mach=1.0, decades=1.0)
    V = 2.5
    boost = np.array([0.0, 0.0, V, 0.0, 0.0])[:, None]
    F, boosted = faces(L, R, G), faces(L + boost, R + boost, G)
    expected = F.copy()
    expected[2] += V * F[0]
    expected[4] += V * F[2] + 0.5 * V * V * F[0]
    scale = flux_scale(L + boost, R + boost)
    assert np.all(np.abs(boosted - expected) <= 1e-14 * scale)


@SOLVERS
def test_normal_galilean_invariance_of_supersonic_flow(faces):
    """HLLC: faster than every wave, only the upwind state counts. Rusanov is the mean at any speed."""
    L, R = random_states(9, mach=0.5, decades=1.0), random_states(10, mach=0.5, decades=1.0)
    fast = 10.0 * max(np.sqrt(GAMMA * W[4] / W[0]).max() for W in (L, R))
    shift = np.array([0.0, fast, 0.0, 0.0, 0.0])[:, None]
    F = faces(L + shift, R + shift, G)
    if faces is hllc_faces:
        assert np.all(np.abs(F - physical_flux(L + shift)) <= 1e-14 * flux_scale(L + shift, R + shift))
    else:
        a = np.maximum(*[np.abs(W[1] + fast) + np.sqrt(GAMMA * W[4] / W[0]) for W in (L, R)])
        mean = 0.5 * (physical_flux(L + shift) + physical_flux(R + shift))
        expected = mean - 0.5 * a * (conserved(R + shift) - conserved(L + shift))
        assert np.all(np.abs(F - expected) <= 1e-14 * flux_scale(L + shift, R + shift))


def test_hllc_keeps_a_contact_at_rest():
    """Different densities and transverse velocities, equal pressure, no normal velocity: only pressure acts."""
    L, R = random_states(11), random_states(12)
    R[4] = L[4]
    L[1] = R[1] = 0.0
    F = hllc_faces(L, R, G)
    assert np.array_equal(F[1], L[4])
    assert np.all(np.abs(F[[0, 2, 3, 4]]) <= 1e-15 * flux_scale(L, R)[[0, 2, 3, 4]])


def test_hllc_moves_a_contact_with_the_flow():
    L, R = random_states(13, decades=1.0), random_states(14, decades=1.0)
    R[4] = L[4]
    R[1] = L[1]
    upwind = np.where(L[1] > 0, L, R)
    assert np.all(np.abs(hllc_faces(L, R, G) - physical_flux(upwind)) <= 1e-14 * flux_scale(L, R))


@SOLVERS
def test_first_order_update_stays_positive_at_courant_number_one_half(faces):
    """Random neighbours, densities and pressures over six decades, Mach numbers up to about ten."""
    W = [random_states(seed) for seed in (15, 16, 17)]
    speed = np.maximum.reduce([np.abs(w[1]) + np.sqrt(GAMMA * w[4] / w[0]) for w in W])
    U = conserved(W[1]) - 0.5 / speed * (faces(W[1], W[2], G) - faces(W[0], W[1], G))
    internal = U[4] - 0.5 * (U[1:4] ** 2).sum(axis=0) / U[0]
    assert U[0].min() > 0.0
    assert np.all(internal > 0.0)


@SOLVERS
def test_first_order_update_survives_near_vacuum(faces):
    """Gas of density and pressure 1 pulled apart, next to density and pressure 1e-12."""
    rng = np.random.default_rng(18)
    W = []
    for sign in (-1.0, 0.0, 1.0):
        thin = 10.0 ** np.where(rng.random(COUNT) < 0.5, 0.0, rng.uniform(-12, 0, COUNT))
        u = sign * rng.uniform(0.0, 2.0, COUNT)
        W.append(np.stack([thin, u, 0.1 * u, 0.0 * u, thin]))
    speed = np.maximum.reduce([np.abs(w[1]) + np.sqrt(GAMMA * w[4] / w[0]) for w in W])
    U = conserved(W[1]) - 0.5 / speed * (faces(W[1], W[2], G) - faces(W[0], W[1], G))
    assert U[0].min() > 0.0
    assert np.all(U[4] - 0.5 * (U[1:4] ** 2).sum(axis=0) / U[0] > 0.0)


@SOLVERS
def test_update_on_a_ring_conserves_everything(faces):
    W = random_states(19, 500, decades=1.0)
    F = faces(np.roll(W, 1, axis=1), W, G)
    change = (np.roll(F, -1, axis=1) - F).sum(axis=1)
    assert np.all(np.abs(change) <= 1e-14 * np.abs(F).sum(axis=1))


def test_sound_speed():
    assert sound_speed(2.0, 8.0, 1.5) == np.sqrt(6.0)


@pytest.mark.parametrize("function, scalars", [(flux_rusanov, 12), (flux_hllc, 13), (sound_speed, 3)])
def test_compiled_is_python_to_the_last_bit(function, scalars):
    rng = np.random.default_rng(20)
    for values in rng.uniform(0.1, 2.0, (300, scalars)):
        values = [float(v) for v in values]
        assert function(*values) == function.py_func(*values)
