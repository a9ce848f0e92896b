"""Compact schemes for nonlinear diffusion: order of the front's flux, which telescopes or does not."""

import numpy as np
import pytest

from multifluid.errors import InputError
from multifluid.theory.diffusion import barenblatt, barenblatt_front
from multifluid.theory.diffusion_scheme import diffuse

CELLS = np.unique(np.round(np.geomspace(50, 200, 8)).astype(int))
POINTS, WEIGHTS = np.polynomial.legendre.leggauss(16)


def pulse(faces, t, m, dimension):
    """Cell averages of Barenblatt's pulse of flux 1."""
    r = (faces[1:] + faces[:-1])[:, None] / 2 + np.diff(faces)[:, None] / 2 * POINTS
    weight = WEIGHTS * r ** (dimension - 1)
    return (weight * barenblatt(np.abs(r), t, m, dimension, 1.0)).sum(axis=1) / weight.sum(axis=1)


def errors(n, flux, m, dimension):
    """Relative L1 error of all, of the inside, and the relative change of flux, from age 1/2 to 2."""
    half = 1.25 * barenblatt_front(2.0, m, dimension, 1.0)
    faces = np.linspace(-half if dimension == 1 else 0.0, half, n + 1)
    start, exact = (pulse(faces, t, m, dimension) for t in (0.5, 2.0))
    end, volume = diffuse(start, faces, 1.5, m, dimension, flux), np.diff(faces**dimension)
    inside = np.abs(faces[1:] + faces[:-1]) / 2 < 0.64 * half
    off = np.abs(end - exact) * volume
    return (off.sum() / (exact * volume).sum(), off[inside].sum() / (exact * volume)[inside].sum(),
            abs(((end - start) * volume).sum() / (start * volume).sum()))


def measured(flux, m, dimension):
    every, inside, change = np.transpose([errors(n, flux, m, dimension) for n in CELLS])
    assert change.max() < 1e-13
    return every, inside, tuple(-np.polyfit(np.log(CELLS), np.log(error), 1)[0] for error in (every, inside))


@pytest.mark.parametrize("dimension", [1, 2])
def test_resistivity_at_faces_leaves_three_halves(dimension):
    """m = 3, a (1/n)^(3/2) + b (1/n)^2 with a > 0 > b: the order is below 3/2 on every grid, and tends to it."""
    _, inside, orders = measured("resistivity", 3, dimension)
    assert 1.2 < orders[0] < 1.5 and 1.3 < orders[1] < 1.45  # 1.29, 1.34; 1.29, 1.39
    terms = (1 / CELLS[:, None]) ** [1.5, 2.0] / inside[:, None]
    fit = np.linalg.lstsq(terms, np.ones(CELLS.size), rcond=None)[0]
    assert fit[0] > 0 > fit[1] and np.abs(terms @ fit - 1).max() < 0.05


@pytest.mark.parametrize("dimension", [1, 2])
def test_differences_of_the_power_leave_nothing(dimension):
    every, inside, orders = measured("gradient", 3, dimension)
    assert orders[0] > 1.3 and orders[1] > 1.7
    assert (inside < 0.15 * measured("resistivity", 3, dimension)[1]).all()


def test_mean_resistivity_is_such_a_difference_for_m_2():
    given = np.maximum(1 - np.linspace(-2, 2, 40) ** 2, 0)
    ends = [diffuse(given, np.linspace(-2, 2, 41), 0.3, 2, flux=flux) for flux in ("resistivity", "gradient")]
    assert np.abs(ends[0] - ends[1]).max() < 1e-7


def test_smooth_field_keeps_its_sign_and_spreads():
    """Around a large mean d_t B = D mean^2 d_x^2 B: a cosine decays as exp(-D mean^2 k^2 t)."""
    faces = np.linspace(0, 1, 201)
    x = (faces[1:] + faces[:-1]) / 2
    end = diffuse(-2 + 1e-4 * np.cos(np.pi * x), faces, 0.05, 3.0, D=0.5)
    assert end == pytest.approx(-2 + 1e-4 * np.exp(-0.5 * 4 * np.pi**2 * 0.05) * np.cos(np.pi * x), abs=5e-8)


@pytest.mark.parametrize("given", [{"flux": "upwind"}, {"dimension": 4}, {"m": 1.0}, {"faces": np.linspace(0, 1, 4)}])
def test_refused(given):
    with pytest.raises(InputError):
        diffuse(np.ones(4), **{"faces": np.linspace(0, 1, 5), "t": 1.0, **given})
