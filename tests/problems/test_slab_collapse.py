"""Growth rates of magnetised self-gravitating gas, frozen and with ambipolar diffusion."""

import pytest

from multifluid import InputError, Simulation
from multifluid.problems.collapse.slab_collapse import SlabCollapse
from tests.theory.reference_data import reference


def grown(**parameters):
    """(problem, checks that failed, relative errors of the growth rates) of a run."""
    problem = SlabCollapse(**parameters)
    run = Simulation(problem).run()
    rates = problem.measured_rates(run)
    bad = [f"{c.name}: {c.value:.4g}, limit {c.limit:.4g}" for c in problem.check(run) if not c.passed]
    return run, bad, {name: abs(rate / problem.theory_rate - 1.0) for name, rate in rates.items()}


# (k, eta, largest error at 32 cells)
FAST = {"diffusing": (1.0, 0.1, 1e-3), "stable if frozen": (2.0, 0.1, 1e-2), "frozen": (0.5, 0.0, 1e-3),
        "frozen, short": (1.1, 0.0, 1e-2)}


@pytest.mark.parametrize("case", FAST)
def test_growth(case):
    k, eta, limit = FAST[case]  # measured: 3.9e-4, 9.2e-3, 3.3e-4, 1.0e-3
    _, bad, found = grown(k=k, eta=eta, n=32)
    assert not bad and max(found.values()) < limit


def test_theory_is_the_reference():
    for case in reference("jeans_ambipolar.json")["cases"]:
        problem = SlabCollapse(k=case["k"], cs=case["cs"], va=case["vA"], G=case["G"], eta=case["eta"], ion_fraction=1e-8)
        assert problem.theory_rates["cubic"] == pytest.approx(float(case["growth"]), rel=1e-12)
        if case["eta"]:
            assert problem.theory_rate == pytest.approx(float(case["growth"]), rel=1e-6)


def test_plot(tmp_path):
    run, _, _ = grown(n=16)
    run.simulation.problem.plot(run, tmp_path / "slab.png")
    assert (tmp_path / "slab.png").stat().st_size > 1e4


def test_what_does_not_grow_is_refused():
    with pytest.raises(InputError, match="k = 2 does not grow"):
        SlabCollapse(k=2.0, eta=0.0)
    with pytest.raises(InputError, match="k = 4 does not grow"):
        SlabCollapse(k=4.0)


@pytest.mark.long
@pytest.mark.parametrize(("k", "eta", "limit"), [
    (0.5, 0.1, 3e-4), (1.0, 0.1, 5e-4), (1.4, 0.1, 1e-3), (2.0, 0.1, 5e-3), (3.0, 0.1, 1e-2),
    (0.3, 0.0, 1e-3), (0.6, 0.0, 1e-3), (0.9, 0.0, 1.5e-3), (1.1, 0.0, 3e-3), (1.3, 0.0, 1e-2),
])  # fmt: skip
def test_five_wavelengths(k, eta, limit):
    """At 64 cells; see doc/problems_slab.md."""
    _, bad, found = grown(k=k, eta=eta, n=64)
    assert not bad and max(found.values()) < limit
