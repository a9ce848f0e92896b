"""From ``Problem.initial`` to the state array, with every check a user's mistake calls for."""

import numpy as np

from .boundaries import Inflow
from .errors import InputError, RunError, where_raised
from .fluids import COMPONENTS, Cold


def initial_state(problem, layout, boundaries):
    """Conserved state (conserved, z, y, x) of a problem at t = 0, and its primitive values in all cells.

    Ghost cells are filled only where an inflow keeps them; face B is initial "B" plus the discrete curl of the
    vector potential.

    Raises
    ------
    InputError
        Missing or unknown names, shapes that do not fit, values not finite, density or pressure not positive,
        B with divergence, or an exception in the user's own code (its file and line are named).
    """
    grid = layout.grid
    inflow = any(isinstance(kind, Inflow) for axis, pair in enumerate(boundaries.sides) if grid.ghosts[axis]
                 for kind in pair)
    region = _Region(grid, inflow)
    A = np.zeros((layout.conserved, *grid.full_shape))
    W = np.zeros((layout.primitives, *grid.full_shape))
    given = call_user(problem, "initial", *region.mesh())
    if not isinstance(given, dict):
        raise InputError(f"{problem.name}: initial() must return a dict, not {type(given).__name__}")
    expected = [fluid.name for fluid in layout.fluids] + (["E", "B"] if layout.field else [])
    for name in given:
        if name not in expected:
            raise InputError(f"{problem.name}: initial() returns {name!r}, which is not one of {', '.join(expected)}")
    cells = region.slices()
    for s, fluid in enumerate(layout.fluids):
        conserved, primitive = layout.rows_of(s)
        _place_fluid(problem, fluid, given, A[conserved], W[primitive], cells)
    if layout.field:
        v, u = layout.v_field, layout.u_field
        for d, values in enumerate(_vector(problem, "E", given.get("E", (0.0, 0.0, 0.0)))):
            A[u + d][cells] = W[v + d][cells] = _fit(problem, f"E{'xyz'[d]}", values, A[u + d][cells].shape)
        for d, values in enumerate(_vector(problem, "B", given.get("B", (0.0, 0.0, 0.0)))):
            W[v + 3 + d][cells] = _fit(problem, f"B{'xyz'[d]}", values, A[u + d][cells].shape)
        _place_faces(problem, layout, A[u + 3:u + 6], region)
        W[v + 6:v + 9] = A[u + 3:u + 6]
    return A, W


def clear_ghosts(A, layout):
    """Zero what no step advances: A's ghost cells, but for the last faces of B. A restart then sees the same bits."""
    for row in range(len(A)):
        face = row - layout.u_field - 3 if layout.u_field >= 0 else -1
        live = _Region(layout.grid, False).slices(beyond=(face,))
        values = A[row][live].copy()
        A[row] = 0.0
        A[row][live] = values


class _Region:
    """The cells a user's function is asked for: the interior, or everything."""

    def __init__(self, grid, everything):
        self.grid, self.everything = grid, everything

    def slices(self, beyond=()):
        """Slices (z, y, x) of the region, one face further along the axes in ``beyond`` (if there is room)."""
        out = []
        for axis in (2, 1, 0):
            g, n = self.grid.ghosts[axis], self.grid.cells[axis]
            if self.everything:
                out.append(slice(0, n + 2 * g))
            else:
                out.append(slice(g, g + n + (1 if g and axis in beyond else 0)))
        return tuple(out)

    def mesh(self, staggered=(), beyond=()):
        """Coordinates of the region's cells, faces or edges."""
        full = self.grid.mesh(tuple(staggered), full=True)
        cut = self.slices(beyond)
        return tuple(c[tuple(cut[d] if c.shape[d] > 1 else slice(None) for d in range(3))] for c in full)


def call_user(problem, method, *arguments):
    """Call a user's method; an exception becomes one line with the user's file and line."""
    try:
        with np.errstate(all="ignore"):
            return getattr(problem, method)(*arguments)
    except (InputError, RunError):
        raise
    except Exception as error:
        raise InputError(f"{where_raised(error)}: {method}() of {problem.name} raised "
                         f"{type(error).__name__}: {error}") from error


def _vector(problem, name, values, method="initial"):
    try:
        x, y, z = values
    except (TypeError, ValueError):
        raise InputError(f"{problem.name}: {method}() must give {name} as three components (x, y, z)") from None
    return x, y, z


def _fit(problem, name, values, shape):
    """Broadcast one initial value; finite or InputError."""
    try:
        out = np.broadcast_to(np.asarray(values, float), shape)
    except (TypeError, ValueError):
        raise InputError(f"{problem.name}: initial {name} has shape {np.shape(values)}, which does not fit the grid "
                         f"(z, y, x) = {shape}") from None
    if not np.all(np.isfinite(out)):
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(out))[0])
        raise InputError(f"{problem.name}: initial {name} is {out[place]} in cell (k, j, i) = {place}; "
                         "it must be finite")
    return out


def _place_fluid(problem, fluid, given, A, W, cells):
    name = fluid.name
    if name not in given:
        raise InputError(f"{problem.name}: initial() gives nothing for fluid {name!r}")
    state = given[name]
    if not isinstance(state, dict) or set(state) not in map(set, fluid.inputs):
        got = ", ".join(map(str, state)) if isinstance(state, dict) else type(state).__name__
        wanted = " or of ".join(f"{', '.join(names[:-1])} and {names[-1]}" for names in fluid.inputs)
        raise InputError(f"{problem.name}: initial() must give fluid {name!r} as a dict of {wanted}, not {got}")
    shape = A[0][cells].shape
    rho = _fit(problem, f"rho of {name}", state["rho"], shape)
    values = {}
    for key in set(state) - {"rho", "u"}:
        if key == "P":
            values[key] = [_fit(problem, f"P{c} of {name}", v, shape)
                           for c, v in zip(COMPONENTS, _tensor(problem, f"P of {name}", state[key]))]
        else:
            values[key] = _fit(problem, f"{key} of {name}", state[key], shape)
    u = [_fit(problem, f"u{'xyz'[d]} of {name}", v, shape)
         for d, v in enumerate(_vector(problem, f"u of {name}", state["u"]))]
    for what, value in (("density", rho), ("pressure", values.get("p")), ("p_par", values.get("ppar")),
                        ("p_perp", values.get("pperp"))):
        if value is not None and not np.all(value > 0) and not (what == "density" and isinstance(fluid, Cold)
                                                                and np.all(value >= 0)):
            place = tuple(int(i) for i in np.argwhere(~(value > 0))[0])
            raise InputError(f"{problem.name}: initial {what} of {name} is {value[place]:g} in cell (k, j, i) = "
                             f"{place}; it must be positive")
    rows = np.stack([rho, *u, *fluid.pressures(rho, values)])
    bad = fluid.bad(rows)
    if bad.any():
        place = tuple(int(i) for i in np.argwhere(bad)[0])
        raise InputError(f"{problem.name}: initial pressure tensor of {name} in cell (k, j, i) = {place} is not positive "
                         "definite")
    for row, value in zip(W, rows):
        row[cells] = value
    for row, value in zip(A, fluid.conserved(rows)):
        row[cells] = value


def _tensor(problem, name, values):
    try:
        xx, xy, xz, yy, yz, zz = values
    except (TypeError, ValueError):
        raise InputError(f"{problem.name}: initial() must give {name} as six components (xx, xy, xz, yy, yz, zz)") from None
    return xx, xy, xz, yy, yz, zz


def _place_faces(problem, layout, faces, region):
    """Face B: point values of initial "B" on each face plus the circulation of the vector potential around it."""
    grid = layout.grid
    for d in range(3):
        cut = region.slices(beyond=(d,))
        values = call_user(problem, "initial", *region.mesh((d,), beyond=(d,))).get("B", (0.0, 0.0, 0.0))[d]
        faces[d][cut] = _fit(problem, f"B{'xyz'[d]}", values, faces[d][cut].shape)
    potential = None if _plain_potential(problem) else call_user(problem, "vector_potential", *grid.mesh())
    if potential is not None:
        everywhere = _Region(grid, True)
        A = []
        for c in range(3):
            sides = [a for a in range(3) if a != c]
            values = call_user(problem, "vector_potential", *everywhere.mesh(sides))
            A.append(_fit(problem, f"A{'xyz'[c]}", _vector(problem, "A", values, "vector_potential")[c], grid.full_shape))
        for d in range(3):
            a, b = (d + 1) % 3, (d + 2) % 3
            for along, which, sign in ((a, b, 1.0), (b, a, -1.0)):
                if grid.ghosts[along]:
                    step = np.diff(A[which], axis=2 - along) / grid.spacing[along]
                    if grid.cylindrical and d == 2:
                        # the circulation of A_phi around the ring between two radii
                        radius, inverse = grid.metric[0][:-1], grid.metric[1][:-2]
                        step = np.diff(radius * A[which], axis=2) / grid.spacing[0] * inverse
                    place = [slice(None)] * 3
                    place[2 - along] = slice(0, -1)
                    faces[d][tuple(place)] += sign * step
    _require_solenoidal(problem, grid, faces)


def _plain_potential(problem):
    from .problem import Problem

    return type(problem).vector_potential is Problem.vector_potential


def face_divergence(grid, faces):
    """div B of face B on interior cells (z, y, x)."""
    out = 0.0
    for d in range(3):
        if grid.ghosts[d]:
            low = list(grid.interior)
            high = list(grid.interior)
            high[2 - d] = slice(low[2 - d].start + 1, low[2 - d].stop + 1)
            upper, lower = faces[d][tuple(high)], faces[d][tuple(low)]
            if grid.cylindrical and d == 0:
                radius, inverse = grid.metric
                cells = low[2]
                upper, lower = upper * radius[high[2]] * inverse[cells], lower * radius[cells] * inverse[cells]
            out = out + (upper - lower) / grid.spacing[d]
    return out


def _require_solenoidal(problem, grid, faces):
    size = max(float(np.abs(f[grid.interior]).max()) for f in faces)
    if size == 0.0:
        return
    divergence = float(np.abs(face_divergence(grid, faces)).max())
    width = min(d for d, g in zip(grid.spacing, grid.ghosts) if g)
    if divergence * width > 1e-9 * size:
        raise InputError(f"{problem.name}: initial B has divergence ({divergence * width / size:.2g} |B|/dx on the "
                         "grid); give its varying part as vector_potential(x, y, z), whose discrete curl has none")


def acceleration_of(problem, layout, t):
    """Prescribed acceleration of every fluid, (S, 3, cells), or (S, 3, 1) where it does not depend on place.

    Raises
    ------
    InputError
        Unknown fluid, shapes that do not fit, or values not finite.
    """
    S, shape = len(layout.fluids), layout.grid.full_shape
    given = call_user(problem, "acceleration", t, *layout.grid.mesh(full=True))
    if given is None:
        return np.zeros((S, 3, 1))
    names = [fluid.name for fluid in layout.fluids]
    per_fluid = given if isinstance(given, dict) else {name: given for name in names}
    for name in per_fluid:
        if name not in names:
            raise InputError(f"{problem.name}: acceleration() names {name!r}, which is not one of {', '.join(names)}")
    vectors = {name: _vector(problem, f"{name}", values, "acceleration") for name, values in per_fluid.items()}
    uniform = all(np.ndim(v) == 0 or np.size(v) == 1 for vector in vectors.values() for v in vector)
    out = np.zeros((S, 3, 1 if uniform else int(np.prod(shape))))
    for name, vector in vectors.items():
        for d, value in enumerate(vector):
            fitted = _fit(problem, f"acceleration a{'xyz'[d]} of {name}", value, (1, 1, 1) if uniform else shape)
            out[names.index(name), d] = fitted.reshape(-1)
    return out
