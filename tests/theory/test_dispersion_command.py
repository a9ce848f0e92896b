"""`multifluid dispersion`: table, picture, errors."""

import argparse

import numpy as np
import pytest

from multifluid.errors import InputError
from multifluid.theory import command


def run(*options):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.main(parser.parse_args([str(o) for o in options]))


def rows(text):
    """Branch -> (k, Re omega, Im omega, phase speed) of a printed table, last wavenumber wins."""
    found = {}
    for line in text.splitlines()[1:]:
        *numbers, names = line.split(maxsplit=4)
        for name in names.split(" = "):
            found[name] = [float(v) for v in numbers]
    return found


def test_table_of_a_cold_plasma(capsys):
    assert run("--k-di", 0.5, 1e-6, "--angle", 60, "--beta", 0, "--c", 1e6) == 0
    text = capsys.readouterr().out
    assert text.count("fast = whistler") == 2
    table = rows(text)
    speed = 1 / np.sqrt(1 + 1 / 1836.15)
    assert table["alfven"][3] == pytest.approx(0.5 * speed, rel=1e-9)
    assert table["whistler"][3] == pytest.approx(speed, rel=1e-9)
    assert table["light"][1] == pytest.approx(1e6 * np.sqrt(1837.15), rel=1e-3)


def test_table_with_neutrals(capsys):
    run("--k-di", 1e-5, "--beta", 0.01, "--neutral-density", 100, "--alpha", 0.1, "--alpha-electron", 1e-4)
    table = rows(capsys.readouterr().out)
    # Alfven wave of both fluids together, damped by ion-neutral friction
    assert table["whistler"][3] == pytest.approx(1 / np.sqrt(101 + 1 / 1836.15), rel=1e-4)
    assert -1e-3 < table["whistler"][2] / table["whistler"][1] < 0


def test_tables_of_other_closures(capsys):
    """Parallel firehose of six-moment ions, p_par - p_perp = 4.95; isotropising ten moments and polytropes: sound."""
    options = ("--k-di", 1e-6, "--beta", 6.6, "--temperature-ratio", 1e-9, "--c", 1e6)
    run(*options, "--closure", "six-moment", "--anisotropy", 0.25)
    six = rows(capsys.readouterr().out)
    for name in ("ion_cyclotron", "whistler"):
        assert six[name][2] == pytest.approx(1e-6 * np.sqrt(3.95 / (1 + 1 / 1836.15)), rel=1e-6)
    run(*options, "--closure", "ten-moment", "--isotropisation", 1e3, "--heat-flux", "gradient", 1.0)
    ten = rows(capsys.readouterr().out)
    run(*options, "--closure", "polytropic", "--gamma", 5 / 3, "--angle", 0)
    polytropic = rows(capsys.readouterr().out)
    assert polytropic["sound"][3] == pytest.approx(np.sqrt(5.5 / (1 + 1 / 1836.15)), rel=1e-6)
    assert ten["sound"][3] == pytest.approx(polytropic["sound"][3], rel=1e-3)


def test_picture(tmp_path, capsys):
    pytest.importorskip("matplotlib")
    run("--k-range", 0.01, 10, 5, "--angle", 40, "--plot", tmp_path / "omega.png")
    assert (tmp_path / "omega.png").read_bytes()[1:4] == b"PNG"
    assert len(capsys.readouterr().out.splitlines()) == 1 + 5 * 8
    with pytest.raises(InputError, match="cannot write the picture"):
        run("--k-range", 1, 2, 2, "--plot", tmp_path / "missing" / "omega.png")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "no wavenumber"),
        (["--k-di", -1], "must be positive"),
        (["--k-range", 1, 2, 2.5], "--k-range"),
        (["--k-di", 1, "--alpha", 2], "give --neutral-density"),
        (["--k-di", 1, "--neutral-density", -2], "must not be negative"),
        (["--k-di", 1, "--mass-ratio", 0], "--mass-ratio"),
        (["--k-di", 1, "--plot", "a.png"], "--plot: give several"),
        (["--k-di", 1, "--closure", "ten-moment", "--heat-flux", "local", "x"], "--heat-flux: k0 = x"),
        (["--k-di", 1, "--closure", "ten-moment", "--heat-flux", "radial", 1], "'radial' is unknown"),
        (["--k-di", 1, "--anisotropy", 2], "need closure='six-moment'"),
    ],
)
def test_bad_options(options, message):
    with pytest.raises(InputError, match=message):
        run(*options)
