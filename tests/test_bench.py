"""``multifluid bench`` runs and says what it promises; its figures are not judged here."""

import json

import numpy as np
import pytest

from multifluid import bench
from multifluid.cli import main
from multifluid.kernels.local_solve import CHUNK


def test_quick_bench_prints_its_tables(tmp_path, capsys):
    path = tmp_path / "bench.json"
    assert main(["bench", "--quick", "--json", str(path)]) == 0
    text = capsys.readouterr().out
    for word in ("Mcell/s", "compile, s", "128", "24 x 24", "8 x 8 x 8", "stage solve", "signal speeds", "fluid fluxes",
                 "edges, faraday", "step's size", "ghosts", "primitives", "% of copy", "ns per cell and call"):
        assert word in text
    numbers = json.loads(path.read_text())
    assert len(numbers["steps"]) == 6 and len(numbers["kernels"]) == 28
    for row in numbers["steps"]:
        assert row["updates"] > 0 and row["retries"] == 0 and 3.0 < row["memory_in_states"] < 6.0
    assert all(row["ns_per_cell"] > 0 for row in numbers["kernels"])
    assert [row["closure"] for row in numbers["kernels"]].count("ten-moment") == 7
    rows = {row["sources"]: row for row in numbers["sources"]}
    for name in ("e + i with drag", "e + i + n with drag", "e + i + n with drag and heating"):
        assert 0.0 < rows[name]["ns_per_cell"] < rows[name]["stage_ns_per_cell"]
    assert len(rows) == 7 and sum("exact e + i + n" in name and "rates h = " in name for name in rows) == 4
    for name, row in rows.items():
        assert f"\n{name}  " in text and row["fastest_ns_per_cell"] <= row["ns_per_cell"]


def test_source_rows_time_what_they_name():
    """The rate times h of a row is that of its state, and the timed calls change the state as a stage would."""
    for neutral in (False, True):
        solver = bench.plasma((CHUNK, 1, 1), neutral=neutral, drag=True, relaxation=3.0)
        assert np.count_nonzero(solver.alpha) == (6 if neutral else 2)
        h = 10.0 / bench.fastest_rate(solver)
        before = solver.interior(solver.W).copy()
        found = []
        for exact in (False, True):
            call, cells = bench.source_call(solver, h, exact, True, times=1)
            call()
            call()
            assert cells == CHUNK and np.array_equal(before, solver.interior(solver.W))
            names = call.__code__.co_freevars
            u = dict(zip(names, (cell.cell_contents for cell in call.__closure__), strict=True))["start"][4]
            found.append(u - dict(zip(names, (c.cell_contents for c in call.__closure__), strict=True))["start"][1])
        assert min(np.abs(change).max() for change in found) > 1e-3
        assert np.all(np.isfinite(found[0]) & np.isfinite(found[1]))


@pytest.mark.parametrize("argument", [["--threads", "0"], ["--json", "no/such/folder/bench.json"]])
def test_bad_input_is_refused(argument, capsys):
    assert main(["bench", "--quick", *argument]) == 2
    assert argument[0] in capsys.readouterr().err
