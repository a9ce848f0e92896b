"""Threads over blocks of rows. Kernels release the interpreter lock; each block's bits depend on nobody else's."""

from concurrent.futures import ThreadPoolExecutor

from ..errors import InputError

# Rows per kernel call: so many that the call's own cost (some 20 microseconds, and one more row of fluxes) is small, so few
# that a run listens to an interrupt. (32: a step of ten moments at 256 x 256 takes 2 % longer.)
BLOCK = 128


class RowTeam:
    """Runs a block kernel over all rows of a grid with a fixed number of threads.

    Parameters
    ----------
    grid : Grid
    threads : int
    scratch : callable () -> object
        Makes one thread's work space.

    Notes
    -----
    A block is rows j0 <= j < j1 of plane k, at (k ny + j) nx in memory (nx, ny: extents, ghosts included). Where y is flat
    planes have one row each, and a block is planes j0 <= j < j1, with k = 0: one call does many of them.
    """

    def __init__(self, grid, threads, scratch):
        if int(threads) != threads or threads < 1:
            raise InputError(f"threads must be a whole number of at least 1, not {threads!r}")
        self.threads = int(threads)
        self.scratch = [scratch() for _ in range(self.threads)]
        self._pool = ThreadPoolExecutor(self.threads) if self.threads > 1 else None
        (_, ny, nz), (_, gy, gz) = grid.cells, grid.ghosts
        extra_z = 1 if gz else 0
        if gy:
            self._interior = self._split([(k, gy, gy + ny) for k in range(gz, gz + nz)])
            self._faces = self._split([(k, gy, gy + ny + 1) for k in range(gz, gz + nz + extra_z)])
        else:
            # planes of one row each: rows go on from plane to plane, and a block counts them from plane 0
            self._interior = self._split([(0, gz, gz + nz)])
            self._faces = self._split([(0, gz, gz + nz + extra_z)])
        full = grid.full_cells[1] * grid.full_cells[2]
        self._full = [[(full * t // self.threads, full * (t + 1) // self.threads)] for t in range(self.threads)]

    def _split(self, planes):
        """One list of blocks (k, j0, j1) per thread, contiguous and of nearly equal work."""
        rows = sum(j1 - j0 for _, j0, j1 in planes)
        size = max(1, min(BLOCK, -(-rows // self.threads)))
        blocks = [(k, j, min(j + size, j1)) for k, j0, j1 in planes for j in range(j0, j1, size)]
        return [blocks[len(blocks) * t // self.threads:len(blocks) * (t + 1) // self.threads]
                for t in range(self.threads)]

    def _run(self, shares, call):
        def work(thread):
            for block in shares[thread]:
                call(self.scratch[thread], thread, *block)

        if self._pool is None:
            work(0)
        else:
            for future in [self._pool.submit(work, t) for t in range(self.threads)]:
                future.result()

    def interior(self, call):
        """``call(scratch, thread, k, j0, j1)`` over blocks of interior rows."""
        self._run(self._interior, call)

    def faces(self, call):
        """The same over interior rows and the boundary's last faces."""
        self._run(self._faces, call)

    def everywhere(self, call):
        """``call(scratch, thread, row0, row1)`` over all rows, ghosts included."""
        self._run(self._full, call)
