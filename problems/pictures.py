"""What the pictures of several problems share; Matplotlib is imported only when one is drawn."""

import numpy as np

from multifluid import InputError
from multifluid.plotting import pyplot


def subplots(rows, columns, **options):
    """Figure and axes (rows, columns), laid out without overlaps."""
    return pyplot().subplots(rows, columns, layout="constrained", squeeze=False, **options)


def number(value):
    """A number for a title, without dollars: 0.0001 as 10^{-4}."""
    if 1e-2 <= abs(value) < 1e4:
        return f"{value:.4g}"
    mantissa, _, exponent = f"{value:.3e}".partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".")
    return (rf"{mantissa} \times " if mantissa != "1" else "") + f"10^{{{int(exponent)}}}"


def image(figure, ax, x, y, data, title, **options):
    """One variable over the x, y plane with its colour bar; x, y are centres of equal cells."""
    edges = [np.append(line - 0.5 * (line[1] - line[0]), line[-1] + 0.5 * (line[1] - line[0])) for line in (x, y)]
    mesh = ax.pcolormesh(*edges, data, rasterized=True, **options)
    figure.colorbar(mesh, ax=ax, fraction=0.046, pad=0.02)
    ax.set(aspect="equal", title=title)
    return mesh


def field_lines(ax, x, y, bx, by, lines=18):
    """Lines of a field in the plane: contours of A_z, from B_x = d_y A_z in the first column and B_y = -d_x A_z."""
    dx, dy = x[1] - x[0], y[1] - y[0]
    start = np.concatenate([[0.0], np.cumsum(0.5 * (bx[1:, 0] + bx[:-1, 0])) * dy])[:, None]
    step = np.cumsum(0.5 * (by[:, 1:] + by[:, :-1]), axis=1) * dx
    flux = start - np.concatenate([np.zeros((len(y), 1)), step], axis=1)
    span = flux.max() - flux.min()
    levels = flux.min() + span * (np.arange(lines) + 0.5) / lines
    ax.contour(x, y, flux, levels=levels, colors="white", linewidths=0.5, linestyles="solid", alpha=0.7)


def save(figure, path):
    """Write a figure and let go of it.

    Raises
    ------
    InputError
        It cannot be written there.
    """
    try:
        figure.savefig(path, dpi=150)
    except (OSError, ValueError) as error:  # ValueError: a format that Matplotlib does not know
        raise InputError(f"{path} cannot be written: {getattr(error, 'strerror', None) or error}") from None
    finally:
        pyplot().close(figure)
