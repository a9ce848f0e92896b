"""Bad input of every kind: exit code 2, one line that names what is wrong, nothing on the disk changed."""

import hashlib
import importlib.util
import json
from dataclasses import dataclass, field

import numpy as np
import pytest

from multifluid.cli import main

HAS_SIMULATION = importlib.util.find_spec("multifluid.simulation") is not None

# A small plasma that runs; every case changes one line of it.
PLASMA = {
    "t_end": "t_end = 0.01",
    "extra": "",
    "grid": "Grid(x=(0.0, 1.0, self.nx))",
    "fluids": "[FiveMoment('ion', 1.0, 1.0), FiveMoment('electron', 0.04, -1.0)]",
    "field": "Maxwell(c=10.0)",
    "boundaries": "Boundaries()",
    "interactions": "[]",
    "rho": "1.0",
    "p": "0.1",
    "u": "(0.0, 0.0, 0.0)",
    "b": "(1.0, 0.0, 0.0)",
    "more": "",
}
TEMPLATE = """
import numpy as np
from multifluid.boundaries import Boundaries, User
from multifluid.coupling import Drag
from multifluid.errors import InputError
from multifluid.fluids import FiveMoment
from multifluid.grid import Grid
from multifluid.maxwell import Maxwell
from multifluid.problem import Parameter, Problem

class Mine(Problem):
    nx = Parameter(8, "cells")
    speed = Parameter(1.0, "speed", above=0.0)
    {t_end}
    {extra}
    def grid(self): return {grid}
    def fluids(self): return {fluids}
    def field(self): return {field}
    def boundaries(self): return {boundaries}
    def interactions(self): return {interactions}
    def initial(self, x, y, z):
        ion = {{"rho": {rho}, "u": {u}, "p": {p}}}
        electron = {{"rho": 0.04, "u": (0.0, 0.0, 0.0), "p": 0.1}}
        state = {{"ion": ion, "electron": electron, "E": (0.0, 0.0, 0.0), "B": {b}}}
        {more}
        return state
"""
RUN = ["run", "mine.py", "--quiet"]
RESTART = ["restart", "old.nc", "--quiet"]
USER_WITHOUT_E = (
    "Boundaries(x=(User(lambda t, x, y, z, inside: "
    "{name: value for name, value in inside.items() if name[0] != 'E'}), 'open'))"
)


def mine(**changes):
    """Files of a case: the plasma with some lines changed."""
    return {"mine.py": TEMPLATE.format(**{**PLASMA, **changes})}


def checkpoint(t=0.005, **scalars):
    """Function that writes a checkpoint of the plasma beside old.nc, with these scalars changed."""

    def write(folder):
        from multifluid.io.checkpoint import write_checkpoint

        recorded = {
            "step": 3,
            "t": t,
            "problem_spec": f"{folder}/mine.py:Mine",
            "parameters": json.dumps({"nx": 8}),
            **scalars,
        }
        return write_checkpoint(folder / "old.nc", {"arrays": {"state": np.ones((3, 4))}, "scalars": recorded})

    return write


def cut_short(folder):
    """A checkpoint that lost its second half."""
    path = checkpoint()(folder)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def foreign(folder):
    """A netCDF file of some other program under the name of a checkpoint, and one of a run."""
    import netCDF4

    for name in ("old.checkpoint-000000003.nc", "other.nc"):
        with netCDF4.Dataset(folder / name, "w") as file:
            file.createDimension("x", 3)
            file.createVariable("t", "f8", ("x",))[:] = 1.0


def finished_run(folder):
    """A run to its end, with the real code."""
    assert main(["run", f"{folder}/mine.py", "-o", f"{folder}/old.nc", "--quiet"]) == 0


@dataclass
class Case:
    """What is typed, what the message must say, and what lies in the folder before."""

    name: str
    argv: list
    words: tuple
    files: dict = field(default_factory=dict)
    prepare: object = None
    needs_simulation: bool = False


def plasma(name, *words, argv=RUN, prepare=None, **changes):
    """Case of a problem file that the simulation must refuse."""
    return Case(name, argv, words, mine(**changes), prepare, needs_simulation=True)


COMMAND_LINE = [
    Case("unknown command", ["rnu", "echo_wave"], ("'rnu'", "did you mean run?")),
    Case("unknown problem", ["run", "eco_wave"], ("'eco_wave'", "did you mean echo_wave?")),
    Case("unknown problem, nothing near", ["info", "qqqq"], ("'qqqq'", "multifluid list")),
    Case("no problem", ["run"], ("required", "NAME")),
    Case("unknown parameter", ["run", "echo_wave", "sped=2"], ("no parameter sped", "did you mean speed?")),
    Case("number expected", ["run", "echo_wave", "speed=fast"], ("speed must be a number", "'fast'")),
    Case("whole number expected", ["run", "echo_wave", "nx=8.5"], ("nx must be a whole number", "8.5")),
    Case("out of range", ["check", "echo_wave", "speed=-1"], ("speed must be > 0, not -1",)),
    Case("not among the choices", ["run", "echo_wave", "shape=sin"], ("sine | square", "did you mean sine?")),
    Case("numerics out of range", ["run", "echo_wave", "cfl=1.5"], ("cfl must be > 0, <= 1, not 1.5",)),
    Case("not a number", ["run", "echo_wave", "speed=nan"], ("speed must be a finite number",)),
    Case("parameter twice", ["run", "echo_wave", "nx=8", "nx=9"], ("nx is given twice",)),
    Case("no equals sign", ["run", "echo_wave", "nx"], ("'nx' is not of the form parameter=value",)),
    Case("empty value", ["run", "echo_wave", "nx="], ("nx must be a whole number",)),
    Case("unknown option", ["run", "echo_wave", "--ouput", "x.nc"], ("'--ouput'", "did you mean --output?")),
    Case("threads 0", ["run", "echo_wave", "--threads", "0"], ("--threads", "1 or more", "'0'")),
    Case("threads -2", ["run", "echo_wave", "--threads=-2"], ("--threads", "'-2'")),
    Case("until 0", ["run", "echo_wave", "--until", "0"], ("--until", "after 0")),
    Case("until inf", ["run", "echo_wave", "--until", "inf"], ("--until", "finite")),
    Case("until what", ["run", "echo_wave", "--until", "noon"], ("--until", "'noon'")),
    Case("check without a check", ["check", "silent_wave"], ("silent_wave", "check()")),
    Case("converge without exact", ["converge", "silent_wave"], ("silent_wave", "exact(t, x, y, z)")),
    Case("converge twice n", ["converge", "echo_wave", "--n", "8", "8"], ("each only once", "8, 8")),
    Case("converge n word", ["converge", "echo_wave", "--n", "8", "many"], ("--n", "'many'")),
    Case("converge nx given", ["converge", "echo_wave", "nx=8"], ("nx is given twice",)),
    Case("converge bad nx", ["converge", "echo_wave", "--n", "0", "8"], ("nx must be >= 1",)),
    Case("order of one n", ["converge", "echo_wave", "--n", "8", "--order-at-least", "2"], ("two resolutions",)),
    Case("order word", ["converge", "echo_wave", "--order-at-least", "second"], ("--order-at-least", "'second'")),
]
USER_FILES = [
    Case("file missing", ["run", "mine.py:Mine"], ("mine.py: no such file",)),
    Case("file is a folder", ["run", "mine.py"], ("mine.py cannot be read",), {"mine.py/inside": ""}),
    Case("class missing", ["run", "mine.py:Mien"], ("no problem Mien", "did you mean Mine?"), mine()),
    Case("no problem in it", ["info", "mine.py"], ("mine.py defines no problem",), {"mine.py": "x = 1\n"}),
    Case("syntax error", ["run", "mine.py"], ("mine.py:2: SyntaxError",), {"mine.py": "x = 1\ny = = 2\n"}),
    Case("name error", ["run", "mine.py"], ("mine.py:3: NameError: name 'foo'",), {"mine.py": "\n\nfoo()\n"}),
    Case("import error", ["run", "mine.py"], ("mine.py:1: ModuleNotFoundError",), {"mine.py": "import nonesuch_\n"}),
    Case("exits on import", ["run", "mine.py"], ("mine.py:2: SystemExit",), {"mine.py": "import sys\nsys.exit(0)\n"}),
    Case(
        "error deep in a library",
        ["run", "mine.py"],
        ("mine.py:4: ", "cells", "must be >= 1"),
        {"mine.py": "from multifluid.problem import Parameter\n\ndef f():\n    Parameter(0, 'cells', min=1)\nf()\n"},
    ),
    Case("bad default", ["run", "mine.py"], ("mine.py:11: Mine: parameter cfl",), mine(extra="cfl = 3.0")),
    Case("not text", ["run", "mine.py"], ("mine.py",), {"mine.py": b"\xff\xfe\x00\x00"}),
    Case("no t_end", ["run", "mine.py"], ("Mine does not define t_end",), mine(t_end="")),
    Case("validate refuses", ["run", "mine.py"], ("no good",), mine(
        extra="def validate(self): raise InputError('speed is no good')")),
    Case("restart without checkpoint", ["restart", "old.nc"], ("no checkpoint of", "old.nc")),
    Case("restart cut short", ["restart", "old.checkpoint-000000003.nc"], ("old.checkpoint",), mine(), cut_short),
    Case("restart run cut short", ["restart", "old.nc"], ("old",), mine(), cut_short),
    Case("restart foreign", ["restart", "old.checkpoint-000000003.nc"], ("old.checkpoint",), mine(), foreign),
    Case("restart no problem", ["restart", "old.nc"], ("names no problem",), mine(), checkpoint(parameters="{")),
    Case("restart problem gone", ["restart", "old.nc"], ("written by", "no such file"), {}, checkpoint()),
    Case("restart parameter gone", ["restart", "old.nc"], ("no parameter sped", "speed"), mine(),
         checkpoint(parameters='{"sped": 1.0}')),
    Case("plot missing", ["plot", "none.nc"], ("none.nc",)),
    Case("plot foreign", ["plot", "other.nc"], ("other.nc",), {}, foreign),
    Case("plot text", ["plot", "text.nc"], ("text.nc",), {"text.nc": "not netCDF"}),
]  # fmt: skip
SIMULATION = [
    plasma("negative density", "density", "ion", rho="-1.0"),
    plasma("density negative in one cell", "density of ion is -1", "(0, 0, 7)", rho="np.where(x > 0.9, -1.0, 1.0)"),
    plasma("zero pressure", "pressure of ion is 0", p="0.0"),
    plasma("density is nan", "ion", rho="np.nan"),
    plasma("velocity is inf", "ion", u="(np.inf, 0.0, 0.0)"),
    plasma("density of wrong shape", "ion", rho="np.ones(5)"),
    plasma("velocity of two components", "ion", u="(0.0, 0.0)"),
    plasma("fluid missing in initial", "electron", more="del state['electron']"),
    plasma("unknown fluid in initial", "proton", more="state['proton'] = ion"),
    plasma("unknown variable in initial", "temperature", more="ion['temperature'] = 1.0"),
    plasma("pressure missing in initial", "p", "ion", more="del ion['p']"),
    plasma("initial returns nothing", "initial", more="return None"),
    plasma("initial raises", "mine.py:", "ZeroDivisionError", more="1 / 0"),
    plasma("magnetic field is nan", "B", b="(1.0, np.nan, 0.0)"),
    plasma("zero cells", "cells", argv=[*RUN, "nx=0"]),
    plasma("too few cells", "cells", argv=[*RUN, "nx=2"]),
    plasma("negative extent", "grid", grid="Grid(x=(1.0, 0.0, 8))"),
    plasma("grid of nothing", "grid", grid="None"),
    plasma("charge without field", "field", "ion", field="None"),
    plasma("two fluids of one name", "ion", fluids="[FiveMoment('ion', 1.0, 1.0), FiveMoment('ion', 0.04, -1.0)]"),
    plasma("fluids of another kind", "fluids", fluids="['ion', 'electron']"),
    plasma("negative mass", "ion", "mass", fluids="[FiveMoment('ion', -1.0, 1.0)]"),
    plasma("gamma of one", "ion", "gamma", fluids="[FiveMoment('ion', 1.0, 1.0, 1.0)]"),
    plasma("light stands still", "c", field="Maxwell(c=0.0)"),
    plasma("periodic on one side", "x", "periodic", boundaries="Boundaries(x=('periodic', 'open'))"),
    plasma("unknown boundary", "x", "opne", boundaries="Boundaries(x='opne')"),
    plasma("user boundary without E", "E", boundaries=USER_WITHOUT_E),
    plasma("drag on no fluid", "neutral", interactions="[Drag('ion', 'neutral', 1.0)]"),
    plasma("negative drag", "alpha", interactions="[Drag('ion', 'electron', -1.0)]"),
    plasma("t_end 0", "t_end", t_end="t_end = 0.0"),
    plasma("t_end is a word", "t_end", t_end="t_end = 'soon'"),
    plasma("output_interval 0", "output_interval", extra="output_interval = 0.0"),
    plasma("output in no directory", "nowhere", argv=[*RUN, "-o", "nowhere/out.nc"]),
    plasma("output in a file", "mine.py", argv=[*RUN, "-o", "mine.py/out.nc"]),
    plasma("output unwritable", "/proc", argv=[*RUN, "-o", "/proc/out.nc"]),
    plasma("output is no nc", "nc", argv=[*RUN, "-o", "out.txt"]),
    plasma("output exists", "old.nc", "overwrite", argv=[*RUN, "-o", "old.nc"], prepare=finished_run),
    plasma("restart of a finished run", "until", argv=RESTART, prepare=finished_run),
    plasma("restart to the past", "until", argv=[*RESTART, "--until", "0.001"], prepare=finished_run),
    plasma("restart of another state", "old", argv=RESTART, prepare=checkpoint()),
]  # fmt: skip


def contents(folder):
    """Name, size, time of change and hash of everything below a folder."""
    return {
        str(path.relative_to(folder)): (
            path.stat().st_size, path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest()
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }  # fmt: skip


@pytest.mark.parametrize("case", COMMAND_LINE + USER_FILES + SIMULATION, ids=lambda case: case.name)
def test_bad_input(case, tmp_path, monkeypatch, capsys, packaged_problems):
    if case.needs_simulation and not HAS_SIMULATION:
        pytest.skip("needs multifluid.simulation")
    monkeypatch.chdir(tmp_path)
    for name, text in case.files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    if case.prepare is not None:
        case.prepare(tmp_path)
    before = contents(tmp_path)
    capsys.readouterr()
    code = main(case.argv)
    out, err = capsys.readouterr()
    assert code == 2, err
    lines = [line for line in err.splitlines() if line.strip()]
    assert len(lines) == 1 and lines[0].startswith("multifluid: error: "), err
    assert out == ""
    for word in case.words:
        assert word in lines[0]
    assert contents(tmp_path) == before


def test_the_plasma_of_this_table_is_sound(tmp_path, monkeypatch):
    if not HAS_SIMULATION:
        pytest.skip("needs multifluid.simulation")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(mine()["mine.py"])
    assert main(RUN) == 0  # otherwise a case could pass for a fault of the template
    assert main([*RUN, "--overwrite", "--until", "0.005"]) == 0
