"""Copies of rows, written out: NumPy's ``a[:] = b`` would set memory aside in case the two overlap."""

from ._jit import kernel


@kernel
def copy_row(out, q, n):
    """out = q in n cells; one row at a time: of many the compiler cannot rule out that they overlap."""
    for i in range(n):
        out[i] = q[i]


@kernel
def clear_row(out, n):
    """out = 0 in n cells."""
    for i in range(n):
        out[i] = 0.0


@kernel
def copy_rows(out, q):
    """out = q of two dimensions, row by row."""
    for row in range(q.shape[0]):
        for i in range(q.shape[1]):
            out[row, i] = q[row, i]
