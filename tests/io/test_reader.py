"""Readers: xarray and the plain one see the same numbers."""

import sys

import numpy as np
import pytest

from multifluid.errors import InputError
from multifluid.io import load, open_run


def test_load_reads_everything(run, files):
    data = load(run.path)
    assert data.path == run.path
    assert data.fields == ("rho_ion", "By") and data.series == ("mass_ion", "limited_by")
    assert data["By"].shape == (3, 1, 3, 5) and data["mass_ion"].tolist() == [1.0 / (k + 1) for k in range(7)]
    assert data.units["rho_ion"] == "kg/m3" and data.long_names["mass_ion"] == "mass of ion"
    assert np.array_equal(data["x"], files.Grid().centres(0)) and data["x_bounds"].shape == (5, 2)
    assert np.array_equal(files.bits(data["By"][1]), files.bits(files.fields(1)["By"]))


def test_attributes_come_back_with_their_types(run):
    attributes = load(run.path).attributes
    expected = {"nx": 5, "c": 0.1 + 0.2, "problem": "brio_wu", "empty": "", "greek": "µ²", "hall": True, "off": False}
    assert attributes == expected
    assert {name: type(value) for name, value in attributes.items()} == {n: type(v) for n, v in expected.items()}


def test_load_reads_a_part(run, files):
    data = load(run.path, names=["By"], record=-1)
    assert data.fields == ("By",) and data.series == () and data["time"].tolist() == [1.0]
    assert np.array_equal(files.bits(data["By"]), files.bits(files.fields(2)["By"][None]))
    assert "rho_ion" not in data and "y" in data
    assert load(run.path, record=0)["time"].tolist() == [0.0]
    assert load(run.path, names=["mass_ion"]).series == ("mass_ion",)


def test_load_names_what_there_is(run, create, one_line):
    for attempt in (lambda: load(run.path, names=["Bq"]), lambda: load(run.path, names=["By"])["rho_ion"]):
        with pytest.raises(InputError, match="it has .*By") as info:
            attempt()
        one_line(info)
    for record in (3, -4):
        with pytest.raises(InputError, match=f"no record {record}: it has 3"):
            load(run.path, record=record)
    with pytest.raises(InputError, match="no record -1: it has 0"):
        load(create(overwrite=True).path, record=-1)


def test_open_run_is_load_in_xarray(run, files):
    pytest.importorskip("xarray")
    data = load(run.path)
    with open_run(run.path) as ds:
        for name in (*data.fields, "mass_ion", "series_time", "time", "x", "y", "z", "x_bounds"):
            assert np.array_equal(files.bits(ds[name].values), files.bits(data[name])), name


def test_open_run_leaves_out_what_was_not_finished(run):
    pytest.importorskip("xarray")
    import netCDF4

    with netCDF4.Dataset(run.path, "a") as nc:
        nc["rho_ion"][3] = 1.0
        nc["mass_ion"][7] = 1.0
    with open_run(run.path) as ds:
        assert ds.sizes["time"] == 3 and ds.sizes["step"] == 7
        assert np.isfinite(ds["time"]).all() and ds["time"].max() == 1.0


def test_open_run_without_xarray_says_what_to_install(run, monkeypatch, one_line):
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(InputError, match="pip install") as info:
        open_run(run.path)
    one_line(info)
