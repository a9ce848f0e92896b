"""Owns the Numba decorators and the on-disk cache.

Machine code is cached in a folder named after a hash of every kernel source, because Numba notices a change
in the file of a kernel but not in the files whose functions it inlines: editing one of those would otherwise
leave old machine code running.

Kernels are compiled without Numba's reference counts (``_nrt``): they allocate nothing, which is thereby an error when one
is compiled, and the atomic counting of every slice of a row cost a tenth of a step. Who calls a kernel keeps its arrays.

No ``fastmath``: a sum is then added in the written order, vectorised or not, and results are the same bits
for any number of threads and any cut of the grid.
"""

import hashlib
import os
import pathlib
import tempfile

import numba


def _cache_folder():
    here = pathlib.Path(__file__).parent
    digest = hashlib.sha256(numba.__version__.encode())
    for source in sorted(here.glob("*.py")):
        digest.update(source.read_bytes())
    base = os.environ.get("MULTIFLUID_CACHE_DIR") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache"), "multifluid")
    folder = os.path.join(base, digest.hexdigest()[:16])
    try:
        os.makedirs(folder, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        folder = os.path.join(tempfile.gettempdir(), f"multifluid-{os.getuid()}", digest.hexdigest()[:16])
        os.makedirs(folder, exist_ok=True)
    return folder


CACHE_FOLDER = _cache_folder()
_CACHE_IS_OURS = "NUMBA_CACHE_DIR" not in os.environ


def _decorate(function, **options):
    options = {"error_model": "numpy", "nogil": True, "cache": True, "_nrt": False, **options}
    if not _CACHE_IS_OURS:
        return numba.njit(**options)(function)
    # The cache folder is read when the decorator runs; put it back so that other packages keep theirs.
    previous = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = CACHE_FOLDER
    try:
        return numba.njit(**options)(function)
    finally:
        numba.config.CACHE_DIR = previous


def kernel(function):
    """Compile a loop over cells; releases the interpreter lock, so that threads may share the rows."""
    return _decorate(function)


def pointwise(function):
    """Compile scalar physics (scalars in, scalars out); inlined into the loops that call it."""
    return numba.njit(error_model="numpy", inline="always")(function)


def is_compiled(dispatcher):
    """True if the kernel has machine code for at least one signature in this process."""
    return bool(dispatcher.signatures)
