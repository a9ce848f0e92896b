"""What a run reports about itself: integrals over the domain and how well both divergence constraints hold."""

from dataclasses import dataclass

import numpy as np

from .boundaries import Axis, Periodic
from .coupling import Drag
from .errors import InputError
from .initial import face_divergence
from .parallel.sums import exact_sum
from .theory.formulary import regime_fields


@dataclass(frozen=True)
class Scalar:
    """A number with its meaning and unit."""

    value: float
    long_name: str
    units: str = "1"


@dataclass(frozen=True)
class Field:
    """An array (z, y, x) with its meaning and unit."""

    data: np.ndarray
    long_name: str
    units: str = "1"


def gauss_error(solver, boundaries):
    """max |div E - rho_c/eps0| eps0/(n e), with the centred divergence the scheme keeps; n e is half the sum of |q| n.

    Cells that see ghost cells of a boundary that is not periodic are left out: E there is set, not advanced.
    """
    layout, grid = solver.layout, solver.grid
    if layout.v_field < 0 or solver.mobile < 0:
        return 0.0
    near, far = solver.derivative
    W = solver.W
    reach = 2 if far else 1
    divergence = 0.0
    cut = [slice(None)] * 3
    for d in range(3):
        if grid.ghosts[d]:
            E, axis = W[layout.v_field + d], 2 - d
            if grid.cylindrical and d == 0:
                radius, inverse = grid.metric[0], grid.metric[1][grid.interior[2]]
                low, high = radius[grid.interior[2]], radius[grid.interior[2].start + 1:grid.interior[2].stop + 1]
                here = _shift(E, grid, axis, 0)
                divergence = divergence + near * inverse * (high * (_shift(E, grid, axis, 1) + here)
                                                            - low * (here + _shift(E, grid, axis, -1))) / grid.spacing[0]
            else:
                divergence = divergence + (near * (_shift(E, grid, axis, 1) - _shift(E, grid, axis, -1))
                                       + far * (_shift(E, grid, axis, 2) - _shift(E, grid, axis, -2))) / grid.spacing[d]
            low, high = boundaries.sides[d]
            kept = (Periodic, Axis)
            cut[axis] = slice(0 if isinstance(low, kept) else reach,
                              None if isinstance(high, Periodic) else -reach)
    charge = density = 0.0
    for s, u in enumerate(layout.u_fluid):
        rho = solver.interior(solver.A)[u]
        charge = charge + solver.qm[s] * rho
        density = density + 0.5 * abs(solver.qm[s]) * rho
    error = np.abs(solver.eps0 * divergence - charge)[tuple(cut)] / density[tuple(cut)]
    return float(error.max()) if error.size else 0.0


def _shift(array, grid, axis, cells):
    place = list(grid.interior)
    place[axis] = slice(place[axis].start + cells, place[axis].stop + cells)
    return array[tuple(place)]


def div_b(solver):
    """max |div B| dx/|B|: the divergence of face B over each cell, against the largest |B|."""
    layout, grid = solver.layout, solver.grid
    if layout.v_field < 0:
        return 0.0
    faces = solver.W[layout.v_face:layout.v_face + 3]
    size = max(float(np.abs(f[grid.interior]).max()) for f in faces)
    if size == 0.0:
        return 0.0
    width = min(d for d, g in zip(grid.spacing, grid.ghosts) if g)
    return float(np.abs(face_divergence(grid, faces)).max()) * width / size


def volume_integral(grid, density):
    """Integral of a density (z, y, x) over the grid, the same bits in any order of the cells."""
    if grid.cylindrical:
        return exact_sum(density * grid.volume)
    return grid.volume * exact_sum(density)


def integrals(solver, boundaries):
    """Mass and energy of each fluid, momentum of all, energies of the field, and both constraints: dict of Scalar."""
    layout, grid = solver.layout, solver.grid
    A, W = solver.interior(solver.A), solver.interior(solver.W)
    out = {}
    momentum = [0.0, 0.0, 0.0]
    matter = 0.0
    # what is summed over volumes: on a cylindrical grid momentum along z alone is kept, and angular momentum
    lever = {0: 0.0, 1: grid.centres(0).reshape(1, 1, -1), 2: 1.0} if grid.cylindrical else {0: 1.0, 1: 1.0, 2: 1.0}
    for s, (fluid, u) in enumerate(zip(layout.fluids, layout.u_fluid)):
        out[f"mass_{fluid.name}"] = Scalar(volume_integral(grid, A[u]), f"mass of {fluid.name}")
        for d in range(3):
            momentum[d] += volume_integral(grid, A[u + 1 + d] * lever[d])
        energy = volume_integral(grid, fluid.energy(A[layout.rows_of(s)[0]]))
        matter += energy
        out[f"energy_{fluid.name}"] = Scalar(energy, f"kinetic and internal energy of {fluid.name}")
    if layout.fluids and grid.cylindrical:
        out["angular_momentum"] = Scalar(momentum[1], "angular momentum about the axis of all fluids")
        out["momentum_z"] = Scalar(momentum[2], "z momentum of all fluids")
    elif layout.fluids:
        for d, axis in enumerate("xyz"):
            out[f"momentum_{axis}"] = Scalar(momentum[d], f"{axis} momentum of all fluids")
    total = matter
    if layout.v_field >= 0:
        mu0 = layout.field.mu0
        electric = 0.5 * solver.eps0 * volume_integral(grid, (A[layout.u_field:layout.u_field + 3] ** 2).sum(axis=0))
        b = W[layout.v_field + 3:layout.v_field + 6]
        magnetic = 0.5 / mu0 * volume_integral(grid, (b**2).sum(axis=0))
        out["energy_electric"] = Scalar(electric, "electric energy eps0 E^2/2")
        out["energy_magnetic"] = Scalar(magnetic, "magnetic energy B^2/(2 mu0) of cell-centred B")
        total += electric + magnetic
        out["gauss_error"] = Scalar(gauss_error(solver, boundaries), "max |div E - rho_c/eps0| eps0/(n e)")
        out["div_b"] = Scalar(div_b(solver), "max |div B| dx/|B| of face B")
    if solver.budget:
        out["energy_field_lost"] = Scalar(solver.budget.lost, "electric energy taken by the implicit stages so far")
    if solver.gravity is not None:
        value = solver.gravity.energy(solver.total_density())
        out["energy_gravitational"] = Scalar(value, "gravitational energy 1/2 sum rho phi")
        total += value
    out["energy_total"] = Scalar(total, "energy of fluids and field")
    return out


def regime(solver, interactions, length, units=None):
    """What says which regime each cell is in (``theory.formulary.regime_fields``): dict of name to ``Field``.

    Parameters
    ----------
    interactions : sequence
        Those of the problem; drag counts, at the temperatures and slips of the state.
    length : float
        Length on which diffusion is compared with motion.
    units : Units or None
    """
    layout, W = solver.layout, solver.interior(solver.W)
    v, fluids, field = layout.v_fluid, layout.fluids, layout.field
    if field is None:
        raise InputError("regime_output asks for a field: there are no regimes in a neutral gas")
    rho, p, u = W[v], W[v + 4], np.stack([W[i + 1:i + 4] for i in v])
    names = [fluid.name for fluid in fluids]
    alpha = np.zeros((len(v), len(v), *rho.shape[1:]))
    for drag in interactions:
        if isinstance(drag, Drag):
            s, r = names.index(drag.first), names.index(drag.second)
            T = [p[i] * fluids[i].mass / rho[i] for i in (s, r)]
            slip = np.sqrt(np.square(u[s] - u[r]).sum(axis=0))
            alpha[s, r] = alpha[r, s] = drag.law.alpha(fluids[s], fluids[r], *T, slip)
    B = W[layout.v_field + 3:layout.v_field + 6]
    found = regime_fields([f.mass for f in fluids], [f.charge for f in fluids], rho, u, p, B, alpha, mu0=field.mu0,
                          c=field.c, length=length)
    return {name: Field(q.data, q.long_name, units.text(q.kind) if units else "1") for name, q in found.items()}
