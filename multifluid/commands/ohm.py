"""multifluid ohm: the terms of the generalised Ohm's law along a cut through a run."""

import math
from pathlib import Path

from multifluid.commands import arguments
from multifluid.commands.restart import recorded_problem
from multifluid.commands.table import table
from multifluid.errors import InputError

_DESCRIPTION = """The terms of the generalised Ohm's law along a line through a run: their sizes, and what each contributes
to E and to E + u x B (sum(term.E)/sum(E.E) over the line: the shares less the residual's add up to 1). From the fields of
a run whose problem has ohm_output; else from its last checkpoint, whose state takes two steps."""


def add_arguments(parser):
    """The run, the line, files to write."""
    parser.description = _DESCRIPTION
    parser.add_argument("run", metavar="RUN.nc", help="the run's file, or one of its checkpoints")
    parser.add_argument("--along", choices=("x", "y", "z"), help="axis the line runs along (default: the first not flat)")
    parser.add_argument("--at", nargs="+", metavar="y=0", default=[],
                        help="where it crosses the other axes (default: the middle)")
    parser.add_argument("--component", choices=("x", "y", "z"), help="one component only")
    parser.add_argument("--record", type=_index, metavar="N",
                        help="record of the fields, counted from 0, or from the end if negative (default: the last)")
    parser.add_argument("--form", help="form of the law, if it comes from a checkpoint: one-fluid or three-fluid")
    parser.add_argument("-o", "--output", metavar="FILE", action="append", default=[],
                        help="write the line's terms: FILE.csv or FILE.png; may be given twice")


def _index(text):
    return int(arguments.number(text)) if text.lstrip("-").isdigit() else arguments.whole(text)


def main(args):
    """Print the table, write CSV and PNG."""
    from multifluid import ohm

    for name in args.output:
        if Path(name).suffix not in (".csv", ".png"):
            raise InputError(f"-o {name}: the line is written to a .csv or a .png")
    law = _law(args)
    along = args.along or next(axis for axis, line in zip("xyz", law.axes, strict=True) if len(line) > 1)
    cut = law.cut(along, _places(args.at))
    where = ", ".join(f"{axis} = {cut.at[axis]:.6g}" for axis in cut.at if len(law.axes["xyz".index(axis)]) > 1)
    print(f"Ohm's law, {law.form} form, at t = {law.t:.6g}, along {along}" + (f" at {where}" if where else "")
          + (f", component {args.component}" if args.component else "") + "\n")
    print(_table(cut, args.component))
    for name in args.output:
        (ohm.write_csv if Path(name).suffix == ".csv" else ohm.draw)(cut, name, args.component)
        print(f"wrote {name}")


def _law(args):
    from multifluid import ohm
    from multifluid.io.checkpoint import is_checkpoint_name, latest_checkpoint, read_checkpoint
    from multifluid.io.reader import load
    from multifluid.simulation import Simulation

    path = Path(args.run)
    run = load(path, names=()) if path.exists() and not is_checkpoint_name(path.name) else None
    if run is not None and ohm.form_in_file(run):
        if args.form not in (None, ohm.form_in_file(run)):
            raise InputError(f"--form {args.form}: {path} holds the {ohm.form_in_file(run)} form; leave --form out")
        problem = recorded_problem(run.attributes, args.run)
        names = [name for name in run.long_names if name.startswith("ohm_")]
        run = load(path, names, -1 if args.record is None else args.record)
        return ohm.in_file(run, 0, problem.grid(), problem.boundaries())
    if args.record is not None:
        raise InputError(f"--record: {path} has no terms of Ohm's law, only its last checkpoint can give them; "
                         "set ohm_output = True in the problem's class")
    checkpoint = read_checkpoint(latest_checkpoint(args.run))
    problem = recorded_problem(checkpoint["scalars"], args.run)
    return ohm.of(Simulation.restore(problem, checkpoint), args.form)


def _places(words):
    out = {}
    for word in words:
        axis, equals, text = word.partition("=")
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if axis not in ("x", "y", "z") or not equals or not math.isfinite(value):
            raise InputError(f"--at {word}: give an axis and a place, as in --at y=0")
        out[axis] = value
    return out


def _table(cut, component):
    from multifluid.ohm import titles

    shares, nonideal = (cut.shares(of, component) for of in ("E", "nonideal"))
    text = titles(cut.form)
    rows = [(text[name], *(f"{cut.size(name, norm, component):.3e}" for norm in ("rms", "max")),
             _percent(shares[name]), _percent(nonideal.get(name))) for name in cut.terms]
    for name, title in (("residual", "residual: sum of the terms - E"), ("E", "E"), ("nonideal", "E + u x B")):
        rows.append((title, *(f"{cut.size(name, norm, component):.3e}" for norm in ("rms", "max")),
                     _percent(shares.get(name)), _percent(nonideal.get(name))))
    return table(("term", ">rms", ">max", ">share of E", ">of E + u x B"), rows)


def _percent(share):
    return "" if share is None or math.isnan(share) else f"{100.0 * share:.4g} %"
