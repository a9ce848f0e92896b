"""multifluid regime: the formulary of a problem, or of numbers for a molecular cloud."""

from multifluid.commands import arguments
from multifluid.commands.table import table
from multifluid.errors import InputError

_NUMBERS = ("n_neutral", "ion_fraction", "B", "T", "ion", "neutral", "zeta")
_DESCRIPTION = """The regime of a plasma: rates, speeds, Hall parameters, diffusivities and length scales in order, of a
problem at its initial state (multifluid regime wave neutral_ratio=1000), or of numbers with the rates of molecular clouds
(multifluid regime --n-neutral 1e4 --ion-fraction 1e-7 --B 30uG --T 10)."""

# What people write: the first unit in which the value is at least this large.
_SHOWN = {
    "length": (("pc", 1e-2), ("AU", 0.1), ("km", 1.0), ("m", 0.0)),
    "time": (("Myr", 0.1), ("yr", 1.0), ("s", 0.0)),
    "velocity": (("km/s", 0.1), ("m/s", 0.0)),
    "magnetic_field": (("G", 1.0), ("mG", 1.0), ("uG", 0.0)),
    "number_density": (("cm^-3", 0.0),), "density": (("g/cm^3", 0.0),), "temperature": (("K", 0.0),),
    "frequency": (("s^-1", 0.0),), "diffusivity": (("cm^2/s", 0.0),), "heating": (("erg/(cm^3 s)", 0.0),),
    "drag": (("cm^3/(g s)", 0.0),), "mass": (("Msun", 0.0),), "number": (("", 0.0),),
}  # fmt: skip


def add_arguments(parser):
    """A problem and its parameters, or numbers; scales of the flow."""
    parser.description = _DESCRIPTION
    parser.add_argument("problem", metavar="NAME", nargs="?", help="a packaged problem, or mine.py:MyProblem")
    parser.add_argument("parameters", metavar="parameter=value", nargs="*", help="its parameters")
    parser.add_argument("--cell", type=int, nargs=3, metavar=("I", "J", "K"),
                        help="the cell (x, y, z) to look at; default: mean over the volume, root mean square of B")
    number = parser.add_argument_group("numbers of a cloud, in place of a problem")
    number.add_argument("--n-neutral", metavar="N", help="number density of neutrals, cm^-3 or with its unit")
    number.add_argument("--ion-fraction", type=arguments.number, metavar="X",
                        help="n_i/n_n; without it that of ionisation balance")
    number.add_argument("--B", metavar="B", help="magnetic field, with its unit: 30uG")
    number.add_argument("--T", metavar="T", help="temperature of all, K")
    number.add_argument("--ion", metavar="NAME", help="HCO+ (default), H3+, Mg+, H+")
    number.add_argument("--neutral", metavar="NAME", help="H2 (default), H")
    number.add_argument("--zeta", metavar="RATE", help="ionisations per neutral and second (default 1.3e-17)")
    scale = parser.add_argument_group("scales, with unit (0.1pc, 1km/s), or in code units for a problem without units")
    scale.add_argument("--length", metavar="L", help="scale of the flow (a problem's: the longest side of its grid)")
    scale.add_argument("--speed", metavar="V", help="speed of the flow (default: v_A of all species)")
    scale.add_argument("--Omega", metavar="RATE", help="rate of rotation, for the Elsasser number")
    scale.add_argument("--dx", metavar="DX", help="cell width to hold against the length scales (a problem's: its own)")


def main(args):
    """Print the tables."""
    numbers = [name for name in _NUMBERS if getattr(args, name) is not None]
    if args.problem and "=" in args.problem:
        raise InputError(f"{args.problem!r}: give the name of a problem before its parameters")
    if args.problem and numbers:
        raise InputError(f"--{numbers[0].replace('_', '-')}: give either a problem or numbers, not both")
    if args.problem:
        _of_problem(args)
    elif args.cell:
        raise InputError("--cell: numbers have no cells; name a problem")
    else:
        _of_numbers(args)


def _of_numbers(args):
    from multifluid.commands.cloud import cloud
    from multifluid.theory.formulary import summary
    from multifluid.units import constants

    mix, notes = cloud(args)
    scales = _scales(args, None)
    print("\n".join(notes))
    _print(summary(mix, G=constants().G, **scales), _physical)


def _of_problem(args):
    from multifluid.commands.background import Background
    from multifluid.theory.formulary import summary
    from multifluid.units import KINDS

    problem_class = arguments.chosen_class(args)
    problem = problem_class(**arguments.chosen_parameters(args, problem_class))
    units = problem.units()
    background = Background(problem)
    scales = {"length": background.length, "cell": background.width} | _scales(args, units)
    mix, where = background.mixture(args.cell)
    print(f"{problem.name} at t = 0, {where}" + ("" if units else "; code units, mu0 = " + f"{mix.mu0:g}"))

    def shown(row):
        if units is None:
            return f"{row.value:.4g}", KINDS[row.kind][1].replace("1", "", row.kind == "number")
        return _physical(row._replace(value=row.value * units.size(row.kind)))

    _print(summary(mix, G=units.G if units else None, **scales), shown)
    shares = background.regimes(scales["cell"])
    if shares:
        print(f"\nRegime at the cell width, share of all cells: {', '.join(f'{n} {100 * s:.3g} %' for n, s in shares)}")


def _scales(args, units):
    """length, speed, Omega and cell as given, in SI, in the problem's units, or plain."""
    from multifluid.units import quantity, si

    out = {}
    for name, kind, option in (("length", "length", "length"), ("speed", "velocity", "speed"),
                               ("Omega", "frequency", "Omega"), ("cell", "length", "dx")):
        text = getattr(args, option)
        if text is None:
            continue
        if args.problem and units is None:
            value, unit = quantity(text)
            if unit:
                raise InputError(f"--{option}: {args.problem} is in code units; give a plain number, not {text!r}")
        else:
            value = si(text, kind) / (units.size(kind) if units else 1.0)
        if not 0 < value < float("inf"):
            raise InputError(f"--{option} must be positive and finite, not {text!r}")
        out[name] = value
    return out


def _physical(row):
    """(number, unit) as people write them, of a row in SI."""
    from multifluid.units import parse_unit

    for unit, least in _SHOWN[row.kind]:
        value = row.value / parse_unit(unit)[0]
        if abs(value) >= least:
            break
    return f"{value:.4g}", unit


def _print(rows, shown):
    for section in dict.fromkeys(row.section for row in rows):
        print(f"\n{section.capitalize()}" + (", shortest first" if section == "lengths" else "") + "\n")
        cells = [(row.quantity, row.symbol, *shown(row), row.meaning) for row in rows if row.section == section]
        print(table(("quantity", "symbol", ">value", "unit", "meaning"), cells, wrap_last=True))
    verdict = _verdict([row for row in rows if row.section == "lengths"], shown)
    if verdict:
        print(f"\n{verdict}")


def _verdict(rows, shown):
    """Which physics the cell width resolves, in one sentence; None without a cell width."""
    width = next((row for row in rows if row.symbol == "dx"), None)
    named = [(row, row.symbol) for row in rows
             if row.symbol.startswith(("L_", "d_")) or row.symbol in ("lambda_J", "2 pi/k_low")]
    if width is None or not named:
        return None
    seen = [symbol for row, symbol in named if row.value > width.value]
    unseen = [symbol for row, symbol in named if row.value <= width.value]
    return (f"Cells of {' '.join(shown(width))} resolve {', '.join(seen) or 'none of these'}"
            + (f"; not {', '.join(unseen)}" if unseen else "") + ".")
