"""The benchmark `textbook`: its studies at smoke size, and gates that see a wrong formula."""

import pytest

from multifluid.benchmark.outcome import conduct, write
from multifluid.benchmark.study import BENCHMARKS, studies

BY_NAME = {study.name: study for study in studies("textbook")}


@pytest.mark.parametrize("name", BY_NAME)
def test_smoke_keeps_its_gates_and_draws(name, tmp_path):
    outcome = conduct(BY_NAME[name], "smoke")
    assert outcome.passed, [check for check in outcome.checks if not check.passed]
    write(outcome, tmp_path)
    assert (tmp_path / f"{name}.png").stat().st_size > 10_000


@pytest.mark.parametrize("name, column, wrong", [
    ("textbook_drifts", "electron_error", 0.02), ("textbook_boltzmann", "slope", 1.01),
    ("textbook_dielectric", "error", 0.01), ("textbook_flux", "Q_electron", 0.01), ("textbook_ohm", "residual", 0.02)])
def test_gates_see_a_wrong_run(name, column, wrong):
    sound = {"share": 0.5, "ion_error": 0.0, "electron_error": 0.0, "slope": 1.0, "error": 0.0, "Q_ion": 0.0,
             "Q_electron": 0.0, "k_di": 0.01,
             "hall_over_convection": 1.0, "expected": 1.0, "resistive_over_hall": 1.0, "collisions": 1.0,
             "residual": 0.0}  # fmt: skip
    assert all(check.passed for check in BY_NAME[name].checks([sound]))
    assert not all(check.passed for check in BY_NAME[name].checks([sound | {column: wrong}]))


def test_every_benchmark_has_studies_of_different_names():
    names = [study.name for benchmark in BENCHMARKS for study in studies(benchmark)]
    assert len(set(names)) == len(names) >= 20
