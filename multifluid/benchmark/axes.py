"""What the pictures of several studies share."""

import numpy as np

from multifluid.plotting import COLOURS

THEORY = {"color": "0.25", "linewidth": 1.0, "zorder": 1}
POINT = {"markersize": 6.0, "markeredgecolor": "white", "markeredgewidth": 0.5, "zorder": 3}


def tidy(*axes, **legend):
    """Light grid, no frame at the top and right, and a legend without one where there is something to name."""
    for ax in axes:
        ax.spines[["top", "right"]].set_visible(False)
        ax.grid(color="0.93", linewidth=0.6)
        ax.set_axisbelow(True)
        if ax.get_legend_handles_labels()[1]:
            ax.legend(**({"fontsize": 9, "framealpha": 0.85, "edgecolor": "none"} | legend))


def gate(ax, limit, text):
    """A dashed line at a limit."""
    ax.axhline(limit, color="0.5", linewidth=0.8, linestyle="--", zorder=0)
    ax.annotate(text, (0.99, limit), (0, 2), xycoords=("axes fraction", "data"), textcoords="offset points", ha="right",
                va="bottom", fontsize=9, color="0.4")


def column(rows, name):
    """ndarray: one column of the rows; None becomes nan."""
    return np.array([np.nan if row[name] is None else row[name] for row in rows], float)


def colour(number):
    """str: colours in the order in which they are told apart best."""
    return COLOURS[number % len(COLOURS)]
