"""Arrays that begin on a cache line: vector loads of rows then do not straddle two."""

import numpy as np

LINE = 64  # bytes


def aligned_zeros(shape):
    """Array of float64 zeros, C-ordered, whose first entry begins a cache line.

    Parameters
    ----------
    shape : int or tuple of int
    """
    size = int(np.prod(shape))
    room = np.zeros(size + LINE // 8)
    skip = -room.ctypes.data % LINE // 8
    return room[skip:skip + size].reshape(shape)
