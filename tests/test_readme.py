"""What the README and the pages of doc/ promise: the example runs, commands are accepted, links lead somewhere."""

import re
import shlex
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from multifluid import cli, registry
from multifluid.commands.arguments import chosen_parameters
from multifluid.io import load

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "doc").glob("*.md"))]
TEST_COMMAND = "python tools/check"


def blocks(page, language):
    """Fenced blocks of a language in a page."""
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE)


def commands(page):
    """Words after `multifluid` of every command in the shell blocks of a page."""
    lines = "".join(blocks(page, "sh")).replace("\\\n", " ").splitlines()
    parts = [part.strip() for line in lines for part in line.partition("  #")[0].split("&&")]
    words = [shlex.split(part) for part in parts]
    return [word[1:] for word in words if word and word[0].endswith("multifluid") and len(word) > 1]


@pytest.fixture
def example(tmp_path):
    """The README's problem as a file."""
    (source,) = blocks(ROOT / "README.md", "python")
    path = tmp_path / "mine.py"
    path.write_text(source)
    return path


def test_example_is_short(example):
    assert len([line for line in example.read_text().splitlines() if line.strip()]) <= 25


def test_example_runs_from_the_command_line(example, tmp_path):
    output = tmp_path / "streams.nc"
    assert cli.main(["run", str(example), "nx=64", "speed=5", "--until", "0.05", "-o", str(output), "--quiet"]) == 0
    run = load(output, record=-1)
    assert run["time"][-1] == 0.05
    rho, ux = run["rho_ion"].squeeze(), run["ux_ion"].squeeze()
    assert rho[32] > 2.5 and rho[0] == pytest.approx(1.0, abs=1e-3)  # the streams pile up in the middle: 3.6
    assert np.abs(ux + ux[::-1]).max() < 1e-9  # 8e-14: the collision is symmetric
    assert run["gauss_error"].max() < 1e-12


def test_example_is_checked_like_packaged_problems(example, capsys):
    assert cli.main(["run", str(example), "sped=5", "-o", str(example.with_suffix(".nc"))]) == 2
    assert "did you mean speed" in capsys.readouterr().err


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_are_accepted(page, tmp_path, monkeypatch, example):
    monkeypatch.chdir(tmp_path)
    for name, *words in commands(page):
        assert name in cli.COMMANDS
        if name not in ("run", "check", "converge", "info"):
            continue
        problem_class = registry.find(words[0])
        given = [word for word in words[1:] if "=" in word]
        problem_class(**chosen_parameters(SimpleNamespace(parameters=given), problem_class))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page):
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text())
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_blocks_are_python(page):
    for source in blocks(page, "python"):
        compile(source, page.name, "exec")


def test_ci_runs_the_test_command_of_the_readme():
    readme, ci = (ROOT / "README.md").read_text(), (ROOT / ".ci" / "run").read_text()
    assert f"pip install -e '.[all]' && .venv/bin/{TEST_COMMAND}" in readme
    assert '"$venv/bin/python" tools/check' in ci and "-e '.[all]'" in ci
