"""Parameters: typed, checked, collected over base classes; problems: found by name and by file."""

import numpy as np
import pytest

from multifluid.errors import InputError
from multifluid.problem import Check, Parameter, Problem


class Complete(Problem):
    """A base that defines what every problem must.

    More words."""

    t_end = 1.0

    def grid(self):
        return None

    def fluids(self):
        return []

    def initial(self, x, y, z):
        return {}


class TwoStreamIEN(Complete):
    """Two streams."""

    reference = "Nobody 1999"
    nx = Parameter(64, "cells", min=1)
    speed = Parameter(2.0, "stream speed", unit="v_A", above=0.0, below=10.0)
    closed = Parameter(False, "walls at both ends")
    shape = Parameter("sine", "profile", choices=("sine", "square"))


class Slower(TwoStreamIEN):
    cfl = 0.3
    speed = 1
    extra = Parameter(3, "one more")


def test_defaults_have_the_type_of_the_parameter():
    values = TwoStreamIEN().parameters()
    assert values["nx"] == 64 and values["speed"] == 2.0 and values["closed"] is False and values["shape"] == "sine"
    assert values["stepper"] == "imex" and values["reconstruction"] == "plm" and values["cfl"] == 0.4
    assert values["light"] == "screen" and values["floor_density"] == 0 == values["floor_pressure"]
    assert values["source"] == "auto"


@pytest.mark.parametrize(
    ("given", "name", "expected"),
    [
        ({"nx": 128.0}, "nx", 128),
        ({"nx": np.int64(7)}, "nx", 7),
        ({"nx": np.float64(7)}, "nx", 7),
        ({"speed": 3}, "speed", 3.0),
        ({"speed": np.float32(0.5)}, "speed", 0.5),
        ({"closed": np.True_}, "closed", True),
        ({"shape": "square"}, "shape", "square"),
    ],
)
def test_python_values(given, name, expected):
    problem = TwoStreamIEN(**given)
    assert getattr(problem, name) == expected
    assert type(getattr(problem, name)) is type(expected)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [("400", "nx", 400), ("4e2", "nx", 400), ("+4", "nx", 4), ("1e-6", "speed", 1e-6), ("3", "speed", 3.0)]
    + [(text, "closed", True) for text in ("true", "Yes", "1")]
    + [(text, "closed", False) for text in ("false", "no", "0")],
)
def test_command_line_values(text, name, expected):
    value = getattr(TwoStreamIEN.from_strings({name: text}), name)
    assert value == expected and type(value) is type(expected)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"nz": 3}, "no parameter nz; did you mean nx?"),
        ({"sped": 3}, "did you mean speed?"),
        ({"qwertyuiop": 3}, "multifluid info two_stream_ien"),
        ({"nx": 12.5}, "nx must be a whole number, not 12.5"),
        ({"nx": "12"}, "nx must be a whole number, not '12'"),
        ({"nx": True}, "nx must be a whole number"),
        ({"nx": 0}, "nx must be >= 1, not 0"),
        ({"nx": float("nan")}, "nx must be a whole number"),
        ({"speed": "fast"}, "speed must be a number"),
        ({"speed": None}, "speed must be a number"),
        ({"speed": 0}, "speed must be > 0, < 10, not 0"),
        ({"speed": 10.0}, "speed must be > 0, < 10"),
        ({"speed": float("inf")}, "finite"),
        ({"speed": np.ones(2)}, "speed must be a number"),
        ({"closed": 1}, "closed must be true or false"),
        ({"shape": "sinus"}, "one of sine | square, not 'sinus'; did you mean sine?"),
        ({"shape": 3}, "shape must be a word"),
        ({"cfl": 1.01}, "cfl must be > 0, <= 1"),
        ({"cfl": 0.0}, "cfl must be > 0"),
        ({"stepper": "rk4"}, "imex | strang"),
        ({"floor_density": -1e-9}, "floor_density must be >= 0"),
    ],
)
def test_bad_values_from_python(given, words):
    with pytest.raises(InputError) as caught:
        TwoStreamIEN(**given)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("nx", "12.5"),
        ("nx", "many"),
        ("nx", "nan"),
        ("nx", ""),
        ("speed", "1,5"),
        ("speed", "nan"),
        ("closed", "maybe"),
    ],
)
def test_bad_texts_from_the_command_line(name, text):
    with pytest.raises(InputError, match=f"parameter {name} must be"):
        TwoStreamIEN.from_strings({name: text})


def test_a_subclass_changes_defaults_by_plain_values():
    assert Slower().cfl == 0.3 and TwoStreamIEN().cfl == 0.4
    assert Slower().speed == 1.0 and isinstance(Slower().speed, float)
    with pytest.raises(InputError, match="Wrong: parameter cfl must be"):
        type("Wrong", (TwoStreamIEN,), {"cfl": 2.0})
    with pytest.raises(InputError, match="parameter nx must be a whole number"):
        type("Wrong", (TwoStreamIEN,), {"nx": "64"})


def test_a_mixin_changes_defaults_too():
    mixin = type("Mixin", (), {"cfl": 0.2})
    mixed = type("Mixed", (mixin, TwoStreamIEN), {})
    assert mixed().cfl == 0.2 and mixed(cfl=0.1).cfl == 0.1


def test_a_property_hides_an_inherited_parameter():
    fixed = type("Fixed", (TwoStreamIEN,), {"nx": property(lambda self: 5)})
    assert fixed().nx == 5
    with pytest.raises(InputError, match="no parameter nx"):
        fixed(nx=3)


def test_parameters_are_in_the_order_of_definition():
    names = list(Slower.parameters_of())
    assert names[:7] == ["stepper", "source", "reconstruction", "cfl", "light", "floor_density", "floor_pressure"]
    assert names[7:] == ["nx", "speed", "closed", "shape", "extra"]
    assert list(Slower().parameters()) == names


def test_parameters_cannot_change_after_the_problem_is_built():
    problem = TwoStreamIEN()
    with pytest.raises(InputError, match=r"TwoStreamIEN\(nx=3\)"):
        problem.nx = 3
    assert problem.nx == 64


def test_a_parameter_may_not_hide_a_method():
    with pytest.raises(InputError, match="parameter grid of Hiding hides Problem.grid"):
        type("Hiding", (Complete,), {"grid": Parameter(1, "hides the method")})
    end = type("End", (Complete,), {"t_end": Parameter(2.0, "end"), "output_interval": Parameter(0.5, "interval")})
    assert end(t_end=4.0).t_end == 4.0 and end().output_interval == 0.5


@pytest.mark.parametrize("missing", ["grid", "fluids", "initial", "t_end"])
def test_what_every_problem_must_define(missing):
    own = {name: value for name, value in vars(Complete).items() if name in ("grid", "fluids", "initial", "t_end")}
    del own[missing]
    with pytest.raises(InputError, match=f"problem Partial does not define {missing}"):
        type("Partial", (Problem,), own)()


def test_parameter_needs_a_typed_default_within_its_range():
    with pytest.raises(InputError, match="must be an int, a float, a bool or a str"):
        Parameter(None, "no type")
    with pytest.raises(InputError, match=">= 1"):
        Parameter(0, "cells", min=1)
    assert Parameter(np.float64(0.5), "from NumPy").type is float
    assert Parameter(np.int64(5), "from NumPy").type is int


def test_validate_sees_the_values():
    class Guarded(TwoStreamIEN):
        def validate(self):
            if self.nx > 100 and self.closed:
                raise InputError("nx is at most 100 with walls")

    with pytest.raises(InputError, match="at most 100"):
        Guarded(nx=101, closed=True)
    assert Guarded(nx=101).nx == 101


def test_names_defaults_and_summary():
    assert TwoStreamIEN.name == "two_stream_ien"
    assert type("CShock", (Complete,), {}).name == "cshock"
    assert type("BrioWu", (Complete,), {}).name == "brio_wu"
    assert type("GEMReconnection", (Complete,), {}).name == "gem_reconnection"
    assert type("Named", (Complete,), {"name": "other"}).name == "other"
    assert Complete.summary() == "A base that defines what every problem must."
    assert Slower.summary() == ""
    assert Complete().field() is None and Complete().interactions() == [] and Complete().check(None) == []
    assert Complete().output_interval == 0.1
    assert repr(TwoStreamIEN(nx=3, cfl=0.4)) == "TwoStreamIEN(nx=3)"


def test_describe_tells_numerics_apart():
    rows = {row.name: row for row in Slower.describe()}
    assert rows["cfl"].numerics and rows["cfl"].default == "0.3" and rows["cfl"].range == "> 0, <= 1"
    assert not rows["speed"].numerics and rows["speed"].unit == "v_A" and rows["speed"].range == "> 0, < 10"
    assert rows["closed"].default == "false" and rows["shape"].range == "sine | square"


def test_check_passes_at_its_limit_and_never_for_nan():
    assert Check("e", 1.0, 1.0).passed and not Check("e", 1.1, 1.0).passed
    assert Check("n", 2.0, 1.0, kind="min").passed and not Check("n", 0.5, 1.0, kind="min").passed
    assert not Check("e", float("nan"), 1.0).passed and not Check("e", float("nan"), 1.0, kind="min").passed
    with pytest.raises(InputError, match="max or min"):
        Check("e", 1.0, 1.0, kind="less")
