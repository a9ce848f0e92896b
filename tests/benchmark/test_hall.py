"""The benchmark `hall`: its theory against other theory, its gates on rows that should fail, its studies at smoke size."""

import numpy as np
import pytest

from multifluid.benchmark import hall_branches, hall_circular, hall_gem, hall_limit, hall_ohm
from multifluid.benchmark.hall import STUDIES
from multifluid.benchmark.outcome import conduct, write
from multifluid.benchmark.wave_runs import measure_wave
from multifluid.problems.waves.wave import Wave
from multifluid.theory.circular import two_fluid_frequencies
from multifluid.theory.mhd_waves import ideal_speeds


def missed(checks):
    return [check.name for check in checks if not check.passed]


@pytest.mark.parametrize("branch, number", [("fast", 2), ("alfven", 1), ("slow", 0)])
def test_hall_frequency_has_the_ideal_limit(branch, number):
    speed = ideal_speeds(1.0, 0.25, (1.0, 0.0, 1.0) / np.sqrt(2.0), (1.0, 0.0, 0.0))[number]
    assert hall_branches.hall_frequency(45.0, branch, 1e-4) == pytest.approx(1e-4 * speed, rel=1e-7)


@pytest.mark.parametrize("k", [0.01, 3.0])
def test_exact_frequencies_are_those_of_the_closed_relation(k):
    found = hall_limit.exact_frequencies(["whistler", "ion_cyclotron"], 0.0, k, 1e-3, 1e-2)
    _, whistler, ion, _ = two_fluid_frequencies(k, 1.0, 1.0, 1.0, (1.0, 1e-3), 10.0)
    assert found["whistler"] == pytest.approx(-whistler, rel=1e-12)
    assert found["ion_cyclotron"] == pytest.approx(ion, rel=1e-12)


def test_a_short_run_has_the_frequency_of_a_whole_period():
    wave = Wave(n=32, branch="alfven", k_di=0.1, c=10.0, mass_ratio=25.0)
    short, whole = (measure_wave(wave, most) for most in (40, 10_000))
    assert short.steps == pytest.approx(40, abs=1) and short.share < 0.25 and whole.share == 1.0
    assert short.steps_per_period == pytest.approx(whole.steps, rel=0.02)
    assert abs(short.omega - whole.omega) < 2e-4 * abs(whole.omega)
    assert whole.error < 4e-3  # 1.7e-3 at 32 cells


def test_limit():
    outcome = conduct(hall_limit.STUDY, "smoke")
    assert outcome.passed
    worst = max(check.value for check in outcome.checks if check.name.startswith("order"))
    assert worst < 2e-4  # 4e-5
    # a constant of the model that is off shows in every gate
    off = [row | {"distance": row["distance"] + 1e-7} for row in outcome.rows]
    assert len(missed(hall_limit.STUDY.checks(off))) == 4


def test_branches(tmp_path):
    outcome = conduct(hall_branches.STUDY, "smoke")
    assert outcome.passed
    assert max(row["error"] for row in outcome.rows) < 1.5e-3  # 6e-4
    write(outcome, tmp_path)
    assert (tmp_path / "hall_branches.png").stat().st_size > 1e4
    wrong = [row | {"error": 4e-3} if row["branch"] == "fast" else row for row in outcome.rows]
    assert missed(hall_branches.STUDY.checks(wrong)) == ["fast: code against the exact root, largest error"]


def test_circular(tmp_path):
    outcome = conduct(hall_circular.STUDY, "smoke")
    assert outcome.passed
    write(outcome, tmp_path)
    assert (tmp_path / "hall_circular.png").stat().st_size > 1e4
    slow = [row | {"phase": -0.02, "order": 1.5 if row["order"] else None} for row in outcome.rows]
    assert len(missed(hall_circular.STUDY.checks(slow))) == 2


def test_gates_of_circular_waves_are_those_of_64_cells():
    fine = {"wave": 1, "n": 64, "periods": 10.0, "phase": 0.009, "loss": 0.029, "order": 1.95}
    coarse = {"wave": 2, "n": 32, "periods": 10.0, "phase": 0.03, "loss": 0.1, "order": 2.4}
    assert not missed(hall_circular.checks([fine, coarse]))
    assert len(missed(hall_circular.checks([fine | {"phase": 0.011, "loss": 0.031}, coarse]))) == 2


def test_reconnection(tmp_path):
    outcome = conduct(hall_gem.STUDY, "smoke")
    assert outcome.passed
    write(outcome, tmp_path)
    assert (tmp_path / "hall_gem.png").stat().st_size > 1e4


def test_published_rates_are_gates_at_full_size():
    def case(rate):
        return [{"case": hall_gem.REFERENCE, "cells": 256, "t": t, "flux": t / 15.0, "rate": rate} for t in (0.0, 30.0)]

    assert not missed(hall_gem.checks(case(0.24)))
    assert missed(hall_gem.checks(case(0.1))) == ["largest rate, lowest published"]
    assert missed(hall_gem.checks(case(0.59))) == ["largest rate, highest published"]


def test_names():
    assert [study.name for study in STUDIES] == ["hall_branches", "hall_limit", "hall_circular", "hall_gem",
                                               "hall_ohm"]


def test_residual_of_ohms_law_falls(tmp_path):
    outcome = conduct(hall_ohm.STUDY, "smoke")
    assert outcome.passed, [check for check in outcome.checks if not check.passed]
    write(outcome, tmp_path)
    assert (tmp_path / "hall_ohm.png").stat().st_size > 10_000
