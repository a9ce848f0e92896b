"""Exact nonlinear states of any number of fluids with Maxwell's equations: transverse vectors that turn with x.

Let rho, p, u_x and E_x be uniform and let transverse vectors, written a = a_y + i a_z, go as exp(i k x), along B0 = Bx.
Then every product is uniform or turns likewise, nothing is compressed, and the full equations become ordinary
differential equations in time (w_s, e, b: the amplitudes of u_s, E, B at x = 0; Om_s = q_s B0/m_s):

    du_x/dt = (q/m)(E_x + Im(w* b)) + drag          dw/dt = -i k u_x w + (q/m)(e + i u_x b) - i Om w + drag - i k s/rho
    dE_x/dt = -Jx/eps0                              de/dt = -c^2 k b - J/eps0,   db/dt = k e
    drag on s: sum_r alpha_sr rho_r (u_r - u_s)
    Q_s = sum_r alpha_sr rho_s rho_r [m_r |u_s - u_r|^2 + ct (T_r - T_s)]/(m_s + m_r)
    five-moment: dp/dt = (gamma - 1) Q
    ten-moment, s = P_xy + i P_xz ~ exp(i k x), n = (P_yy + P_zz)/2, d = (P_yy - P_zz)/2 + i P_yz ~ exp(2 i k x):
    dP_xx/dt = 2 (q/m) Im(s* b) + 2 Q/3 - nu (P_xx - p)
    dn/dt    = (q/m) Im(s b*) - Re(i k s* w) + 2 Q/3 - nu (n - p)
    ds/dt    = -i k (u_x s + P_xx w) + (q/m) i [b (P_xx - n) + d b*] - i Om s - nu s
    dd/dt    = -i k (2 u_x d + s w) + (q/m) i b s - 2 i Om d - nu d
    six-moment (|B|^2 and the angle between B and x are uniform, so that p_par and p_perp stay so):
    s = (p_par - p_perp) B0 b/|B|^2,      g = b.(b.grad)u = -B0 k Im(w b*)/|B|^2
    dp_par/dt  = -2 p_par g + 2 Q/3 - nu (p_par - p),     dp_perp/dt = p_perp g + 2 Q/3 - nu (p_perp - p)

nu returns the pressure to isotropy; heat comes in equal parts to all directions. With circular polarisation of constant
amplitude and no drag these are the finite-amplitude Alfven, whistler, cyclotron and light waves of `circular_waves`.
"""

from dataclasses import dataclass

import numpy as np
from scipy.integrate import solve_ivp

from multifluid.errors import InputError

CLOSURES = ("cold", "isothermal", "five-moment", "six-moment", "ten-moment")


@dataclass(frozen=True)
class HelicalFluid:
    """One fluid.

    Attributes
    ----------
    mass, charge, rho : float
        Per particle; density.
    closure : {"cold", "isothermal", "five-moment", "six-moment", "ten-moment"}
    p : float, (2,) or (3, 3)
        Pressure at t = 0, x = 0; (p_par, p_perp) only for six, the tensor only for ten moments.
    u : (3,)
        Velocity at t = 0, x = 0.
    gamma : float
        For five moments.
    isotropisation : float
        nu, for six and ten moments.
    """

    mass: float
    charge: float
    rho: float
    closure: str = "five-moment"
    p: object = 0.0
    u: tuple = (0.0, 0.0, 0.0)
    gamma: float = 5 / 3
    isotropisation: float = 0.0


class HelicalState:
    """The exact state that follows from a helical one.

    Parameters
    ----------
    fluids : sequence of HelicalFluid
    k : float
        Wavenumber along x.
    B, E : (3,)
        Fields at t = 0, x = 0.
    t_end : float
        How long to follow it.
    c, mu0 : float
        eps0 = 1/(mu0 c^2).
    alpha : (S, S), optional
        Drag coefficients; none without.
    ct : float
        Coefficient of the heat exchange.
    method, rtol : str, float
        Of `scipy.integrate.solve_ivp`; ``Radau`` where plasma oscillations are damped faster than they matter.

    Raises
    ------
    InputError
        Unknown closure, net charge (E_x could not be uniform), or a pressure that does not fit the closure.
    """

    def __init__(
        self, fluids, k, B, t_end, E=(0.0, 0.0, 0.0), c=1.0, mu0=1.0, alpha=None, ct=3.0, method="DOP853", rtol=1e-13
    ):  # fmt: skip
        self.fluids, self.k, self.B0, self.c, self.mu0, self.ct = list(fluids), k, float(B[0]), c, mu0, ct
        self.eps0 = 1 / (mu0 * c * c)
        count = len(self.fluids)
        self.rho, self.mass = (np.array([getattr(f, name) for f in self.fluids], float) for name in ("rho", "mass"))
        self.qm = np.array([f.charge / f.mass for f in self.fluids])
        self.alpha = np.zeros((count, count)) if alpha is None else np.asarray(alpha, float)
        if abs(self.qm @ self.rho) > 1e-12 * max(np.abs(self.qm) @ self.rho, 1e-300):
            raise InputError(f"rho: the net charge {self.qm @ self.rho:g} makes Ex vary with x, make it 0")
        y0, self._places = [], []
        for fluid in self.fluids:
            if fluid.closure not in CLOSURES:
                raise InputError(f"closure {fluid.closure!r} is unknown: take one of {', '.join(CLOSURES)}")
            self._places.append(len(y0))
            y0 += [fluid.u[0], complex(*fluid.u[1:]), *self._pressures(fluid)]
        y0 = np.array([*y0, E[0], complex(*E[1:]), complex(*B[1:])], complex)
        found = solve_ivp(
            lambda t, y: self.rhs(y.view(complex)).view(float), (0, t_end), y0.view(float), method, dense_output=True,
            rtol=rtol, atol=1e-2 * rtol,
        )  # fmt: skip
        if found.status != 0:
            raise InputError(f"the state cannot be followed to t_end = {t_end:g}: {found.message}")
        self.t_end, self._solution = t_end, found.sol

    @staticmethod
    def _pressures(fluid):
        """What the closure evolves: nothing, p, p_par and p_perp, or Pxx, n, s, d."""
        P = np.asarray(fluid.p, float)
        if P.shape not in ((), {"six-moment": (2,), "ten-moment": (3, 3)}.get(fluid.closure)):
            raise InputError(f"p of shape {P.shape} does not fit {fluid.closure}: give a number, (p_par, p_perp) for "
                             "six-moment, or 3 by 3 for ten-moment")
        if fluid.closure == "five-moment":
            return [P]
        if fluid.closure == "six-moment":
            return [*(P * np.ones(2))]
        if fluid.closure == "ten-moment":
            P = P * np.eye(3) if P.shape == () else P
            return [P[0, 0], (P[1, 1] + P[2, 2]) / 2, P[0, 1] + 1j * P[0, 2], (P[1, 1] - P[2, 2]) / 2 + 1j * P[1, 2]]
        return []

    def _pressure(self, y):
        """Scalar pressures (S, ...), a third of the trace."""
        values = []
        for at, fluid in zip(self._places, self.fluids, strict=True):
            if fluid.closure == "five-moment":
                values.append(y[at + 2].real)
            elif fluid.closure in ("six-moment", "ten-moment"):
                values.append((y[at + 2].real + 2 * y[at + 3].real) / 3)
            else:
                values.append(fluid.p + 0 * y[at].real)
        return np.array(values)

    def rhs(self, y):
        """d/dt of the complex unknowns: per fluid u_x, w and the pressures, then E_x, e, b."""
        k, rho, qm = self.k, self.rho, self.qm
        ux, w = y[self._places].real, y[[at + 1 for at in self._places]]
        Ex, e, b = y[-3].real, y[-2], y[-1]
        rate = self.alpha * rho
        slip_x, slip_w = ux[None] - ux[:, None], w[None] - w[:, None]
        out = np.zeros_like(y)
        p = self._pressure(y)
        T = p * self.mass / rho
        share = rho[:, None] * rate / (self.mass[:, None] + self.mass)
        heat = (share * (self.mass * (slip_x**2 + np.abs(slip_w) ** 2) + self.ct * (T[None] - T[:, None]))).sum(axis=1)
        du = qm * (Ex + (np.conj(w) * b).imag) + (rate * slip_x).sum(axis=1)
        dw = -1j * k * ux * w + qm * (e + 1j * ux * b - 1j * self.B0 * w) + (rate * slip_w).sum(axis=1)
        for s, (at, fluid) in enumerate(zip(self._places, self.fluids, strict=True)):
            out[at], out[at + 1] = du[s], dw[s]
            if fluid.closure == "five-moment":
                out[at + 2] = (fluid.gamma - 1) * heat[s]
            elif fluid.closure == "six-moment":
                par, perp = y[at + 2].real, y[at + 3].real
                square = self.B0**2 + abs(b) ** 2
                stretch = -self.B0 * k * (w[s] * np.conj(b)).imag / square
                out[at + 1] -= 1j * k * (par - perp) * self.B0 * b / square / rho[s]
                out[at + 2] = -2 * par * stretch + 2 * heat[s] / 3 - fluid.isotropisation * (par - p[s])
                out[at + 3] = perp * stretch + 2 * heat[s] / 3 - fluid.isotropisation * (perp - p[s])
            elif fluid.closure == "ten-moment":
                Pxx, n, S, D = y[at + 2].real, y[at + 3].real, y[at + 4], y[at + 5]
                nu, turn = fluid.isotropisation, 1j * qm[s] * self.B0
                out[at + 1] -= 1j * k * S / rho[s]
                out[at + 2] = 2 * qm[s] * (np.conj(S) * b).imag + 2 * heat[s] / 3 - nu * (Pxx - p[s])
                out[at + 3] = qm[s] * (S * np.conj(b)).imag - (1j * k * np.conj(S) * w[s]).real
                out[at + 3] += 2 * heat[s] / 3 - nu * (n - p[s])
                push = 1j * qm[s] * (b * (Pxx - n) + D * np.conj(b))
                out[at + 4] = -1j * k * (ux[s] * S + Pxx * w[s]) + push - (turn + nu) * S
                out[at + 5] = -1j * k * (2 * ux[s] * D + S * w[s]) + 1j * qm[s] * b * S - (2 * turn + nu) * D
        charge = qm * rho
        out[-3] = -(charge @ ux) / self.eps0
        out[-2] = -self.c**2 * k * b - (charge @ w) / self.eps0
        out[-1] = k * e
        return out

    def __call__(self, t, x):
        """State at time t and positions x.

        Parameters
        ----------
        t : float
            From 0 to t_end.
        x : array_like

        Returns
        -------
        dict
            ``rho`` and ``p`` (S, ...), ``u`` (S, 3, ...), ``P`` (S, 3, 3, ...; p times the unit tensor but for six and ten
            moments), ``E`` and ``B`` (3, ...), the last axes those of x.
        """
        if not 0 <= t <= self.t_end:
            raise InputError(f"t = {t:g} is outside of 0 to t_end = {self.t_end:g}")
        x = np.asarray(x, float)
        y, turn = self._solution(t).view(complex), np.exp(1j * self.k * x)
        flat = np.zeros_like(x)

        def vector(along, across):
            across = across * turn
            return np.array([along.real + flat, across.real, across.imag])

        p, B = self._pressure(y), vector(np.float64(self.B0), y[-1])
        P = []
        for s, (at, fluid) in enumerate(zip(self._places, self.fluids, strict=True)):
            if fluid.closure == "ten-moment":
                S, D, n = y[at + 4] * turn, y[at + 5] * turn**2, y[at + 3].real
                rows = [y[at + 2].real + flat, S.real, S.imag], [S.real, n + D.real, D.imag], [S.imag, D.imag, n - D.real]
            else:
                rows = np.eye(3).reshape(3, 3, *[1] * x.ndim) * p[s] + flat
                if fluid.closure == "six-moment":
                    along = B[:, None] * B[None] / (B * B).sum(axis=0)
                    rows = rows + (y[at + 2] - y[at + 3]).real * (along - np.eye(3).reshape(3, 3, *[1] * x.ndim) / 3)
            P.append(rows)
        return {
            "rho": np.multiply.outer(self.rho, flat + 1), "p": np.multiply.outer(p, flat + 1), "P": np.array(P),
            "u": np.array([vector(y[at], y[at + 1]) for at in self._places]),
            "E": vector(y[-3], y[-2]), "B": B,
        }  # fmt: skip

    def energy(self, t):
        """Energy density of matter and field; constant where every fluid has an energy of its own."""
        y = self._solution(t).view(complex)
        total = self.eps0 * (y[-3].real ** 2 + abs(y[-2]) ** 2) / 2 + (self.B0**2 + abs(y[-1]) ** 2) / (2 * self.mu0)
        for at, rho, p, fluid in zip(self._places, self.rho, self._pressure(y), self.fluids, strict=True):
            total += rho * (y[at].real ** 2 + abs(y[at + 1]) ** 2) / 2
            if fluid.closure in ("five-moment", "six-moment", "ten-moment"):
                total += p / ((fluid.gamma if fluid.closure == "five-moment" else 5 / 3) - 1)
        return total


@dataclass(frozen=True)
class CircularWave:
    """Finite-amplitude circularly polarised wave, transverse vectors ~ exp(i (k x - omega t)).

    Attributes
    ----------
    omega : float
    u : (S,) real amplitudes w of the velocities
    e, b : complex, float; those of the fields
    """

    omega: float
    u: np.ndarray
    e: complex
    b: float


def circular_waves(charge_to_mass, rho, k, B0, b, c, mu0=1.0):
    """All exact circularly polarised waves of cold or isotropic charged fluids without drag, exact at any amplitude.

        omega^2 = c^2 k^2 + sum_s wp_s^2 omega/(omega - Om_s)
        w_s = (q_s/m_s) omega b/(k (omega - Om_s)),    e = -i omega b/k

    Parameters
    ----------
    charge_to_mass, rho : (S,)
        All charged; no net charge.
    k, B0 : float
        Wavenumber, and field along x.
    b : float
        Amplitude of the transverse field.
    c, mu0 : float

    Returns
    -------
    list of CircularWave
        S + 2 of them, in ascending omega.
    """
    qm, rho = np.asarray(charge_to_mass, float), np.asarray(rho, float)
    if np.any(qm == 0):
        raise InputError("charge_to_mass: neutral fluids take no part in these waves, leave them out")
    wp2, gyro = qm * qm * rho * mu0 * c * c, qm * B0
    # the smaller roots are lost beside the larger ones unless the matrix behind the polynomial is symmetric:
    # unknowns w_s scaled with sqrt(rho_s), e with sqrt(eps0), b with 1/sqrt(mu0), all rates real
    size = len(qm) + 2
    rates = np.zeros((size, size))
    rates[range(size - 2), range(size - 2)] = gyro
    rates[:-2, -2] = rates[-2, :-2] = np.sqrt(wp2) * np.sign(qm)
    rates[-2, -1] = rates[-1, -2] = -c * k
    found = []
    for omega in np.linalg.eigvalsh(rates):
        for _ in range(2):
            value = omega**2 - c * c * k * k - (wp2 * omega / (omega - gyro)).sum()
            omega -= value / (2 * omega + (wp2 * gyro / (omega - gyro) ** 2).sum())
        found.append(CircularWave(float(omega), qm * omega * b / (k * (omega - gyro)), -1j * omega * b / k, b))
    return found
