"""Two forms of Ohm's law, each an exact identity of the momentum equations.

Over one step every charged fluid s obeys, with < > the mean over the step's stages and a_s = q_s/m_s,

    I_s + <div P_s> = a_s <rho_s (E + u_s x B)> + <R_s> + <X_s> + r_s
    I_s = [(rho_s u_s)(t + dt) - (rho_s u_s)(t)]/dt + <div(rho_s u_s u_s)>

R_s: drag; X_s: gravity and the momentum of ionisation; r_s: what the upwind fluxes of the scheme differ from the centred
differences used here: truncation in space, the only error there is. The sum of a form's terms is E + residual, and
the residual is a weighted sum of the r_s alone.

Where the step does not resolve the electrons, the E that a run writes lags: it is the last stage's, first order in dt
in the parts that balance pressure. E here is the field that has pushed the fluids over the step,
E = <D E>/<D> with D = sum_s a_s^2 rho_s = eps0 omega_p^2.
"""

import numpy as np

from ..errors import InputError

FORMS = ("one-fluid", "three-fluid")

TERMS = {
    "convection": "convection -u x B",
    "resistive": "resistive term, friction",
    "hall": "Hall term J x B/(n e)",
    "ambipolar": "ambipolar term -eta_A mu0 (J x b) x b",
    "electron_pressure": "electron pressure -div P_e/(n e)",
    "electron_inertia": "electron inertia",
    "ion_pressure": "pressure of the other charged fluids",
    "ion_inertia": "inertia of the other charged fluids",
    "other": "gravity, ionisation, slip between neutrals",
}

_THREE_FLUID = {
    "convection": "convection -u_n x B",
    "resistive": "Ohmic term mu0 eta_O J",
    "hall": "Hall term mu0 eta_H J x b",
    "electron_pressure": "electron pressure",
}


def titles(form):
    """What the terms of a form are, for people: dict of str to str."""
    return TERMS | _THREE_FLUID if form == "three-fluid" else TERMS


def choose(solver, form=None):
    """The form to use: as given, or three-fluid where neutrals hold charged fluids by drag, else one-fluid.

    Raises
    ------
    InputError
        Unknown form, no field, fewer than two charged fluids, or a three-fluid form that does not exist.
    """
    charged = solver.qm != 0
    if solver.layout.field is None or charged.sum() < 2:
        raise InputError("Ohm's law needs a field and two charged fluids at least")
    held = solver.exchange.drags[charged][:, ~charged].any(axis=1)
    if form in (None, True):
        return "three-fluid" if held.any() and _tied(solver) else "one-fluid"
    if form not in FORMS:
        raise InputError(f"form of Ohm's law: choose {' or '.join(FORMS)}, not {form!r}")
    if form == "three-fluid" and not held.any():
        raise InputError("three-fluid form of Ohm's law: no charged fluid has drag on a neutral one; use one-fluid")
    if form == "three-fluid" and not _tied(solver):
        raise InputError("three-fluid form of Ohm's law: two charged fluids have no drag at all, so that nothing divides "
                         "the current along B between them; use one-fluid")
    return form


def _tied(solver):
    charged = solver.qm != 0
    return np.count_nonzero(~solver.exchange.drags[charged].any(axis=1)) < 2


def one_fluid(solver, forces, inertia):
    """(5.27) without its approximations: E = sum of the terms - residual.

    sum_s a_s (momentum equation of s)/D, summed over the charged fluids, u their centre-of-mass velocity:

        convection         -u x B
        resistive          -sum a_s R_s/D                drag of electrons on ions (eta J) and of both on neutrals
        hall               -(u_D - u) x B                u_D = sum a_s^2 rho_s u_s/D
        electron_pressure  a_e div P_e/D
        electron_inertia   [d_t J + div(sum q_s n_s u_s u_s)]/D
        ion_pressure       sum' a_s div P_s/D            over the other charged fluids
        other              -sum a_s X_s/D

    For electrons and one ion, quasi-neutral, with mu = Z m_e/m_i: 1/D = (m_e/(n_e e^2))/(1 + mu), so that pressure is
    -div P_e/(n_e e (1 + mu)), hall is exactly J x B/(n_e e) (1 - mu)/(1 + mu), and the flux in the inertia is
    J u + u J - J J/(n_e e) (1 - mu)/(1 + mu), whose last part (5.27) leaves out. Electrons are the fluid with the largest
    |q/m|.
    """
    a, charged = solver.qm, np.flatnonzero(solver.qm)
    D = np.einsum("s,szyx->zyx", a**2, forces.rho)

    def over(values, which=charged, power=1):
        return np.einsum("s,sizyx->izyx", a[which] ** power, values[which]) / D

    electron, others = _electron(a)
    convection = -forces.plasma / D
    terms = {
        "convection": convection,
        "resistive": -over(forces.drag),
        "hall": -over(forces.magnetic, power=2) - convection,
        "electron_pressure": over(forces.pressure, electron),
        "electron_inertia": over(inertia),
        "ion_pressure": over(forces.pressure, others),
        "other": -over(forces.gravity + forces.ionised),
    }
    return over(forces.electric, power=2), terms


def three_fluid(solver, forces, inertia):
    """Ohm's law of a weakly ionised plasma: E = -u_n x B + E', E' = sum of the other terms - residual.

    In the frame of the neutrals (mean velocity u_n by mass, v_s = u_s - u_n) the charged fluids obey

        0 = q_s n_s (E' + v_s x B) - f_s v_s - sum_r k_sr (v_s - v_r) + F_s,     sum_s q_s n_s v_s = J' = J - rho_c u_n

    with friction f_s on neutrals, k_sr on other charges, and forces F_s = -div P_s - I_s + (gravity, ionisation, slip
    between neutrals). This is linear: E' = eta.J' + sum_s G_s.F_s, and with b = B/|B|

        resistive          mu0 eta_O J'
        hall               mu0 eta_H J' x b
        ambipolar          -mu0 eta_A (J' x b) x b
        electron_pressure, electron_inertia      -G_e.(div P_e), -G_e.I_e
        ion_pressure, ion_inertia                the same of all other charged fluids
        other              sum G_s.F_s of the rest of F, and of what correlation within the step adds

    with the diffusivities of `theory.formulary.diffusivities`. Single-fluid theory is the first four terms. Where neutrals
    hardly hold the ions, ambipolar and ion inertia are both large and cancel: that regime is the one-fluid form's.
    Electrons are the fluid with the largest |q/m|.
    """
    a, neutral = solver.qm, solver.qm == 0
    which = np.flatnonzero(a)
    D = np.einsum("s,szyx->zyx", a**2, forces.rho)
    E = np.einsum("s,sizyx->izyx", a**2, forces.electric) / D
    convection = -forces.neutral / D
    u_n = forces.momentum[neutral].sum(axis=0) / forces.rho[neutral].sum(axis=0)
    v = forces.momentum[which] / forces.rho[which][:, None] - u_n
    charge = a[which, None, None, None] * forces.rho[which]
    f = forces.friction[which][:, neutral].sum(axis=1)
    k = forces.friction[np.ix_(which, which)]
    size = np.sqrt(np.square(forces.B).sum(axis=0))
    b = np.divide(forces.B, size, out=np.zeros_like(forces.B), where=size > 0)
    response = _Response(charge, f, k, size, b)

    here = a[which, None, None, None, None]
    model = (charge[:, None] * (E - convection + np.cross(v, forces.B, axisa=1, axisb=0, axisc=1)) - f[:, None] * v
             - np.einsum("srzyx,srizyx->sizyx", k, v[:, None] - v[None]))
    true = here * (forces.electric[which] + forces.magnetic[which]) + forces.drag[which]
    rest = true - model + forces.gravity[which] + forces.ionised[which]

    electron, others = (np.flatnonzero(np.isin(which, group)) for group in _electron(a))
    J = (charge[:, None] * v).sum(axis=0)
    terms = {"convection": convection, **response.of_current(J)}
    for name, group in (("electron", electron), ("ion", others)):
        terms[f"{name}_pressure"] = response.of_forces(-forces.pressure[which], group)
        terms[f"{name}_inertia"] = response.of_forces(-inertia[which], group)
    terms["other"] = response.of_forces(rest, np.arange(len(which)))
    return E, {name: terms[name] for name in TERMS}


def _electron(a):
    """Indices of the electrons, and of the other charged fluids."""
    electron = int(np.argmax(np.abs(a)))
    return np.array([electron]), np.array([s for s in np.flatnonzero(a) if s != electron])


class _Response:
    """E' of a current and of forces on the charged fluids, from the balance above, cell by cell."""

    def __init__(self, charge, f, k, size, b):
        self.b = b
        self.along = self._solve(charge, f, k, 0.0 * size)
        self.across = self._solve(charge, f, k, size)

    @staticmethod
    def _solve(charge, f, k, size):
        """Last row of the inverse of [[K, -q n], [q n, 0]]: (n + 1, z, y, x), E' of each force and (last) of the current.

        Vectors across B are complex numbers, b x is i: K = diag(f_s + sum_r k_sr + i q_s n_s B) - k_sr.
        """
        n, inner = len(charge), np.arange(len(charge))
        M = np.zeros((*size.shape, n + 1, n + 1), complex)
        M[..., :n, :n] = -np.moveaxis(k, (0, 1), (-2, -1))
        M[..., inner, inner] = np.moveaxis(f + k.sum(axis=1) + 1j * charge * size, 0, -1)
        unit = np.abs(charge).max(axis=0)
        scale = np.abs(M).max(axis=(-1, -2)) / unit**2
        M /= (unit**2 * scale)[..., None, None]
        M[..., n, :n] = np.moveaxis(charge / unit, 0, -1)
        M[..., :n, n] = -M[..., n, :n]
        row = np.moveaxis(np.linalg.inv(M)[..., n, :], -1, 0)
        return np.concatenate([row[:n] / unit, row[n:] * scale])

    def _split(self, vector):
        along = (self.b * vector).sum(axis=0) * self.b
        return along, vector - along, np.cross(self.b, vector, axis=0)

    def of_current(self, J):
        """Resistive, Hall and ambipolar field."""
        _, across, turned = self._split(J)
        ohmic = self.along[-1].real
        return {"resistive": ohmic * J, "hall": self.across[-1].imag * turned,
                "ambipolar": (self.across[-1].real - ohmic) * across}

    def of_forces(self, F, group):
        """Field of the forces F (n, 3, z, y, x) on the fluids of a group."""
        out = np.zeros_like(F[0])
        for s in group:
            along, across, turned = self._split(F[s])
            out += self.along[s].real * along + self.across[s].real * across + self.across[s].imag * turned
        return out
