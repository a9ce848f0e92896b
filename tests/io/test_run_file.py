"""The run file: what goes in comes out to the bit, appending and cutting are safe, bad records are refused."""

import os
import resource
import signal
import subprocess
import sys
from types import SimpleNamespace

import netCDF4
import numpy as np
import pytest

from multifluid.errors import InputError, RunError
from multifluid.io import RunFile, load, write_checkpoint

xarray = pytest.importorskip("xarray")


def test_fields_come_back_to_the_bit_in_xarray(run, files):
    with xarray.open_dataset(run.path) as ds:
        for name in files.FIELDS:
            for k in range(3):
                assert ds[name].dtype == np.float64
                assert np.array_equal(files.bits(ds[name].values[k]), files.bits(files.fields(k)[name]))
        assert ds["time"].values.tolist() == [0.0, 0.5, 1.0]
        assert ds["time"].dtype == np.float64


def test_layout_in_xarray(run, files):
    with xarray.open_dataset(run.path) as ds:
        assert dict(ds.sizes) == {"time": 3, "z": 1, "y": 3, "x": 5, "step": 7, "bounds": 2}
        assert ds["rho_ion"].dims == ("time", "z", "y", "x")
        assert set(ds.coords) == {"time", "z", "y", "x", "series_time"}
        assert ds["mass_ion"].coords["series_time"].values.tolist() == [0.1 * k for k in range(7)]
        assert ds["limited_by"].values.tolist() == [files.row(k)["limited_by"] for k in range(7)]
        for axis, name in enumerate("xyz"):
            assert np.array_equal(ds[name], files.Grid().centres(axis))
            assert np.array_equal(ds[f"{name}_bounds"][:, 1], files.Grid().faces(axis)[1:])
            assert ds[name].attrs["units"] == "m"
            assert ds[name].encoding.get("bounds", ds[name].attrs.get("bounds")) == f"{name}_bounds"
        assert ds.attrs["nx"] == 5 and ds.attrs["c"] == 0.1 + 0.2 and ds.attrs["problem"] == "brio_wu"


def test_every_variable_has_units_and_long_name_and_time_no_axis(run):
    with netCDF4.Dataset(run.path) as nc:
        for name, variable in nc.variables.items():
            assert variable.getncattr("units") and variable.getncattr("long_name"), name
            assert "axis" not in variable.ncattrs()
        assert nc["By"].units == "1" and nc["time"].units == "1"
        assert nc.dimensions["time"].isunlimited() and nc.dimensions["step"].isunlimited()


def test_time_in_seconds_stays_a_number(create, files):
    run = create(time_units="s")
    run.write_fields(1.5, files.fields(0))
    with xarray.open_dataset(run.path) as ds:
        assert ds["time"].dtype == np.float64 and ds["time"].attrs["units"] == "s" and float(ds["time"][0]) == 1.5


def test_file_opens_after_the_header_alone(create):
    run = create()
    with xarray.open_dataset(run.path) as ds:
        assert ds.sizes["time"] == 0 and ds.sizes["step"] == 0
    assert (run.records, run.steps) == (0, 0)


def test_a_run_may_have_neither_fields_nor_series(create):
    run = create(fields_meta={}, series_meta={})
    run.write_fields(0.0, {})
    run.write_series([{"series_time": 0.0}, {"series_time": 1.0}])
    again = RunFile.open(run.path)
    assert (again.records, again.steps) == (1, 2)


def test_compression_is_off_unless_asked_for_and_survives_a_cut(create, run, tmp_path, files):
    with netCDF4.Dataset(run.path) as nc:
        assert not nc["By"].filters()["zlib"]
    packed = create(tmp_path / "packed.nc", compression=4)
    for k in range(2):
        packed.write_fields(k, files.fields(k))
    packed.truncate(1, 0)
    with netCDF4.Dataset(packed.path) as nc:
        assert nc["By"].filters()["zlib"] and nc["By"].filters()["complevel"] == 4
    assert np.array_equal(files.bits(load(packed.path)["By"][0]), files.bits(files.fields(0)["By"]))


def test_large_grids_are_stored_in_moderate_chunks():
    from multifluid.io._layout import chunks

    assert chunks((1, 1, 400)) == (1, 1, 400)
    assert chunks((1, 256, 256)) == (1, 256, 256)
    assert chunks((256, 256, 256)) == (8, 256, 256)
    assert chunks((4, 4096, 4096)) == (1, 128, 4096)
    assert chunks((1, 1, 10**6)) == (1, 1, 10**6)


def test_open_goes_on_where_the_file_ends(run, files):
    again = RunFile.open(run.path)
    assert (again.records, again.steps, again.shape) == (3, 7, (1, 3, 5))
    again.write_fields(1.5, files.fields(3))
    again.write_series([files.row(7)])
    data = load(run.path)
    assert np.array_equal(files.bits(data["By"][3]), files.bits(files.fields(3)["By"]))
    assert data["series_time"].size == 8 and data["limited_by"][7] == files.row(7)["limited_by"]


@pytest.mark.parametrize("records, steps", [(3, 7), (2, 7), (3, 5), (1, 1), (0, 0)])
def test_truncate_keeps_the_beginning(run, files, records, steps, contents):
    reopened = RunFile.open(run.path)
    reopened.truncate(records, steps)
    reopened.write_fields(9.0, files.fields(9))
    reopened.write_series([files.row(9)])
    data = load(run.path)
    assert data["time"].tolist() == [0.5 * k for k in range(records)] + [9.0]
    assert data["series_time"].tolist() == [0.1 * k for k in range(steps)] + [files.row(9)["series_time"]]
    for k, record in enumerate([*range(records), 9]):
        assert np.array_equal(files.bits(data["By"][k]), files.bits(files.fields(record)["By"]))
    assert data["limited_by"][-1] == files.row(9)["limited_by"]
    assert data.attributes["greek"] == "µ²" and data.units["rho_ion"] == "kg/m3"
    assert set(contents(run.path.parent)) == {"out.nc"}


def test_truncated_file_opens_in_xarray_like_the_first(run):
    with xarray.open_dataset(run.path) as ds:
        expected = ds.isel(time=slice(2), step=slice(3)).load()
    run.truncate(2, 3)
    with xarray.open_dataset(run.path) as ds:
        xarray.testing.assert_identical(ds.load(), expected)


@pytest.mark.parametrize("records, steps", [(4, 7), (3, 8), (-1, 0)])
def test_truncate_beyond_the_end_is_refused(run, records, steps, contents, one_line):
    before = contents(run.path.parent)
    with pytest.raises(InputError, match="the checkpoint expects") as info:
        run.truncate(records, steps)
    one_line(info)
    assert contents(run.path.parent) == before


def test_failed_truncate_keeps_the_old_file(run, contents, monkeypatch):
    before = contents(run.path.parent)

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("multifluid.io.run_file.copy", fail)
    with pytest.raises(InputError, match="No space left"):
        run.truncate(1, 1)
    assert contents(run.path.parent) == before
    assert (run.records, run.steps) == (3, 7)


def test_an_interrupted_record_is_left_out_and_overwritten(run, files, monkeypatch):
    with netCDF4.Dataset(run.path, "a") as nc:
        nc["rho_ion"][3] = 1.0
        nc["mass_ion"][7:9] = 1.0
    data = load(run.path)
    assert data["rho_ion"].shape[0] == 3 and data["mass_ion"].size == 7
    run.write_fields(1.5, files.fields(3))
    run.write_series([files.row(7)])
    again = RunFile.open(run.path)
    assert (again.records, again.steps) == (4, 8)
    again.truncate(4, 8)
    with xarray.open_dataset(run.path) as ds:
        assert ds.sizes["time"] == 4 and ds.sizes["step"] == 8
        assert np.array_equal(files.bits(ds["By"].values[3]), files.bits(files.fields(3)["By"]))


@pytest.mark.parametrize("how", ["same process", "other process"])
def test_a_reader_that_keeps_the_file_open_does_not_stop_the_run(run, files, how, contents):
    if how == "same process":
        reader = xarray.open_dataset(run.path)
    else:
        code = f"import netCDF4, time; d = netCDF4.Dataset({str(run.path)!r}); print(flush=True); time.sleep(60)"
        reader = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        reader.stdout.readline()
    try:
        run.write_fields(1.5, files.fields(3))
        run.write_fields(2.0, files.fields(4))
        run.write_series([files.row(7)])
        if how == "same process":  # what was opened is still what it was
            assert reader.sizes["time"] == 3
            assert np.array_equal(files.bits(reader["By"].values[2]), files.bits(files.fields(2)["By"]))
    finally:
        if how == "same process":
            reader.close()
        else:
            reader.kill()
            reader.communicate()
    data = load(run.path)
    assert data["time"].tolist() == [0.0, 0.5, 1.0, 1.5, 2.0] and data["mass_ion"].size == 8
    assert set(contents(run.path.parent)) == {"out.nc"}


def test_a_full_disk_is_an_error_and_keeps_the_earlier_records(run, files):
    pid = os.fork()
    if pid == 0:  # a limit on the size of files stands in for the full disk
        code = 1
        try:
            size = os.path.getsize(run.path)
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size + 4096, size + 4096))
            try:
                run.write_fields(1.5, files.fields(3))
            except RunError as error:
                code = 0 if "\n" not in str(error) and os.path.getsize(run.path) == size else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    again = RunFile.open(run.path)
    assert again.records == 3
    again.write_fields(1.5, files.fields(3))
    assert load(run.path)["time"].tolist() == [0.0, 0.5, 1.0, 1.5]


@pytest.mark.parametrize("fallocate", ["none", "refused"])
def test_room_is_made_sure_of_where_the_system_cannot_allocate(run, files, monkeypatch, fallocate):
    def refuse(*_):
        raise OSError(95, "Operation not supported")

    if fallocate == "none":
        monkeypatch.delattr(os, "posix_fallocate", raising=False)
    else:
        monkeypatch.setattr(os, "posix_fallocate", refuse, raising=False)
    run.write_fields(1.5, files.fields(3))
    assert run.path.stat().st_size < 1 << 20  # what was asked for and not used is given back
    assert load(run.path)["time"].size == 4


@pytest.mark.parametrize("harm", ["removed", "cut", "replaced by another run", "replaced by text"])
def test_harm_done_during_the_run_is_a_run_error(run, files, create, harm, one_line):
    if harm == "removed":
        run.path.unlink()
    elif harm == "cut":
        run.path.write_bytes(run.path.read_bytes()[:-2000])
    elif harm == "replaced by text":
        run.path.write_text("something else\n" * 10000)
    else:
        other = create(overwrite=True)
        for k in range(9):
            other.write_fields(k, files.fields(k))
    left = run.path.read_bytes() if run.path.exists() else None
    with pytest.raises(RunError) as info:
        run.write_fields(1.5, files.fields(3))
    assert "out.nc" in one_line(info)
    if harm in ("cut", "replaced by text"):
        assert run.path.read_bytes()[: len(left)] == left
    if harm == "replaced by another run":
        assert load(run.path)["time"].tolist() == list(range(9))


@pytest.mark.parametrize("moment", ["opened", "half written", "closed"])
def test_a_process_killed_while_it_appends_leaves_the_earlier_records(run, files, monkeypatch, moment):
    def kill(*_):
        os.kill(os.getpid(), signal.SIGKILL)

    class Variables(dict):
        __missing__ = kill

    def half(_, nc):
        return SimpleNamespace(variables=Variables({name: nc.variables[name] for name in files.FIELDS}))

    pid = os.fork()
    if pid == 0:
        if moment == "closed":
            monkeypatch.setattr("multifluid.io.run_file.sync", kill)
        else:
            monkeypatch.setattr(RunFile, "_checked", kill if moment == "opened" else half)
        try:
            run.write_fields(1.5, files.fields(3))
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
    again = RunFile.open(run.path)
    assert (again.records, again.steps) == (4 if moment == "closed" else 3, 7)
    again.truncate(3, 7)
    again.write_fields(1.5, files.fields(3))
    data = load(run.path)
    for k in range(4):
        assert np.array_equal(files.bits(data["By"][k]), files.bits(files.fields(k)["By"]))


def _field(name, units="1"):
    return {"fields_meta": {name: ("a field", units)}}


@pytest.mark.parametrize(
    "options, says",
    [
        (_field("time"), "'time'"),
        (_field("x_bounds"), "'x_bounds'"),
        (_field("mass_ion"), "'mass_ion'"),
        (_field("a/b"), "'a/b'"),
        (_field(""), "''"),
        (_field("2b"), "'2b'"),
        (_field("e\u0301"), "cannot be stored"),
        (_field("ok", "seconds"), "'seconds' of 'ok'"),
        (_field("ok", "days since 2000-01-01"), "calendar"),
        ({"time_units": "days"}, "'days' of 'time'"),
        ({"compression": 10}, "compression = 10"),
        ({"attributes": {"list": [1, 2]}}, "'list'"),
        ({"attributes": {"none": None}}, "'none'"),
        ({"attributes": {"huge": 2**63}}, "'huge'"),
        ({"attributes": {"nul": "a\0b"}}, "'nul'"),
        ({"attributes": {"_FillValue": 1.0}}, "'_FillValue'"),
        ({"attributes": {"multifluid_format": 7}}, "'multifluid_format'"),
    ],
)
def test_what_cannot_be_stored_is_refused_and_nothing_changes(create, tmp_path, one_line, options, says):
    with pytest.raises(InputError) as info:
        create(**options)
    assert says in one_line(info)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("name", ["rho_H2+", "rho_e-", "rho_α", "B.x"])
def test_names_of_species_may_have_signs(create, name, tmp_path):
    create(**_field(name))
    with xarray.open_dataset(tmp_path / "out.nc") as ds:
        assert name in ds


def test_records_of_the_wrong_kind_are_refused(run, files, one_line):
    good = files.fields(0)
    for fields, says in [
        ({"By": good["By"]}, "'rho_ion' is missing"),
        (good | {"Bq": good["By"]}, "'Bq' was not declared"),
        (good | {"By": good["By"][:, :2]}, "(1, 2, 5)"),
    ]:
        with pytest.raises(InputError) as info:
            run.write_fields(1.5, fields)
        assert says in one_line(info)
    with pytest.raises(InputError, match="'limited_by' is missing"):
        run.write_series([files.row(7), {"series_time": 0.0, "mass_ion": 1.0}])
    run.write_series([])
    again = RunFile.open(run.path)
    assert (again.records, again.steps) == (3, 7)


def _spoiled(path, kind, contents_of_run):
    if kind == "half":
        path.write_bytes(contents_of_run[: len(contents_of_run) // 2])
    elif kind == "one byte short":
        path.write_bytes(contents_of_run[:-1])
    elif kind == "text":
        path.write_text("rho = 1\n" * 50)
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "signature alone":
        path.write_bytes(contents_of_run[:8])
    elif kind == "directory":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind in ("foreign netCDF4", "classic netCDF"):
        with netCDF4.Dataset(path, "w", format="NETCDF4" if kind == "foreign netCDF4" else "NETCDF3_CLASSIC") as nc:
            nc.createDimension("x", 3)
    elif kind == "later format":
        path.write_bytes(contents_of_run)
        with netCDF4.Dataset(path, "a") as nc:
            nc.multifluid_format = np.int64(99)
    elif kind == "checkpoint":
        write_checkpoint(path, {"arrays": {}, "scalars": {"step": 1}}).rename(path)


@pytest.mark.parametrize(
    "kind, says",
    [
        ("missing", "does not exist"),
        ("half", "damaged or cut short"),
        ("one byte short", "damaged or cut short"),
        ("text", "not a netCDF4 file"),
        ("empty", "is empty"),
        ("signature alone", "damaged or cut short"),
        ("directory", "is a directory"),
        ("pipe", "not an ordinary file"),
        ("foreign netCDF4", "was not written by multifluid"),
        ("classic netCDF", "not a netCDF4 file"),
        ("later format", "format 99"),
        ("checkpoint", "is a checkpoint"),
    ],
)
def test_files_that_are_not_whole_runs_are_refused_and_unchanged(run, tmp_path, contents, one_line, kind, says):
    from multifluid.io import open_run

    path = tmp_path / "bad.nc"
    _spoiled(path, kind, run.path.read_bytes())
    before = contents(tmp_path) if kind != "pipe" else None
    for attempt in (RunFile.open, load, open_run):
        with pytest.raises(InputError, match=says) as info:
            attempt(path)
        assert str(path) in one_line(info)
    if kind != "pipe":
        assert contents(tmp_path) == before
