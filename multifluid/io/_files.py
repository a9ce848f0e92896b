"""Paths and bytes: where an output may go, replacing a file in one move, room on the disk."""

import errno
import os
import shutil
import stat
from contextlib import contextmanager, suppress
from pathlib import Path

from multifluid.errors import InputError, RunError


def resolved(path):
    """The file itself behind `path`: links are followed, so that a file is replaced and never the link to it."""
    return Path(os.path.realpath(os.fspath(path)))


def regular_file(path):
    """Check that `path` is a file that can be read.

    Raises
    ------
    InputError
        It is missing, a directory, a device or a pipe, or may not be read.
    """
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISREG(mode):
            with open(path, "rb"):
                return
    except FileNotFoundError:
        raise InputError(f"{path} does not exist: check the name and the directory") from None
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}; check its permissions") from None
    what = "a directory" if stat.S_ISDIR(mode) else "not an ordinary file"
    raise InputError(f"{path} is {what}: give the name of a file written by multifluid")


def writable_file(path):
    """Check that the existing file `path` may be written, without changing it.

    Raises
    ------
    InputError
        As `regular_file`, or it is write-protected.
    """
    regular_file(path)
    try:
        os.close(os.open(path, os.O_RDWR))
    except OSError as error:
        raise InputError(
            f"cannot write {path}: {error.strerror}; change its permissions or choose another name"
        ) from None


def free_name(path, overwrite):
    """Check that a new file may take the name `path`; nothing is changed.

    Raises
    ------
    InputError
        Its directory is missing, it is no ordinary file, or it exists and is write-protected or may not be replaced.
    """
    directory = path.parent
    try:
        if not directory.is_dir():
            problem = "is not a directory" if directory.exists() else "does not exist"
            raise InputError(f"cannot write {path}: {directory} {problem}; create it or choose another name")
        exists = path.exists()
    except OSError as error:  # the directory may not be searched, or the name is too long
        raise InputError(f"cannot write {path}: {error.strerror}; choose another name") from None
    if not exists:
        return
    if not path.is_file():
        what = "a directory" if path.is_dir() else "not an ordinary file"
        raise InputError(f"cannot write {path}: it is {what}; choose another name")
    if not overwrite:
        raise InputError(f"{path} exists already: choose another name, or give --overwrite to replace it")
    writable_file(path)


@contextmanager
def claimed(path):
    """Hold the free name `path` with an empty file, so that of two runs started at once only one gets it.

    The empty file is removed again if the body fails.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    except FileExistsError:
        raise InputError(f"{path} exists already: choose another name, or give --overwrite to replace it") from None
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror}; choose another name or directory") from None
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@contextmanager
def replacing(path, temporary, error):
    """Give the body a new file `temporary` in the directory of `path`; move it onto `path` when the body is done.

    The old file stays whole until the new one is on the disk: after a crash at any moment `path` is the one or the
    other. Callers always give the same temporary name, so that what a killed process left is overwritten, not piled up.

    Parameters
    ----------
    path, temporary : Path
        Final and temporary name, in one directory.
    error : type
        What to raise where the file cannot be written: `InputError` or `RunError`.
    """
    try:
        with open(temporary, "wb"):
            pass
        if path.exists():
            shutil.copymode(path, temporary)
        yield temporary
        sync(temporary)
        os.replace(temporary, path)
        with suppress(OSError):  # not every file system syncs directories; the name may then take a moment to last
            sync(path.parent)
    except (OSError, RuntimeError) as problem:
        if isinstance(problem, RunError):
            raise
        reason = getattr(problem, "strerror", None) or problem
        raise error(f"cannot write {path}: {reason}; is the disk full, or the directory write-protected?") from problem
    finally:
        remove(temporary)


def remove(path):
    """Delete `path` if it is there and may be deleted."""
    with suppress(OSError):  # a file too many only costs space
        os.unlink(path)


def sync(path):
    """Wait until the file or directory `path` is on the disk."""
    if os.name != "posix" and os.path.isdir(path):
        return  # elsewhere directories cannot be opened, and renames are journalled
    descriptor = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def require_space(path, size):
    """Raise OSError unless the disk, quotas included, grants the file `size` bytes more; the file stays as it is.

    HDF5 that meets a full disk while appending leaves a file that no longer opens, so it is found out before. The
    bytes are given back at once: HDF5 would cut them off only in the midst of closing the file, and that cut is slow
    enough for a kill to strike there and leave the file half written.
    """
    with open(path, "r+b", buffering=0) as file:
        end = file.seek(0, os.SEEK_END)
        try:
            _extend(file, end, size)
        finally:
            file.truncate(end)


def _extend(file, end, size):
    if hasattr(os, "posix_fallocate"):
        try:
            os.posix_fallocate(file.fileno(), end, size)
            return
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.EOPNOTSUPP):
                raise
    block = bytes(1 << 20)
    while size > 0:
        size -= file.write(block[: min(size, len(block))])
