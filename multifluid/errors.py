"""The two ways a run can go wrong, told apart by exit code."""

import traceback
from pathlib import Path


class InputError(ValueError):
    """Bad input: one clear line naming the parameter and the mend (exit code 2, nothing on disk changed)."""

    exit_code = 2


class RunError(RuntimeError):
    """A run that failed while stepping: species, cell, stage and dt are named (exit code 3, checkpoint written)."""

    exit_code = 3


class Interrupted(BaseException):
    """A run stopped by a signal (Ctrl-C, SIGTERM), after its checkpoint was written.

    Not an `Exception`, so that no `except Exception` on the way swallows it.

    Parameters
    ----------
    signal : int
        Number of the signal.
    message : str, optional
        One line for the user: where the run stopped and how to go on.
    """

    def __init__(self, signal, message=""):
        super().__init__(message or f"interrupted by signal {int(signal)}")
        self.signal = int(signal)

    @property
    def exit_code(self):
        """int: 128 + signal, the shell's convention."""
        return 128 + self.signal


def where_raised(error):
    """Line of the user's own code that an exception came through last, "file:line"; else that which raised it.

    Parameters
    ----------
    error : BaseException

    Returns
    -------
    str
    """
    frames = traceback.extract_tb(error.__traceback__)
    here = next((f for f in reversed(frames) if not _is_ours_or_library(Path(f.filename))), frames[-1])
    return f"{here.filename}:{here.lineno}"


def _is_ours_or_library(path):
    package = Path(__file__).resolve().parent
    return "site-packages" in path.parts or package in path.parents and package / "problems" not in path.parents
