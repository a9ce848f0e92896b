"""Jump conditions: every root balances the fluxes, the kinds are the known ones, limits have their closed forms."""

import numpy as np
import pytest

from multifluid.errors import InputError
from multifluid.theory.jumps import State, residual, shock_jumps

KINDS = {(1, 2), (3, 4), (1, 3), (1, 4), (2, 3), (2, 4)}


def states(number, seed=0):
    rng = np.random.default_rng(seed)
    for _ in range(number):
        yield State(rng.lognormal(), rng.lognormal(0, 2), (rng.choice([-1, 1]) * rng.lognormal(0.7, 1), *rng.normal(size=2)),
                    rng.normal(size=3))


@pytest.mark.parametrize("gamma", [1.0, 1.1, 5 / 3, 2.0, 3.0])
def test_every_root_balances_the_fluxes(gamma):
    seen, worst = set(), 0.0
    # nearly along B, where one flow has three ways to go: 1-2, 1-3, 1-4
    for one in [*states(300), State(1.0, 0.1, (1.4, 0, 0), (1.3, 0.02, 0.01))]:
        for two in shock_jumps(one, gamma, 1.3, expansion=True):
            worst = max(worst, residual(one, two, gamma, 1.3))
            kind = (one.region(gamma, 1.3), two.region(gamma, 1.3))
            seen.add(kind if two.rho > one.rho else kind[::-1])
            # entropy rises where gas is compressed, whatever the kind
            if gamma > 1.0:
                assert (two.p / two.rho**gamma > one.p / one.rho**gamma) == (two.rho > one.rho)
    assert worst < 1e-12
    assert seen == KINDS


def test_a_jump_leads_back():
    for one in states(60, 1):
        for two in shock_jumps(one, expansion=True):
            back = [abs(each.rho / one.rho - 1) + abs(each.B - one.B).max() for each in shock_jumps(two, expansion=True)]
            assert min(back) < 1e-8


def test_gas_dynamics():
    for mach in (1.001, 2.0, 1e4):
        one = State(1.2, 0.6, (mach * np.sqrt(5 / 3 * 0.5), 0.3, -0.1), (0.0, 0.0, 0.0))
        two, = shock_jumps(one)
        assert two.rho / one.rho == pytest.approx(4 * mach**2 / (mach**2 + 3), rel=1e-13)
        assert two.p / one.p == pytest.approx(1 + 1.25 * (mach**2 - 1), rel=1e-12)
        assert two.u[1:] == pytest.approx(one.u[1:])
        two, = shock_jumps(State(1.2, 0.6, (mach * np.sqrt(0.5), 0, 0), (0.0, 0.0, 0.0)), gamma=1.0)
        assert two.rho / 1.2 == pytest.approx(mach**2, rel=1e-13)


def test_perpendicular_isothermal():
    one = State(1.0, 0.01, (5.0, 0.0, 0.0), (0.0, 0.5, 0.0))
    two, = shock_jumps(one, gamma=1.0)
    # momentum with B ~ rho, p ~ rho, divided by X - 1: p + (X + 1) B^2/2 = u^2/X
    a, b, c = 0.125, 0.125 + 0.01, -25.0
    X = (-b + np.sqrt(b * b - 4 * a * c)) / (2 * a)
    assert two.rho == pytest.approx(X, rel=1e-13)
    assert two.B[1] == pytest.approx(0.5 * X, rel=1e-13)


@pytest.mark.parametrize("gamma", [1.0, 5 / 3])
def test_switch_on_and_switch_off(gamma):
    one = State(1.0, 0.1, (1.2, 0.3, 0.0), (1.0, 0.0, 0.0))
    on, plain = shock_jumps(one, gamma)
    # just behind a switch-on shock the flow has the Alfven speed
    assert on.u[0] == pytest.approx(1 / np.sqrt(on.rho), rel=1e-14) and on.B[1] > 0.5
    assert residual(one, on, gamma) < 1e-14 and residual(one, plain, gamma) < 1e-14
    assert plain.B[1] == 0.0
    # beyond sqrt((gamma + 1)/(gamma - 1)) = 2 Alfven speeds nothing is switched on
    if gamma > 1.0:
        assert len(shock_jumps(State(1.0, 0.1, (3.0, 0, 0), (1.0, 0.0, 0.0)), gamma)) == 1
    off = shock_jumps(State(1.0, 0.1, (1.0, 0, 0), (1.0, 0.5, 0.0)), gamma)
    assert [each.B[1] for each in off] == pytest.approx([0.0])


def test_weak_shocks_tend_to_waves():
    one = State(1.0, 0.5, (1.0, 0.0, 0.0), (0.6, 0.8, 0.3))
    for speed in (one.speeds(5 / 3)[0], one.speeds(5 / 3)[2]):
        moving = State(one.rho, one.p, (speed * (1 + 1e-6), 0, 0), one.B)
        weakest = shock_jumps(moving)[0]
        assert 1 < weakest.rho < 1 + 1e-5 and residual(moving, weakest) < 1e-14


def test_residual_sees_a_wrong_state():
    one = State(1.0, 0.5, (3.0, 0.1, 0.0), (0.6, 0.8, 0.3))
    two, = shock_jumps(one)
    for name, change in (("rho", 1e-6), ("p", 1e-6)):
        wrong = State(**{**vars(two), name: getattr(two, name) * (1 + change)})
        assert residual(one, wrong) > 1e-8
    for name in ("u", "B"):
        for axis in range(3):
            value = getattr(two, name).copy()
            value[axis] += 1e-6
            assert residual(one, State(**{**vars(two), name: value})) > 1e-8


def test_input_errors():
    with pytest.raises(InputError, match="p must be a positive number"):
        State(1.0, -1.0, (1, 0, 0), (1, 0, 0))
    with pytest.raises(InputError, match="u must be three finite numbers"):
        State(1.0, 1.0, (1, 0), (1, 0, 0))
    with pytest.raises(InputError, match="u_x must not be zero"):
        shock_jumps(State(1.0, 1.0, (0, 1, 0), (1, 0, 0)))
    with pytest.raises(InputError, match="gamma must be at least 1"):
        shock_jumps(State(1.0, 1.0, (1, 1, 0), (1, 0, 0)), gamma=0.5)
