"""Wave branches by name, in the collisionless plasma at rest; `branches` carries the names to drag and streaming.

With real frequencies the branches of one plasma at an oblique angle never cross: omega_S <= omega_A <= omega_F <=
omega_M <= omega_O <= omega_X at every k (Keppens & Goedbloed 2019, Front. Astron. Space Sci. 6, 11; with pressure De
Jonghe & Keppens 2020, Phys. Plasmas 27, 122107), so their order names them. Along and across B they do cross and the
polarisation decides.
"""

import numpy as np

NAMES = (
    "light", "langmuir", "sound", "ordinary", "extraordinary", "right", "left",
    "whistler", "ion_cyclotron", "alfven", "fast", "slow", "modified",
)  # fmt: skip


def identify(spectrum):
    """Names of the branches of a collisionless plasma at rest.

    Parameters
    ----------
    spectrum : Spectrum
        Of a background without drag and without streaming.

    Returns
    -------
    dict
        Name -> index of the mode with Re omega > 0. The sound wave of a neutral fluid is 'sound_<fluid>'; 'sound' is
        the plasma's, or without any charge that of the densest fluid.
    """
    system = spectrum.system
    energy = np.abs(spectrum.x) ** 2
    propagating = [i for i in np.argsort(-spectrum.omega.real, kind="stable") if spectrum.omega[i].real > 0.0]
    charged = [s for s, z in enumerate(system.charge_density) if z]
    names, plasma = {}, []
    neutral = {s: _rows(system, s) for s in range(len(system.fluids)) if s not in charged}
    for i in propagating:
        owner = [s for s, rows in neutral.items() if energy[rows, i].sum() > 0.5]
        if owner:
            names[f"sound_{system.fluids[owner[0]].name}"] = i
        else:
            plasma.append(i)
    if not charged:
        names["light"] = plasma[0]
        heaviest = max(neutral, key=lambda s: system.fluids[s].rho)
        own = names.get(f"sound_{system.fluids[heaviest].name}")
        return names if own is None else {**names, "sound": own}
    if not any(system.b0):
        names.update(_unmagnetised(system, energy, plasma))
    elif system.parallel:
        names.update(_parallel(system, spectrum.x, energy, plasma, charged))
    elif system.b0[2] == 0.0:
        names.update(_perpendicular(system, energy, plasma, charged))
    else:
        names.update(_by_order(system, plasma, charged))
        if "fast" in names:
            names["whistler"] = names["fast"]
        if "alfven" in names:
            names["ion_cyclotron"] = names["alfven"]
    names["light"] = plasma[0]
    return names


def _unmagnetised(system, energy, plasma):
    along = [i for i in plasma if energy[_transverse(system), i].sum() < 0.5]
    return dict(zip(("langmuir", "sound"), along, strict=False))


def _parallel(system, x, energy, plasma, charged):
    """Circular branches by the sense of rotation of E about B; order names S, A, F are the limit of small angles."""
    across = energy[_transverse(system)].sum(axis=0) > 0.5
    # exp(-i omega t) with E2 = i E1 turns like an electron about a field along e3.
    turn = np.imag(np.conj(x[system.e]) * x[system.e + 1]) * np.sign(system.b0[2])
    right = [i for i in plasma if across[i] and turn[i] > 0]
    left = [i for i in plasma if across[i] and turn[i] <= 0]
    names = dict(zip(("right", "whistler"), right, strict=False))
    names.update(dict(zip(("left",), left, strict=False)))
    if len(left) > 1:
        names["ion_cyclotron"] = left[-1]
    names.update(zip(("langmuir", "sound"), (i for i in plasma if not across[i]), strict=False))
    slow = _by_order(system, plasma, charged)
    return {**{name: slow[name] for name in ("fast", "alfven", "slow") if name in slow}, **names}


def _perpendicular(system, energy, plasma, charged):
    """Ordinary wave: E along B; the rest in order, where slow and Alfven waves do not propagate."""
    along_b = [i for i in plasma if energy[[f + 1 for f in system.first] + [system.e], i].sum() > 0.5]
    rest = [i for i in plasma if i not in along_b]
    names = dict(zip(("ordinary",), along_b, strict=False))
    names.update(zip(("extraordinary", "modified"), rest, strict=False))
    if len(charged) > 1 and len(rest) > len(charged) and system.charge_is_neutral:
        names["fast"] = rest[len(charged)]
    return names


def _by_order(system, plasma, charged):
    """X, O, M from the top; F, A, S below the N - 2 hybrid branches that N charged fluids add between."""
    names = dict(zip(("extraordinary", "ordinary", "modified"), plasma, strict=False))
    if len(charged) == 1:
        low, first = ("fast",), 3
    elif system.charge_is_neutral:
        low, first = ("fast", "alfven", "slow"), len(charged) + 1
    else:
        return names
    names.update(zip(low, plasma[first:], strict=False))
    return names


def _rows(system, s):
    last = [*system.first[1:], system.e][s]
    return list(range(system.first[s], last))


def _transverse(system):
    e = system.e
    return [f + j for f in system.first for j in (1, 2)] + [e, e + 1, e + 3, e + 4]
