"""The default picture of a run: profiles in one dimension, images in two, energies over time below."""

from dataclasses import dataclass

import numpy as np

from multifluid.errors import InputError

# Okabe & Ito: told apart by colour-blind eyes, and in print.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
LINES = {"x": "-", "y": "--", "z": ":"}
SYMBOLS = {"rho": r"\rho", "p": "p"}


@dataclass(frozen=True)
class Snapshot:
    """Last state of a run and its integrals over time, whether it lies in memory or in a file.

    Attributes
    ----------
    title : str
    t : float
    axes : dict of str to ndarray
        Cell centres of the axes with more than one cell, in the order x, y, z.
    fields : dict of str to ndarray
        Variables, (nz, ny, nx).
    units : dict of str to str
        Units of the fields, the axes, the integrals and "time"; "1" or absent: code units.
    series : dict of str to ndarray
        Integrals, one value for each step, and their times as "t".
    """

    title: str
    t: float
    axes: dict
    fields: dict
    units: dict
    series: dict

    @property
    def species(self):
        """list of str: the fluids, in the order of output."""
        return [name.removeprefix("rho_") for name in self.fields if name.startswith("rho_")]

    def label(self, symbol, name):
        """str: axis label of a variable, with its unit where it has one."""
        unit = self.units.get(name, "1")
        return f"${symbol}$" if unit in ("", "1") else f"${symbol}$  [{unit}]"

    def profile(self, name):
        """ndarray: a variable on the axes that are not flat; the middle plane in z where all three are."""
        data = np.asarray(self.fields[name])
        return data[data.shape[0] // 2] if len(self.axes) == 3 else np.squeeze(data)

    def vector(self, base, species=None):
        """dict of str to ndarray: components of E, B or a velocity, x, y, z."""
        after = "" if species is None else f"_{species}"
        names = {axis: f"{base}{axis}{after}" for axis in "xyz"}
        return {axis: self.profile(name) for axis, name in names.items() if name in self.fields}


def take_snapshot(run):
    """Last state of a run.

    Parameters
    ----------
    run : Result or RunData
        A run in memory, or read back from its file.

    Returns
    -------
    Snapshot

    Raises
    ------
    InputError
        The file holds no finished record.
    """
    if hasattr(run, "simulation"):
        return _snapshot_of_result(run)
    times = run["time"]
    if len(times) == 0:
        raise InputError(f"{run.path} holds no record of the fields yet: nothing to draw")
    return Snapshot(
        title=str(run.attributes.get("problem", run.path.stem)),
        t=float(times[-1]),
        axes={axis: run[axis] for axis in "xyz" if len(run[axis]) > 1},
        fields={name: run[name][-1] for name in run.fields},
        units=run.units,
        series={"t": run["series_time"], **{name: run[name] for name in run.series}},
    )


def _snapshot_of_result(result):
    simulation = result.simulation
    grid, fields, integrals = simulation.grid, simulation.fields(), simulation.integrals()
    centres = {axis: grid.centres(i) for i, axis in enumerate("xyz")}
    units = {name: item.units for name, item in (*fields.items(), *integrals.items())}
    series = dict(result.series)
    return Snapshot(
        title=simulation.problem.name,
        t=result.t,
        axes={axis: line for axis, line in centres.items() if len(line) > 1},
        fields={name: field.data for name, field in fields.items()},
        units={**dict.fromkeys("xyz", grid.units), **units},
        series={"t": series.pop("series_time"), **series},
    )


def pyplot():
    """Matplotlib's pyplot, drawing to files only.

    Raises
    ------
    InputError
        Matplotlib is not installed.
    """
    try:
        import matplotlib
    except ImportError:
        raise InputError("pictures need matplotlib: pip install 'multifluid[plot]'") from None
    matplotlib.use("Agg")
    from matplotlib import pyplot

    return pyplot


def plot_run(run, path):
    """Draw the last state of a run and its energies over time.

    Parameters
    ----------
    run : Result or RunData
        A run in memory, or read back from its file.
    path : str or os.PathLike
        The picture to write; its ending chooses the format.

    Raises
    ------
    InputError
        Matplotlib is not installed, or the picture cannot be written.
    """
    snapshot = take_snapshot(run)
    plt = pyplot()
    draw = _draw_profiles if len(snapshot.axes) < 2 else _draw_images
    figure = draw(plt, snapshot)
    figure.suptitle(f"{snapshot.title}   $t = {snapshot.t:.5g}$", fontsize=13)
    try:
        figure.savefig(path, dpi=150)
    except (OSError, ValueError) as error:  # ValueError: a format that matplotlib does not know
        raise InputError(f"{path} cannot be written: {getattr(error, 'strerror', None) or error}") from None
    finally:
        plt.close(figure)


def _draw_profiles(plt, snapshot):
    axis, x = next(iter(snapshot.axes.items()), ("x", np.zeros(1)))
    panels = [_profiles_of_scalar("rho", "mass density"), _profiles_of_scalar("p", "pressure")]
    panels += [_profiles_of_velocity]
    panels += [
        _profiles_of_vector(name, title)
        for name, title in (("B", "magnetic field"), ("E", "electric field"))
        if snapshot.vector(name)
    ]
    panels += [_energies]
    rows = (len(panels) + 1) // 2
    figure, axes = plt.subplots(rows, 2, figsize=(11, 2.9 * rows + 0.5), layout="constrained", squeeze=False)
    for panel, ax in zip(panels, axes.flat, strict=False):
        panel(ax, snapshot, x)
        if panel is not _energies:
            ax.set_xlabel(snapshot.label(axis, axis))
            ax.margins(x=0)
    for ax in axes.flat[len(panels) :]:
        ax.set_axis_off()
    return figure


def _profiles_of_scalar(base, title):
    def draw(ax, snapshot, x):
        lines = {species: np.atleast_1d(snapshot.profile(f"{base}_{species}")) for species in snapshot.species
                 if f"{base}_{species}" in snapshot.fields}  # fmt: skip
        wide = any(_is_wide([line]) for line in lines.values())
        for i, (species, line) in enumerate(lines.items()):
            # A fluid far below the first is shown times a power of ten: a common logarithm would flatten both.
            ratio = np.max(lines[next(iter(lines))]) / np.max(line) if np.max(line) > 0 else 1.0
            power = 0 if wide or 1 / 30 < ratio < 30 else round(np.log10(ratio))
            label = species if power == 0 else rf"{species} $\times 10^{{{power}}}$"
            ax.plot(x, line * 10.0**power, color=COLOURS[i % len(COLOURS)], linewidth=_width(i, lines), label=label)
        if wide:
            ax.set_yscale("log")
        _finish(ax, title, snapshot.label(SYMBOLS[base], f"{base}_{next(iter(lines), '')}"), bool(lines))

    return draw


def _profiles_of_velocity(ax, snapshot, x):
    drawn = False
    for i, species in enumerate(snapshot.species):
        for axis, line in snapshot.vector("u", species).items():
            if np.any(line):
                ax.plot(x, np.atleast_1d(line), LINES[axis], color=COLOURS[i % len(COLOURS)],
                        linewidth=_width(i, snapshot.species), label=f"$u_{axis}$ {species}")  # fmt: skip
                drawn = True
    unit_of = f"ux_{next(iter(snapshot.species), '')}"
    _finish(ax, "velocity" if drawn else "velocity (zero)", snapshot.label("u", unit_of), drawn)


def _profiles_of_vector(base, title):
    def draw(ax, snapshot, x):
        lines = {axis: np.atleast_1d(line) for axis, line in snapshot.vector(base).items() if np.any(line)}
        for i, (axis, line) in enumerate(lines.items()):
            ax.plot(x, line, LINES[axis], color=COLOURS[i], label=f"${base}_{axis}$")
        _finish(ax, title if lines else f"{title} (zero)", snapshot.label(base, base + "x"), bool(lines))

    return draw


def _draw_images(plt, snapshot):
    """One column for each fluid (density, speed, pressure), one for the field, energies below."""
    (axis_a, a), (axis_b, b) = list(snapshot.axes.items())[:2]
    has_field = bool(snapshot.vector("B"))
    columns = max(1, len(snapshot.species) + has_field)
    rows = 3 if snapshot.species else 2
    shape = min(1.6, max(0.4, (b[-1] - b[0]) / (a[-1] - a[0])))
    height = 2.6 * shape + 0.75
    figure = plt.figure(figsize=(1 + 4.1 * columns, 0.8 + rows * height + 2.6), layout="constrained")
    grid = figure.add_gridspec(rows + 1, columns, height_ratios=[*[height] * rows, 2.3])
    edges = [_edges(a), _edges(b)]

    def image(row, column, data, title, name, map_name="viridis", symbol=None):
        ax = figure.add_subplot(grid[row, column])
        norm = _norm(plt, data) if row == 0 and column < len(snapshot.species) else None
        mesh = ax.pcolormesh(*edges, data, cmap=map_name, norm=norm, rasterized=True)
        figure.colorbar(mesh, ax=ax, fraction=0.05, pad=0.02)
        ax.set_aspect("equal" if 0.2 < (b[-1] - b[0]) / (a[-1] - a[0]) < 5 else "auto")
        ax.set_title(f"{title}  {snapshot.label(symbol, name)}", fontsize=10)
        ax.set_xlabel(snapshot.label(axis_a, axis_a))
        if column == 0:
            ax.set_ylabel(snapshot.label(axis_b, axis_b))
        return ax

    for column, species in enumerate(snapshot.species):
        image(0, column, snapshot.profile(f"rho_{species}"), f"density, {species}", f"rho_{species}", symbol=r"\rho")
        image(1, column, _length(snapshot.vector("u", species)), f"speed, {species}", f"ux_{species}", "cividis", "|u|")
        if f"p_{species}" in snapshot.fields:
            image(2, column, snapshot.profile(f"p_{species}"), f"pressure, {species}", f"p_{species}", "inferno", "p")
    if has_field:
        magnetic = snapshot.vector("B")
        ax = image(0, columns - 1, _length(magnetic), "magnetic field", "Bx", "viridis", "|B|")
        if np.any(magnetic[axis_a]) or np.any(magnetic[axis_b]):
            ax.streamplot(
                a, b, magnetic[axis_a], magnetic[axis_b], color="w", density=0.9, linewidth=0.6, arrowsize=0.6
            )
            ax.set(xlim=edges[0][[0, -1]], ylim=edges[1][[0, -1]])
        normal = next(axis for axis in "zyx" if axis not in (axis_a, axis_b))
        for row, base in ((1, "B"), (2, "E")):
            part = snapshot.vector(base).get(normal)
            if part is not None and row < rows:
                ax = image(row, columns - 1, part, "out of the plane,", base + normal, "RdBu_r", f"{base}_{normal}")
                limit = np.max(np.abs(part)) or 1.0
                ax.collections[0].set_clim(-limit, limit)
    _energies(figure.add_subplot(grid[rows, :]), snapshot, None)
    return figure


def _energies(ax, snapshot, x):
    lines = {name.removeprefix("energy_"): np.asarray(line) for name, line in snapshot.series.items()
             if name.startswith("energy_") and len(line)}  # fmt: skip
    total = lines.pop("total", None)
    for i, (name, line) in enumerate(lines.items()):
        ax.plot(snapshot.series["t"], line, color=COLOURS[i % len(COLOURS)], label=name)
    title = "energy"
    if total is not None:
        ax.plot(snapshot.series["t"], total, color="0.4", linewidth=2.5, zorder=0, label="total")
        if total[0]:
            title = f"energy (relative change of the total {(total[-1] - total[0]) / abs(total[0]):+.1e})"
    ax.set_xlabel(snapshot.label("t", "time"))
    ax.margins(x=0)
    _finish(ax, title, snapshot.label("W", "energy_total"), bool(lines) or total is not None)


def _finish(ax, title, label, has_lines):
    ax.set_title(title, fontsize=10)
    ax.set_ylabel(label)
    ax.grid(alpha=0.25, linewidth=0.6)
    if has_lines:
        ax.legend(fontsize=8, frameon=False, ncols=2 if len(ax.lines) > 3 else 1)


def _is_wide(lines, ratio=100.0):
    smallest, largest = min(map(np.min, lines)), max(map(np.max, lines))
    return smallest > 0 and largest > ratio * smallest


def _width(i, lines):
    """Line width: thick under thin, so that fluids that move together are both seen."""
    return 1.3 + 1.2 * (len(lines) - 1 - i)


def _norm(plt, data):
    return plt.matplotlib.colors.LogNorm() if _is_wide([data]) else None


def _length(vector):
    return np.sqrt(sum(part**2 for part in vector.values()))


def _edges(centres):
    step = centres[1] - centres[0]
    return np.append(centres - step / 2, centres[-1] + step / 2)
