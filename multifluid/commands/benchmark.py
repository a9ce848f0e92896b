"""multifluid benchmark: how far to trust the code, regime by regime, as tables and pictures."""

import os
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from multifluid.benchmark.study import BENCHMARKS, SIZES, studies
from multifluid.commands import arguments
from multifluid.commands.table import table
from multifluid.errors import InputError
from multifluid.progress import duration

REPORT = "README.md"  # so that whoever opens the folder sees it


def add_arguments(parser):
    """Which benchmarks, how large, where to."""
    parser.add_argument(
        "names", metavar="NAME", nargs="+",
        help="all, or some of: " + "; ".join(f"{name} ({help})" for name, help in BENCHMARKS.items()),
    )  # fmt: skip
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--full", action="store_const", dest="size", const="full", help=SIZES["full"])
    size.add_argument("--smoke", action="store_const", dest="size", const="smoke", help=SIZES["smoke"])
    parser.set_defaults(size="quick")
    parser.add_argument("--only", nargs="+", metavar="STUDY", help="only these studies of the benchmarks named")
    parser.add_argument(
        "-o", "--output", default="benchmark", metavar="FOLDER",
        help="new folder for the report, and for CSV, netCDF and PNG of every study (default: benchmark, here)",
    )  # fmt: skip
    parser.add_argument("--overwrite", action="store_true", help="replace files of an earlier benchmark in the folder")
    parser.add_argument(
        "--jobs", type=arguments.whole, default=os.cpu_count() or 1, metavar="N",
        help="studies measured at the same time, each on one core (default: as many as there are cores)",
    )  # fmt: skip
    parser.add_argument("--quiet", action="store_true", help="print the gates only")


def main(args):
    """Measure, write, print; 1 if a gate is missed, 3 if a study could not be measured."""
    tasks = _tasks(args)
    folder = _folder(args)
    outcomes, failures = {}, {}
    for (benchmark, name), result in _measured(tasks, args, folder):
        if isinstance(result, str):
            failures[name] = result
            print(f"multifluid: error: {name} could not be measured: {result}", flush=True)
            continue
        outcomes[benchmark, name] = result
        _print(result, args.quiet)
    from multifluid.benchmark.report import page  # here, as what follows needs results

    ordered = {benchmark: [outcomes[task] for task in tasks if task[0] == benchmark and task in outcomes]
               for benchmark in dict.fromkeys(task[0] for task in tasks)}  # fmt: skip
    (folder / REPORT).write_text(page(ordered, failures, args.size, _command(args)))
    missed = [f"{outcome.study.name}: {check.name} is {check.value:.3g}, limit {check.limit:g}"
              for outcome in outcomes.values() for check in outcome.checks if not check.passed]  # fmt: skip
    print(f"wrote {folder / REPORT}; {len(missed)} gates missed, {len(failures)} studies failed")
    for line in missed:
        print(f"  {line}")
    return 3 if failures else 1 if missed else 0


def _tasks(args):
    """(benchmark, study) of everything asked for, in the order of the report."""
    unknown = [name for name in args.names if name != "all" and name not in BENCHMARKS]
    names = [name for name in BENCHMARKS if "all" in args.names or name in args.names] + unknown
    tasks = [(name, study.name) for name in names for study in studies(name)]
    if args.only:
        known = [study for _, study in tasks]
        for name in args.only:
            if name not in known:
                raise InputError(f"no study {name!r}; there are {', '.join(known)}")
        tasks = [task for task in tasks if task[1] in args.only]
    return tasks


def _folder(args):
    """The folder to write to, which is there and may be written."""
    folder = Path(args.output)
    try:
        if folder.exists() and not folder.is_dir():
            raise InputError(f"cannot write to {folder}: it is not a folder; choose another name after -o")
        if folder.exists() and any(folder.iterdir()) and not args.overwrite:
            raise InputError(f"{folder} is not empty: choose another folder, or give --overwrite to replace files in it")
        folder.mkdir(exist_ok=True)
        (folder / REPORT).touch()
    except OSError as error:
        raise InputError(f"cannot write to {folder}: {error.strerror}; choose another folder after -o") from None
    return folder


def _measured(tasks, args, folder):
    """Yield (task, Outcome or the text of its failure) as they are done."""
    if args.jobs == 1 or len(tasks) == 1:
        for task in tasks:
            yield task, _measure(task, args.size, folder)
        return
    # Fresh processes: Numba's threads and Matplotlib's state do not survive a fork.
    with ProcessPoolExecutor(min(args.jobs, len(tasks)), mp_context=get_context("spawn")) as pool:
        futures = {pool.submit(_measure_elsewhere, task, args.size, folder): task for task in tasks}
        for future in as_completed(futures):
            result = future.result()
            yield futures[future], result if isinstance(result, str) else _with_study(futures[future], result)


def _measure(task, size, folder):
    """Measure one study and write its files: Outcome, or why it failed."""
    from multifluid.benchmark.outcome import conduct, write

    try:
        outcome = conduct(_study(task), size)
        write(outcome, folder)
    except Exception as error:  # whatever it was, the other studies go on and the exit code tells
        return f"{type(error).__name__}: {' '.join(str(error).split())}"
    return outcome


def _measure_elsewhere(task, size, folder):
    """As `_measure`, without the study: its functions do not travel between processes."""
    result = _measure(task, size, folder)
    return result if isinstance(result, str) else (result.size, result.rows, result.checks, result.wall)


def _with_study(task, parts):
    from multifluid.benchmark.outcome import Outcome

    return Outcome(_study(task), *parts)


def _study(task):
    return next(study for study in studies(task[0]) if study.name == task[1])


def _print(outcome, quiet):
    print(f"\n{outcome.study.title}  ({outcome.study.name}, {duration(outcome.wall)})\n")
    if not quiet:
        print(table(*outcome.table()))
        print()
    rows = [(check.name, f"{check.value:.4g}", ("<= " if check.kind == "max" else ">= ") + f"{check.limit:.4g}", check.unit,
             "pass" if check.passed else "FAIL") for check in outcome.checks]  # fmt: skip
    print(table(("gate", ">value", "limit", "unit", ""), rows), flush=True)


def _command(args):
    size = "" if args.size == "quick" else f" --{args.size}"
    only = f" --only {' '.join(args.only)}" if args.only else ""
    return f"multifluid benchmark {' '.join(args.names)}{size}{only}"
