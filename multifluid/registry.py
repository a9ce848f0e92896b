"""Where problems are found: in the package by name, in a user's file by path."""

import importlib
import inspect
import pkgutil
import sys
import tokenize
import traceback
import types
from pathlib import Path

from multifluid.errors import InputError
from multifluid.parameter import nearest
from multifluid.problem import Problem

PACKAGE = "multifluid.problems"


def packaged():
    """Problems that come with the package.

    Returns
    -------
    dict of str to type
        Name and class of each, sorted by name.

    Raises
    ------
    InputError
        Two problems bear one name.
    """
    package = importlib.import_module(PACKAGE)
    found = {}
    for module in pkgutil.walk_packages(package.__path__, PACKAGE + "."):
        for problem_class in _defined_in(importlib.import_module(module.name)):
            other = found.setdefault(problem_class.name, problem_class)
            if other is not problem_class:
                raise InputError(
                    f"two problems are called {problem_class.name}: in {other.__module__} and {module.name}"
                )
    return dict(sorted(found.items()))


def find(specification):
    """Class of a problem.

    Parameters
    ----------
    specification : str
        ``brio_wu`` (packaged), ``mine.py:MyProblem``, or ``mine.py`` where it defines one problem.

    Returns
    -------
    type

    Raises
    ------
    InputError
        No such problem or file (the nearest is named), or the file fails on import (its line is named).
    """
    path, colon, class_name = specification.partition(".py:")
    if colon or specification.endswith(".py"):
        return _find_in_file(path + ".py" if colon else specification, class_name)
    problems = packaged()
    if specification not in problems:
        hint = nearest(specification, problems) or "; `multifluid list` names all, mine.py:MyProblem is one of your own"
        raise InputError(f"no problem called {specification!r}{hint}")
    return problems[specification]


def specification(problem_class):
    """What `find` takes to find a class again; the run's file records it.

    Parameters
    ----------
    problem_class : type

    Returns
    -------
    str
        Name of a packaged problem; absolute path and class of one in a user's file.
    """
    if problem_class.__module__.startswith(PACKAGE + "."):
        return problem_class.name
    try:
        file = Path(inspect.getfile(problem_class)).resolve()
    except (TypeError, OSError):  # typed at the prompt: there is no file to come back to
        return f"{problem_class.__module__}:{problem_class.__qualname__}"
    return f"{file}:{problem_class.__qualname__}"


def _defined_in(module):
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Problem)
        and value.__module__ == module.__name__
        and not value.__name__.startswith("_")
    ]


def _find_in_file(path, class_name):
    module = _load(path)
    classes = {problem_class.__name__: problem_class for problem_class in _defined_in(module)}
    if not classes:
        raise InputError(f"{path} defines no problem: a class that derives from multifluid.Problem is needed")
    if class_name:
        if class_name not in classes:
            hint = nearest(class_name, classes) or f"; it has {', '.join(classes)}"
            raise InputError(f"{path} has no problem {class_name}{hint}")
        return classes[class_name]
    if len(classes) > 1:
        raise InputError(f"{path} defines {', '.join(classes)}: say which, as in {path}:{next(iter(classes))}")
    return next(iter(classes.values()))


def _load(path):
    file = Path(path).resolve()
    try:
        with tokenize.open(file) as stream:
            source = stream.read()
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except (OSError, SyntaxError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    # Compiled here and not by the import system, which would leave a __pycache__ beside the user's file.
    module = types.ModuleType(f"multifluid_user_{file.stem}")
    module.__file__ = str(file)
    sys.modules[module.__name__] = module
    if str(file.parent) not in sys.path:
        sys.path.insert(0, str(file.parent))  # its neighbours, as `python mine.py` would find them
    try:
        exec(compile(source, str(file), "exec"), vars(module))
    except SyntaxError as error:
        line = error.lineno if error.filename == str(file) else _line_in(file, error)
        raise InputError(f"{path}:{line}: {type(error).__name__}: {error.msg}") from error
    except (Exception, SystemExit) as error:
        kind = "" if isinstance(error, InputError) else f"{type(error).__name__}: "
        raise InputError(f"{path}:{_line_in(file, error)}: {kind}{error}") from error
    return module


def _line_in(file, error):
    """Last line of the user's own file that an error passed through."""
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno for frame in reversed(frames) if frame.filename == str(file)), 1)
