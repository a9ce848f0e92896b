"""Backward Euler and the midpoint rule on the tabulated source states: order where resolved, energy where not.

One step of each equals the tabulated one in test_local_solve; the exact propagator is held to the answers in test_exact.
"""

import numpy as np
import pytest

from tests.kernels.test_exact import advance, cases, fastest, from_case
from tests.kernels.test_local_solve import solve

# Cases whose fastest rate times dt (turns) is below this are followed; errors add up over turns, so steps go with turns^2.
FOLLOWED = 15.0


def step(state, u, E, h, midpoint):
    """One step of u (S, 3, 1) and E (3, 1) with the constant force of the state."""
    part = 0.5 * h if midpoint else h
    v, F = solve(state["rho"], u + part * state["force"], E, state["B"], state["qm"], state["alpha"], state["eps0"], part)
    return (2.0 * v - u, 2.0 * F - E) if midpoint else (v, F)


def error(case, state, steps, midpoint):
    """Energy norm of the error after dt in ``steps`` steps, over that of the answer and the start."""
    u, E = state["u"], state["E"]
    for _ in range(steps):
        u, E = step(state, u, E, case["dt"] / steps, midpoint)

    def norm(v, e):
        return np.sqrt(np.sum(state["rho"] * np.square(v)) + state["eps0"] * np.sum(np.square(e)))

    size = max(norm(state["u"][..., 0], state["E"][:, 0]), norm(case["u_out"], case["E_out"]))
    return norm(u[..., 0] - case["u_out"], E[:, 0] - case["E_out"]) / size


def followed():
    """Cases that steps can resolve, with the steps that do; fluids without mass left out."""
    found = []
    for case in cases():
        state = from_case(case)
        turns = fastest(state) * case["dt"]
        if 1e-6 < turns < FOLLOWED and state["rho"].min() > 1e-12:
            found.append((case, state, int(np.ceil(max(8.0, 30.0 * turns, 6.0 * turns**2)))))
    return found


@pytest.mark.parametrize("midpoint", [False, True])
def test_order_where_resolved(midpoint):
    """Halving the step divides the error by 2 (backward Euler) or 4 (midpoint), against the certified answers."""
    orders = []
    for case, state, steps in followed():
        errors = [error(case, state, n, midpoint) for n in (steps, 2 * steps)]
        if errors[1] > 1e-11:
            orders.append(np.log2(errors[0] / errors[1]))
    order = 2 if midpoint else 1
    assert len(orders) >= 20
    # measured 0.971 to 1.000, and 2.000
    assert min(orders) > order - 0.05 and max(orders) < order + 0.01


def test_propagators_agree_where_resolved():
    """One short step: both differ from the exact one by O(h^2) and O(h^3)."""
    for case, state, _ in followed():
        h = 0.02 * case["dt"] / max(1.0, fastest(state) * case["dt"])
        gaps = []
        for part in (h, 0.5 * h):
            exact = advance(state, part, heating=False)
            gaps.append([np.sqrt(np.sum(state["rho"][:, None] * (v - exact["u"]) ** 2)
                                 + state["eps0"] * np.sum((F - exact["E"]) ** 2))
                         for v, F in (step(state, state["u"], state["E"], part, m) for m in (False, True))])
        size = np.sqrt(np.sum(state["rho"][:, None] * state["u"] ** 2) + state["eps0"] * np.sum(state["E"] ** 2))
        for now, half, order in zip(*gaps, (2, 3), strict=True):
            if half > 1e-11 * size:
                assert abs(np.log2(now / half) - order) < 0.1, (case["id"], order)


def test_energy_never_grows_at_any_stiffness():
    """Without external work: backward Euler loses, the midpoint rule keeps without drag and does not gain with it."""
    seen = 0
    for case in cases():
        state = from_case(case)
        if np.any(state["force"]) or not state["rho"].all():  # a fluid of no mass at all is no state of a run
            continue
        seen += fastest(state) * case["dt"] > 1.0

        def energy(v, e, state=state):
            return 0.5 * np.sum(state["rho"][:, None] * v**2) + 0.5 * state["eps0"] * np.sum(e**2)

        before = energy(state["u"], state["E"])
        for midpoint in (False, True):
            u, E = step(state, state["u"], state["E"], case["dt"], midpoint)
            assert np.all(np.isfinite(u)) and np.all(np.isfinite(E)), case["id"]
            after = energy(u, E)
            assert after <= before * (1.0 + 1e-13), (case["id"], case["category"], midpoint, after / before - 1)
            if midpoint and not np.any(state["alpha"]):
                assert after == pytest.approx(before, rel=1e-13)
    assert seen >= 30
