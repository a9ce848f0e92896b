"""Reproducible sums: the same bits in any order, and right."""

import math

import numpy as np
import pytest

from multifluid.kernels.sums import largest_magnitude, sliced_sum
from multifluid.parallel.sums import exact_sum


def awkward(seed, count):
    """Signs mixed, magnitudes over thirty decades, and pairs that cancel."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=count) * 10.0 ** rng.uniform(-15, 15, count)
    return np.concatenate([x, -x[: count // 2], rng.normal(size=count)])


@pytest.mark.parametrize("count", [1, 2, 3, 10, 1000, 100_000])
def test_any_order_gives_the_same_bits(count):
    x = awkward(count, count)
    rng = np.random.default_rng(0)
    expected = exact_sum(x)
    for _ in range(10):
        assert exact_sum(rng.permutation(x)) == expected
    assert exact_sum(x[::-1]) == expected


@pytest.mark.parametrize("count", [1, 2, 3, 10, 1000, 100_000])
def test_close_to_the_exact_sum(count):
    x = awkward(count + 1, count)
    assert abs(exact_sum(x) - math.fsum(x)) <= 1e-15 * math.fsum(np.abs(x))
    positive = np.abs(np.random.default_rng(count).normal(size=count))
    assert exact_sum(positive) == pytest.approx(math.fsum(positive), rel=2.3e-16)


def test_shape_does_not_matter():
    x = awkward(5, 600)[:1200].reshape(2, 20, 30)
    assert exact_sum(x) == exact_sum(x.reshape(-1)) == exact_sum(x.transpose(2, 0, 1))
    view = x[:, 3:-3, 3:-3]
    assert exact_sum(view) == exact_sum(view.copy())


@pytest.mark.parametrize("scale", [1e-300, 1e-30, 1.0, 1e30, 1e290, 1e304])
def test_scale(scale):
    x = np.random.default_rng(6).random(1000) * scale
    assert exact_sum(x) == pytest.approx(math.fsum(x), rel=2e-15)


def test_zeros_and_nothing():
    assert exact_sum(np.zeros(10)) == 0.0
    assert exact_sum(np.zeros(0)) == 0.0
    assert exact_sum(np.array([0.0, -0.0])) == 0.0
    assert exact_sum(np.array([5e-324, 5e-324])) == 1e-323


def test_too_large_a_sum_is_infinite():
    assert exact_sum(np.full(10, 1e308)) == math.inf


def test_what_is_not_finite_stays_so():
    assert math.isnan(exact_sum(np.array([1.0, np.nan, 2.0])))
    assert math.isnan(exact_sum(np.array([np.inf, np.nan])))
    assert math.isnan(exact_sum(np.array([np.inf, 1.0, -np.inf])))
    assert exact_sum(np.array([1.0, np.inf])) == math.inf
    assert exact_sum(np.array([1.0, -np.inf])) == -math.inf


def test_largest_magnitude():
    assert largest_magnitude(np.array([1.0, -3.0, 2.0])) == 3.0
    assert math.isnan(largest_magnitude(np.array([1.0, np.nan, 9.0])))


def test_compiled_is_python_to_the_last_bit():
    x = awkward(7, 200)
    e = math.frexp(largest_magnitude(x))[1]
    first, second = math.ldexp(1.5, e + 12), math.ldexp(1.5, e - 30)
    assert sliced_sum(x, first, second) == sliced_sum.py_func(x, first, second)
    assert largest_magnitude(x) == largest_magnitude.py_func(x)
