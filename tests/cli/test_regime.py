"""`multifluid regime`: of numbers, of problems, with units, and its errors."""

import pytest

from multifluid.cli import main

NUMBERS = ["regime", "--n-neutral", "1e4", "--ion-fraction", "1e-7", "--B", "30uG", "--T", "10"]

CLOUD = '''
import numpy as np
from multifluid import Drag, FiveMoment, Grid, Maxwell, Problem
from multifluid.units import Units, constants

class Cloud(Problem):
    """A uniform cloud in interstellar units."""
    t_end = 1.0
    def units(self):
        return Units(length="0.1 pc", velocity="1 km/s", density="1e4 cm^-3", mass="2.01568 u")
    def grid(self):
        return Grid((0.0, 1.0, 8), (0.0, 2.0, 4))
    def fluids(self):
        u = self.units()
        self.m_i = u.code("29.018 u", kind="particle_mass")
        return [FiveMoment("ion", self.m_i, u.e), FiveMoment("electron", u.m_e, -u.e), FiveMoment("neutral", 1.0)]
    def field(self):
        return Maxwell(self.units().c)
    def interactions(self):
        return [Drag("ion", "neutral", self.units().code("3.345e13 cm^3/(g s)"))]
    def initial(self, x, y, z):
        u, n = self.units(), 1e-7
        T = u.code("10 K")
        state = {f.name: {"rho": f.mass * (n if f.charge else 1.0), "u": (0, 0, 0), "p": T * (n if f.charge else 1.0)}
                 for f in self.fluids()}
        return {**state, "B": (0, u.code("30 uG"), 0)}
'''


@pytest.fixture(autouse=True)
def wide_terminal(monkeypatch):
    """No folded lines, wherever the tests run."""
    monkeypatch.setenv("COLUMNS", "160")


def printed(capsys, *words):
    """{symbol: (value, unit or the first word of the meaning)} of the tables, and all text."""
    assert main([str(word) for word in words]) == 0
    text = capsys.readouterr().out
    found = {}
    for line in text.splitlines():
        cells = [cell for cell in line.split("  ") if cell.strip()]
        if len(cells) > 2:
            try:
                found[cells[1].strip()] = (float(cells[2]), cells[3].strip() if len(cells) > 3 else "")
            except ValueError:
                continue
    return found, text


def test_numbers(capsys):
    found, text = printed(capsys, *NUMBERS, "--length", "0.1pc", "--dx", "100 AU", "--Omega", "1e-14 s^-1")
    assert "Pinto & Galli 2008" in text
    assert found["B"] == (30.0, "uG") and found["n_H2"] == (1e4, "cm^-3") and found["n_HCO+"] == (1e-3, "cm^-3")
    assert found["gamma"] == (pytest.approx(3.342e13, rel=1e-3), "cm^3/(g s)")
    assert found["beta_HCO+"] == (pytest.approx(8919, rel=1e-3), "tied to the field")
    assert found["eta_A"][0] == pytest.approx(1.329e21, rel=1e-3) and "the largest" in found["eta_A"][1] + text
    assert found["v_d"][0] == pytest.approx(43.06, rel=1e-3) and found["v_d"][1] == "m/s"
    assert found["R_A"][0] == pytest.approx(10.74, rel=1e-3)
    assert found["Am"][0] == pytest.approx(161.1, rel=1e-3) and found["Am'"][0] == pytest.approx(161.1, rel=1e-3)
    assert found["t_ff"] == (pytest.approx(0.3638, rel=1e-3), "Myr")
    assert "Cells of 100 AU resolve L_crit, 2 pi/k_low, lambda_J; not L_ohmic, d_e, d_HCO+, L_hall." in text


def test_lengths_are_in_order(capsys):
    _, text = printed(capsys, *NUMBERS)
    lines = text.split("Lengths, shortest first")[1].splitlines()[3:]
    scale = {"m": 1.0, "km": 1e3, "AU": 1.496e11, "pc": 3.086e16}
    values = []
    for line in filter(None, lines):
        words = line.split()
        unit = next(i for i, word in enumerate(words) if word in scale)
        values.append(float(words[unit - 1]) * scale[words[unit]])
    assert values == sorted(values) and len(values) > 10


def test_ionisation_balance_and_other_ions(capsys):
    found, text = printed(capsys, "regime", "--n-neutral", "1e4", "--B", "10 uG", "--T", "10", "--zeta", "1.3e-17")
    assert "ionisation balance" in text and found["n_i/n_n"][0] == pytest.approx(2.28e-8, rel=5e-3)
    quarter, _ = printed(capsys, "regime", "--n-neutral", "4e4", "--B", "10 uG", "--T", "10")
    assert quarter["n_i/n_n"][0] == pytest.approx(0.5 * found["n_i/n_n"][0], rel=1e-3)
    found, _ = printed(capsys, *NUMBERS, "--ion", "H+", "--neutral", "H")
    assert "beta_H+" in found and "n_H" in found


def test_a_packaged_problem(capsys):
    found, text = printed(capsys, "regime", "wave", "neutral_ratio=1000")
    assert "wave at t = 0, mean over the volume" in text and "code units, mu0 = 1" in text
    # nu_in = Omega_ion, v_A = d_i = 1 of the ions: beta_i = 1, eta_A = v_A^2/nu_in
    assert found["beta_ion"][0] == pytest.approx(1.0, rel=1e-3)
    assert found["eta_A"] == (pytest.approx(1.0, rel=1e-3), "L V") and found["d_ion"][0] == pytest.approx(1.0, rel=1e-3)
    assert "Regime at the cell width, share of all cells:" in text
    found, text = printed(capsys, "regime", "orszag_tang", "--cell", 1, 2, 0, "nx=16")
    assert "cell 1, 2, 0" in text and "beta_ion" not in found and "eta_A" not in found  # no neutrals
    assert found["d_ion"][0] == pytest.approx(1e-4, rel=0.2)  # the density varies little at t = 0


def test_a_problem_with_units(capsys, tmp_path):
    """The same cloud posed as a problem in interstellar units prints the numbers of the cloud."""
    (tmp_path / "cloud.py").write_text(CLOUD)
    found, text = printed(capsys, "regime", tmp_path / "cloud.py", "--length", "0.1 pc")
    numbers, _ = printed(capsys, *NUMBERS, "--length", "0.1pc")
    assert "code units" not in text
    for symbol, own in (("v_A", "v_A"), ("omega_p_ion", "omega_p_HCO+"), ("Omega_electron", "Omega_e"), ("rho", "rho"),
                        ("B", "B"), ("t_ff", "t_ff"), ("M_J", "M_J"), ("c_s", "c_s"), ("mu", "mu"),
                        ("lambda_D", "lambda_D")):
        assert found[symbol][0] == pytest.approx(numbers[own][0], rel=1e-3), symbol
        assert found[symbol][1] == numbers[own][1]
    assert found["eta_A"][0] == pytest.approx(numbers["eta_A"][0], rel=5e-3)
    assert found["dx"][0] == pytest.approx(0.0125, rel=1e-3) and found["dx"][1] == "pc"
    assert "share of all cells: ideal 100 %" in text or "ambipolar 100 %" in text


@pytest.mark.parametrize(("words", "match"), [
    (["regime"], "name a problem, or give --n-neutral"),
    (["regime", "--n-neutral", "1e4", "--T", "10"], "--B is missing"),
    ([*NUMBERS, "--ion", "Fe+"], "no rate of Fe"),
    ([*NUMBERS[:-1], "3"], "fit holds from 10"),
    ([*NUMBERS, "--zeta", "1e-17"], "either --ion-fraction or --zeta"),
    ([*NUMBERS, "--cell", "0", "0", "0"], "numbers have no cells"),
    ([*NUMBERS, "--length", "3"], "give a unit of length"),
    ([*NUMBERS, "--length", "3 s"], "no length"),
    ([*NUMBERS, "--dx", "0 pc"], "--dx must be positive"),
    (["regime", "--n-neutral", "1e4", "--T", "-10", "--B", "1 uG"], "--T must be positive"),
    (["regime", "--n-neutral", "1e4", "--T", "20", "--B", "1 uG", "--ion", "H3+"], "no recombination rate"),
    (["regime", "wave", "--B", "30uG"], "either a problem or numbers"),
    (["regime", "c=3"], "give the name of a problem"),
    (["regime", "wave", "--length", "3 pc"], "give a plain number"),
    (["regime", "wave", "--cell", "99", "0", "0"], "the grid has"),
    (["regime", "vacuum_cavity"], "no fluids")])  # fmt: skip
def test_errors_are_one_line(words, match, capsys):
    assert main(words) == 2
    err = capsys.readouterr().err
    assert match in err and err.count("\n") == 1
