"""``multifluid bench`` runs and says what it promises; its figures are not judged here."""

import json

import pytest

from multifluid.cli import main


def test_quick_bench_prints_its_tables(tmp_path, capsys):
    path = tmp_path / "bench.json"
    assert main(["bench", "--quick", "--json", str(path)]) == 0
    text = capsys.readouterr().out
    for word in ("Mcell/s", "compile, s", "128", "24 x 24", "8 x 8 x 8", "stage solve", "signal speeds", "fluid fluxes",
                 "edges, faraday", "step's size", "ghosts", "primitives", "% of copy", "ns per cell and stage"):
        assert word in text
    numbers = json.loads(path.read_text())
    assert len(numbers["steps"]) == 3 and len(numbers["kernels"]) == 21
    for row in numbers["steps"]:
        assert row["updates"] > 0 and row["retries"] == 0 and 3.0 < row["memory_in_states"] < 6.0
    assert all(row["ns_per_cell"] > 0 for row in numbers["kernels"])
    assert numbers["local_solve"]["ns_per_cell"] < numbers["local_solve"]["stage_ns_per_cell"]


@pytest.mark.parametrize("argument", [["--threads", "0"], ["--json", "no/such/folder/bench.json"]])
def test_bad_input_is_refused(argument, capsys):
    assert main(["bench", "--quick", *argument]) == 2
    assert argument[0] in capsys.readouterr().err
