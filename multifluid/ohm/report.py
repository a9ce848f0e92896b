"""A cut through Ohm's law as numbers and as a picture."""

import numpy as np

from ..errors import InputError
from ..plotting import COLOURS, pyplot


def write_csv(cut, path, component=None):
    """Place, E, every term and the residual along a cut, one row a cell, as comma-separated values.

    Parameters
    ----------
    cut : Cut
    path : path-like
    component : {"x", "y", "z"}, optional
        This component only.

    Raises
    ------
    InputError
        The file cannot be written.
    """
    names = ["E", *cut.terms, "residual"]
    axes = component or "xyz"
    columns = {cut.along: cut.place} | {f"{name}_{axis}": cut[name]["xyz".index(axis)] for name in names for axis in axes}
    try:
        np.savetxt(path, np.column_stack(list(columns.values())), "%.17g", ",", header=",".join(columns), comments="")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from None


def draw(cut, path, component=None):
    """Draw the terms along a cut: one panel a component; components and terms that vanish are left out.

    Parameters
    ----------
    cut : Cut
    path : path-like
        The picture; its ending chooses the format.
    component : {"x", "y", "z"}, optional
        This component only.

    Raises
    ------
    InputError
        Matplotlib is not installed, or the picture cannot be written.
    """
    plt = pyplot()
    largest = max(cut.size(name, "max") for name in (*cut.terms, "E"))
    present = np.max([np.abs(cut[name]).max(axis=1) for name in (*cut.terms, "E")], axis=0) > 1e-9 * largest
    axes = component or [axis for axis, there in zip("xyz", present, strict=True) if there] or "x"
    figure, panels = plt.subplots(len(axes), 1, figsize=(8.5, 1.2 + 2.9 * len(axes)), layout="constrained", squeeze=False,
                                  sharex=True)
    drawn = ["xyz".index(axis) for axis in axes]
    largest = max(np.abs(cut[name][drawn]).max() for name in (*cut.terms, "E"))
    shown = [name for name in cut.terms if np.abs(cut[name][drawn]).max() > 1e-3 * largest]
    for ax, axis in zip(panels[:, 0], axes, strict=True):
        d = "xyz".index(axis)
        ax.plot(cut.place, cut.E[d], color="0.75", linewidth=4.0, label="$E$")
        for number, name in enumerate(shown):
            # nine terms, seven colours: the last two are dashed
            ax.plot(cut.place, cut[name][d], "--" if number >= len(COLOURS) else "-",
                    color=COLOURS[number % len(COLOURS)], linewidth=1.3, label=name.replace("_", " "))
        ax.plot(cut.place, cut.residual[d], ":", color="k", linewidth=1.2, label="residual")
        ax.set(ylabel=f"$E_{axis}$")
        ax.grid(alpha=0.25, linewidth=0.6)
        ax.margins(x=0)
    panels[0, 0].legend(fontsize=8, frameon=False, ncols=3)
    panels[-1, 0].set_xlabel(cut.along)
    figure.suptitle(f"Ohm's law, {cut.form} form, $t = {cut.t:.5g}$", fontsize=12)
    try:
        figure.savefig(path, dpi=150)
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be written: {getattr(error, 'strerror', None) or error}") from None
    finally:
        plt.close(figure)
