"""A run that was interrupted goes on with the same bits, and its file ends up the same."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from multifluid import Simulation
from multifluid.cli import main
from multifluid.io.checkpoint import latest_checkpoint, read_checkpoint
from multifluid.io.reader import load
from tests.small_plasma import SmallPlasma

ROOT = Path(__file__).resolve().parents[1]


def assert_same_file(path, other):
    """Every field, series value and time the same bits."""
    one, two = load(path), load(other)
    assert one.fields == two.fields and one.series == two.series
    for name in (*one.fields, *one.series, "time", "series_time"):
        assert np.array_equal(one[name], two[name]), name


def assert_same_state(one, two):
    """Every array and number that a restart goes on from."""
    first, second = one.checkpoint(), two.checkpoint()
    assert np.array_equal(first["arrays"]["state"], second["arrays"]["state"])
    assert first["scalars"] == second["scalars"]


@pytest.mark.parametrize("parameters", [
    {"dim": 1, "n": 32}, {"dim": 1, "n": 32, "stepper": "strang", "light": "resolve", "t_end": 0.02},
    {"dim": 2, "n": 16, "neutral": True, "t_end": 0.04}, {"dim": 2, "n": 16, "stepper": "strang", "neutral": True,
                                                          "light": "resolve", "t_end": 0.02},
    {"dim": 2, "n": 16, "reconstruction": "ppm", "t_end": 0.02},
], ids=str)  # fmt: skip
def test_restart_at_half_time_gives_the_same_bits(tmp_path, parameters):
    problem = SmallPlasma(**parameters)
    whole = Simulation(problem, output=tmp_path / "whole.nc")
    whole.run()
    half = Simulation(problem, output=tmp_path / "half.nc")
    half.run(until=0.5 * problem.t_end)
    del half
    checkpoint = read_checkpoint(latest_checkpoint(tmp_path / "half.nc"))
    assert checkpoint["scalars"]["t"] == 0.5 * problem.t_end
    rest = Simulation.restore(problem, checkpoint, output=tmp_path / "half.nc")
    rest.run()
    assert rest.step_count > checkpoint["scalars"]["step"] > 2
    assert_same_state(whole, rest)
    assert_same_file(tmp_path / "whole.nc", tmp_path / "half.nc")


def test_restart_in_between_records_cuts_nothing_and_doubles_nothing(tmp_path):
    # the first of the two checkpoints that are kept: records and steps written after it are done again
    problem = SmallPlasma(n=24, records=4, t_end=0.08)
    for name in ("whole.nc", "again.nc"):
        simulation = Simulation(problem, output=tmp_path / name)
        simulation.run()
    earlier = sorted(tmp_path.glob("again.checkpoint-*.nc"))[0]
    assert main(["restart", str(earlier), "--quiet"]) == 0
    assert_same_file(tmp_path / "whole.nc", tmp_path / "again.nc")
    ends = [read_checkpoint(latest_checkpoint(tmp_path / name)) for name in ("whole.nc", "again.nc")]
    assert np.array_equal(*[end["arrays"]["state"] for end in ends]) and ends[0]["scalars"] == ends[1]["scalars"]


def test_restart_with_other_threads_gives_the_same_bits(tmp_path):
    problem = SmallPlasma(dim=2, n=16, t_end=0.02)
    whole = Simulation(problem)
    whole.run()
    half = Simulation(problem)
    half.run(until=0.01)
    rest = Simulation.restore(problem, half.checkpoint(), threads=2)
    rest.run()
    assert np.array_equal(whole.solver.A, rest.solver.A)


MINE = """
from tests.small_plasma import SmallPlasma

class Mine(SmallPlasma):
    dim = 2
    n = 48
    t_end = 0.4
"""


def command(*words):
    """A command of the program, in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    return [sys.executable, "-m", "multifluid", *words], environment


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_a_file_that_goes_on_with_the_same_bits(tmp_path, number):
    (tmp_path / "mine.py").write_text(MINE)
    words, environment = command("run", "mine.py", "-o", "out.nc")
    with subprocess.Popen(words, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as process:
        for line in process.stderr:
            if line.startswith("first step done"):
                break
        time.sleep(0.3)
        process.send_signal(number)
        rest = process.stderr.read()
        code = process.wait(60)
    assert code == 128 + number, rest
    message = rest.splitlines()[-1]
    assert message.startswith("multifluid: error: stopped at t = ") and "multifluid restart out.nc" in message
    stopped = read_checkpoint(latest_checkpoint(tmp_path / "out.nc"))["scalars"]
    assert 0 < stopped["t"] < 0.4 and load(tmp_path / "out.nc")["series_time"][-1] == stopped["t"]
    words, environment = command("restart", "out.nc", "--quiet")
    assert subprocess.run(words, cwd=tmp_path, env=environment, timeout=120).returncode == 0
    words, environment = command("run", "mine.py", "-o", "whole.nc", "--quiet")
    assert subprocess.run(words, cwd=tmp_path, env=environment, timeout=120).returncode == 0
    assert_same_file(tmp_path / "whole.nc", tmp_path / "out.nc")
    ends = [read_checkpoint(latest_checkpoint(tmp_path / name)) for name in ("whole.nc", "out.nc")]
    assert np.array_equal(*[end["arrays"]["state"] for end in ends])
