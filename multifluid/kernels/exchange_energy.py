"""Internal energies of the stage with all sources (``exchange_stage``), once velocities and exchanged masses are known.

    eps_s - eps*_s = rho*_s |u_s - u*_s|^2/2 + sum_r D_sr |u_r - u_s|^2/2
                     + sum_r h alpha_sr rho_s rho_r |u_r - u_s|^2 m_r/(m_s + m_r), then exchange of heat (``heat``)
"""

from ._jit import kernel
from .closures import barotropic_row
from .codes import BAROTROPIC, GAMMA, KIND
from .heat import exchange_heat
from .local_solve import CHUNK

# Further steps of thermal exchange in a cell where an energy is not positive; more do not help.
MENDING = 10


@kernel
def heat_of_drag(es, er, from_r, from_s, us, ur, rho_s, rho_r, alpha, rates, heat_s, heat_r, flow_s, flow_r, n):
    """One pair: h alpha rho_s rho_r |u_s - u_r|^2 shared between both energies, and the thermal flows between them.

    ``heat_s`` is h m_r/(m_s + m_r), ``flow_s`` the factor of the flow from r to s, likewise the other way;
    ``rates`` is the pair's alpha in each cell, or has no cells: then ``alpha`` holds."""
    ux, uy, uz, vx, vy, vz = us[0], us[1], us[2], ur[0], ur[1], ur[2]
    # short loops of few rows: the compiler vectorises a loop only where it can ask at run time whether rows overlap
    slip, pair = from_s, from_r
    for i in range(n):
        a = ux[i] - vx[i]
        b = uy[i] - vy[i]
        c = uz[i] - vz[i]
        slip[i] = a * a + b * b + c * c
    if rates.size > 0:
        for i in range(n):
            pair[i] = rates[i] * rho_s[i] * rho_r[i]
    else:
        for i in range(n):
            pair[i] = alpha * rho_s[i] * rho_r[i]
    for i in range(n):
        es[i] += heat_s * pair[i] * slip[i]
    for i in range(n):
        er[i] += heat_r * pair[i] * slip[i]
    for i in range(n):
        from_s[i] = flow_r * pair[i]
    for i in range(n):
        from_r[i] *= flow_s


@kernel
def hold_bath(energy, rho, model, n):
    """Internal energy of a barotropic fluid: whatever heat it was given, its equation of state sets it."""
    barotropic_row(energy, rho, model, n)
    inverse = 1.0 / (model[GAMMA] - 1.0)
    for i in range(n):
        energy[i] *= inverse


@kernel
def exchange_with_baths(energy, rho, flows, spare, models, active, n):
    """``exchange_heat`` where barotropic fluids are heat baths: they give and take at the temperature of their density.

    What flows from a bath is known, so it stands on the right side; what flows into it is lost."""
    S = rho.shape[0]
    baths = False
    for s in range(S):
        if models[s, KIND] == BAROTROPIC:
            baths = True
            for r in range(S):
                if r != s and active[r, s]:
                    for i in range(n):
                        energy[r, i] += flows[r, s, i] * (energy[s, i] / rho[s, i])
                        flows[r, s, i] = 0.0
    exchange_heat(energy, rho, flows, spare, active, n)
    if baths:
        for s in range(S):
            if models[s, KIND] == BAROTROPIC:
                hold_bath(energy[s], rho[s], models[s], n)


@kernel
def solve_energies(energy, eps_star, rho, rho_star, u, start, alpha, rates, taken, thermal, work, mass, models, pairs,
                   active, relaxation, species, own, h, n):
    """Internal energies: heat of each process with the slips of the solve, then exchange of thermal energy.

    Barotropic fluids have no energy equation: they are baths for the others.
    ``own``: 1/2 for backward Euler (the Lorentz force's and acceleration's rho |u - u*|^2/2), 0 for the midpoint.
    ``thermal`` (3, >= n): energies per mass of the reaction's fluids in a positive state nearby."""
    S = mass.size
    reacts = species[0] >= 0
    gamma = models[:, GAMMA]
    flows = work[:S * S].reshape(S, S, CHUNK)
    for s in range(S):
        e, before, r = energy[s], eps_star[s], rho_star[s]
        for i in range(n):
            e[i] = before[i]
        if own > 0.0:
            for part in range(3):
                v, old = u[s, part], start[s, part]
                for i in range(n):
                    a = v[i] - old[i]
                    e[i] += own * r[i] * (a * a)
    for s in range(S):
        for r in range(s + 1, S):
            if pairs[s, r]:
                share = h / (mass[s] + mass[r])
                heat_of_drag(energy[s], energy[r], flows[s, r], flows[r, s], u[s], u[r], rho[s], rho[r], alpha[s, r],
                             rates[s, r], share * mass[r], share * mass[s],
                             relaxation * share * (gamma[r] - 1.0) * mass[r],
                             relaxation * share * (gamma[s] - 1.0) * mass[s], n)
            elif active[s, r]:
                for i in range(n):
                    flows[s, r, i] = 0.0
                    flows[r, s, i] = 0.0
    if reacts:
        for s in range(S):
            for r in range(S):
                if active[s, r]:
                    for i in range(n):
                        a = u[s, 0, i] - u[r, 0, i]
                        b = u[s, 1, i] - u[r, 1, i]
                        c = u[s, 2, i] - u[r, 2, i]
                        energy[s, i] += 0.5 * taken[s, r, i] * (a * a + b * b + c * c)
                        flows[s, r, i] += taken[s, r, i]
    for s in range(S):
        if models[s, KIND] == BAROTROPIC:
            hold_bath(energy[s], rho[s], models[s], n)
    if reacts or relaxation > 0.0:
        exchange_with_baths(energy, rho, flows, work[S * S:S * S + 2 * S], models, active, n)
        low = 0
        for s in range(S):
            if models[s, KIND] != BAROTROPIC:
                for i in range(n):
                    low += 1 if energy[s, i] <= 0.0 else 0
        if low:
            mend_energies(energy, rho, alpha, rates, taken, thermal, work, mass, models, pairs, active, relaxation, species,
                          h, n)


@kernel
def mend_energies(energy, rho, alpha, rates, taken, thermal, work, mass, models, pairs, active, relaxation, species, h, n):
    """Go on exchanging thermal energy in cells where one is not positive, by further implicit steps of this alone.

    U* of a later stage is extrapolated, and overshoots equilibrium where the exchange is not resolved. Where exchange
    is too slow to mend it, particles came and went: the reaction's fluids share their energy as in ``thermal``."""
    S = mass.size
    reacts = species[0] >= 0
    flows = work[:S * S].reshape(S, S, CHUNK)
    o = S * S
    spare, one, density = work[o:o + 2 * S], work[o + 2 * S:o + 3 * S], work[o + 3 * S:o + 4 * S]
    for i in range(n):
        for _ in range(MENDING):
            if not is_low(energy, models, i):
                break
            for s in range(S):
                one[s, 0], density[s, 0] = energy[s, i], rho[s, i]
                for r in range(S):
                    flows[s, r, 0] = taken[s, r, i] if reacts else 0.0
                    if pairs[s, r]:
                        a = alpha[s, r] if rates.shape[2] == 0 else rates[min(s, r), max(s, r), i]
                        flows[s, r, 0] += (relaxation * h / (mass[s] + mass[r]) * (models[r, GAMMA] - 1.0) * mass[r]
                                           * a * rho[s, i] * rho[r, i])
            exchange_with_baths(one, density, flows, spare, models, active, 1)
            for s in range(S):
                energy[s, i] = one[s, 0]
        if reacts and is_low(energy, models, i):
            total = 0.0
            weight = 0.0
            for k in range(3):
                if models[species[k], KIND] != BAROTROPIC:
                    total += energy[species[k], i]
                    weight += rho[species[k], i] * thermal[k, i]
            for k in range(3):
                if models[species[k], KIND] != BAROTROPIC:
                    energy[species[k], i] = total * (rho[species[k], i] * thermal[k, i] / weight)


@kernel
def is_low(energy, models, i):
    """Whether an energy of cell i is not positive where there is an energy equation."""
    low = False
    for s in range(energy.shape[0]):
        low = low or models[s, KIND] != BAROTROPIC and energy[s, i] <= 0.0
    return low
