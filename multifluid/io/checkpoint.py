"""Checkpoints: all a run needs to go on bit for bit, written so that a crash at any moment leaves a whole one.

A checkpoint is a netCDF4 file beside the run file. Arrays are variables; their types and shapes and the scalars stand
in the attribute ``manifest`` (JSON, floats in hexadecimal, so exact). Behind the end of the netCDF file, where its
readers do not look, stands a line with the SHA-256 of all bytes before it. It is checked before anything else is done
with the file: HDF5 can hang on, and not only refuse, a file of which one bit is wrong.
"""

import hashlib
import json
import os
import re
import sys

import numpy as np

from multifluid.errors import InputError, RunError
from multifluid.io._files import free_name, regular_file, remove, replacing, resolved
from multifluid.io._netcdf import check_name, damaged, mark, open_dataset, reading

_NAME = re.compile(r"(?P<stem>.+)\.checkpoint-(?P<step>\d{9,})\.nc", re.DOTALL)
_DTYPES = {"float64": "f8", "int64": "i8", "bool": "u1"}
_SEAL = b"\nmultifluid checkpoint sha256 %s\n"
_SEAL_SIZE = len(_SEAL % hashlib.sha256().hexdigest().encode())
_KEPT = 2


def write_checkpoint(run_path, data):
    """Write a checkpoint beside the run file and delete all but the last two.

    It is written to a temporary name, synced and renamed. Checkpoints of later steps are deleted too: the run was
    restarted before them, so they belong to a course that no longer exists.

    Parameters
    ----------
    run_path : path-like
        The run file, ``<stem>.nc``; the checkpoint is ``<stem>.checkpoint-<step, 9 digits>.nc``.
    data : dict
        ``"arrays"``: name to array of any shape, float64, int64 or bool; ``"scalars"``: name to int, float, str or
        bool, among them the int ``"step"``.

    Returns
    -------
    Path
        The checkpoint.

    Raises
    ------
    InputError
        The directory is missing, or a name or type cannot be stored.
    RunError
        The disk is full or the directory write-protected. Earlier checkpoints stay.
    """
    run = resolved(run_path)
    step = data["scalars"].get("step")
    if type(step) is not int or step < 0:
        raise InputError(f"cannot name a checkpoint: its scalar 'step' must be an int >= 0, not {step!r}")
    arrays = {name: _stored(name, array) for name, array in data["arrays"].items()}
    manifest = json.dumps(
        {
            "arrays": {name: [array.dtype.name, array.shape] for name, array in arrays.items()},
            "scalars": {name: _encoded(name, value) for name, value in data["scalars"].items()},
        }
    )
    path = run.with_name(f"{_stem(run)}.checkpoint-{step:09d}.nc")
    free_name(path, overwrite=True)
    with replacing(path, run.with_name(f".{_stem(run)}.checkpoint.tmp"), RunError) as new:
        with open_dataset(new, "w") as nc:
            mark(nc, "checkpoint")
            nc.setncattr("manifest", manifest)
            for name, array in arrays.items():
                _write_array(nc, name, array)
        size = os.path.getsize(new)
        with open(new, "r+b") as file:
            seal = _seal(file, size)
            file.seek(size)
            file.write(seal)
    found = checkpoints_of(run)
    kept = found[: found.index(path) + 1][-_KEPT:]
    for other in found:
        if other not in kept:
            remove(other)
    return path


def read_checkpoint(path):
    """Read and verify a checkpoint.

    Returns
    -------
    dict
        ``{"arrays": {name: ndarray}, "scalars": {name: int, float, str or bool}}``, as given to `write_checkpoint`.

    Raises
    ------
    InputError
        It is missing, not a checkpoint of ours, of another format, cut short, or its checksum differs.
    """
    path = resolved(path)
    regular_file(path)
    sealed = _is_sealed(path)
    with reading(path, "checkpoint") as nc:
        if not sealed:
            raise damaged(path, "checkpoint", "its checksum is missing")
        manifest = json.loads(nc.getncattr("manifest"))
        return {
            "arrays": {name: _read_array(nc, name, *how) for name, how in manifest["arrays"].items()},
            "scalars": {name: _decoded(*pair) for name, pair in manifest["scalars"].items()},
        }


def latest_checkpoint(path):
    """Find the newest checkpoint of a run that is whole.

    A damaged one is passed over with a warning on stderr.

    Parameters
    ----------
    path : path-like
        The run file (which itself need not exist any more), or a checkpoint, which then must be whole.

    Returns
    -------
    Path
        The checkpoint.

    Raises
    ------
    InputError
        There is none, or none is whole.
    """
    path = resolved(path)
    if is_checkpoint_name(path.name):
        read_checkpoint(path)
        return path
    found = checkpoints_of(path)
    if not found:
        state = "" if path.exists() else f", nor is there a {path.name}"
        raise InputError(f"no checkpoint of {path} lies beside it{state}: check the name, or run the problem again")
    problems = []
    for candidate in reversed(found):
        try:
            read_checkpoint(candidate)
        except InputError as problem:
            problems.append(problem)
            continue
        for problem in problems:
            print(f"multifluid: warning: {problem}; going on from {candidate.name}", file=sys.stderr)
        return candidate
    reasons = "; ".join(map(str, problems))
    raise InputError(f"none of the {len(found)} checkpoints of {path} can be read ({reasons}): run the problem again")


def run_of(path):
    """The run file that a checkpoint belongs to, by its name; any other path comes back as it is (links followed)."""
    path = resolved(path)
    match = _NAME.fullmatch(path.name)
    return path.with_name(f"{match['stem']}.nc") if match else path


def is_checkpoint_name(name):
    """Whether a file of this name is a checkpoint."""
    return _NAME.fullmatch(name) is not None


def checkpoints_of(run):
    """The checkpoints beside a run file, oldest step first: list of Path."""
    try:
        names = os.listdir(run.parent)
    except OSError:
        return []
    stem = _stem(run)
    matches = [match for match in map(_NAME.fullmatch, names) if match and match["stem"] == stem]
    return [run.with_name(match.string) for match in sorted(matches, key=lambda match: int(match["step"]))]


def _stem(run):
    return run.name.removesuffix(".nc")


def _stored(name, array):
    check_name(name, "array")
    array = np.asarray(array, order="C")
    if array.dtype.name not in _DTYPES or not array.dtype.isnative:
        raise InputError(f"array {name!r} of type {array.dtype} cannot be stored: give float64, int64 or bool")
    return array


def _encoded(name, value):
    if isinstance(value, (bool, np.bool_)):
        return ["bool", str(bool(value))]
    if isinstance(value, (int, np.integer)):
        return ["int", str(int(value))]
    if isinstance(value, (float, np.float64)):
        return ["float", float(value).hex()]
    if isinstance(value, str):
        return ["str", value]
    raise InputError(f"scalar {name!r} of type {type(value).__name__} cannot be stored: give int, float, str or bool")


def _decoded(kind, text):
    return {"bool": "True".__eq__, "int": int, "float": float.fromhex, "str": str}[kind](text)


def _write_array(nc, name, array):
    if array.size == 0:
        return  # netCDF takes a length of 0 for "grows"; the manifest has type and shape
    # named by length, and counted, since no variable should have one dimension twice
    labels = [f"n{size}_{array.shape[:axis].count(size)}" for axis, size in enumerate(array.shape)]
    for label, size in zip(labels, array.shape, strict=True):
        if label not in nc.dimensions:
            nc.createDimension(label, size)
    variable = nc.createVariable(name, _DTYPES[array.dtype.name], labels, contiguous=True, fill_value=False)
    variable.set_auto_maskandscale(False)
    variable[...] = array.view(np.uint8) if array.dtype == bool else array


def _read_array(nc, name, dtype, shape):
    if 0 in shape:
        return np.empty(shape, dtype)
    array = np.asarray(nc.variables[name][...]).reshape(shape)
    return array.view(np.bool_) if dtype == "bool" else array


def _is_sealed(path):
    """Whether a seal ends the file; InputError if it does not agree with what it seals."""
    size = os.path.getsize(path) - _SEAL_SIZE
    with open(path, "rb") as file:
        file.seek(max(0, size))
        found = file.read()
        if not found.startswith(_SEAL.partition(b"%s")[0]):
            return False  # another kind of file, or one cut short
        file.seek(0)
        if found != _seal(file, size):
            raise damaged(path, "checkpoint", "its checksum differs")
    return True


def _seal(file, size):
    """The line that seals the next `size` bytes of an open file."""
    digest = hashlib.sha256()
    while size > 0:
        block = file.read(min(size, 1 << 22))
        digest.update(block)
        size -= len(block)
    return _SEAL % digest.hexdigest().encode()
