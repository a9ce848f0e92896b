"""Files: the netCDF file of a run, its checkpoints, and the readers of both."""

from multifluid.io.checkpoint import latest_checkpoint, read_checkpoint, run_of, write_checkpoint
from multifluid.io.reader import RunData, load, open_run
from multifluid.io.run_file import RunFile

__all__ = [
    "RunData",
    "RunFile",
    "latest_checkpoint",
    "load",
    "open_run",
    "read_checkpoint",
    "run_of",
    "write_checkpoint",
]
