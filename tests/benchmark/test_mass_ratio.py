"""The benchmark `mass_ratio`: what heavier electrons do in theory, and its studies at smoke size."""

import pytest

from multifluid.benchmark import mass_ratio
from multifluid.benchmark.outcome import conduct, write
from multifluid.theory.circular import two_fluid_shift
from multifluid.theory.mhd_waves import hall_parallel


def missed(checks):
    return [check.name for check in checks if not check.passed]


@pytest.mark.parametrize("branch", mass_ratio.PLACE)
def test_heavier_electrons_shift_waves_as_in_theory(branch):
    ion, whistler = hall_parallel(0.5, 1.0, 1.0)
    hall = -whistler if branch == "whistler" else ion
    ratio = 1500.0
    expected = two_fluid_shift(hall, 1.0, 1.0 / ratio - 1.0 / mass_ratio.TRUE, 0.0) / hall
    assert mass_ratio.heavier(branch, 0.5, ratio, c=1e4) == pytest.approx(abs(expected), rel=5e-3)
    assert mass_ratio.heavier(branch, 0.5, mass_ratio.TRUE) == 0.0


@pytest.mark.parametrize("branch", mass_ratio.PLACE)
def test_long_waves_are_loaded_by_the_electrons_mass(branch):
    assert mass_ratio.heavier(branch, 1e-4, 1000.0, c=1e4) == pytest.approx(0.5e-3 - 0.5 / 1836, rel=2e-3)


def test_waves(tmp_path):
    study = mass_ratio.STUDIES[0]
    outcome = conduct(study, "smoke")
    assert outcome.passed
    assert max(row["code"] for row in outcome.rows) < 1e-3  # 4e-4
    write(outcome, tmp_path)
    assert (tmp_path / "mass_ratio_waves.png").stat().st_size > 1e4
    # a code that ran true electrons whatever it is told would have no error of heavier ones
    deaf = [row | {"code": row["heavier"], "total": 0.0} for row in outcome.rows]
    assert missed(study.checks(deaf)) == ["code against the root of the mass ratio it runs, largest error"]
    costly = [row | {"steps_per_period": row["mass_ratio"]} for row in outcome.rows]
    assert missed(study.checks(costly)) == ["steps of true electrons over those of the heaviest, largest"]


def test_tubes(tmp_path):
    study = mass_ratio.STUDIES[1]
    outcome = conduct(study, "smoke")
    assert outcome.passed
    assert outcome.checks[0].value < 3e-3  # 7e-4
    write(outcome, tmp_path)
    assert (tmp_path / "mass_ratio_brio_wu.png").stat().st_size > 1e4
    uneven = [row | {"By": row["By"] * (1.1 if row["mass_ratio"] == 25.0 else 1.0)} for row in outcome.rows]
    assert len(missed(study.checks(uneven))) == 1


def test_shock(tmp_path):
    study = mass_ratio.STUDIES[2]
    outcome = conduct(study, "smoke")
    assert outcome.passed, outcome.checks
    write(outcome, tmp_path)
    assert (tmp_path / "mass_ratio_cshock.png").stat().st_size > 1e4
    deaf = [row | {"By_true": 1e-4} for row in outcome.rows]
    assert len(missed(study.checks(deaf))) == 1
