"""Where a run file may go: names taken, links, places that cannot be written; nothing else on the disk changes."""

import os

import pytest

from multifluid.errors import InputError
from multifluid.io import RunFile, load, write_checkpoint


@pytest.fixture
def goes_only_with_overwrite(run, create, contents, one_line):
    """Function of what the refusal says: nothing on the disk changes then, and with overwrite the run file stands alone."""
    def hold(match):
        before = contents(run.path.parent)
        with pytest.raises(InputError, match=match) as info:
            create()
        one_line(info)
        assert contents(run.path.parent) == before
        create(overwrite=True)
        assert set(contents(run.path.parent)) == {"out.nc"}

    return hold


def test_existing_file_is_replaced_only_with_overwrite(run, goes_only_with_overwrite):
    goes_only_with_overwrite("--overwrite")
    assert load(run.path)["time"].size == 0


def test_overwrite_without_an_old_file_is_no_error(create):
    assert create(overwrite=True).path.is_file()


def test_a_failed_overwrite_keeps_the_old_file(run, create, contents, monkeypatch):
    before = contents(run.path.parent)

    def fail(*_):
        raise RuntimeError("NetCDF: HDF error")

    monkeypatch.setattr("multifluid.io.run_file.define", fail)
    with pytest.raises(InputError, match="is the disk full"):
        create(overwrite=True)
    assert contents(run.path.parent) == before
    with pytest.raises(InputError, match="is the disk full"):
        create(run.path.with_name("other.nc"))
    assert contents(run.path.parent) == before


def test_a_name_taken_meanwhile_is_not_overwritten(create, tmp_path, monkeypatch):
    (tmp_path / "out.nc").write_text("another run was quicker")
    monkeypatch.setattr("multifluid.io.run_file.free_name", lambda *_: None)
    with pytest.raises(InputError, match="exists already"):
        create()
    assert (tmp_path / "out.nc").read_text() == "another run was quicker"


def test_checkpoints_of_an_earlier_run_are_not_mistaken_for_this_ones(run, goes_only_with_overwrite):
    write_checkpoint(run.path, {"arrays": {}, "scalars": {"step": 900}})
    run.path.unlink()
    goes_only_with_overwrite("checkpoint-000000900.nc.*--overwrite")


def test_a_link_is_followed(create, tmp_path, files):
    (tmp_path / "disk").mkdir()
    (tmp_path / "out.nc").symlink_to(tmp_path / "disk" / "real.nc")
    run = create()
    run.write_fields(0.0, files.fields(0))
    run.write_fields(1.0, files.fields(1))
    run.truncate(1, 0)
    create(overwrite=True)
    assert (tmp_path / "out.nc").is_symlink() and (tmp_path / "disk" / "real.nc").is_file()


@pytest.mark.parametrize("name", ["a b#1.nc", "µ-é.nc", "a?mode=bytes.nc", "[1]*.nc", "x" * 240 + ".nc"])
def test_odd_names_of_files(create, tmp_path, files, name):
    run = create(tmp_path / name)
    run.write_fields(0.0, files.fields(0))
    assert os.listdir(tmp_path) == [name]
    assert load(tmp_path / name)["time"].tolist() == [0.0]


def test_relative_and_text_paths(create, tmp_path, monkeypatch, files):
    monkeypatch.chdir(tmp_path)
    run = create("out.nc")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    run.write_fields(0.0, files.fields(0))
    assert load(tmp_path / "out.nc")["time"].size == 1


@pytest.mark.parametrize(
    "name, says",
    [
        ("missing/out.nc", "does not exist; create it"),
        ("file.txt/out.nc", "is not a directory"),
        ("folder.nc", "it is a directory"),
        ("pipe.nc", "not an ordinary file"),
        ("out", "ends in .nc"),
        ("notes.txt", "ends in .nc, such as notes.nc"),
        ("out.checkpoint-000000001.nc", "ends in .nc"),
        ("x" * 300 + ".nc", "too long"),
    ],
)
@pytest.mark.parametrize("overwrite", [False, True])
def test_bad_places_are_refused_and_nothing_changes(create, tmp_path, contents, one_line, name, says, overwrite):
    (tmp_path / "file.txt").write_text("mine")
    (tmp_path / "notes.txt").write_text("mine too")
    (tmp_path / "folder.nc").mkdir()
    os.mkfifo(tmp_path / "pipe.nc")
    before, names = contents(tmp_path), sorted(os.listdir(tmp_path))
    with pytest.raises(InputError, match=says) as info:
        create(tmp_path / name, overwrite=overwrite)
    one_line(info)
    assert contents(tmp_path) == before and sorted(os.listdir(tmp_path)) == names


def test_a_directory_without_write_permission(create, unprivileged, one_line):
    unprivileged.chmod(0o555)
    with pytest.raises(InputError, match="Permission denied") as info:
        create(unprivileged / "out.nc")
    one_line(info)
    assert os.listdir(unprivileged) == []


def test_a_directory_that_may_not_be_searched(create, unprivileged, one_line):
    unprivileged.chmod(0o600)
    with pytest.raises(InputError) as info:
        create(unprivileged / "out.nc")
    one_line(info)


def test_write_protected_file(create, unprivileged, contents, one_line):
    run = create(unprivileged / "out.nc")
    run.path.chmod(0o444)
    before = contents(unprivileged)
    for attempt in (lambda: create(run.path, overwrite=True), lambda: RunFile.open(run.path)):
        with pytest.raises(InputError, match="change its permissions") as info:
            attempt()
        one_line(info)
        assert contents(unprivileged) == before
    assert load(run.path)["time"].size == 0


def test_unreadable_file(create, unprivileged, one_line):
    run = create(unprivileged / "out.nc")
    run.path.chmod(0o000)
    with pytest.raises(InputError, match="Permission denied") as info:
        RunFile.open(run.path)
    one_line(info)
