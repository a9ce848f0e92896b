"""Plain-text tables for a terminal."""

import shutil
import textwrap


def table(headers, rows, wrap_last=False):
    """Rows under headers, columns aligned.

    Parameters
    ----------
    headers : sequence of str
        Column heads; one that starts with ">" sets its column flush right.
    rows : sequence of sequence of str
        Texts, one for each column.
    wrap_last : bool, optional
        Fold the last column at the width of the terminal.

    Returns
    -------
    str
    """
    right = [head.startswith(">") for head in headers]
    heads = [head.lstrip(">") for head in headers]
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    before = sum(widths[:-1]) + 2 * len(widths[:-1])
    room = max(24, shutil.get_terminal_size((120, 24)).columns - before - 1)
    lines = []
    for row in (heads, *rows):
        folded = textwrap.wrap(row[-1], room) or [""] if wrap_last else [row[-1]]
        cells = [*row[:-1], folded[0]]
        aligned = (
            cell.rjust(width) if flush else cell.ljust(width)
            for cell, width, flush in zip(cells, widths, right, strict=True)
        )
        lines.append("  ".join(aligned).rstrip())
        lines += [" " * before + more for more in folded[1:]]
    return "\n".join(lines)
