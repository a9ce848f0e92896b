"""What the commands print and return, with a simulation that knows the answer."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from multifluid.cli import COMMANDS, main
from multifluid.convergence import convergence
from multifluid.errors import InputError, Interrupted, RunError
from multifluid.io.checkpoint import write_checkpoint

pytestmark = pytest.mark.usefixtures("packaged_problems")


@pytest.fixture(autouse=True)
def in_tmp_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_usage_names_every_command(capsys):
    assert main([]) == 0 and main(["--help"]) == 0
    printed = capsys.readouterr().out
    assert all(f"\n  {name} " in printed for name in COMMANDS)


@pytest.mark.parametrize("command", ["list", "info", "run", "check", "converge", "plot", "restart"])
def test_every_command_explains_itself(command, capsys):
    assert main([command, "--help"]) == 0
    assert f"usage: multifluid {command}" in capsys.readouterr().out


def test_list(capsys):
    assert main(["list"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "echo_wave    An echo.",
        "silent_wave  Says nothing: it has neither an exact solution nor a check.",
    ]


def test_info(capsys):
    assert main(["info", "echo_wave"]) == 0
    printed = capsys.readouterr().out
    assert "A wave that comes back." in printed and "Reference: Nobody (1999)" in printed
    own, numerics = printed.split("Numerics")
    line = next(line for line in own.splitlines() if line.startswith("speed"))
    assert line.split() == ["speed", "1", "v_A", ">", "0", "speed", "of", "the", "echo"]
    assert "sine | square" in own and "imex | strang" in numerics and "cfl" not in own


def test_list_and_info_do_not_wait_for_the_kernels(packaged_problems, tmp_path):
    script = (
        "import sys; from multifluid import registry; from multifluid.cli import main\n"
        "registry.PACKAGE = 'packaged_problems'\n"
        "assert main(['list']) == 0 and main(['info', 'silent_wave']) == 0\n"
        "print(sorted({'numba', 'netCDF4', 'matplotlib', 'xarray', 'scipy', 'tqdm'} & set(sys.modules)))"
    )
    path = [str(packaged_problems.parent), str(Path(__file__).parents[2])]
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {path!r}\n{script}"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"


def test_run_passes_everything_on(fake_simulation, capsys):
    words = ["run", "echo_wave", "nx=32", "-o", "x.nc", "speed=2", "--threads", "3", "--overwrite", "--until", "0.5"]
    assert main(words) == 0
    (built,) = fake_simulation.built
    assert built["problem"].parameters()["nx"] == 32 and built["problem"].speed == 2.0
    assert built["output"] == "x.nc" and built["threads"] == 3 and built["overwrite"] is True
    out, err = capsys.readouterr()
    assert "echo_wave: t = 0.5 in 4 steps" in out and "gauss_error = 1e-15" in out
    assert "floor used 3 times" in out and "step repeated" not in out and "wrote x.nc" in out
    assert "compiling" in err and "t = 0.5 of 0.5 (100 %); step 4; dt = 0.25, limited by ion" in err


def test_run_names_its_file_after_the_problem(fake_simulation, capsys):
    assert main(["run", "echo_wave", "--quiet"]) == 0
    assert fake_simulation.built[0]["output"] == "echo_wave.nc"
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (RunError("ion density is negative\nin cell 3"), 3),
        (InputError("no"), 2),
        (Interrupted(signal.SIGTERM, "stopped"), 143),
        (Interrupted(signal.SIGINT), 130),
        (KeyboardInterrupt(), 130),
    ],
)
def test_failures_have_their_exit_codes_and_one_line(fake_simulation, monkeypatch, capsys, failure, code):
    monkeypatch.setattr(fake_simulation, "failure", failure)
    assert main(["run", "echo_wave", "--quiet"]) == code
    err = capsys.readouterr().err
    assert err.startswith("multifluid: error: ") and err.count("\n") == 1


def test_check_passes_and_fails(fake_simulation, capsys):
    assert main(["check", "echo_wave", "limit=4", "--quiet"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert rows[1] == ["steps", "4", "<=", "4", "pass"] and rows[2] == ["time", "1", ">=", "0.5", "s", "pass"]
    assert main(["check", "echo_wave", "limit=3.5", "--quiet"]) == 1
    assert "FAIL" in capsys.readouterr().out
    assert fake_simulation.built[0]["output"] is None


def test_converge_finds_the_orders_of_known_errors(fake_simulation, capsys):
    assert main(["converge", "echo_wave", "--n", "16", "32", "64", "speed=2"]) == 0
    printed = capsys.readouterr().out
    overall = next(line for line in printed.splitlines() if line.startswith("overall")).split()
    assert overall[2:4] == ["round-off", "round-off"]
    # 4.01, 2.01: the largest sampled value of the sine, which scales the errors, grows from 0.981 to 0.999.
    assert [float(overall[1]), float(overall[4])] == pytest.approx([4, 2], abs=0.015)
    assert "16 -> 32" in printed and fake_simulation.built[0]["problem"].speed == 2.0
    assert main(["converge", "echo_wave", "--n", "16", "32", "--order-at-least", "1.9"]) == 0
    assert main(["converge", "echo_wave", "--n", "16", "32", "--order-at-least", "2.1"]) == 1
    assert "order of B is 2.02, below 2.1" in capsys.readouterr().out


def test_convergence_normalises_as_it_says(fake_simulation, packaged_problems):
    from packaged_problems.waves.echo import EchoWave

    class WithE(EchoWave):
        converge_fields = ("E", "B", "p")

    result = convergence(WithE, [32, 16])
    assert result.ns == (16, 32) and result.steps == (4, 4) and result.t == 1.0
    assert list(result.errors) == ["p_ion", "B", "E"]
    x = (np.arange(16) + 0.5) / 16
    amplitude = np.max(np.abs(np.sin(2 * np.pi * x)))
    assert result.errors["E"][0] == pytest.approx(3 / 16 / amplitude, rel=1e-12)  # three components, each off by 1/16
    assert result.errors["B"][0] == pytest.approx(9 / 16**2 / amplitude, rel=1e-12)
    # 1.02: the sampled amplitude grows by 1.5 % from 16 to 32 cells
    assert result.order("E") == pytest.approx(1.02, abs=2e-3) and np.isnan(result.order("p_ion"))
    assert list(result.below(1.5)) == ["E"]


def test_progress_bar_on_a_terminal(fake_simulation, monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert main(["run", "echo_wave"]) == 0
    err = capsys.readouterr().err
    assert "100 %|" in err and "dt = 0.25 (ion)" in err


def test_restart_rebuilds_the_recorded_problem(fake_simulation, monkeypatch, tmp_path, capsys):
    scalars = {"step": 7, "problem_spec": "echo_wave", "parameters": json.dumps({"nx": 24, "speed": 3.0})}
    write_checkpoint(tmp_path / "old.nc", {"arrays": {"a": np.ones(3)}, "scalars": scalars})
    seen = {}

    def restore(problem, data, output=None, threads=1, progress=None):
        seen.update(data=data, output=output, threads=threads)
        return fake_simulation(problem, output, threads, progress)

    monkeypatch.setattr(fake_simulation, "restore", restore, raising=False)
    assert main(["restart", "old.nc", "--until", "3", "--threads", "2", "--quiet"]) == 0
    assert fake_simulation.built[0]["problem"].parameters()["nx"] == 24
    assert seen["output"] == tmp_path / "old.nc" and seen["threads"] == 2
    assert np.array_equal(seen["data"]["arrays"]["a"], np.ones(3))
