"""Benchmark of a reduced speed of light: its theory, and its cheap runs."""

import math

import pytest

from multifluid.benchmark.outcome import conduct, write
from multifluid.benchmark.reduced_c import STUDIES, WAVES
from multifluid.problems.waves.wave import Wave

BY_NAME = {study.name: study for study in STUDIES}


@pytest.mark.parametrize("c", [3.0, 30.0])
def test_displacement_current_slows_alfven_waves_down(c):
    """omega = k v_A cos/sqrt(1 + v_A^2/c^2), the dielectric constant of the plasma."""
    parameters = WAVES["alfven"][0]
    slow, true = (Wave(c=speed, **parameters).mode.omega.real for speed in (c, 3e5))
    mass = 1.0 + 1.0 / 1836.0
    assert slow / true == pytest.approx(1.0 / math.sqrt(1.0 + 1.0 / (mass * c * c)), rel=2e-6)


@pytest.fixture(scope="module")
def tube():
    return conduct(BY_NAME["reduced_c_brio_wu"], "smoke")


def test_smoke_of_the_tube_keeps_its_gates_and_draws(tube, tmp_path):
    write(tube, tmp_path)
    assert (tmp_path / "reduced_c_brio_wu.png").stat().st_size > 10_000
    assert tube.passed, [check for check in tube.checks if not check.passed]


def test_error_falls_to_the_run_at_true_c(tube):
    distances = [row["By_true"] for row in sorted(tube.rows, key=lambda row: row["c"])]
    assert distances == sorted(distances, reverse=True)
    assert distances[-1] == 0.0 < distances[-2] < 1e-3


@pytest.mark.parametrize("name", ["reduced_c_waves", "reduced_c_cshock"])
def test_smoke_keeps_its_gates_and_draws(name, tmp_path):
    outcome = conduct(BY_NAME[name], "smoke")
    write(outcome, tmp_path)
    assert outcome.passed, [check for check in outcome.checks if not check.passed]


def test_gates_see_steps_that_follow_light(tube):
    rows = [row | {"steps": row["light_steps"]} for row in tube.rows]
    assert not all(check.passed for check in tube.study.checks(rows))
