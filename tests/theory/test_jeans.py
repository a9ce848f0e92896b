"""Growth of magnetised self-gravitating gas: reference roots, eigenvalues of the equations, and limits."""

import numpy as np
import pytest

from multifluid.theory.jeans import ambipolar_roots, frozen_growth, ion_neutral_roots
from tests.theory.reference_data import reference


def test_reference():
    for case in reference("jeans_ambipolar.json")["cases"]:
        B = case["vA"] * np.sqrt(case["rho"])
        roots = ambipolar_roots(case["k"], case["rho"], case["cs"], B, case["G"], case["eta"])
        assert roots[0].real == pytest.approx(float(case["growth"]), rel=1e-14)
        for known in case["roots"]:
            assert np.abs(roots - complex(*known)).min() < 5e-15
        frozen = frozen_growth(case["k"], case["rho"], case["cs"], B, case["G"])
        assert (frozen**2).real == pytest.approx(-case["omega2_ideal"], rel=1e-14)


def test_ion_neutral_against_cubic():
    # eta = 0.1 is (rho_n/rho)^2 B^2/(mu0 alpha rho_i rho_n)
    alpha = 0.25 / (0.1 * 1e-3) / 1.001**2
    assert ambipolar_roots(2.0, 1.001, 0.2, 0.5, 0.05, 0.1)[0].real == pytest.approx(0.265435, abs=5e-7)
    assert ion_neutral_roots(2.0, (1e-3, 1.0), (0.2, 0.2), 0.5, 0.05, alpha)[0].real == pytest.approx(0.265377, abs=5e-7)


def test_ion_neutral_tends_to_the_cubic():
    known = ambipolar_roots(2.0, 1.0, 0.2, 0.5, 0.05, 0.1)[0].real
    errors = [
        ion_neutral_roots(2.0, (f, 1.0), (0.2, 0.2), 0.5, 0.05, 2.5 / f)[0].real / known - 1 for f in (1e-4, 1e-6, 1e-8)
    ]
    assert np.abs(errors) == pytest.approx([1.2e-4, 1.2e-6, 1.2e-8], rel=0.1)


def test_ion_neutral_are_the_eigenvalues():
    k, ri, rn, ci, cn, B, G, alpha = 1.3, 0.2, 1.0, 0.4, 0.3, 0.7, 0.3, 2.0
    pull = 4 * np.pi * G
    # d/dt of delta rho/(-i k rho) of ions and neutrals, and of their velocities
    M = np.zeros((4, 4))
    M[0, 2] = M[1, 3] = 1
    M[2] = [pull * ri - k * k * (ci**2 + B * B / ri), pull * rn, -alpha * rn, alpha * rn]
    M[3] = [pull * ri, pull * rn - k * k * cn**2, alpha * ri, -alpha * ri]
    roots = ion_neutral_roots(k, (ri, rn), (ci, cn), B, G, alpha)
    for eigenvalue in np.linalg.eigvals(M):
        assert np.abs(roots - eigenvalue).min() < 1e-13
    assert np.all(np.diff(roots.real) <= 0)


def test_limits():
    frozen = frozen_growth(0.5, 1.0, 0.2, 0.5, 0.05)
    assert ambipolar_roots(0.5, 1.0, 0.2, 0.5, 0.05, 0.0)[0] == pytest.approx(frozen, rel=1e-13)
    bare = frozen_growth(0.5, 1.0, 0.2, 0.0, 0.05)
    assert ambipolar_roots(0.5, 1.0, 0.2, 0.5, 0.05, 1e9)[0].real == pytest.approx(bare.real, rel=1e-8)
    # stable when frozen, yet the field slips out
    assert frozen_growth(3.0, 1.0, 0.1, 1.0, 0.1).real == 0 < ambipolar_roots(3.0, 1.0, 0.1, 1.0, 0.1, 0.05)[0].real
