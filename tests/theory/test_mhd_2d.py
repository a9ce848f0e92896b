"""The two-dimensional reference: order, constraints, conservation, the one-dimensional reference, symmetry."""

from importlib.resources import files

import numpy as np
import pytest

from multifluid.errors import InputError, RunError
from multifluid.theory.mhd_1d import brio_wu
from multifluid.theory.mhd_2d import Plane, solve


def from_potential(potential, w, spacing):
    """Plane with B = curl(A_z z) of a potential at lower left corners (ny + 1, nx + 1)."""
    return Plane(w, (potential[1:, :-1] - potential[:-1, :-1]) / spacing[1],
                 (potential[:-1, :-1] - potential[:-1, 1:]) / spacing[0])


def orszag_tang(n):
    """Orszag & Tang's vortex (Toth 2000, J. Comput. Phys. 161, 605)."""
    at, corner, tau = (np.arange(n) + 0.5) / n, np.arange(n + 1) / n, 2 * np.pi
    (x, y), (x0, y0) = np.meshgrid(at, at), np.meshgrid(corner, corner)
    w = np.zeros((6, n, n))
    w[0], w[1], w[2], w[5] = 25 / (18 * tau), -np.sin(tau * y), np.sin(tau * x), 5 / (6 * tau)
    B0 = 1 / np.sqrt(2 * tau)
    return from_potential(B0 * (np.cos(2 * tau * x0) / (2 * tau) + np.cos(tau * y0) / tau), w, (1 / n, 1 / n))


def totals(state, gamma):
    """Sums of mass, momentum, energy and B over the cells."""
    f = state.fields
    energy = f["p"] / (gamma - 1) + 0.5 * f["rho"] * (f["ux"] ** 2 + f["uy"] ** 2 + f["uz"] ** 2) + 0.5 * (
        f["Bx"] ** 2 + f["By"] ** 2 + f["Bz"] ** 2)
    return np.array([v.sum() for v in (f["rho"], *(f["rho"] * f[u] for u in ("ux", "uy", "uz")), energy,
                                       f["Bx"], f["By"], f["Bz"])])


def circular_wave(n, t, angle):
    """Circularly polarised Alfven wave of amplitude 0.1 along ``angle`` (Toth 2000, section 6.3.1): exact at any t."""
    cosine, sine = np.cos(angle), np.sin(angle)
    spacing = 1 / (n * cosine), 1 / (n * sine)
    shape = (n, n)
    at = (np.arange(n) + 0.5) / n
    x, y = np.meshgrid(at / cosine, at / sine)
    corner = np.arange(n + 1) / n
    x0, y0 = np.meshgrid(corner / cosine, corner / sine)

    def phase(x, y):
        return 2 * np.pi * (x * cosine + y * sine - t)

    across, out_of_plane = 0.1 * np.sin(phase(x, y)), 0.1 * np.cos(phase(x, y))
    w = np.empty((6, *shape))
    w[0], w[1], w[2], w[3], w[4], w[5] = 1.0, across * sine, -across * cosine, -out_of_plane, out_of_plane, 0.1
    # B = 1 along the wave, ``across`` along (-sine, cosine): A_z = B_n s - int across
    potential = y0 * cosine - x0 * sine + 0.1 * np.cos(phase(x0, y0)) / (2 * np.pi)
    return from_potential(potential, w, spacing), spacing


def test_circular_alfven_wave_is_second_order():
    """One period, oblique to the grid: in the plane and out of it, orders 1.97 to 2.02 were measured."""
    errors = []
    for n in (16, 32):
        start, spacing = circular_wave(n, 0.0, np.arctan(0.5))
        exact, _ = circular_wave(n, 1.0, np.arctan(0.5))
        end, _ = solve(start, spacing, 1.0, limited=False)
        errors.append([abs(end.fields[name] - exact.fields[name]).mean() / 0.1
                       for name in ("ux", "uy", "uz", "Bx", "By", "Bz")])
    assert max(errors[1]) < 0.03
    assert np.all(np.log2(np.divide(*errors)) > 1.9)


def double_tube(cells, along):
    """Brio & Wu's shock tube and its mirror image, so that the box is periodic: 2 ``cells`` by 4."""
    x = (np.arange(2 * cells) + 0.5) / cells
    left = abs(x - 1.0) > 0.5
    w = np.zeros((6, 4, 2 * cells))
    w[0], w[5], across = np.where(left, 1.0, 0.125), np.where(left, 1.0, 0.1), np.where(left, 1.0, -1.0)
    normal, across = np.full(w.shape[1:], 0.75), np.broadcast_to(across, w.shape[1:])
    if along == "x":
        return Plane(w, normal, across)
    return Plane(np.swapaxes(w, 1, 2)[[0, 2, 1, 3, 4, 5]], across.T, normal.T)


@pytest.mark.parametrize("along", ["x", "y"])
def test_brio_wu(along):
    """Along either axis what the one-dimensional code has, but for its steps in time; and 3200 cells of that scheme."""
    n = 100
    end, _ = solve(double_tube(n, along), (1 / n, 1 / n), 0.1, gamma=2.0)
    found = {name: (data if along == "x" else data.T)[:, :n] for name, data in end.fields.items()}
    if along == "y":
        found |= {"ux": found["uy"], "uy": found["ux"], "Bx": found["By"], "By": found["Bx"]}
    _, tube = brio_wu(n)
    for row, name in enumerate(("rho", "ux", "uy", "uz", "By", "Bz", "p")):
        assert abs(found[name] - tube[row]).mean() < 3e-3
    with files("multifluid").joinpath("data/brio_wu_mhd.npz").open("rb") as file, np.load(file) as data:
        errors = {name: abs(found[name] - data[name].reshape(n, -1).mean(axis=1)).mean() for name in ("rho", "By")}
    # measured 0.01276 and 0.01898
    assert errors["rho"] < 0.0134 and errors["By"] < 0.0199
    assert max(np.ptp(data, axis=0).max() for data in found.values()) < 1e-14
    assert abs(found["Bx"] - 0.75).max() < 1e-14


def test_vortex():
    """Constraint and conservation to round-off through shocks; rotation by 180 degrees, which this state keeps."""
    n = 32
    start, spacing = orszag_tang(n), (1 / n, 1 / n)
    end, _ = solve(start, spacing, 0.5)
    assert abs(end.div_b(spacing)).max() / n < 1e-14
    assert abs(totals(end, 5 / 3) - totals(start, 5 / 3)).max() / n**2 < 1e-15
    for name, data in end.fields.items():
        sign = -1 if name in ("ux", "uy", "Bx", "By") else 1
        assert abs(data - sign * data[::-1, ::-1]).max() < 2e-14
    # there are shocks
    assert end.fields["rho"].max() / end.fields["rho"].min() > 3


def test_errors_are_told():
    w, b = np.ones((6, 4, 4)), np.zeros((4, 4))
    with pytest.raises(InputError, match="6 rows"):
        Plane(w[:5], b, b)
    with pytest.raises(InputError, match=r"bx and by must have the shape \(4, 4\)"):
        Plane(w, b[:2], b)
    with pytest.raises(InputError, match="density and pressure must be positive"):
        Plane(0 * w, b, b)
    good = Plane(w, b, b)
    for given, match in (({"gamma": 1.0}, "gamma must be larger than 1"), ({"cfl": 1.5}, "cfl must be above 0"),
                         ({"t_end": -1.0}, "t_end must not be negative")):
        with pytest.raises(InputError, match=match):
            solve(good, (0.1, 0.1), **({"t_end": 1.0} | given))
    # a field of grid-scale noise a million times as strong as the gas
    noise = np.random.default_rng(0).normal(size=(5, 5))
    noise[-1], noise[:, -1] = noise[0], noise[:, 0]
    w[5] = 1e-6
    with pytest.raises(RunError, match="density or pressure is not positive"):
        solve(from_potential(noise, w, (1.0, 1.0)), (0.1, 0.1), 0.05)
