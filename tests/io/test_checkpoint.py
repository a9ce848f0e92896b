"""Checkpoints: every bit comes back, damage is found, a crash at any moment leaves a whole one."""

import math
import os
import resource
import signal

import netCDF4
import numpy as np
import pytest

from multifluid.errors import InputError, RunError
from multifluid.io import latest_checkpoint, read_checkpoint, run_of, write_checkpoint

SEAL = 95  # bytes of the line at the end
RNG = np.random.default_rng(1)
ARRAYS = {
    "ion": RNG.normal(size=(5, 3, 4, 7)),
    "square": RNG.normal(size=(4, 4)),
    "awkward": np.array([np.nan, np.inf, -np.inf, -0.0, 0.0, 5e-324, 9.969209968386869e36, 1.7976931348623157e308]),
    "scalar": np.array(0.1 + 0.2),
    "counts": np.array([[-(2**63), 2**63 - 1], [-9223372036854775806, 0]]),
    "flags": RNG.random(11) < 0.5,
    "one_flag": np.array(True),
    "nothing": np.empty((3, 0, 2)),
    "no_counts": np.empty(0, dtype=np.int64),
    "turned": np.asfortranarray(RNG.normal(size=(3, 5))),
    "strided": RNG.normal(size=(6, 8))[::2, 1::3],
    "rho_H2+": np.ones(1),
}
SCALARS = {
    "step": 1234,
    "t": 0.1 + 0.2,
    "zero": -0.0,
    "nan": float("nan"),
    "inf": float("inf"),
    "tiny": 5e-324,
    "whole": 3.0,
    "huge": 2**200 + 1,
    "limited_by": "ion, µ²\n\0",
    "empty": "",
    "digits": "12",
    "on": True,
    "any name/at all": False,
}


def data(step=1234):
    return {"arrays": ARRAYS, "scalars": SCALARS | {"step": step}}


@pytest.fixture
def run(tmp_path):
    return tmp_path / "out.nc"


def step_of(path):
    return read_checkpoint(path)["scalars"]["step"]


def spoil(path, kind="bit"):
    """Cut the file in half, or turn round one bit of an array, where only the checksum can tell."""
    contents = bytearray(path.read_bytes())
    if kind == "half":
        path.write_bytes(contents[: len(contents) // 2])
        return
    place = contents.find(ARRAYS["ion"].tobytes()[:64])
    assert place > 0
    contents[place + 3] ^= 4
    path.write_bytes(contents)


def test_arrays_come_back_to_the_bit(run):
    arrays = read_checkpoint(write_checkpoint(run, data()))["arrays"]
    assert list(arrays) == list(ARRAYS)
    for name, expected in ARRAYS.items():
        assert arrays[name].dtype == expected.dtype and arrays[name].shape == expected.shape, name
        assert arrays[name].tobytes() == expected.tobytes(), name
        assert arrays[name].flags.writeable and arrays[name].flags.c_contiguous


def test_scalars_come_back_with_their_types(run):
    scalars = read_checkpoint(write_checkpoint(run, data()))["scalars"]
    assert list(scalars) == list(SCALARS)
    for name, expected in SCALARS.items():
        assert type(scalars[name]) is type(expected), name
        if name != "nan":
            assert scalars[name] == expected, name
    assert math.isnan(scalars["nan"]) and math.copysign(1.0, scalars["zero"]) == -1.0


def test_numpy_scalars_are_accepted(run):
    given = {"step": 1, "a": np.float64(0.1), "b": np.int64(7), "c": np.bool_(True)}
    scalars = read_checkpoint(write_checkpoint(run, {"arrays": {}, "scalars": given}))["scalars"]
    assert scalars == {"step": 1, "a": 0.1, "b": 7, "c": True}
    assert [type(v) for v in scalars.values()] == [int, float, int, bool]


def test_long_texts_are_kept(run):
    text = "x" * 300_000
    path = write_checkpoint(run, {"arrays": {}, "scalars": {"step": 1, "text": text}})
    assert read_checkpoint(path)["scalars"]["text"] == text


def test_name_and_the_last_two_are_kept(run, contents):
    assert write_checkpoint(run, data(7)) == run.with_name("out.checkpoint-000000007.nc")
    for step in (20, 100, 1_000_000_000):
        write_checkpoint(run, data(step))
    assert set(contents(run.parent)) == {"out.checkpoint-000000100.nc", "out.checkpoint-1000000000.nc"}
    assert step_of(latest_checkpoint(run)) == 1_000_000_000


def test_checkpoints_of_other_runs_are_left_alone(run, contents):
    others = ["out.b.nc", "xout.nc", "out.checkpoint-1.nc", "out.nc.nc"]
    mine = {write_checkpoint(run.with_name(other), data(5)).name for other in others}
    for step in (1, 2, 3):
        write_checkpoint(run, data(step))
    assert mine | {"out.checkpoint-000000002.nc", "out.checkpoint-000000003.nc"} == set(contents(run.parent))
    assert step_of(latest_checkpoint(run.with_name("out.b.nc"))) == 5


def test_after_a_restart_from_an_earlier_one_the_later_ones_go(run, contents):
    for step in (100, 200):
        write_checkpoint(run, data(step))
    write_checkpoint(run, data(150))
    assert set(contents(run.parent)) == {"out.checkpoint-000000100.nc", "out.checkpoint-000000150.nc"}


def test_the_same_step_is_replaced(run, contents):
    write_checkpoint(run, data(3))
    path = write_checkpoint(run, {"arrays": {}, "scalars": {"step": 3}})
    assert read_checkpoint(path)["arrays"] == {} and set(contents(run.parent)) == {path.name}


def test_a_checkpoint_serves_by_its_own_name(run):
    for step in (1, 2):
        write_checkpoint(run, data(step))
    first = run.with_name("out.checkpoint-000000001.nc")
    assert latest_checkpoint(first) == first and latest_checkpoint(str(first)) == first
    assert run_of(first) == run and run_of(run) == run


@pytest.mark.parametrize("kind", ["bit", "half"])
def test_a_damaged_newest_one_is_passed_over_with_a_warning(run, capsys, kind):
    for step in (1, 2):
        write_checkpoint(run, data(step))
    newest = latest_checkpoint(run)
    assert capsys.readouterr().err == ""
    spoil(newest, kind)
    assert step_of(latest_checkpoint(run)) == 1
    warning = capsys.readouterr().err
    assert warning.startswith("multifluid: warning: ") and newest.name in warning and warning.count("\n") == 1
    with pytest.raises(InputError, match="damaged"):  # asked for by name there is no other to take
        latest_checkpoint(newest)


def test_all_damaged(run, capsys, one_line):
    for step in (1, 2):
        spoil(write_checkpoint(run, data(step)))
    with pytest.raises(InputError, match="none of the 2 checkpoints") as info:
        latest_checkpoint(run)
    one_line(info)


@pytest.mark.parametrize("name", ["out.nc", "missing/out.nc"])
def test_none_at_all(tmp_path, name, one_line):
    with pytest.raises(InputError, match="no checkpoint of") as info:
        latest_checkpoint(tmp_path / name)
    assert "nor is there" in one_line(info)


def test_any_one_bit_is_noticed(run):
    """All bytes of the file, one after the other; HDF5 left alone hangs on three of them."""
    path = write_checkpoint(run, {"arrays": {"a": np.arange(9.0)}, "scalars": {"step": 1, "t": 0.5}})
    whole = path.read_bytes()
    for place in range(8, len(whole) - SEAL):  # between netCDF's own mark at the beginning and the seal at the end
        spoiled = bytearray(whole)
        spoiled[place] ^= 1 << place % 8
        path.write_bytes(spoiled)
        with pytest.raises(InputError, match="its checksum differs"):
            read_checkpoint(path)


@pytest.mark.parametrize("place", [0, 7, -1, -2, -65, -66, -70, -95])
def test_a_bit_of_the_marks_is_noticed(run, place):
    path = write_checkpoint(run, data())
    spoiled = bytearray(path.read_bytes())
    spoiled[place] ^= 1
    path.write_bytes(spoiled)
    with pytest.raises(InputError, match="damaged"):
        read_checkpoint(path)


def test_other_readers_of_netcdf_see_the_arrays(run):
    xarray = pytest.importorskip("xarray")
    with xarray.open_dataset(write_checkpoint(run, data())) as ds:
        assert np.array_equal(ds["ion"].values, ARRAYS["ion"]) and ds["counts"].dtype == np.int64


@pytest.mark.parametrize("part", np.linspace(0.0, 0.9999, 21))
def test_a_cut_anywhere_is_noticed(run, part, one_line):
    path = write_checkpoint(run, data())
    contents = path.read_bytes()
    path.write_bytes(contents[: int(part * len(contents))])
    with pytest.raises(InputError) as info:
        read_checkpoint(path)
    one_line(info)


def test_a_cut_filled_up_with_zeros_is_noticed(run):
    path = write_checkpoint(run, data())
    with open(path, "r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.truncate(size - 400)
        file.truncate(size)
    with pytest.raises(InputError, match="damaged"):
        read_checkpoint(path)


@pytest.mark.parametrize(
    "kind, says",
    [
        ("missing", "does not exist"),
        ("text", "not a netCDF4 file"),
        ("empty", "is empty"),
        ("directory", "is a directory"),
        ("foreign", "was not written by multifluid"),
        ("later format", "format 99"),
        ("run", "is a run file, not a checkpoint"),
        ("other scalars", "checksum is missing"),
        ("other array", "checksum is missing"),
    ],
)
def test_files_that_are_not_whole_checkpoints_are_refused_and_unchanged(run, contents, one_line, kind, says):
    path = run.with_name("out.checkpoint-000000007.nc")
    if kind == "text":
        path.write_text("step = 7\n" * 50)
    elif kind == "empty":
        path.touch()
    elif kind == "directory":
        path.mkdir()
    elif kind != "missing":
        write_checkpoint(run, data(7))
        with netCDF4.Dataset(path, "a") as nc:
            nc.set_auto_maskandscale(False)
            if kind == "foreign":
                nc.delncattr("multifluid_file")
            elif kind == "run":
                nc.multifluid_file = "run"
            elif kind == "later format":
                nc.multifluid_format = np.int64(99)
            elif kind == "other scalars":
                nc.manifest = nc.manifest.replace('"1234"', '"1235"').replace('"7"', '"8"')
            elif kind == "other array":
                nc["flags"][0] = 1 - nc["flags"][0]
    before = contents(run.parent)
    for attempt in (read_checkpoint, latest_checkpoint):
        with pytest.raises(InputError, match=says) as info:
            attempt(path)
        assert str(path) in one_line(info)
    assert contents(run.parent) == before


@pytest.mark.parametrize(
    "arrays, scalars, says",
    [
        ({"a": np.zeros(3, np.float32)}, {"step": 1}, "float32"),
        ({"a": np.zeros(3, ">f8")}, {"step": 1}, ">f8"),
        ({"a": np.array(["x"])}, {"step": 1}, "'a'"),
        ({"a/b": np.zeros(3)}, {"step": 1}, "'a/b'"),
        ({}, {"step": 1, "x": None}, "'x'"),
        ({}, {"step": 1, "x": 1j}, "'x'"),
        ({}, {"step": -1}, "step"),
        ({}, {"step": 1.0}, "step"),
        ({}, {"step": True}, "step"),
        ({}, {}, "step"),
    ],
)
def test_what_cannot_be_stored_is_refused(run, one_line, arrays, scalars, says):
    with pytest.raises(InputError) as info:
        write_checkpoint(run, {"arrays": arrays, "scalars": scalars})
    assert says in one_line(info)
    assert os.listdir(run.parent) == []


def test_a_missing_directory(tmp_path, one_line):
    with pytest.raises(InputError, match="does not exist; create it") as info:
        write_checkpoint(tmp_path / "missing" / "out.nc", data())
    one_line(info)


def test_a_directory_without_write_permission(unprivileged, contents, one_line):
    write_checkpoint(unprivileged / "out.nc", data(1))
    unprivileged.chmod(0o555)
    before = contents(unprivileged)
    with pytest.raises(RunError, match="Permission denied") as info:
        write_checkpoint(unprivileged / "out.nc", data(2))
    one_line(info)
    assert contents(unprivileged) == before


@pytest.mark.parametrize(
    "failure", [OSError(28, "No space left on device"), RuntimeError("HDF error"), KeyboardInterrupt]
)
def test_a_failure_half_way_keeps_the_old_one_and_leaves_nothing(run, contents, monkeypatch, failure):
    write_checkpoint(run, data(1))
    before = contents(run.parent)

    def fail(*_):
        raise failure

    monkeypatch.setattr("multifluid.io.checkpoint._write_array", fail)
    with pytest.raises(KeyboardInterrupt if failure is KeyboardInterrupt else RunError):
        write_checkpoint(run, data(2))
    assert contents(run.parent) == before


def test_a_full_disk_keeps_the_old_one(run, contents):
    write_checkpoint(run, data(1))
    before = contents(run.parent)
    pid = os.fork()
    if pid == 0:  # a limit on the size of files stands in for the full disk
        code = 1
        try:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (30000, 30000))
            try:
                write_checkpoint(run, {"arrays": {"a": np.zeros(10**5)}, "scalars": {"step": 2}})
            except RunError as error:
                code = 0 if "\n" not in str(error) else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert contents(run.parent) == before


def test_what_a_killed_process_left_is_no_hindrance(run, contents):
    run.with_name(".out.checkpoint.tmp").write_text("half a checkpoint")
    write_checkpoint(run, data(4))
    assert set(contents(run.parent)) == {"out.checkpoint-000000004.nc"}
