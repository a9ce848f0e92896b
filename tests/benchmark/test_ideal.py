"""The ideal limit: runs of the benchmark against an ideal-MHD code, and what its gates see."""

import numpy as np
import pytest

from multifluid import InputError, Simulation
from multifluid.benchmark.ideal import STUDIES, checks
from multifluid.benchmark.ideal_reference import PROBLEMS, ideal_start, write
from multifluid.benchmark.outcome import conduct
from multifluid.benchmark.outcome import write as write_files
from multifluid.problems import ideal_mhd


@pytest.mark.parametrize("study", STUDIES, ids=lambda study: study.name)
def test_smoke_keeps_its_gates_and_draws(study, tmp_path):
    outcome = conduct(study, "smoke")
    assert outcome.passed, [check for check in outcome.checks if not check.passed]
    write_files(outcome, tmp_path)
    assert (tmp_path / f"{study.name}.png").stat().st_size > 10_000


def test_gates_see_errors_and_slopes():
    row = {"rho_ratio": 1.2, "B_ratio": 1.1}
    flat = [row | {"d_i_dx": 1e-10}, row | {"d_i_dx": 1e-2}, row | {"d_i_dx": 1.0, "rho_ratio": 9.0}]
    assert all(check.passed for check in checks(flat))
    assert [check.passed for check in checks([*flat, row | {"d_i_dx": 1e-4, "B_ratio": 1.16}])] == [True, True, True, False]
    assert [check.passed for check in checks([row | {"d_i_dx": 1e-4, "rho_ratio": 1.31}])] == [False, True, True, True]


@pytest.mark.parametrize("name", PROBLEMS)
def test_ideal_start_is_the_problem_s(name):
    """One fluid with the energy, mass and momentum of two, on the same faces."""
    simulation = Simulation(PROBLEMS[name](nx=16))
    start, totals = ideal_start(simulation), {key: value.value for key, value in simulation.integrals().items()}
    assert start.w[0].mean() == pytest.approx(totals["mass_ion"] + totals["mass_electron"], rel=1e-13)
    assert abs(start.div_b((1 / 16, 1 / 16))).max() < 1e-12
    for component in ("Bx", "By"):
        assert np.array_equal(start.fields[component], simulation.fields()[component].data.squeeze())


def test_references_are_means_of_the_ideal_code(tmp_path):
    """A small one, written as the packaged ones are."""
    write("rotor", tmp_path, cells=32, kept=16)
    with np.load(tmp_path / "rotor_mhd.npz") as data:
        coarse = ideal_mhd.answer("rotor", 16)
        assert sorted(data.files) == sorted(coarse)
        assert data["rho"].mean() == pytest.approx(coarse["rho"].mean(), rel=0.02)
        # the packaged one is finer
        assert data["rho"].max() < coarse["rho"].max()


def test_means():
    assert np.array_equal(ideal_mhd.means(np.arange(6.0), 3), [0.5, 2.5, 4.5])
    assert np.array_equal(ideal_mhd.means(np.arange(16.0).reshape(4, 4), 2), [[2.5, 4.5], [10.5, 12.5]])
    with pytest.raises(InputError, match="5 cells do not divide 16"):
        ideal_mhd.means(np.zeros((16, 16)), 5)
