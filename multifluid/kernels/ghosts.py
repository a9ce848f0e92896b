"""Ghost cells of every boundary kind that needs no user code."""

from ._jit import kernel

SKIP, PERIODIC, OPEN, WALL, CONDUCTOR, AXIS = 0, 1, 2, 3, 4, 5


@kernel
def fill_layer(W, v, axis, to, source, sign, twice, offset):
    """W[v] on layer ``to`` of an axis = sign W[v] on layer ``source`` (+ 2 W[twice] on layer ``offset``, if twice >= 0)."""
    nz, ny, nx = W.shape[1], W.shape[2], W.shape[3]
    if axis == 0:
        for k in range(nz):
            for j in range(ny):
                value = sign * W[v, k, j, source]
                if twice >= 0:
                    value += 2.0 * W[twice, k, j, offset]
                W[v, k, j, to] = value
    elif axis == 1:
        for k in range(nz):
            for i in range(nx):
                value = sign * W[v, k, source, i]
                if twice >= 0:
                    value += 2.0 * W[twice, k, offset, i]
                W[v, k, to, i] = value
    else:
        for j in range(ny):
            for i in range(nx):
                value = sign * W[v, source, j, i]
                if twice >= 0:
                    value += 2.0 * W[twice, offset, j, i]
                W[v, to, j, i] = value


@kernel
def fill_ghosts(W, v0, v1, codes, even_at_wall, even_at_conductor, even_at_axis, staggered, v_face, shape, ghosts):
    """Fill the ghost layers of variables v0 <= v < v1, axis by axis (x, y, z), so that corners come last and full.

    Parameters
    ----------
    W : (variables, z, y, x)
    codes : (3, 2) boundary kind of each axis' low and high side
    even_at_wall, even_at_conductor, even_at_axis : (variables, 3) +1 or -1, parity under reflection along each axis (at
        the axis of a cylindrical grid: under a turn by pi)
    staggered : (variables,) axis whose lower faces the variable lives on, or -1
    v_face : first row of face-centred B (its normal component stays what it is on a conductor), or -1
    """
    for axis in range(3):
        g = ghosts[axis]
        if g == 0:
            continue
        n = shape[axis] - 2 * g
        for v in range(v0, v1):
            on_face = staggered[v] == axis
            normal_b = v_face >= 0 and (v == v_face + axis or v == v_face - 3 + axis)
            for side in range(2):
                code = codes[axis, side]
                if code == SKIP:
                    continue
                # lower faces: the face of the high boundary is stored one index beyond the last cell
                edge = g if side == 0 else (g + n if on_face else g + n - 1)
                step = -1 if side == 0 else 1
                wall_face = g if side == 0 else g + n
                layers = g - 1 if (on_face and side == 1) else g
                if code == PERIODIC and on_face and side == 1:
                    # the high boundary face is the low one: same bits
                    fill_layer(W, v, axis, g + n, g, 1.0, -1, 0)
                for m in range(1, layers + 1):
                    to = edge + step * m
                    if code == PERIODIC:
                        fill_layer(W, v, axis, to, to - step * n, 1.0, -1, 0)
                    elif code == OPEN:
                        fill_layer(W, v, axis, to, edge, 1.0, -1, 0)
                    else:
                        mirror = edge - step * m if on_face else edge - step * (m - 1)
                        sign = even_at_wall[v, axis] if code == WALL else even_at_conductor[v, axis]
                        if code == AXIS:
                            sign = even_at_axis[v, axis]
                        if code == CONDUCTOR and normal_b:
                            fill_layer(W, v, axis, to, mirror, -1.0, v_face + axis, wall_face)
                        else:
                            fill_layer(W, v, axis, to, mirror, sign, -1, 0)
