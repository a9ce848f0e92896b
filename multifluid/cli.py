"""The command line: which command, and what becomes of an error. Each command is a module of `multifluid.commands`."""

import argparse
import importlib
import os
import signal
import sys

from multifluid.errors import InputError, Interrupted, RunError
from multifluid.parameter import nearest

# A command is a module with add_arguments(parser) and main(args) -> exit code or None,
# imported only when it is asked for, so that `multifluid list` does not wait for the kernels.
COMMANDS = {
    "list": ("multifluid.commands.list", "every packaged problem, one line each"),
    "info": ("multifluid.commands.info", "a problem's physics, reference and parameters"),
    "run": ("multifluid.commands.run", "run a problem"),
    "check": ("multifluid.commands.check", "run a problem and hold it against its exact or published answer"),
    "converge": ("multifluid.commands.converge", "errors against the exact solution and their observed order"),
    "plot": ("multifluid.commands.plot", "picture of a run's file"),
    "restart": ("multifluid.commands.restart", "go on from a run's last checkpoint, bit for bit"),
    "benchmark": ("multifluid.commands.benchmark", "how far to trust it: tables and pictures against theory"),
    "bench": ("multifluid.bench", "cell updates per second, per kernel"),
    "regime": ("multifluid.commands.regime", "rates, diffusivities and length scales: which regime a plasma is in"),
    "ohm": ("multifluid.commands.ohm", "terms of the generalised Ohm's law along a cut through a run"),
    "dispersion": ("multifluid.theory.command", "roots of the multifluid dispersion relation"),
}


class Parser(argparse.ArgumentParser):
    """An argument parser that raises instead of printing its usage and exiting."""

    def error(self, message):
        raise InputError(f"{message} (see {self.prog} --help)")


def main(argv=None):
    """Run one command.

    Parameters
    ----------
    argv : list of str, optional
        Arguments without the program's name; those of the process by default.

    Returns
    -------
    int
        0 done, 1 a check or an order missed, 2 bad input, 3 the run failed, 128 + signal interrupted.
    """
    try:
        return _dispatch(list(sys.argv[1:] if argv is None else argv))
    except (InputError, RunError, Interrupted) as error:
        print("multifluid: error: " + " ".join(str(error).split()), file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("multifluid: error: interrupted", file=sys.stderr)
        return 128 + signal.SIGINT
    except BrokenPipeError:  # the reader of `multifluid list | head` has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _dispatch(argv):
    if not argv or argv[0] in ("-h", "--help"):
        print(_usage())
        return 0
    if argv[0] == "--version":
        import multifluid

        print(f"multifluid {multifluid.__version__}")
        return 0
    name = argv[0]
    if name not in COMMANDS:
        hint = nearest(name, COMMANDS) or f"; there are {', '.join(COMMANDS)}"
        raise InputError(f"no command {name!r}{hint}")
    module_name, help = COMMANDS[name]
    module = importlib.import_module(module_name)
    parser = Parser(prog=f"multifluid {name}", description=help, allow_abbrev=False)
    module.add_arguments(parser)
    try:
        args = _parse(parser, argv[1:])
    except SystemExit as stop:  # --help has printed
        return stop.code or 0
    return module.main(args) or 0


def _parse(parser, argv):
    # Intermixed: `run brio_wu nx=400 -o out.nc c=1000` gives parameters on both sides of an option.
    args, unknown = parser.parse_known_intermixed_args(argv)
    if unknown:
        options = [option for action in parser._actions for option in action.option_strings]
        word = unknown[0].partition("=")[0]
        hint = nearest(word, options) if word.startswith("-") else ""
        parser.error(f"{unknown[0]!r} is not an argument of {parser.prog}{hint}")
    return args


def _usage():
    lines = ["usage: multifluid COMMAND ...", "", "Multifluid plasmas with the full Maxwell equations.", ""]
    lines += [f"  {name:11s} {help}" for name, (_, help) in COMMANDS.items()]
    lines += ["", "multifluid COMMAND --help explains a command; multifluid --version prints the version."]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
