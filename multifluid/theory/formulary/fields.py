"""Regime quantities on a grid, from the primitive variables of a run: what is to be written as output fields."""

from typing import NamedTuple

import numpy as np

from multifluid.errors import InputError
from multifluid.theory.formulary import ambipolar
from multifluid.theory.formulary.conductivity import REGIMES, dominant
from multifluid.theory.formulary.mixture import Mixture


class RegimeField(NamedTuple):
    """Values (z, y, x), what they mean, and the kind of quantity, which gives the unit (`multifluid.units.Units.text`)."""

    data: np.ndarray
    long_name: str
    kind: str


def regime_fields(mass, charge, rho, u, p, B, alpha, *, mu0=1.0, c=np.inf, length=None, Omega=None):
    """Drift, diffusivities, heating, Elsasser number and regime on a grid.

    Parameters
    ----------
    mass, charge : (S,)
    rho, p : (S, z, y, x)
    u : (S, 3, z, y, x)
    B : (3, z, y, x)
    alpha : (S, S) or (S, S, z, y, x)
        Drag coefficients at these temperatures and slips.
    mu0, c : float
    length : float, optional
        Length at which the regime is asked for, for instance the cell width: the regime is ideal where the largest
        diffusivity is below v_A length. Without it the regime is that of the largest diffusivity.
    Omega : float, optional
        Rate of rotation in Am = v_A^2/(eta_A Omega); v_A/length without it, so that Am is the ambipolar Lundquist number
        v_A length/eta_A.

    Returns
    -------
    dict of str to RegimeField
        drift       |u_charged - u_neutral|, of the mean velocities by mass
        Q_A         sum alpha rho_s rho_n |u_s - u_n|^2 over charged s and neutral n: the true heating, no balance assumed
        eta_A, eta_O, eta_H
        elsasser    only if length or Omega is given; v_A with the density of all species
        regime      0 ideal, 1 ohmic, 2 hall, 3 ambipolar

    Raises
    ------
    InputError
        No charges, no neutrals or no drag between them.
    """
    rho, u, B = np.asarray(rho, float), np.asarray(u, float), np.asarray(B, float)
    strength = np.sqrt(np.square(B).sum(axis=0))
    temperature = np.asarray(p) * np.asarray(mass, float).reshape((-1,) + (1,) * (rho.ndim - 1)) / rho
    mix = Mixture(mass, charge, rho, temperature, strength, alpha, mu0=mu0, c=c)
    if not mix.couples:
        raise InputError("regime fields: drag between charged and neutral fluids is needed; give interactions() a Drag")

    def mean_velocity(which):
        return (rho[which][:, None] * u[which]).sum(axis=0) / rho[which].sum(axis=0)

    slip = mean_velocity(mix.charged) - mean_velocity(mix.neutral)
    heat = sum(np.broadcast_to(mix.alpha[s, n], mix.shape) * rho[s] * rho[n] * np.square(u[s] - u[n]).sum(axis=0)
               for s in mix.charged for n in mix.neutral)
    eta, speed = mix.diffusivities, mix.alfven_speed()
    names = ", ".join(f"{i} {name}" for i, name in enumerate(REGIMES))
    out = {
        "drift": RegimeField(np.sqrt(np.square(slip).sum(axis=0)), "speed of the charges through the neutrals", "velocity"),
        "Q_A": RegimeField(heat, "heating by friction between charges and neutrals", "heating"),
        "eta_A": RegimeField(eta.ambipolar, "ambipolar diffusivity", "diffusivity"),
        "eta_O": RegimeField(eta.ohmic, "Ohmic diffusivity", "diffusivity"),
        "eta_H": RegimeField(eta.hall, "Hall diffusivity", "diffusivity"),
    }
    if Omega is not None or length is not None:
        what = "v_A^2/(eta_A Omega)" if Omega is not None else f"v_A L/eta_A at L = {length:g}"
        rate = Omega if Omega is not None else speed / length
        # without a field both are zero and nothing slips
        am = ambipolar.elsasser_from_diffusivity(speed, np.where(strength > 0, eta.ambipolar, 1.0),
                                                 np.where(strength > 0, rate, 1.0))
        out["elsasser"] = RegimeField(np.where(strength > 0, am, np.inf), f"ambipolar Elsasser number {what}", "number")
    index = dominant(eta, length, speed).astype(float)
    where = f", ideal where v_A L exceeds it at L = {length:g}" if length is not None else ""
    out["regime"] = RegimeField(index, f"regime of the largest diffusivity: {names}{where}", "number")
    return out
