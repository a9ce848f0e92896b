"""multifluid ohm: the terms along a line, from a run's fields and from its checkpoint."""

import numpy as np
import pytest

from multifluid import ohm
from multifluid.cli import main
from multifluid.io.reader import load

MINE = '''
from multifluid.problems.turbulence.orszag_tang import OrszagTang
class Told(OrszagTang):
    """With Ohm's law."""
    ohm_output = True
'''


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Folder with told.nc, whose fields hold the terms, and plain.nc of the same run without them."""
    folder = tmp_path_factory.mktemp("runs")
    (folder / "mine.py").write_text(MINE)
    words = ["nx=16", "--until", "0.01", "--quiet"]
    for problem, output in ((f"{folder / 'mine.py'}:Told", "told.nc"), ("orszag_tang", "plain.nc")):
        assert main(["run", problem, *words, "-o", str(folder / output)]) == 0
    return folder


def printed(capsys, *words):
    assert main(["ohm", *map(str, words)]) == 0
    return capsys.readouterr().out


def test_fields_and_checkpoint_give_the_same(runs, capsys):
    line = ("--along", "y", "--at", "x=0.3")
    tables = [printed(capsys, runs / name, *line).split("\n\n") for name in ("told.nc", "plain.nc")]
    assert tables[0][1].splitlines() == tables[1][1].splitlines()
    assert "one-fluid form" in tables[0][0] and "along y at x = 0.3" in tables[0][0]
    rows = {line.split("  ")[0]: line.split() for line in tables[0][1].splitlines()[1:]}
    shares = [float(row[row.index("%") - 1]) for name, row in rows.items() if "%" in row]
    # all terms less the residual, which is the last
    assert sum(shares[:-1]) - shares[-1] == pytest.approx(100.0, abs=0.05)


def test_table_and_picture_of_a_line(runs, tmp_path, capsys):
    out = printed(capsys, runs / "told.nc", "--record", "-1", "-o", tmp_path / "a.csv", "-o", tmp_path / "a.png")
    assert "wrote" in out and (tmp_path / "a.png").stat().st_size > 10_000
    columns = np.genfromtxt(tmp_path / "a.csv", delimiter=",", names=True)
    run = load(runs / "told.nc")
    assert columns["x"] == pytest.approx(run["x"], rel=1e-15)
    # the line in the middle lies between two rows of cells
    hall = run["ohm_hall_z"][-1][0, 7:9].mean(axis=0)
    assert columns["hall_z"] == pytest.approx(hall, rel=1e-12)
    names = [f"{name}_z" for name in ohm.TERMS if f"{name}_z" in columns.dtype.names]
    total = sum(columns[name] for name in names) - columns["E_z"]
    assert columns["residual_z"] == pytest.approx(total, abs=1e-12 * np.abs(columns["E_z"]).max())


@pytest.mark.parametrize("words, message", [
    (["told.nc", "--at", "x=1"], "give no x"),
    (["told.nc", "--at", "y"], "--at y: give an axis"),
    (["told.nc", "--at", "y=9"], "cut at y = 9: the grid goes from"),
    (["told.nc", "--along", "z"], "the grid is flat there"),
    (["told.nc", "--form", "three-fluid"], "holds the one-fluid form"),
    (["told.nc", "--record", "99"], "no record 99"),
    (["told.nc", "-o", "a.txt"], ".csv or a .png"),
    (["plain.nc", "--record", "0"], "set ohm_output = True"),
    (["plain.nc", "--form", "three"], "choose one-fluid or three-fluid"),
    (["none.nc"], "none.nc"),
])
def test_bad_input(runs, words, message, capsys):
    assert main(["ohm", str(runs / words[0]), *words[1:]]) == 2
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1
