"""Strang splitting beside the unsplit step: the theory of splitting, and the benchmark's runs."""

import math

import numpy as np
import pytest

from multifluid.benchmark.outcome import conduct, write
from multifluid.benchmark.splitting import CENTRED, MASS_RATIO, STUDIES, UNSPLIT, C, checks, split_frequency
from multifluid.problems.waves.wave import Wave

(STUDY,) = STUDIES


@pytest.fixture(scope="module")
def smoke():
    return conduct(STUDY, "smoke")


def error(source, k, step):
    """Relative error of the frequency over a tenth of a period, with a step of omega_p dt = ``step``."""
    dt = step / (C * math.sqrt(MASS_RATIO))
    _, omega = split_frequency(source, k, dt, dt)
    found, _ = split_frequency(source, k, dt, 0.2 * math.pi / omega)
    return abs(found / omega - 1.0)


@pytest.mark.parametrize("k", [1.0, 0.01])
def test_follows_the_wave_of_the_runs(k):
    _, omega = split_frequency("exact", k, 1e-3, 1e-3)
    assert omega == pytest.approx(Wave(branch="alfven", k_di=k, c=C).mode.omega.real, rel=1e-8)


@pytest.mark.parametrize("source", ["time-centred", "exact"])
def test_splitting_is_second_order_where_plasma_oscillations_are_resolved(source):
    coarse, fine = error(source, 3.0, 0.1), error(source, 3.0, 0.05)
    assert math.log2(coarse / fine) == pytest.approx(2.0, abs=0.05)
    assert fine < 1e-4


def test_time_centred_splitting_lets_the_wave_stand_still():
    errors = [error("time-centred", 1e-2, step) for step in (10.0, 100.0, 300.0)]
    assert errors[0] < 1e-5 < 0.005 < errors[1] < 0.1 < 1.0 < errors[2]


def test_exact_splitting_fails_for_most_steps():
    errors = [error("exact", 0.03, step) for step in np.linspace(100.0, 110.0, 21)]
    assert np.median(errors) > 0.1


def test_smoke_keeps_its_gates_and_draws(smoke, tmp_path):
    write(smoke, tmp_path)
    assert (tmp_path / "splitting_alfven.png").stat().st_size > 10_000
    assert smoke.passed, [check for check in smoke.checks if not check.passed]


def test_runs_lie_on_the_theory_of_splitting(smoke):
    split = [row for row in smoke.rows if row["splitting"] is not None]
    assert len(split) == 2
    for row in split:
        assert row["difference"] < 0.05 * max(row["splitting"], 0.1)


@pytest.mark.parametrize("case, value", [(UNSPLIT, 0.02), (CENTRED, 0.05)])
def test_gates_see_a_wrong_run(smoke, case, value):
    rows = [row | {"error": value} if row["case"] == case else row for row in smoke.rows]
    assert not all(check.passed for check in checks(rows))
