"""The sub-command `multifluid dispersion`: roots of an ion-electron(-neutral) plasma as a table or a picture."""

import numpy as np

from multifluid.errors import InputError
from multifluid.theory.background import ANISOTROPIC, CLOSURES, HeatFlux
from multifluid.theory.branches import available_branches, named_branches
from multifluid.theory.dispersion import Background, dispersion_modes

_DESCRIPTION = """Linear waves of a plasma of ions and electrons, with neutrals if asked for, with the full Maxwell
equations. Units: ion Alfven speed v_A, ion inertial length d_i, ion cyclotron frequency Omega_i, ion density."""


def add_arguments(parser):
    """Define the options of `multifluid dispersion` on an argparse parser or sub-parser."""
    parser.description = _DESCRIPTION
    parser.add_argument("--mass-ratio", type=float, default=1836.15, metavar="M", help="m_i/m_e (default %(default)s)")
    parser.add_argument(
        "--c", type=float, default=1000.0, metavar="C", help="speed of light in v_A (default %(default)s)"
    )
    parser.add_argument(
        "--beta", type=float, default=0.1, metavar="BETA",
        help="2 mu0 (p_i + p_e)/B^2; 0 for cold fluids (default %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--temperature-ratio", type=float, default=1.0, metavar="T", help="T_e/T_i (default %(default)s)"
    )
    parser.add_argument(
        "--angle", type=float, default=0.0, metavar="DEG", help="between k and B, degrees (default %(default)s)"
    )
    parser.add_argument("--k-di", type=float, nargs="+", metavar="K", help="one or several wavenumbers times d_i")
    parser.add_argument(
        "--k-range", type=float, nargs=3, metavar=("START", "STOP", "N"), help="N logarithmically spaced k d_i"
    )
    parser.add_argument(
        "--neutral-density", type=float, default=0.0, metavar="R", help="rho_n/rho_i (default: no neutrals)"
    )
    parser.add_argument(
        "--neutral-mass", type=float, default=1.0, metavar="M", help="m_n/m_i; T_n = T_i (default %(default)s)"
    )
    parser.add_argument(
        "--alpha", type=float, default=0.0, metavar="A",
        help="ion-neutral drag: force density alpha rho_i rho_n (u_n - u_i), given as alpha rho_i/Omega_i, the rate "
        "nu_ni/Omega_i at which neutrals follow the ions (default %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--alpha-electron", type=float, default=0.0, metavar="A",
        help="the same for electrons and neutrals, alpha_en rho_i/Omega_i (default %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--temperature-relaxation", type=float, default=3.0, metavar="CT",
        help="coefficient of heat exchange in collisions; 3 for elastic ones, 0 for none (default %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--closure", choices=CLOSURES, help="of ions and electrons; neutrals share a scalar one "
        "(default five-moment, for --beta 0 cold)",
    )  # fmt: skip
    parser.add_argument(
        "--gamma", type=float, default=5.0 / 3.0, metavar="G",
        help="ratio of specific heats or polytropic exponent (default 5/3)",
    )  # fmt: skip
    parser.add_argument(
        "--anisotropy", type=float, default=1.0, metavar="A",
        help="p_perp/p_par of six- or ten-moment ions (default %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--isotropisation", type=float, default=0.0, metavar="NU",
        help="rate nu/Omega_i at which six- or ten-moment ions and electrons lose anisotropy (default %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--heat-flux", nargs=2, metavar=("KIND", "K0"),
        help="of ten-moment ions and electrons: local or gradient, and k0 d_i (default: none)",
    )  # fmt: skip
    parser.add_argument("--plot", metavar="FILE", help="draw omega(k) of all named branches into this picture")


def main(args):
    """Print the table, and draw the picture if asked for; 0 on success, InputError on bad input."""
    background = _background(args)
    wavenumbers = _wavenumbers(args)
    if args.plot and len(wavenumbers) < 2:
        raise InputError("--plot: give several wavenumbers, for instance --k-range 0.01 10 50")
    print(f"{'k d_i':>12}  {'Re omega/Omega_i':>20}  {'Im omega/Omega_i':>20}  {'Re omega/(k v_A)':>17}  branch")
    found = []
    for k in wavenumbers:
        point = {**background, "k": (k, 0.0, 0.0)}
        relaxation = {"temperature_relaxation": args.temperature_relaxation}
        branches = named_branches(available_branches(**point), **point, **relaxation)
        found.append(branches)
        _print_modes(k, dispersion_modes(**point, **relaxation), branches)
    if args.plot:
        _plot(args.plot, wavenumbers, found)
    return 0


def _background(args):
    if not (args.mass_ratio > 0 and args.beta >= 0 and args.temperature_ratio > 0):
        raise InputError("--mass-ratio and --temperature-ratio must be positive and --beta not negative")
    if args.neutral_density < 0:
        raise InputError(f"--neutral-density = {args.neutral_density} must not be negative")
    if not args.neutral_density and (args.alpha or args.alpha_electron):
        raise InputError("--alpha and --alpha-electron need neutrals: give --neutral-density as well")
    closure = args.closure or ("five-moment" if args.beta else "cold")
    shared = {"gamma": args.gamma, "closure": closure, "isotropisation": args.isotropisation, "heat_flux": _heat_flux(args)}
    p, m_e = 0.5 * args.beta / (1.0 + args.temperature_ratio), 1 / args.mass_ratio
    fluids = [
        Background("ion", 1.0, 1.0, 1.0, p, anisotropy=args.anisotropy, **shared),
        Background("electron", m_e, -1.0, m_e, p * args.temperature_ratio, **shared),
    ]
    if args.neutral_density:
        p_neutral = p * args.neutral_density / args.neutral_mass
        scalar = "five-moment" if closure in ANISOTROPIC else closure
        fluids.append(
            Background("neutral", args.neutral_mass, 0.0, args.neutral_density, p_neutral, args.gamma, closure=scalar)
        )
    alpha = np.zeros((len(fluids), len(fluids)))
    if args.neutral_density:
        alpha[0, 2] = alpha[2, 0] = args.alpha
        alpha[1, 2] = alpha[2, 1] = args.alpha_electron
    angle = np.radians(args.angle)
    return {"fluids": fluids, "B": (np.cos(angle), np.sin(angle), 0.0), "c": args.c, "alpha": alpha}


def _heat_flux(args):
    if args.heat_flux is None:
        return None
    kind, k0 = args.heat_flux
    try:
        return HeatFlux(kind, float(k0))
    except ValueError:
        raise InputError(f"--heat-flux: k0 = {k0} must be a number, for instance --heat-flux gradient 0.5") from None


def _wavenumbers(args):
    values = list(args.k_di or [])
    if args.k_range:
        start, stop, n = args.k_range
        if not (start > 0 and stop > 0 and n >= 2 and n == int(n)):
            raise InputError("--k-range: START and STOP must be positive and N a whole number of at least 2")
        values += list(np.geomspace(start, stop, int(n)))
    if not values:
        raise InputError("no wavenumber: give --k-di K [K ...] or --k-range START STOP N")
    if min(values) <= 0:
        raise InputError("--k-di: wavenumbers must be positive")
    return values


def _print_modes(k, modes, branches):
    for mode in sorted(modes, key=lambda m: (-m.omega.real, -m.omega.imag)):
        if mode.omega.real < 0 and mode.omega.imag <= -mode.omega.real:
            continue
        names = [name for name, branch in branches.items() if _same(branch, mode)]
        print(
            f"{k:12.5g}  {mode.omega.real:20.12g}  {mode.omega.imag + 0.0:20.12g}  {mode.omega.real / k:17.10g}  "
            f"{' = '.join(names) or '-'}"
        )


def _same(a, b):
    return a.omega == b.omega and all(np.array_equal(a.vector[name], b.vector[name]) for name in a.vector)


def _plot(path, wavenumbers, found):
    from matplotlib.figure import Figure

    names = list(dict.fromkeys(name for branches in found for name in branches))
    curves = {name: np.array([b[name].omega if name in b else np.nan for b in found]) for name in names}
    damped = any((curve.imag < 0).any() for curve in curves.values())
    figure = Figure(figsize=(7, 9 if damped else 5), layout="constrained")
    axes = figure.subplots(2 if damped else 1, squeeze=False)[:, 0]
    drawn = {}
    for name, curve in curves.items():
        same = next((other for other in drawn if np.array_equal(curves[other], curve, equal_nan=True)), None)
        if same is None:
            drawn[name] = [name]
        else:
            drawn[same].append(name)
    for name, aliases in drawn.items():
        re, im = curves[name].real, -curves[name].imag
        line = axes[0].loglog(wavenumbers, np.where(re > 0, re, np.nan), label=", ".join(aliases))[0]
        if damped:
            axes[1].loglog(wavenumbers, np.where(im > 0, im, np.nan), color=line.get_color())
    axes[0].set_ylabel(r"Re $\omega/\Omega_i$")
    if damped:
        axes[1].set_ylabel(r"$-$Im $\omega/\Omega_i$")
    axes[-1].set_xlabel(r"$k d_i$")
    axes[0].legend(fontsize="small")
    try:
        figure.savefig(path, dpi=150)
    except (OSError, ValueError) as error:
        raise InputError(f"--plot {path}: cannot write the picture ({error})") from None
