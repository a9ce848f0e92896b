"""netCDF4 as both kinds of file use it: opening with clear errors, names, attributes."""

import re
import time
import unicodedata
from contextlib import contextmanager

import netCDF4
import numpy as np

from multifluid.errors import InputError
from multifluid.io._files import regular_file

FORMAT = 1
FILL = netCDF4.default_fillvals["f8"]
_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_MARKS = ("multifluid_file", "multifluid_format")
_NAME = re.compile(r"[^\W\d_][\w.+-]*")
_MORE = {
    "run": "a run file, not a checkpoint: give the checkpoint's name",
    "checkpoint": "a checkpoint, not a run file: give the run's name",
}


def open_dataset(path, mode, attempts=1):
    """Open a netCDF file without masks or packing: every bit pattern is a number.

    HDF5 locks a file while another process has it open; `attempts` tries, 0.1 s apart, ride out a short hold.
    """
    while True:
        try:
            dataset = netCDF4.Dataset(path, mode, format="NETCDF4")
            dataset.set_auto_maskandscale(False)
            return dataset
        except OSError:
            attempts -= 1
            if attempts <= 0:
                raise
            time.sleep(0.1)


def mark(dataset, kind):
    """Write the attributes that tell our files from others: what it is, and the version of its layout."""
    dataset.setncattr(_MARKS[0], kind)
    dataset.setncattr(_MARKS[1], np.int64(FORMAT))


@contextmanager
def reading(path, kind, attempts=1):
    """Open our file of this kind ("run" or "checkpoint") for reading.

    Raises
    ------
    InputError
        It is missing, unreadable, not ours, of the other kind, of a later format, or damaged; also when the damage
        shows only inside the body.
    """
    regular_file(path)
    with open(path, "rb") as file:
        start = file.read(len(_SIGNATURE))
    if not start:
        raise InputError(f"{path} is empty: give a {kind} file written by multifluid")
    if start != _SIGNATURE:
        raise InputError(f"{path} is not a netCDF4 file: give a {kind} file written by multifluid")
    try:
        with open_dataset(path, "r", attempts) as dataset:
            _require(dataset, path, kind)
            yield dataset
    except InputError:
        raise
    except (OSError, RuntimeError, UnicodeDecodeError):
        raise damaged(path, kind, "it does not open") from None


def damaged(path, kind, finding):
    """The InputError for a file that is ours but not whole."""
    mend = (
        "copy it again from its source, or restart from an earlier checkpoint"
        if kind == "checkpoint"
        else "copy it again from its source, or run the problem again"
    )
    return InputError(f"{path} is damaged or cut short ({finding}): {mend}")


def _require(dataset, path, kind):
    found = dict.fromkeys(_MARKS)
    found.update((name, dataset.getncattr(name)) for name in _MARKS if name in dataset.ncattrs())
    if found[_MARKS[0]] not in _MORE:
        raise InputError(f"{path} was not written by multifluid: give a {kind} file that was")
    if found[_MARKS[0]] != kind:
        raise InputError(f"{path} is {_MORE[found[_MARKS[0]]]}")
    if found[_MARKS[1]] != FORMAT:
        raise InputError(
            f"{path} has format {found[_MARKS[1]]}, this version of multifluid reads format {FORMAT}: "
            "use the version that wrote it"
        )


def check_name(name, what):
    """Raise InputError unless netCDF keeps `name` as it is: a letter, then letters, digits and ``_ . + -``."""
    if not (isinstance(name, str) and _NAME.fullmatch(name) and unicodedata.is_normalized("NFC", name)):
        raise InputError(f"{what} {name!r} cannot be stored: a name is a letter, then letters, digits or any of _.+-")


def write_attributes(dataset, attributes):
    """Write global attributes: str as text, float as 64-bit, int as 64-bit, bool as the 8-bit integers 0 and 1.

    Raises
    ------
    InputError
        A name netCDF does not keep, a value of another type, an integer beyond 64 bits, a text with a null character.
    """
    for name, value in attributes.items():
        check_name(name, "attribute")
        if name in _MARKS:
            raise InputError(f"attribute {name!r} is kept for the file's own mark: choose another name")
        dataset.setncattr(name, _stored(name, value))


def _stored(name, value):
    if isinstance(value, (bool, np.bool_)):
        return np.int8(value)
    if isinstance(value, (float, np.floating)):
        return np.float64(value)
    if isinstance(value, (int, np.integer)) and -(2**63) <= value < 2**63:
        return np.int64(value)
    if isinstance(value, str) and "\0" not in value:
        return value.encode("utf-8", "backslashreplace").decode()  # names of files may hold bytes that are no text
    raise InputError(
        f"attribute {name!r} = {value!r} cannot be stored: give a str without null characters, a float, "
        "a bool or an int of 64 bits"
    )


def read_attributes(dataset):
    """The global attributes as Python values: dict of str, float, int and bool, without the file's own mark."""
    attributes = {}
    for name in dataset.ncattrs():
        if name in _MARKS:
            continue
        value = dataset.getncattr(name)
        if isinstance(value, np.int8):
            value = bool(value)
        elif isinstance(value, np.generic):
            value = value.item()
        attributes[name] = value
    return attributes
