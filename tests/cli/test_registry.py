"""Problems are found: in the package by name, in a user's file by path."""

import sys

import pytest

from multifluid import registry
from multifluid.errors import InputError

MINE = '''
from multifluid.problem import Parameter, Problem

class Mine(Problem):
    """A problem of one's own."""
    t_end = 1.0
    nx = Parameter(8, "cells", min=1)
    def grid(self): ...
    def fluids(self): return []
    def initial(self, x, y, z): return {}
'''


def test_a_problem_in_a_file_is_found_and_found_again(tmp_path):
    (tmp_path / "mine.py").write_text(MINE)
    found = registry.find(f"{tmp_path}/mine.py")
    assert found(nx=3).nx == 3 and found.name == "mine"
    specification = registry.specification(found)
    assert specification == f"{tmp_path}/mine.py:Mine"
    assert registry.find(specification).__qualname__ == "Mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.py"]  # no __pycache__ left beside it


def test_a_file_with_two_problems_needs_the_class(tmp_path):
    (tmp_path / "two.py").write_text(MINE + "\nclass Other(Mine): pass\nclass _Base(Mine): pass\n")
    with pytest.raises(InputError, match="Mine, Other: say which"):
        registry.find(f"{tmp_path}/two.py")
    assert registry.find(f"{tmp_path}/two.py:Other").name == "other"


def test_a_file_may_import_its_neighbours(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "neighbour_of_mine.py").write_text("CELLS = 12\n")
    (tmp_path / "mine.py").write_text("from neighbour_of_mine import CELLS\n" + MINE.replace("(8,", "(CELLS,"))
    assert registry.find(f"{tmp_path}/mine.py:Mine")().nx == 12


def test_packaged_problems_are_found_in_subpackages(packaged_problems):
    assert list(registry.packaged()) == ["echo_wave", "silent_wave"]
    found = registry.find("echo_wave")
    assert found.__module__ == "packaged_problems.waves.echo" and found.summary() == "An echo."
    with pytest.raises(InputError, match="no problem called 'eco_wave'; did you mean echo_wave?"):
        registry.find("eco_wave")
    assert registry.specification(found) == "echo_wave"


def test_two_problems_of_one_name_are_an_error(packaged_problems):
    (packaged_problems / "again.py").write_text(MINE.replace("class Mine(Problem):", "class EchoWave(Problem):"))
    with pytest.raises(InputError, match="two problems are called echo_wave"):
        registry.packaged()
