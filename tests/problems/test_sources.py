"""The sources alone and in whole steps: box, drift, pulse; order in time, stiff limits, balance from far away."""

import numpy as np
import pytest

from multifluid import InputError, Simulation
from multifluid.convergence import convergence
from multifluid.problems.sources.box import Box
from multifluid.problems.sources.drift import Drift
from multifluid.problems.sources.pulse import Pulse
from multifluid.theory.drift import mobility


def failed(checks):
    return [f"{check.name}: {check.value:.4g}, limit {check.limit:.4g}" for check in checks if not check.passed]


def last_state(problem):
    """(last theory state, simulation) of a box."""
    simulation = Simulation(problem)
    result = simulation.run()
    return problem.state_of(result.records[-1][1]), simulation


# -- order in time --------------------------------------------------------------------------------------------------

NO_REACTION = {"zeta": 0.0, "recombination": 0.0}
SOURCES = {
    "E, B": {"alpha": "", **NO_REACTION},
    "constant drag, heat": {"alpha": "ion-neutral:1, electron-neutral:2, electron-ion:0.7", **NO_REACTION},
    "laws, heat": {"alpha": "ion-neutral:hard_sphere:1, electron-neutral:draine:1/2, electron-ion:coulomb:3", **NO_REACTION},
    "ionisation": {"alpha": "ion-neutral:1", "exponent": 0.0},
    "ionisation, alpha(T)": {"alpha": "ion-neutral:1"},
    "all, gravity": {"alpha": "ion-neutral:hard_sphere:1, electron-neutral:draine:1/2, electron-ion:coulomb:3",
                     "gravity": "0.3, 0, -0.5"},
}


@pytest.mark.parametrize("sources", SOURCES)
def test_every_variable_is_second_order_in_time(sources):
    """IMEX steps that resolve all rates, against the ordinary differential equations."""
    problems = [Box(masses="1, 0.2, 1.2", densities="1, 0.2, 2.4", steps=steps, t_end=1.0, **SOURCES[sources])
                for steps in (100, 200, 400)]
    exact = problems[0].sources.solve(problems[0]._state, [1.0])[0]
    errors = []
    for problem in problems:
        found, _ = last_state(problem)
        errors.append(np.concatenate([np.abs(found.rho - exact.rho), np.abs(found.u - exact.u).max(axis=1),
                                      np.abs(found.p - exact.p), [np.abs(found.E - exact.E).max()]]))
    errors = np.array(errors)
    counted = errors[-1] > 1e-11  # variables that do not change have no order
    orders = np.log2(errors[:-1, counted] / errors[1:, counted])
    assert counted.sum() >= 3
    # measured: 1.91 to 2.6
    assert orders[-1].min() >= 1.9, (errors, orders)


def test_check_of_the_box():
    problem = Box()
    checks = problem.check(Simulation(problem).run())
    assert any(check.name.startswith("order in time") for check in checks)
    assert not failed(checks)


def test_check_of_a_neutral_mixture():
    problem = Box(names="gas, dust", masses="1, 100", charges="0", densities="1, 2", pressures="1, 2", ux="0, 3", uy="0",
                  uz="0", gamma="1.4", alpha="gas-dust:2", E="0", B="0", **NO_REACTION)
    assert not failed(problem.check(Simulation(problem).run()))


# -- stiff ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("rate", [1e2, 1e5, 1e8])
def test_stiff_boxes_come_to_rest(rate):
    """Twenty steps far beyond every rate: one velocity, one temperature, all that is conserved kept."""
    problem = Box(alpha=f"ion-neutral:{rate},electron-neutral:{rate},electron-ion:{rate}", steps=20, c=10.0, B="0", E="0",
                  charges="0", **NO_REACTION)
    state, simulation = last_state(problem)
    start = problem._state
    mean = (start.rho[:, None] * start.u).sum(axis=0) / start.rho.sum()
    assert np.abs(state.u - mean).max() < 1e-12  # 1e-15
    T = state.p / state.rho * [1.0, 0.04, 1.2]
    assert np.ptp(T) < 1e-9 * T[0]  # 3e-13
    assert simulation.stepper.tally.retries == 0


FAR = {"masses": "1, 0.04, 1.04", "ux": "0", "uy": "0", "uz": "0", "E": "0", "B": "0, 0, 1", "steps": 40, "t_end": 40.0,
       "alpha": "ion-neutral:1, electron-neutral:1"}


@pytest.mark.parametrize("rate", [1e-3, 1.0, 1e3, 1e6])
@pytest.mark.parametrize("ions", [1e-9, 0.5])
@pytest.mark.parametrize("exponent", [0.0, -0.5])
def test_ionisation_balance_from_far_away(rate, ions, exponent):
    """Steps with zeta dt = ``rate`` from almost no ions, and from five hundred times too many."""
    problem = Box(**FAR, zeta=rate, recombination=1e6 * rate, exponent=exponent,
                  densities=f"{ions}, {0.04 * ions}, 1.04", pressures=f"{ions}, {ions}, 1")
    simulation = Simulation(problem)
    result = simulation.run()
    states = [problem.state_of(fields) for _, fields in result.records]
    assert min(min(s.rho.min(), s.p.min()) for s in states) > 0.0
    n, T = states[-1].rho / [1.0, 0.04, 1.04], states[-1].p / (states[-1].rho / [1.0, 0.04, 1.04])
    balance = 1e6 * T[1] ** exponent * n[0] * n[1] / n[2]
    assert balance == pytest.approx(1.0, abs=1e-12)  # 2e-14 at any rate and exponent
    if exponent and rate <= 1.0:
        # with the feedback of T_e, which is not that of the others: electrons are born cold
        exact = problem.sources.solve(problem._state, [40.0])[0]
        assert states[-1].p / states[-1].rho == pytest.approx(exact.p / exact.rho, rel=1e-9)
        assert T[1] < 0.2 * T[2]
    mass = states[0].rho.sum()
    assert all(abs(s.rho.sum() / mass - 1.0) < 1e-13 for s in states)
    assert all(abs(s.rho[0] - s.rho[1] / 0.04) < 1e-14 * max(s.rho[0], ions) for s in states)
    assert simulation.stepper.tally.retries == 0


# -- the whole step under drag alone: its stability function --------------------------------------------------------

TWO = {"names": "first, second", "masses": "1, 3", "charges": "0", "densities": "1, 3", "pressures": "1, 1", "ux": "1, 0",
       "uy": "0", "uz": "-0.5, 0", "gamma": "1.4", "E": "0", "B": "0", **NO_REACTION}


def imex_stability(z):
    """R(z) = (1 + 5 z/12)/((1 - z/4)(1 - z/3)) of IMEX-SSP2(3,3,2) with the implicit part alone."""
    return (1 + 5 * z / 12) / ((1 - z / 4) * (1 - z / 3))


def test_stability_function_of_the_tableau():
    """R = 1 + z b (1 - z A)^-1 1; negative beyond z = -12/5, least at -(24 + sqrt(3456))/10, -> 5/z."""
    A = np.array([[3, 0, 0], [0, 3, 0], [4, 4, 4]]) / 12
    for z in (-0.1, -1.0, -2.4, -8.0, -1e3):
        tableau = 1 + z * np.ones(3) / 3 @ np.linalg.solve(np.eye(3) - z * A, np.ones(3))
        assert imex_stability(z) == pytest.approx(tableau, abs=1e-13)
    z = -np.geomspace(1e-3, 1e6, 200_001)
    assert np.all((imex_stability(z) < 0) == (z < -2.4))
    least = -(24 + np.sqrt(3456)) / 10
    assert least == pytest.approx(-8.27878, abs=1e-5) and imex_stability(least) == pytest.approx(-0.21225, abs=1e-5)
    assert imex_stability(z).min() == pytest.approx(imex_stability(least), rel=1e-8)
    assert -1e6 * imex_stability(-1e6) == pytest.approx(5.0, rel=1e-5)


@pytest.mark.parametrize("nu_dt", [1e-6, 1e-2, 1.0, 2.3, 2.5, 8.27878, 1e2, 1e5, 1e8])
def test_slip_of_a_whole_step(nu_dt):
    """One IMEX step under drag turns a slip into R(-nu dt) of it, with the sign changed between 2.4 and for ever."""
    state, _ = last_state(Box(**TWO, alpha=f"first-second:{nu_dt / 4}", steps=1, t_end=1.0))
    slip = state.u[0] - state.u[1]
    assert slip == pytest.approx(imex_stability(-nu_dt) * np.array([1.0, 0.0, -0.5]), abs=2e-15)


@pytest.mark.parametrize("nu_dt", [1e-6, 1e-2, 1.0, 2.5, 8.27878, 1e2, 1e5, 1e8])
def test_slip_of_a_whole_exact_step_keeps_its_sign(nu_dt):
    """Strang splitting with the exact source: exp(-nu dt), never the other sign."""
    problem = Box(**TWO, alpha=f"first-second:{nu_dt / 4}", steps=1, t_end=1.0, stepper="strang", light="resolve",
                  source="exact")
    state, _ = last_state(problem)
    slip = state.u[0] - state.u[1]
    assert slip == pytest.approx(np.exp(-nu_dt) * np.array([1.0, 0.0, -0.5]), abs=1e-15)
    assert slip[0] > -3e-16 and slip[2] < 3e-16


@pytest.mark.parametrize("parameters", [
    {"zeta": 1e3, "recombination": 1.0, "ions": 1e-6}, {"zeta": 0.0, "recombination": 1e6, "ions": 1.0},
    {"zeta": 10.0, "recombination": 1e-2, "ions": 1e-6}])
def test_complete_ionisation_and_recombination(parameters):
    """Towards no neutrals, or no ions, in steps that resolve nothing: positive all the way, nothing redone."""
    ions = parameters.pop("ions")
    problem = Box(**FAR, **parameters, exponent=-0.5, densities=f"{ions}, {0.04 * ions}, 1.04",
                  pressures=f"{ions}, {ions}, 1")
    state, simulation = last_state(problem)
    assert state.rho.min() > 0.0 and state.p.min() > 0.0
    assert simulation.stepper.tally.retries == 0
    assert state.rho[0 if ions < 1.0 else 2] > 0.99


@pytest.mark.parametrize("hot", [10.0, 1e4])
@pytest.mark.parametrize("rate", [3.0, 1e2, 1e4, 1e6])
def test_hot_electrons_cool_without_help(rate, hot):
    """Their share in the heat capacity is a thousandth: the third stage overshoots, and is mended in its cell."""
    problem = Box(**{**FAR, "alpha": f"ion-neutral:{rate}, electron-neutral:{rate}"}, **NO_REACTION,
                  densities="1e-3, 4e-5, 1.04", pressures=f"1e-3, {1e-3 * hot}, 1")
    state, simulation = last_state(problem)
    T = state.p / state.rho * [1.0, 0.04, 1.04]
    assert np.ptp(T) < 0.2 * T[0]
    assert simulation.stepper.tally.retries == 0


# -- drift ----------------------------------------------------------------------------------------------------------

REGIMES = {"Pedersen": (0.01, 0.1, 1e-4), "Hall": (0.1, 100.0, 1e-3), "ambipolar": (10.0, 1e4, 3.0)}


@pytest.mark.parametrize("regime", REGIMES)
@pytest.mark.parametrize("force", ["ions", "charged", "neutrals"])
@pytest.mark.parametrize("angle", [0.0, 60.0, 90.0])
@pytest.mark.parametrize("grain_share", [0.0, 0.3])
def test_terminal_drift(regime, force, angle, grain_share):
    ion, electron, grain = REGIMES[regime]
    problem = Drift(hall_ion=ion, hall_electron=electron, hall_grain=grain, grain_share=grain_share, force=force,
                    angle=angle)
    result = Simulation(problem).run()
    checks = problem.check(result)
    assert len(checks) == (4 if grain_share else 3) and not failed(checks)
    if grain_share and angle == 90.0:
        # Hall drift: ions move across both B and the force
        assert abs(problem.terminal[0][0, 1]) > 1e-6 * np.abs(problem.terminal[0]).max()
    assert max(problem.errors(result.records[-1][1]).values()) < 1e-10  # 2e-12


@pytest.mark.parametrize("rate_step", [0.2, 3.0, 1e3, 1e6])
def test_terminal_drift_at_any_step(rate_step):
    problem = Drift(rate_step=rate_step, steps=200 if rate_step < 1.0 else 40)
    result = Simulation(problem).run()
    assert max(problem.errors(result.records[-1][1]).values()) < 1e-10  # 4e-12


def test_mobility_is_the_steady_state_of_the_equation_of_motion():
    rng = np.random.default_rng(0)
    B, X = rng.normal(size=(2, 3))
    v = mobility(-3.0, 0.7, B) @ X
    assert -3.0 * (X + np.cross(v, B)) == pytest.approx(0.7 * v, abs=1e-13)
    assert mobility(2.0, 0.5, (0.0, 0.0, 0.0)) == pytest.approx(4.0 * np.eye(3))


# -- pulse ----------------------------------------------------------------------------------------------------------

def test_pulse():
    problem = Pulse()
    assert not failed(problem.check(Simulation(problem).run()))  # error 0.068 with ten harmonics


@pytest.mark.parametrize("scheme", ["plm", "ppm"])
def test_pulse_converges_at_second_order(scheme):
    found = convergence(Pulse, (128, 256, 512), {"modes": 2, "t_end": 0.5, "reconstruction": scheme})
    assert found.below(1.9) == {}, {group: found.order(group) for group in found.errors}


# -- parameters and pictures ----------------------------------------------------------------------------------------

@pytest.mark.parametrize("parameters, hint", [
    ({"masses": "1, 2"}, "masses must have 3 numbers"), ({"alpha": "ion"}, "ion-neutral:1.0"),
    ({"alpha": "ion-neutral:foo:1"}, "hard_sphere"), ({"alpha": "ion-atom:1"}, "no fluid 'atom'"),
    ({"densities": "1, 0, 1"}, "must be positive"), ({"names": "a, a, b"}, "different names"),
    ({"names": "gas", "masses": "1", "charges": "0", "densities": "1", "pressures": "1", "ux": "0", "uy": "0", "uz": "0",
      "gamma": "1.4", "alpha": ""}, "ionisation needs three fluids"), ({"B": "1, 2"}, "B must have 3 numbers")])
def test_mistakes_in_the_box(parameters, hint):
    with pytest.raises(InputError, match=hint):
        Simulation(Box(**parameters))


@pytest.mark.parametrize("problem", [Box(steps=20), Drift(steps=20), Pulse(nx=50, modes=2)])
def test_pictures(problem, tmp_path):
    from multifluid.io import load

    path = tmp_path / "run.nc"
    result = Simulation(problem, output=path).run()
    problem.plot(result, tmp_path / "memory.png")
    problem.plot(load(path), tmp_path / "file.png")
    for name in ("memory.png", "file.png"):
        assert (tmp_path / name).stat().st_size > 20_000
