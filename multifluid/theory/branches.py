"""Single wave branches by name, followed from where names are unambiguous to plasmas with drag and streaming."""

from dataclasses import replace

import numpy as np

from multifluid.errors import InputError
from multifluid.theory.background import check_input
from multifluid.theory.dispersion import solve
from multifluid.theory.matching import isotropic, named_spectrum
from multifluid.theory.names import NAMES

_GOOD, _EXCELLENT = 0.9, 0.97
_FIRST_STEP, _LEAST_STEP = 0.05, 2e-4
# Neutrals move with the charged fluid where k v_A (with their inertia) is below this many nu_ns: the upper edge of the
# band of coupled Alfven waves of Kulsrud & Pearce (1969).
_COUPLED_BELOW = 2.0
_SLOW = ("slow", "alfven", "fast", "whistler", "ion_cyclotron", "sound")


def named_branch(name, fluids, B, k, c, mu0=1.0, alpha=None, temperature_relaxation=0.0, limit="auto"):
    """The wave of one branch.

    Where names exist:

    ==================  ==================================================================================
    no charged fluid    light, sound (of the densest fluid), sound_<fluid>
    B = 0               light (E along e1 of `LinearSystem`), langmuir, sound
    B along k           right, left (upper circular branches), whistler, ion_cyclotron, langmuir, sound;
                        fast, alfven, slow as the limit of small angles
    B across k          ordinary (E along B), extraordinary (upper), modified (lower, upper hybrid), fast
    between             extraordinary, ordinary, modified, fast = whistler, alfven = ion_cyclotron, slow
    ==================  ==================================================================================

    `light` is the highest branch everywhere, `sound_<fluid>` the sound of a neutral fluid. fast, alfven and slow are
    the three branches with omega ~ k at long wavelength, in order of speed, and go on by order: omega_S <= omega_A <=
    omega_F <= omega_M <= omega_O <= omega_X at all k for two charged fluids (Keppens & Goedbloed 2019, Front. Astron.
    Space Sci. 6, 11; De Jonghe & Keppens 2020, Phys. Plasmas 27, 122107). Whatever the sign of k.B, right-handed means
    turning like an electron about B.

    Six- and ten-moment fluids add branches between these. There a name goes to the wave most like, in u, E, B and
    frequency, the wave of that name in the plasma with isotropic five-moment fluids of the same p: an oblique firehose is
    'alfven', a mirror 'slow' (the growing one of the pair). Where k times a gyroradius reaches 1 such branches meet and
    change character, and a name may pass from one to the next.

    With drag or streaming a branch is followed continuously, by the overlap of its vector in the energy norm: from the
    plasma without drag ('collisionless'), or from the plasma whose neutrals move with the charged fluid they are tied
    to most ('coupled'), at rest; the streaming is turned on last. Between the two lies the band of wavenumbers in which
    Alfven waves do not propagate (Kulsrud & Pearce 1969, ApJ 156, 445): there Re omega may be zero, which of the
    damped roots continues the branch depends on the path, and in a tie the least damped is taken.

    Parameters
    ----------
    name : str
        See the table.
    fluids, B, k, c, mu0, alpha, temperature_relaxation :
        As in `dispersion_modes`.
    limit : {'auto', 'collisionless', 'coupled'}
        Where to start from; 'auto' takes 'coupled' for the slow branches if k v_A, with the neutrals' inertia (without
        charge or B: the frequency of the coupled sound wave), is below twice the neutrals' collision rate nu_ns =
        alpha_ns rho_s.

    Returns
    -------
    Mode
        The member with Re omega >= 0 (of a streaming background: that which had it at rest; of waves that grow faster
        than they turn also Re omega < 0).

    Raises
    ------
    InputError
        The branch does not exist for this background and direction; the message lists those that do.
    """
    return named_branches([name], fluids, B, k, c, mu0, alpha, temperature_relaxation, limit)[name]


def available_branches(fluids, B, k, c, mu0=1.0, alpha=None, temperature_relaxation=0.0):
    """Names that `named_branch` knows for this background and direction, from the highest frequency down.

    Parameters as in `dispersion_modes`. Names do not depend on drag and streaming.
    """
    fluids, B, k, c, mu0, _ = check_input(fluids, B, k, c, mu0, alpha, temperature_relaxation)
    spectrum, names = named_spectrum([replace(f, u=(0.0, 0.0, 0.0)) for f in fluids], B, k, c, mu0)
    return tuple(sorted(names, key=lambda name: -spectrum.omega[names[name]].real))


def named_branches(names, fluids, B, k, c, mu0=1.0, alpha=None, temperature_relaxation=0.0, limit="auto"):
    """Several branches at once, dict name -> Mode; parameters and errors as in `named_branch`."""
    if limit not in ("auto", "collisionless", "coupled"):
        raise InputError(f"limit = '{limit}' is unknown, use 'auto', 'collisionless' or 'coupled'")
    fluids, B, k, c, mu0, alpha = check_input(fluids, B, k, c, mu0, alpha, temperature_relaxation)
    path = _Path(fluids, B, k, c, mu0, alpha, temperature_relaxation)
    start, known = named_spectrum(path.rest, B, k, c, mu0)
    for name in names:
        if name not in known:
            reason = "does not exist here" if name in NAMES or name.startswith("sound_") else "is unknown"
            raise InputError(
                f"wave branch '{name}' {reason} (fluids, B and the angle between k and B decide); "
                f"available: {', '.join(sorted(known))}"
            )
    path.slowest = min(start.omega[i].real for i in known.values())
    return {name: path.follow(name, start, known[name], limit) for name in names}


class _Path:
    """The backgrounds passed through on the way to the one asked for."""

    def __init__(self, fluids, B, k, c, mu0, alpha, temperature_relaxation):
        self.fluids, self.alpha, self.relaxation = fluids, alpha, temperature_relaxation
        self.field = (B, k, c, mu0)
        self.rest = [replace(f, u=(0.0, 0.0, 0.0)) for f in fluids]
        self.slowest = 0.0
        self.carried = _carried(fluids, alpha)

    def at_rest(self, alpha):
        return solve(self.rest, *self.field, alpha, self.relaxation)

    def follow(self, name, start, index, limit):
        spectrum, coupled = start, None
        if limit != "collisionless" and self.carried and name in _SLOW:
            coupled = self._coupled(name, limit)
        if limit == "coupled" and coupled is None:
            raise InputError(f"wave branch '{name}' has no limit of coupled neutrals here, use limit='collisionless'")
        if self.alpha.any():
            if coupled is None:
                rate = (self.alpha * [f.rho for f in self.fluids]).sum(axis=1).max()
                stretch = max(1.0, 10.0 * rate / self.slowest)
                spectrum, index = _follow(
                    lambda t: self.at_rest(self.alpha * (((1.0 + stretch) ** t - 1.0) / stretch)), start.x[:, index]
                )
            else:
                spectrum, index = coupled
            index = _forward(spectrum.omega, index)
        if any(any(f.u) for f in self.fluids):

            def streaming(t):
                moving = [replace(f, u=tuple(t * np.asarray(f.u))) for f in self.fluids]
                return solve(moving, *self.field, self.alpha, self.relaxation)

            spectrum, index = _follow(streaming, spectrum.x[:, index])
        return spectrum.mode(index)

    def _coupled(self, name, limit):
        """The branch from the limit of neutrals tied to the fluid that carries them; None where that does not apply."""
        carriers = set(self.carried.values())
        loaded = [self._load(s) if s in carriers else f for s, f in enumerate(self.rest) if s not in self.carried]
        spectrum, names = named_spectrum(loaded, *self.field)
        index = names.get(name)
        if index is None:
            return None
        omega = spectrum.omega[index].real
        B, k, _, mu0 = self.field
        loaded_rho = sum(f.rho for f in loaded if f.charge)
        # One choice for all slow branches, lest two names follow into one wave.
        typical = np.linalg.norm(k) * np.linalg.norm(B) / np.sqrt(mu0 * loaded_rho) if loaded_rho and B.any() else omega
        rate = min(self.alpha[n, s] * self.fluids[s].rho for n, s in self.carried.items())
        if limit == "auto" and typical >= _COUPLED_BELOW * rate:
            return None
        tightening = max(1.0, 1e4 * omega / rate)

        def drag(t):
            alpha = self.alpha.copy()
            for n, s in self.carried.items():
                alpha[n, s] = alpha[s, n] = self.alpha[n, s] * tightening ** (1.0 - t)
            return self.at_rest(alpha)

        first = drag(0.0)
        x = first.system.coordinates(self._unload(spectrum.mode(index).vector))
        index, _ = _match(first, x / np.linalg.norm(x))
        return _follow(drag, first.x[:, index])

    def _load(self, s):
        """Fluid s with the inertia and pressure of the neutrals it carries, and its own charge density."""
        own = isotropic(self.fluids[s])
        parts = [own] + [self.fluids[n] for n, carrier in self.carried.items() if carrier == s]
        rho = sum(f.rho for f in parts)
        bulk = sum(f.sound_speed_squared * f.rho for f in parts)
        mass = own.mass * rho / own.rho
        if bulk == 0.0:
            return replace(own, u=(0.0, 0.0, 0.0), rho=rho, mass=mass, closure="cold")
        return replace(own, u=(0.0, 0.0, 0.0), rho=rho, mass=mass, p=bulk / 1.5, gamma=1.5, closure="five-moment")

    def _unload(self, vector):
        """The same motion written for all fluids: equal velocities and equal, adiabatic compression."""
        vector = dict(vector)
        for s in set(self.carried.values()):
            own = self.fluids[s]
            members = [s] + [n for n, carrier in self.carried.items() if carrier == s]
            compression = vector[f"rho_{own.name}"] / sum(self.fluids[i].rho for i in members)
            velocity = vector[f"u_{own.name}"]
            for f in (self.fluids[i] for i in members):
                vector[f"rho_{f.name}"] = compression * f.rho
                pressure = compression * f.rho * f.sound_speed_squared
                for key in ("p", "ppar", "pperp", "pxx", "pyy", "pzz"):
                    vector[f"{key}_{f.name}"] = pressure
                for key in ("pxy", "pxz", "pyz"):
                    vector[f"{key}_{f.name}"] = 0.0
                vector[f"u_{f.name}"] = velocity
        return vector


def _carried(fluids, alpha):
    """Neutral fluid -> fluid that carries it: the charged one with most drag on it, else the densest neutral."""
    charged = [s for s, f in enumerate(fluids) if f.charge]
    carriers = charged or [max(range(len(fluids)), key=lambda s: fluids[s].rho)]
    carried = {}
    for n, f in enumerate(fluids):
        if f.charge or n in carriers:
            continue
        s = max(carriers, key=lambda s: alpha[n, s] * fluids[s].rho)
        if alpha[n, s]:
            carried[n] = s
    return carried


def _forward(omega, index):
    """The member with Re omega >= 0, or growing, of the pair omega, -conj(omega) of every wave of a background at rest."""
    if omega[index].real >= 0.0 or omega[index].imag > -omega[index].real:
        return index
    return int(np.argmin(np.abs(omega + np.conj(omega[index]))))


def _follow(spectrum_at, x):
    """Spectrum and index at t = 1 of the mode that starts at t = 0 with energy coordinates x."""
    t, step = 0.0, _FIRST_STEP
    while True:
        end = min(1.0, t + step)
        spectrum = spectrum_at(end)
        index, overlap = _match(spectrum, x)
        if overlap < _GOOD and step > _LEAST_STEP:
            step *= 0.5
            continue
        if end == 1.0:
            return spectrum, index
        t, x = end, spectrum.x[:, index]
        if overlap > _EXCELLENT:
            step *= 2.0


def _match(spectrum, x):
    """Mode most like x; of several as like and close in frequency the least damped, then that with Re omega > 0."""
    overlap = np.abs(spectrum.x.conj().T @ x)
    best = int(np.argmax(overlap))
    omega = spectrum.omega
    tied = np.flatnonzero((overlap > overlap[best] - 0.05) & (np.abs(omega - omega[best]) < 0.2 * np.abs(omega[best])))
    index = (
        max(tied, key=lambda i: (round(omega[i].imag / np.abs(omega[best]), 6), omega[i].real)) if len(tied) else best
    )
    return int(index), float(overlap[best])
