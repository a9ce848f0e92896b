"""Small complex matrices in extended precision, on Python's `decimal`.

The linear operator of a plasma has eigenvalues from the light frequency down to slow waves and drag rates 15 to 25
decades lower; rounded to double precision it has simply forgotten the slow ones. With `DIGITS` decimal digits its exact
identities (quasi-neutrality, force-free drifts, solenoidal fields) hold far below the slowest rate, and products and
inverses of 20 x 20 matrices still take only milliseconds.
"""

from decimal import Context, Decimal, localcontext

import numpy as np

DIGITS = 100
ZERO, ONE = Decimal(0), Decimal(1)
# A pivot this far below the largest entry is an exact zero: physical rates never span 60 decades.
_RANK_TOLERANCE = Decimal("1e-60")
_to_decimal = np.vectorize(lambda value: Decimal(float(value)), otypes=[object])
_to_float = np.vectorize(float, otypes=[float])


def precision():
    """Context manager that sets the working precision of everything in this module."""
    return localcontext(Context(prec=DIGITS))


class Matrix:
    """Complex matrix as two object arrays `re`, `im` of Decimal, shape (rows, columns)."""

    __slots__ = ("re", "im", "real")

    def __init__(self, re, im=None):
        self.re = re
        self.im = np.full(re.shape, ZERO, dtype=object) if im is None else im
        self.real = im is None or not self.im.any()

    @classmethod
    def from_floats(cls, array):
        """Exact copy of a float or complex array."""
        array = np.asarray(array)
        return cls(_to_decimal(array.real), _to_decimal(array.imag) if np.iscomplexobj(array) else None)

    @classmethod
    def identity(cls, n):
        """Unit matrix."""
        re = np.full((n, n), ZERO, dtype=object)
        re[np.arange(n), np.arange(n)] = ONE
        return cls(re)

    @property
    def shape(self):
        """(rows, columns)."""
        return self.re.shape

    def to_floats(self):
        """Nearest complex128 array."""
        return _to_float(self.re) + 1j * _to_float(self.im)

    def __matmul__(self, other):
        if self.real and other.real:
            return Matrix(self.re @ other.re)
        if self.real:
            return Matrix(self.re @ other.re, self.re @ other.im)
        if other.real:
            return Matrix(self.re @ other.re, self.im @ other.re)
        # Three products instead of four; the cancellation costs nothing visible at this precision.
        first, second = self.re @ other.re, self.im @ other.im
        both = (self.re + self.im) @ (other.re + other.im)
        return Matrix(first - second, both - first - second)

    def __add__(self, other):
        return Matrix(self.re + other.re, self.im + other.im)

    def __sub__(self, other):
        return Matrix(self.re - other.re, self.im - other.im)

    def __getitem__(self, index):
        return Matrix(self.re[index], self.im[index])

    @property
    def adjoint(self):
        """Conjugate transpose."""
        return Matrix(self.re.T.copy(), -self.im.T)

    def shifted(self, shift):
        """A - shift I for a complex shift (pair of Decimal)."""
        re, im = self.re.copy(), self.im.copy()
        diagonal = np.arange(len(re))
        re[diagonal, diagonal] = re[diagonal, diagonal] - shift[0]
        im[diagonal, diagonal] = im[diagonal, diagonal] - shift[1]
        return Matrix(re, im)

    def inverse(self):
        """Inverse by Gauss-Jordan elimination with partial pivoting; ZeroDivisionError if singular."""
        n = len(self.re)
        unit = Matrix.identity(n)
        re, im = np.hstack((self.re, unit.re)), np.hstack((self.im, unit.im))
        for j in range(n):
            size = [abs(a) + abs(b) for a, b in zip(re[j:, j], im[j:, j], strict=True)]
            pivot = j + max(range(n - j), key=size.__getitem__)
            re[[j, pivot]], im[[j, pivot]] = re[[pivot, j]], im[[pivot, j]]
            _eliminate(re, im, j, j, self.real)
        return Matrix(re[:, n:].copy(), im[:, n:].copy())

    def null_space(self):
        """Columns x with A x = 0, by Gauss-Jordan elimination with complete pivoting; shape (columns, nullity)."""
        re, im = self.re.copy(), self.im.copy()
        rows, n = re.shape
        order = list(range(n))
        largest = max(max(abs(v) for v in re.ravel()), max(abs(v) for v in im.ravel()))
        rank = 0
        while rank < min(rows, n):
            size = abs(re[rank:, rank:]) + abs(im[rank:, rank:])
            row, column = np.unravel_index(np.argmax(size), size.shape)
            if size[row, column] <= largest * _RANK_TOLERANCE:
                break
            row, column = row + rank, column + rank
            re[[rank, row]], im[[rank, row]] = re[[row, rank]], im[[row, rank]]
            re[:, [rank, column]], im[:, [rank, column]] = re[:, [column, rank]], im[:, [column, rank]]
            order[rank], order[column] = order[column], order[rank]
            _eliminate(re, im, rank, rank, self.real)
            rank += 1
        basis = Matrix(np.full((n, n - rank), ZERO, dtype=object), np.full((n, n - rank), ZERO, dtype=object))
        basis.re[order[:rank]], basis.im[order[:rank]] = -re[:rank, rank:], -im[:rank, rank:]
        basis.re[order[rank:], np.arange(n - rank)] = ONE
        return Matrix(basis.re, basis.im)


def _eliminate(re, im, row, first, real):
    """Divide `row` by its pivot in column `first` and clear that column in all other rows (in place)."""
    a, b = re[row, first], im[row, first]
    size = a * a + b * b
    pr, pi = re[row, first:].copy(), im[row, first:].copy()
    cr, ci = re[:, first].copy(), im[:, first].copy()
    cr[row] = ci[row] = ZERO
    if real:
        re[row, first:] = pr = pr / a
        re[:, first:] -= np.multiply.outer(cr, pr)
        return
    pr, pi = (pr * a + pi * b) / size, (pi * a - pr * b) / size
    re[row, first:], im[row, first:] = pr, pi
    re[:, first:] -= np.multiply.outer(cr, pr) - np.multiply.outer(ci, pi)
    im[:, first:] -= np.multiply.outer(cr, pi) + np.multiply.outer(ci, pr)


def complement(vectors):
    """Orthonormal basis of all x with vectors^H x = 0, by Householder reflections.

    Parameters
    ----------
    vectors : Matrix
        Linearly independent columns, shape (n, m).

    Returns
    -------
    Matrix
        Shape (n, n - m); real where `vectors` is.
    """
    n, m = vectors.shape
    basis = Matrix.identity(n)
    work = vectors
    for j in range(m):
        column = work[:, [j]]
        re, im = column.re.copy(), column.im.copy()
        re[:j], im[:j] = ZERO, ZERO
        norm = (re.ravel() @ re.ravel() + im.ravel() @ im.ravel()).sqrt()
        head = (re[j, 0] * re[j, 0] + im[j, 0] * im[j, 0]).sqrt()
        # The reflection takes the column to -phase(head) * norm * e_j, the choice of sign that cannot cancel.
        phase = (re[j, 0] / head, im[j, 0] / head) if head else (ONE, ZERO)
        re[j, 0] += phase[0] * norm
        im[j, 0] += phase[1] * norm
        size = re.ravel() @ re.ravel() + im.ravel() @ im.ravel()
        mirror = Matrix(re, im)
        scaled = Matrix(2 * re / size, 2 * im / size)
        work = work - mirror @ (scaled.adjoint @ work)
        basis = basis - (basis @ mirror) @ scaled.adjoint
    return basis[:, m:]
