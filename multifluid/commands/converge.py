"""multifluid converge: errors against the exact solution and their observed order."""

import math

from multifluid.commands import arguments
from multifluid.commands.table import table
from multifluid.errors import InputError


def add_arguments(parser):
    """Problem, parameters, resolutions, the order that must be reached."""
    arguments.add_problem(parser)
    parser.add_argument(
        "--n", nargs="+", default=["16", "32", "64"], metavar="N", help="resolutions (default 16 32 64)"
    )
    parser.add_argument(
        "--order-at-least", type=arguments.number, metavar="X", help="exit code 1 if a variable's order is lower"
    )
    parser.add_argument("--threads", type=arguments.whole, default=1, metavar="N", help="threads (default 1)")


def main(args):
    """Run every resolution, print errors and orders; 1 if --order-at-least is missed."""
    args.parameters += [word for word in args.n if "=" in word]  # `--n 16 32 c=10`: argparse gives c=10 to --n
    ns = [_resolution(word) for word in args.n if "=" not in word]
    if args.order_at_least is not None and len(ns) < 2:
        raise InputError("--order-at-least needs two resolutions or more after --n")
    problem_class = arguments.chosen_class(args)
    parameters = arguments.chosen_parameters(args, problem_class)

    from multifluid.convergence import convergence

    result = convergence(problem_class, ns, parameters, threads=args.threads)
    groups = list(result.errors)
    rows = [
        (str(n), str(steps), *(f"{result.errors[group][i]:.3e}" for group in groups))
        for i, (n, steps) in enumerate(zip(result.ns, result.steps, strict=True))
    ]
    print(f"{problem_class.name}: L1 error against exact() at t = {result.t:g}, relative to the variation of each\n")
    print(table((f">{problem_class.resolution}", ">steps", *(f">{group}" for group in groups)), rows))
    if len(result.ns) > 1:
        orders = {group: result.orders(group) for group in groups}
        rows = [
            (f"{n0} -> {n1}", *(_order(orders[group][i]) for group in groups))
            for i, (n0, n1) in enumerate(zip(result.ns, result.ns[1:], strict=False))
        ]
        rows.append(("overall", *(_order(result.order(group)) for group in groups)))
        print()
        print(table(("order", *(f">{group}" for group in groups)), rows))
    if args.order_at_least is None:
        return 0
    missed = result.below(args.order_at_least)
    for group, order in missed.items():
        print(f"order of {group} is {order:.2f}, below {args.order_at_least:g}")
    return 1 if missed else 0


def _resolution(word):
    if not word.isdigit():
        raise InputError(f"--n takes whole numbers, as in --n 16 32 64, not {word!r}")
    return int(word)


def _order(value):
    return "round-off" if math.isnan(value) else f"{value:.2f}"
