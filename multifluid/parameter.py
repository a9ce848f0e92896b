"""A problem's parameter: typed, described, checked where it is set."""

import difflib
import math
from numbers import Integral, Real

from multifluid.errors import InputError

_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_KINDS = {int: "a whole number", float: "a number", bool: "true or false", str: "a word"}


def _plain(value):
    """Python's own number for a scalar of NumPy's, without importing NumPy."""
    return value.item() if getattr(value, "ndim", None) == 0 else value


def nearest(word, words):
    """Hint naming the likeliest of `words`.

    Parameters
    ----------
    word : str
        What was typed.
    words : iterable of str
        What exists.

    Returns
    -------
    str
        ``"; did you mean X?"``, or ``""`` where nothing is close.
    """
    folded = {candidate.lower(): candidate for candidate in words}
    close = difflib.get_close_matches(word.lower(), folded, n=1, cutoff=0.5)
    return f"; did you mean {folded[close[0]]}?" if close else ""


class Parameter:
    """One typed attribute of a `Problem`, with its range and its help.

    The type is that of the default. The value is set when the problem is built and cannot
    change afterwards, so that what a run's file records is what the run used.

    Parameters
    ----------
    default : int, float, bool or str
        Default value; its type is the parameter's type.
    help : str
        What it is, in one line.
    unit : str, optional
        Unit, for people and for the run's file.
    min, max : number, optional
        Smallest and largest value allowed.
    above, below : number, optional
        The value must be greater, smaller than these.
    choices : sequence, optional
        The values allowed.

    Raises
    ------
    InputError
        The default is of another type, or outside its own range.
    """

    def __init__(self, default, help, unit="", min=None, max=None, above=None, below=None, choices=None):
        default = _plain(default)
        self.type = next((kind for kind in (bool, int, float, str) if isinstance(default, kind)), None)
        if self.type is None:
            raise InputError(f"Parameter({help!r}): the default {default!r} must be an int, a float, a bool or a str")
        self.help, self.unit = help, unit
        self.min, self.max, self.above, self.below = min, max, above, below
        self.choices = None if choices is None else tuple(choices)
        self.name = "default"  # until __set_name__
        try:
            self.default = self.check(default)
        except InputError as error:
            raise InputError(f"Parameter({help!r}): {error}") from None

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        return self if instance is None else instance._values[self.name]

    def __set__(self, instance, value):
        raise InputError(
            f"{self.name} is set when the problem is built: {type(instance).__name__}({self.name}={value!r})"
        )

    def replaced(self, default):
        """The same parameter with another default.

        Parameters
        ----------
        default : int, float, bool or str
            The new default, of the same type and within the range.

        Returns
        -------
        Parameter
        """
        copy = Parameter(self.default, self.help, self.unit, self.min, self.max, self.above, self.below, self.choices)
        copy.name = self.name
        copy.default = copy.check(default)
        return copy

    def check(self, value):
        """Value as the parameter's own type.

        Parameters
        ----------
        value : object
            From Python: a number of NumPy's or of Python's. A float stands for an int only where it is a whole
            number, and a str never stands for a number.

        Returns
        -------
        int, float, bool or str

        Raises
        ------
        InputError
            Wrong type, not finite, or out of range.
        """
        value = _plain(value)
        is_number = isinstance(value, Real) and not isinstance(value, bool)
        if self.type is float and is_number:
            value = float(value)
        elif self.type is int and is_number and (isinstance(value, Integral) or float(value).is_integer()):
            value = int(value)
        elif not (self.type in (bool, str) and isinstance(value, self.type)):
            raise InputError(f"parameter {self.name} must be {_KINDS[self.type]}, not {value!r}")
        return self._in_range(value)

    def parse(self, text):
        """Value from the command line.

        Parameters
        ----------
        text : str
            ``400``, ``1e-6``, ``true``, ``yes``, ``0``, or any word for a str.

        Returns
        -------
        int, float, bool or str

        Raises
        ------
        InputError
            `text` is not of the parameter's type, or out of range.
        """
        try:
            if self.type is bool:
                value = _BOOLEANS[text.strip().lower()]
            elif self.type is int:
                value = int(text) if text.strip().lstrip("+-").isdigit() else float(text)
            else:
                value = self.type(text)
        except (KeyError, ValueError):
            raise InputError(
                f"parameter {self.name} must be {_KINDS[self.type]}, not {text!r} (default {self.text(self.default)})"
            ) from None
        return self.check(value)

    def range_text(self):
        """str: the values allowed, for people: ``> 0, <= 1`` or ``imex | strang``; empty where all are."""
        if self.choices is not None:
            return " | ".join(self.text(choice) for choice in self.choices)
        limits = ((">", self.above), (">=", self.min), ("<", self.below), ("<=", self.max))
        return ", ".join(f"{sign} {self.text(limit)}" for sign, limit in limits if limit is not None)

    @staticmethod
    def text(value):
        """str: the value as the command line takes it."""
        if isinstance(value, bool):
            return "true" if value else "false"
        return f"{value:.15g}" if isinstance(value, float) else str(value)

    def _in_range(self, value):
        if self.choices is not None:
            if value not in self.choices:
                hint = nearest(value, self.choices) if self.type is str else ""
                raise InputError(f"parameter {self.name} must be one of {self.range_text()}, not {value!r}{hint}")
            return value
        if self.type is float and not math.isfinite(value):
            raise InputError(f"parameter {self.name} must be a finite number, not {value}")
        allowed = (
            (self.min is None or value >= self.min)
            and (self.max is None or value <= self.max)
            and (self.above is None or value > self.above)
            and (self.below is None or value < self.below)
        )
        if not allowed:
            raise InputError(f"parameter {self.name} must be {self.range_text()}, not {self.text(value)}")
        return value
