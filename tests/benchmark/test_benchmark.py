"""The benchmark's frame: tasks, files, report, exit codes, on studies made for the test."""

import csv
import sys
import types

import netCDF4
import pytest

from multifluid.benchmark import study as framework
from multifluid.benchmark.outcome import conduct, write
from multifluid.benchmark.report import page
from multifluid.cli import main
from multifluid.errors import RunError
from multifluid.problem import Check

COLUMNS = (framework.Column("scheme", "which"), framework.Column("cells", "cells", format="d"),
           framework.Column("error", "relative error", unit="m", format=".1e"))  # fmt: skip


def rows(size):
    yield {"scheme": "plm", "cells": 8, "error": 0.125 + (size == "full")}
    yield {"scheme": "ppm", "cells": 16, "error": None}


def a_study(name, limit=0.5, measure=rows):
    def checks(found):
        return [Check("error of plm", found[0]["error"], limit)]

    def draw(found, figure):
        figure.subplots().plot([row["cells"] for row in found])

    return framework.Study(name, f"The {name} one", "What it *means*.", COLUMNS, measure, checks, draw)


def failing(size):
    raise RunError("electrons ran away")
    yield


@pytest.fixture
def bench(monkeypatch):
    """A benchmark of the given studies, under the name "hall"."""

    def install(*studies):
        module = types.ModuleType("multifluid.benchmark.hall")
        module.STUDIES = studies
        monkeypatch.setitem(sys.modules, "multifluid.benchmark.hall", module)

    return install


def run(folder, *words):
    return main(["benchmark", "hall", "--jobs", "1", "-o", str(folder), *words])


def test_files_and_report(bench, tmp_path, capsys):
    bench(a_study("first"), a_study("second"))
    assert run(tmp_path / "out") == 0
    out = tmp_path / "out"
    assert sorted(p.name for p in out.iterdir()) == sorted(
        ["README.md", *(f"{n}.{e}" for n in ("first", "second") for e in ("csv", "nc", "png"))])  # fmt: skip
    with open(out / "first.csv", newline="") as file:
        assert list(csv.DictReader(file)) == [{"scheme": "plm", "cells": "8", "error": "0.125"},
                                              {"scheme": "ppm", "cells": "16", "error": ""}]  # fmt: skip
    with netCDF4.Dataset(out / "first.nc") as file:
        assert list(file["scheme"][:]) == ["plm", "ppm"]
        assert file["error"].units == "m" and float(file["error"][0]) == 0.125
        assert "error of plm: 0.125" in file.checks and file.size == "quick"
    report = (out / "README.md").read_text()
    assert "2 of 2 gates kept" in report and "![The first one](first.png)" in report
    assert "| error of plm | 0.125 | ≤ 0.5 | kept |" in report and "| ppm | 16 |  |" in report
    assert "0 gates missed" in capsys.readouterr().out


def test_missed_gate_is_exit_code_1(bench, tmp_path, capsys):
    bench(a_study("loose"), a_study("strict", limit=0.1))
    assert run(tmp_path / "out") == 1
    assert "strict: error of plm is 0.125, limit 0.1" in capsys.readouterr().out
    assert "**missed**" in (tmp_path / "out" / "README.md").read_text()


def test_a_failed_study_is_loud_and_the_others_go_on(bench, tmp_path, capsys):
    bench(a_study("broken", measure=failing), a_study("sound"))
    assert run(tmp_path / "out") == 3
    assert "broken could not be measured: RunError: electrons ran away" in capsys.readouterr().out
    assert (tmp_path / "out" / "sound.nc").exists() and not (tmp_path / "out" / "broken.nc").exists()
    assert "**broken could not be measured**" in (tmp_path / "out" / "README.md").read_text()


def test_only_and_size(bench, tmp_path):
    bench(a_study("first"), a_study("second", limit=2.0))
    assert run(tmp_path / "out", "--only", "second", "--full") == 0
    report = (tmp_path / "out" / "README.md").read_text()
    assert "`multifluid benchmark hall --full --only second`" in report and "1.12" in report
    assert not (tmp_path / "out" / "first.csv").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["hal"], "did you mean hall"),
        (["hall", "--only", "third"], "no study 'third'; there are first"),
        (["hall", "--jobs", "0"], "0"),
    ],
)
def test_bad_input_writes_nothing(bench, tmp_path, capsys, words, message):
    bench(a_study("first"))
    assert main(["benchmark", *words, "-o", str(tmp_path / "out")]) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_folder_in_use_is_left_alone(bench, tmp_path, capsys):
    bench(a_study("first"))
    (tmp_path / "thesis.tex").write_text("precious")
    assert run(tmp_path) == 2
    assert "not empty" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.tex"]
    assert run(tmp_path, "--overwrite") == 0
    assert (tmp_path / "thesis.tex").read_text() == "precious"
    assert run(tmp_path / "thesis.tex") == 2


def test_studies_must_show_something(tmp_path):
    empty = framework.Study("empty", "", "", COLUMNS, lambda size: iter(()), lambda found: [], None)
    with pytest.raises(RuntimeError, match="columns"):
        conduct(empty, "quick")
    silent = framework.Study("silent", "", "", COLUMNS, rows, lambda found: [], None)
    with pytest.raises(RuntimeError, match="checks nothing"):
        conduct(silent, "quick")
    partial = framework.Study("partial", "", "", COLUMNS, lambda size: iter([{"cells": 3}]), lambda found: [], None)
    with pytest.raises(RuntimeError, match="columns"):
        conduct(partial, "quick")


def test_page_counts_what_was_missed(tmp_path):
    outcome = conduct(a_study("first", limit=0.1), "quick")
    write(outcome, tmp_path)
    text = page({"hall": [outcome]}, {"other": "no reason"}, "quick", "multifluid benchmark hall")
    assert "0 of 1 gates kept" in text and "**other could not be measured**: no reason" in text


def test_long_tables_are_cut_on_the_page():
    many = a_study("many", measure=lambda size: ({"scheme": "plm", "cells": n, "error": 0.1} for n in range(40)))
    text = page({"hall": [conduct(many, "quick")]}, {}, "quick", "multifluid benchmark hall")
    assert "| plm | 29 | 1.0e-01 |" in text and "| plm | 30 |" not in text
    assert "The first 30 of 40 rows; all are in [many.csv](many.csv)." in text
