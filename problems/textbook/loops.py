"""Loops of tracer points in the plane, carried by the velocity in the records of a run, and fluxes through them."""

import numpy as np
from scipy.integrate import solve_ivp
from scipy.interpolate import make_interp_spline
from scipy.ndimage import map_coordinates, spline_filter


class Plane:
    """Periodic plane of cells: values between cell centres by cubic splines.

    Parameters
    ----------
    grid : Grid
        Periodic, flat along z.
    """

    def __init__(self, grid):
        self.start = np.array([grid.x[0], grid.y[0]])
        self.spacing = np.array(grid.spacing[:2])
        self.lengths = self.spacing * grid.cells[:2]

    @staticmethod
    def splines(data):
        """Coefficients of the splines of values (..., ny, nx)."""
        data = np.asarray(data, float)
        flat = [spline_filter(plane, order=3, mode="grid-wrap") for plane in data.reshape(-1, *data.shape[-2:])]
        return np.reshape(flat, data.shape)

    def at(self, coefficients, points):
        """Values (..., N) of splines (..., ny, nx) at points (2, N)."""
        place = ((points - self.start[:, None]) / self.spacing[:, None] - 0.5)[::-1]
        planes = coefficients.reshape(-1, *coefficients.shape[-2:])
        values = [map_coordinates(plane, place, order=3, prefilter=False, mode="grid-wrap") for plane in planes]
        return np.reshape(values, (*coefficients.shape[:-2], points.shape[1]))

    def potential(self, field):
        """(A_x, A_y) without its linear part, and the mean of B: B_z (ny, nx) = mean + d_x A_y - d_y A_x."""
        mean = field.mean()
        k = [2.0 * np.pi * np.fft.fftfreq(n, d) for n, d in zip(field.shape[::-1], self.spacing, strict=True)]
        kx, ky = k[0][None, :], k[1][:, None]
        square = kx**2 + ky**2
        square[0, 0] = np.inf
        stream = np.fft.fft2(field - mean) / -square
        return np.real(np.fft.ifft2([-1j * ky * stream, 1j * kx * stream])), mean


def carried(plane, times, velocity, points):
    """Places of tracer points.

    Parameters
    ----------
    plane : Plane
    times : ndarray (T,)
        Of the records, at least four.
    velocity : ndarray (T, 2, ny, nx)
    points : ndarray (2, N)
        Where they start; they may leave the periodic box, and are not put back.

    Returns
    -------
    ndarray (T, 2, N)
    """
    flow = make_interp_spline(times, plane.splines(velocity), k=3)
    shape = points.shape

    def rate(t, places):
        return plane.at(flow(t), places.reshape(shape)).ravel()

    scale = float(plane.lengths.max())
    found = solve_ivp(rate, (times[0], times[-1]), points.ravel(), "DOP853", times, rtol=1e-8, atol=1e-9 * scale)
    return np.moveaxis(found.y.reshape(*shape, -1), -1, 0)


def _tangent(points):
    """d X/d s of a closed loop (2, N) of parameter s in [0, 1), spectral."""
    n = points.shape[1]
    return np.fft.irfft(2j * np.pi * np.arange(n // 2 + 1) * np.fft.rfft(points, axis=1), n, axis=1)


def circulation(plane, velocity, points):
    """Line integral of u (2, ny, nx) along a closed loop of points (2, N)."""
    return float(np.mean((plane.at(plane.splines(velocity), points) * _tangent(points)).sum(axis=0)))


def flux(plane, field, points):
    """Flux of B_z (ny, nx) through a closed loop of points (2, N): the line integral of its vector potential."""
    potential, mean = plane.potential(field)
    x, y = points
    A = plane.at(plane.splines(potential), points) + 0.5 * mean * np.array([-y, x])
    return float(np.mean((A * _tangent(points)).sum(axis=0)))
