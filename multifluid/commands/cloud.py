"""A molecular cloud from a few numbers, with the rates of `multifluid.coupling.rates`."""

import numpy as np

from multifluid.coupling import Coulomb, rates
from multifluid.errors import InputError
from multifluid.fluids import FiveMoment
from multifluid.theory.formulary import Mixture, ionisation_balance
from multifluid.units import constants, si

_MOMENTUM = {(rate.first, rate.second): rate for rate in (
    rates.HCO_ON_H2, rates.H3_ON_H2, rates.PROTON_ON_H2, rates.MG_ON_H2, rates.ELECTRON_ON_H2,
    rates.PROTON_ON_H, rates.ELECTRON_ON_H)}
_RECOMBINATION = {"HCO+": rates.HCO_RECOMBINATION, "H+": rates.PROTON_RECOMBINATION, "Mg+": rates.MG_RECOMBINATION}


def cloud(args):
    """Mixture of ions, electrons and neutrals in SI.

    Parameters
    ----------
    args : argparse.Namespace
        n_neutral, B, T (texts with unit), ion_fraction (float or None), ion, neutral, zeta (texts or None).

    Returns
    -------
    (Mixture, list of str)
        The mixture, and what was assumed.

    Raises
    ------
    InputError
        A number is missing, has the wrong unit or is not positive; a pair without a rate, or T outside its range.
    """
    for name in ("n_neutral", "B", "T"):
        if getattr(args, name) is None:
            option = f"--{name.replace('_', '-')}"
            raise InputError(f"regime: name a problem, or give --n-neutral, --B and --T; {option} is missing")
    n = _positive("--n-neutral", si(args.n_neutral, "number_density", "cm^-3"), args.n_neutral)
    T = _positive("--T", si(args.T, "temperature", "K"), args.T)
    B = _positive("--B", si(args.B, "magnetic_field"), args.B)
    ion, neutral = args.ion or "HCO+", args.neutral or "H2"
    pairs = [_rate(name, neutral) for name in (ion, "e")]
    notes = [f"{ion}, e and {neutral} at one temperature"]
    if args.ion_fraction is not None:
        if args.zeta is not None:
            raise InputError("--zeta: it sets the ion fraction; give either --ion-fraction or --zeta")
        n_ion = _positive("--ion-fraction", args.ion_fraction, args.ion_fraction) * n
    else:
        if ion not in _RECOMBINATION:
            raise InputError(f"--ion {ion}: no recombination rate is known for it; give --ion-fraction")
        zeta = rates.cosmic_ray_ionisation_rate() if args.zeta is None else _positive(
            "--zeta", si(args.zeta, "frequency", "s^-1"), args.zeta)
        n_ion = float(ionisation_balance(zeta, n, 1e-6 * _RECOMBINATION[ion](T)))
        notes.append(f"ionisation balance: zeta = {zeta:g} /s, recombination {float(_RECOMBINATION[ion](T)):.3g} cm^3/s "
                     f"({_RECOMBINATION[ion].reference})")
    k = constants()
    mass = [1e-3 * rates.MASS[name] for name in (ion, "e", neutral)]
    alpha = np.zeros((3, 3))
    for s, rate in enumerate(pairs):
        alpha[s, 2] = alpha[2, s] = 1e-6 * float(rate(T)) / (mass[s] + mass[2])
        notes.append(f"{rate.first} on {rate.second}: <sigma v> = {float(rate(T)):.3g} cm^3/s ({rate.reference})")
    debye = np.sqrt(k.eps0 * k.kB * T / (n_ion * k.e**2))
    logarithm = max(2.0, float(np.log(12.0 * np.pi * n_ion * debye**3)))
    fluids = [FiveMoment("ion", mass[0], k.e), FiveMoment("electron", mass[1], -k.e)]
    alpha[0, 1] = alpha[1, 0] = float(Coulomb(logarithm, eps0=k.eps0).alpha(*fluids, k.kB * T, k.kB * T))
    notes.append(f"e on {ion}: Coulomb collisions, ln Lambda = {logarithm:.3g}")
    mix = Mixture(mass, [k.e, -k.e, 0.0], temperature=T, B=B, alpha=alpha, number_density=[n_ion, n_ion, n], mu0=k.mu0,
                  c=k.c, kB=k.kB, names=[ion, "e", neutral])
    return mix, notes


def _rate(first, second):
    if (first, second) not in _MOMENTUM:
        known = ", ".join(f"{a} on {b}" for a, b in _MOMENTUM)
        raise InputError(f"regime: no rate of {first} on {second} is known (there are {known})")
    return _MOMENTUM[first, second]


def _positive(option, value, text):
    if not 0 < value < float("inf"):
        raise InputError(f"{option} must be positive and finite, not {text!r}")
    return value
