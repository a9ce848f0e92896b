"""All eigenpairs of a matrix whose eigenvalues span many decades, each to full relative accuracy.

1. Eigenvalues known in closed form (advected, non-propagating perturbations) are deflated exactly, Jordan blocks too.
2. Estimates: double-precision eigenvectors of A serve the largest eigenvalues; those of A^-1, inverted in extended
   precision before it is rounded, serve the smallest; those of (A - sigma)^-1 serve the decades around |sigma|.
3. All estimates together are corrected by Newton's iteration in extended precision: with T = X^-1 A X = D + R,
   X <- X (I + F), F_ij = R_ij/(D_j - D_i), which converges quadratically (the step used for refining eigensystems by
   Ogita and Aishima 2018, Japan J. Indust. Appl. Math. 35, 1007). Eigenvalues too close for it are first separated by
   diagonalising their block, taken relative to its own mean.
"""

import math
from decimal import Decimal

import numpy as np

from multifluid.errors import RunError
from multifluid.theory.extended import Matrix, complement

_EQUAL = Decimal("1e-45")
_CONVERGED = 1e-35
_CLOSE = 0.05
_MAX_ITERATIONS = 16
# Double-precision eigenvectors serve eigenvalues within this many decades of their matrix' norm: half of the 16 digits.
_DECADES = 7.0


def eigenpairs(matrix, known):
    """Eigenvalues and right eigenvectors.

    Parameters
    ----------
    matrix : Matrix
        Square, in extended precision.
    known : list of (Decimal, Decimal)
        Complex numbers, all different, that may be exact and possibly defective eigenvalues.

    Returns
    -------
    values : list of (Decimal, Decimal)
        Eigenvalues; a defective one is listed once for every independent eigenvector.
    vectors : Matrix
        Columns in the same order.
    groups : list of int
        Equal for eigenvalues that are exactly equal.

    Raises
    ------
    RunError
        If the iteration does not separate the eigenvectors (an exactly defective eigenvalue not in `known`).
    """
    values, blocks, groups = [], [], []
    basis, rest = Matrix.identity(len(matrix.re)), matrix
    for number, value in enumerate(known):
        left = rest.shifted(value).adjoint.null_space()
        if not left.shape[1]:
            continue
        right = matrix.shifted(value).null_space()
        blocks.append(right)
        values += [value] * right.shape[1]
        groups += [number] * right.shape[1]
        while left.shape[1]:
            invariant = complement(left)
            rest, basis = invariant.adjoint @ rest @ invariant, basis @ invariant
            if not rest.shape[0]:
                break
            left = rest.shifted(value).adjoint.null_space()
        if not rest.shape[0]:
            break
    if rest.shape[0]:
        more, vectors, labels = _diagonalise(rest)
        values += more
        groups += [len(known) + label for label in labels]
        blocks.append(basis @ vectors)
    re, im = (np.hstack([getattr(block, part) for block in blocks]) for part in ("re", "im"))
    return values, Matrix(re, im), groups


def _diagonalise(a):
    """Newton's iteration on all eigenvectors of a non-singular matrix at once (steps 2 and 3 of the module's text)."""
    x = _estimate(a)
    n = len(a.re)
    for _ in range(_MAX_ITERATIONS):
        try:
            t = x.inverse() @ (a @ x)
        except ArithmeticError:
            break
        re, im, size = _corrections(t)
        label = _clusters(size)
        rotation = np.eye(n, dtype=complex)
        for number in set(label):
            members = np.flatnonzero(label == number)
            if len(members) > 1:
                rotation[np.ix_(members, members)] = _separate(t, members)
        apart = label[:, None] != label[None, :]
        separated = np.array_equal(rotation, np.eye(n))
        if separated and not (size[apart] > _CONVERGED).any():
            return list(zip(np.diagonal(t.re), np.diagonal(t.im), strict=True)), x, list(label)
        zero = Decimal(0)
        x = x + x @ Matrix(np.where(apart, re, zero), np.where(apart, im, zero))
        if not separated:
            x = x @ Matrix.from_floats(rotation)
    raise RunError(
        "dispersion relation: two waves share both frequency and shape (a defective eigenvalue); "
        "change k or a drag coefficient slightly"
    )


def _corrections(t):
    """F_ij = T_ij/(T_jj - T_ii) off the diagonal, as real and imaginary parts, and |F_ij| in floats."""
    re, im = np.diagonal(t.re), np.diagonal(t.im)
    a, b = re[None, :] - re[:, None], im[None, :] - im[:, None]
    distance = a * a + b * b
    equal = distance == 0
    safe = np.where(equal, Decimal(1), distance)
    fr, fi = (t.re * a + t.im * b) / safe, (t.im * a - t.re * b) / safe
    size = np.hypot(np.minimum(abs(fr), 1).astype(float), np.minimum(abs(fi), 1).astype(float))
    size[equal] = 1.0
    np.fill_diagonal(size, 0.0)
    return fr, fi, size


def _clusters(size):
    """Label of the cluster of every eigenvalue: those linked by corrections too large for Newton's step."""
    label = np.arange(len(size))
    for i, j in np.argwhere(np.maximum(size, size.T) > _CLOSE):
        label[label == label[j]] = label[i]
    return label


def _separate(t, members):
    """Eigenvectors of one cluster's block relative to its mean; the unit matrix where all are exactly equal."""
    m = len(members)
    block = t[np.ix_(members, members)]
    mean = sum(np.diagonal(block.re)) / m, sum(np.diagonal(block.im)) / m
    block = block.shifted(mean)
    spread = max(*abs(block.re).ravel(), *abs(block.im).ravel())
    if spread <= _EQUAL * (abs(mean[0]) + abs(mean[1])):
        return np.eye(m)
    vectors = np.linalg.eig(Matrix(block.re / spread, block.im / spread).to_floats())[1]
    return vectors if np.linalg.cond(vectors) < 1e8 else np.eye(m)


def _estimate(a):
    """Eigenvectors good to about half of double precision, as columns of a Matrix."""
    n = len(a.re)
    candidates = [_sorted_eig(a, None)]
    inverse = _sorted_eig(a.inverse(), (0.0, 0.0))
    top, bottom = math.log10(abs(candidates[0][0][0])), math.log10(abs(inverse[0][-1]))
    missing = math.ceil((top - bottom) / (2 * _DECADES)) - 1
    centres = [top - (i + 1) * (top - bottom) / (missing + 1) for i in range(missing)]
    for centre in centres:
        # A shift off both axes and off the bisectors: no eigenvalue of a physical system lies there by symmetry.
        shift = 10.0**centre * math.cos(0.4), 10.0**centre * math.sin(0.4)
        exact = Decimal(shift[0]), Decimal(shift[1])
        candidates.append(_sorted_eig(a.shifted(exact).inverse(), shift))
    candidates.append(inverse)
    centres = np.array([top, *centres, bottom])
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.array([np.nan_to_num(np.log10(np.abs(values)), nan=np.inf) for values, _ in candidates])
    # Decades lost by taking eigenvalue i from candidate j; equal sizes (conjugate pairs) must come from one candidate.
    loss = np.abs(size - centres[:, None])
    best = np.argmin(loss, axis=0)
    magnitude = size[best, np.arange(n)]
    start = 0
    columns = np.empty((n, n), dtype=complex)
    for i in range(1, n + 1):
        if i == n or magnitude[i - 1] - magnitude[i] > 0.1:
            j = int(np.argmin(loss[:, start:i].max(axis=1)))
            columns[:, start:i] = candidates[j][1][:, start:i]
            start = i
    return Matrix.from_floats(columns)


def _sorted_eig(matrix, shift):
    """Eigenvalues of A, largest first, and eigenvectors, in double precision, from A or (A - shift)^-1."""
    values, vectors = np.linalg.eig(matrix.to_floats())
    if shift is not None:
        with np.errstate(divide="ignore", invalid="ignore"):
            values = complex(*shift) + 1.0 / values
        values[~np.isfinite(values)] = np.inf
    order = np.argsort(-np.abs(values), kind="stable")
    return values[order], vectors[:, order]
