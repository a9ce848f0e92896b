"""Pointwise reconstruction: what is reproduced, what is bounded, how fast the error falls."""

import numpy as np
import pytest

from multifluid.kernels import reconstruct
from multifluid.kernels.reconstruct import mc_half_difference, ppm_edges, weno5z_edges, weno5z_smoothness


def random_stencils(width, count=2000, seed=1):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(count, width)) * 10.0 ** rng.uniform(-6, 6, (count, 1))


def sine_averages(n, phase=0.3):
    """Cell averages and face values (left, right) of sin x on one period of n cells."""
    h = 2.0 * np.pi / n
    faces = h * np.arange(n + 1) + phase
    return (np.cos(faces[:-1]) - np.cos(faces[1:])) / h, np.sin(faces[:-1]), np.sin(faces[1:])


def around(q, i, low, high):
    return [float(q[(i + m) % q.size]) for m in range(low, high + 1)]


def weno5z_edge(*q):
    """Right edge of the middle cell."""
    return weno5z_edges(*q, *weno5z_smoothness(*q))[1]


def weno5z_jump(*q):
    """Right minus left state at the face in the middle."""
    return weno5z_edges(*q[1:], *weno5z_smoothness(*q[1:]))[0] - weno5z_edge(*q[:5])


def order(errors):
    return np.log2(np.array(errors[:-1]) / np.array(errors[1:]))


@pytest.mark.parametrize("value", [0.0, 1.0, -0.1, 3e300, 7e-200])
def test_constant_data_stay_constant(value):
    assert mc_half_difference(value, value, value) == 0.0
    assert ppm_edges(*[value] * 5) == pytest.approx((value, value), rel=4e-16, abs=0)


@pytest.mark.parametrize("value", [0.0, 1.0, -0.1, 3e100])
def test_weno_keeps_constants(value):
    assert weno5z_edge(*[value] * 5) == pytest.approx(value, rel=1e-15, abs=0)
    assert weno5z_jump(*[value] * 6) == 0.0


@pytest.mark.parametrize("slope", [1.0, -0.37, 1e-9, 1e9])
def test_linear_data_are_reproduced(slope):
    line = [slope * (m + 0.25) for m in range(-2, 3)]
    size = abs(slope)
    assert line[2] + mc_half_difference(*line[1:4]) == pytest.approx(0.75 * slope, abs=2e-16 * size)
    assert ppm_edges(*line) == pytest.approx((-0.25 * slope, 0.75 * slope), abs=5e-16 * size)
    assert weno5z_edge(*line) == pytest.approx(0.75 * slope, abs=1e-15 * size)


def test_mc_edges_lie_between_neighbours():
    for m, c, p in random_stencils(3):
        half = mc_half_difference(m, c, p)
        assert abs(half) <= min(abs(c - m), abs(p - c))
        room = 3e-16 * max(abs(m), abs(c), abs(p))  # c - (c - m) is m but for its last bit
        assert min(m, c) - room <= c - half <= max(m, c) + room
        assert min(c, p) - room <= c + half <= max(c, p) + room
        assert half * (p - m) >= 0.0


def test_mc_is_flat_at_extrema():
    assert mc_half_difference(0.0, 1.0, 0.5) == 0.0
    assert mc_half_difference(1.0, 0.0, 3.0) == 0.0
    assert mc_half_difference(0.0, 0.0, 3.0) == 0.0


def test_reflection_and_sign_to_the_last_bit():
    for a, b, c, d, e in random_stencils(5):
        assert mc_half_difference(d, c, b) == -mc_half_difference(b, c, d)
        low, high = ppm_edges(a, b, c, d, e)
        assert ppm_edges(e, d, c, b, a) == (high, low)
        assert ppm_edges(-a, -b, -c, -d, -e) == (-low, -high)


def test_ppm_parabola_is_monotone_or_an_extremum_as_flat_as_its_surroundings():
    monotone = 0
    for m2, m1, c, p1, p2 in random_stencils(5):
        low, high = ppm_edges(m2, m1, c, p1, p2)
        room = 1e-15 * max(abs(m2), abs(m1), abs(c), abs(p1), abs(p2))
        below, above = c - low, high - c
        if below * above > 0 and (p1 - c) * (c - m1) > 0:
            monotone += 1
            assert abs(below) <= 2.0 * abs(above) + room and abs(above) <= 2.0 * abs(below) + room
        else:
            curvatures = [abs(m2 - 2 * m1 + c), abs(m1 - 2 * c + p1), abs(c - 2 * p1 + p2)]
            assert abs(above - below) <= 1.25 / 6.0 * min(curvatures) + room
    assert 200 < monotone < 1800


def test_ppm_leaves_a_smooth_sine_alone():
    """Neither limiter acts at resolved extrema: the edges are the unlimited ones."""
    share = reconstruct.PPM_LINEAR_SHARE
    for n in (20, 64):
        q, _, _ = sine_averages(n)
        for i in range(n):
            mm, m, c, p, pp = around(q, i, -2, 2)
            centred = (7.0 * (c + p) - (m + pp)) / 12.0
            high = (1.0 - share) * centred + share * (c + 0.25 * (p - m))
            assert ppm_edges(mm, m, c, p, pp)[1] == pytest.approx(high, abs=5e-16)


def edge_errors(edges, sizes, width):
    out = []
    for n in sizes:
        q, _, right = sine_averages(n)
        out.append(max(abs(edges(*around(q, i, -width, width)) - right[i]) for i in range(n)))
    return out


def test_ppm_error_is_a_fifth_of_the_linear_one():
    def linear(mm, m, c, p, pp):
        return c + 0.25 * (p - m)

    sizes = (64, 128, 256)
    ppm = edge_errors(lambda *q: ppm_edges(*q)[1], sizes, 2)
    plain = edge_errors(linear, sizes, 2)
    assert np.all(order(ppm) > 1.95)
    assert np.array(ppm) / np.array(plain) == pytest.approx(reconstruct.PPM_LINEAR_SHARE, rel=0.05)


def test_ppm_without_the_linear_share_is_fourth_order(monkeypatch):
    monkeypatch.setattr(reconstruct, "PPM_LINEAR_SHARE", 0.0)
    errors = edge_errors(lambda *q: ppm_edges.py_func(*q)[1], (16, 32, 64), 2)
    assert np.all(order(errors) > 3.9)  # 3.94, 3.98


def test_ppm_clips_a_step():
    assert ppm_edges(0.0, 0.0, 0.0, 1.0, 1.0) == (0.0, 0.0)
    assert ppm_edges(0.0, 0.0, 1.0, 1.0, 1.0) == (1.0, 1.0)
    low, high = ppm_edges(0.0, 0.0, 0.5, 1.0, 1.0)
    assert 0.0 <= low <= 0.5 <= high <= 1.0


@pytest.mark.parametrize("size", [1e-100, 1e-12, 1.0, 1e100])
def test_weno_weights_are_those_of_borges(size):
    """Against the formula as it stands, divisions and all, on rough data of any size."""
    for stencil in random_stencils(5, 200):
        a, b, c, d, e = q = [float(size * v) for v in stencil]
        s = np.array([(13 / 12) * (a - 2 * b + c)**2 + 0.25 * (a - 4 * b + 3 * c)**2,
                      (13 / 12) * (b - 2 * c + d)**2 + 0.25 * (b - d)**2,
                      (13 / 12) * (c - 2 * d + e)**2 + 0.25 * (3 * c - 4 * d + e)**2])
        weights = np.array([0.1, 0.6, 0.3]) * (1 + (abs(s[0] - s[2]) / (s + 1e-40 + 1e-14 * c * c))**2)
        edges = np.array([2 * a - 7 * b + 11 * c, -b + 5 * c + 2 * d, 2 * c + 5 * d - e]) / 6
        assert weno5z_edge(*q) == pytest.approx(weights @ edges / weights.sum(), abs=1e-13 * max(map(abs, q)))


def test_weno_jump_of_mirrored_data_is_exactly_zero():
    for a, b, c in random_stencils(3):
        assert weno5z_jump(a, b, c, c, b, a) == 0.0


def test_weno_jump_changes_sign_under_reflection():
    for stencil in random_stencils(6, 500):
        assert weno5z_jump(*stencil[::-1]) == -weno5z_jump(*stencil)


def test_weno_edge_is_fifth_order_and_its_jump_too():
    sizes = (24, 48, 96)
    assert np.all(order(edge_errors(weno5z_edge, sizes, 2)) > 4.8)  # 4.9, 5.0
    jumps = []
    for n in sizes:
        q, _, _ = sine_averages(n)
        jumps.append(max(abs(weno5z_jump(*around(q, i, -3, 2))) for i in range(n)))
    assert np.all(order(jumps) > 4.8)


@pytest.mark.parametrize("place", range(1, 5))
def test_weno_does_not_overshoot_at_a_step(place):
    step = [0.0] * place + [1.0] * (5 - place)
    assert -1e-3 <= weno5z_edge(*step) <= 1.0 + 1e-3


def test_weno_jump_of_a_step_is_the_step():
    assert weno5z_jump(0.0, 0.0, 0.0, 1.0, 1.0, 1.0) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("function, width", [(mc_half_difference, 3), (ppm_edges, 5), (weno5z_smoothness, 5),
                                             (weno5z_edges, 8)])
def test_compiled_is_python_to_the_last_bit(function, width):
    for stencil in random_stencils(width, 300):
        values = [float(v) for v in stencil]
        assert function(*values) == function.py_func(*values)
