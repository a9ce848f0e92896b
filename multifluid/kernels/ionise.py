"""Ionisation and recombination, n <-> i + e, on rows of cells: number densities and the mass that changes hands.

    dn_i/dt = dn_e/dt = zeta n_n - alpha_rec n_i n_e,    d rho_n/dt = -(m_i + m_e) dn_i/dt

Mass and charge do not change, so that each step is one scalar equation for y = min(n_i, n_e), with
d = |n_i - n_e|, M = (m_i + m_e)/m_n and N = n_n + M y constant:

    dy/dt = zeta N - p y - alpha y^2,    p = zeta M + alpha d

Both solvers use positive terms only: they hold equilibrium to round-off and stay positive at any stiffness.
They also return the gross gain and loss of pairs, because momentum and energy travel with them.
"""

import math

from ._jit import kernel


@kernel
def recombination_row(coefficient, rho_e, energy_e, mass_e, gamma_e, a, t0, b, n):
    """alpha_rec = a (T_e/T0)^b with T_e = (gamma - 1) m_e eps_e/rho_e in energy units."""
    if b == 0.0:
        for i in range(n):
            coefficient[i] = a
        return
    for i in range(n):
        temperature = (gamma_e - 1.0) * mass_e * max(energy_e[i], 1.0e-300) / rho_e[i]
        coefficient[i] = a * math.exp(b * math.log(temperature / t0))


@kernel
def ionise_backward_euler(gain, loss, rho_n, rho_i, rho_e, coefficient, zeta, mass_n, mass_i, mass_e, h, n):
    """Backward Euler over h. Densities are overwritten; ``gain``, ``loss`` (n) are h zeta n_n and h alpha n_i n_e.

        y = 2 (y* + h zeta N)/(1 + h p + sqrt((1 + h p)^2 + 4 h alpha (y* + h zeta N)))
        n_n (1 + h zeta M) = n_n* + M h alpha y (y + d)
    """
    per_neutral = (mass_i + mass_e) / mass_n
    hz = h * zeta
    for i in range(n):
        nn = rho_n[i] / mass_n
        ni = rho_i[i] / mass_i
        ne = rho_e[i] / mass_e
        ha = h * coefficient[i]
        start = min(ni, ne)
        excess = max(ni, ne) - start
        p = 1.0 + hz * per_neutral + ha * excess
        source = start + hz * (nn + per_neutral * start)
        y = 2.0 * source / (p + math.sqrt(p * p + 4.0 * ha * source))
        lost = ha * y * (y + excess)
        new_n = (nn + per_neutral * lost) / (1.0 + hz * per_neutral)
        gain[i] = hz * new_n
        loss[i] = lost
        rho_n[i] = mass_n * new_n
        rho_i[i] = mass_i * (y if ni <= ne else y + excess)
        rho_e[i] = mass_e * (y if ne <= ni else y + excess)


@kernel
def share_particles(star_n, star_i, star_e, near_n, near_i, near_e, mass_n, mass_i, mass_e, hz):
    """Densities of one cell with the mass and charge of one state and the degree of ionisation of another.

    For a stage whose extrapolated U* (star) lies so far beyond equilibrium that backward Euler from it is not positive.
    Returns the densities, gain and loss; both are at least zero.
    """
    per_neutral = (mass_i + mass_e) / mass_n
    ni, ne = star_i / mass_i, star_e / mass_e
    start = min(ni, ne)
    excess = max(ni, ne) - start
    total = star_n / mass_n + per_neutral * start
    ions = per_neutral * min(near_i / mass_i, near_e / mass_e)
    neutrals = near_n / mass_n
    y = total * ions / (ions + neutrals) / per_neutral
    new_n = total * neutrals / (ions + neutrals)
    gain = max(hz * new_n, y - start)
    return (mass_n * new_n, mass_i * (y if ni <= ne else y + excess), mass_e * (y if ne <= ni else y + excess), gain,
            gain - (y - start))


@kernel
def ionise_closed_form(gain, loss, rho_n, rho_i, rho_e, coefficient, zeta, mass_n, mass_i, mass_e, h, n):
    """Exact solution over h for constant zeta and alpha (the Riccati equation's), arguments as above:

        y = (y0 (s - p t) + 2 zeta N t)/(s + (p + 2 alpha y0) t),  s^2 = p^2 + 4 alpha zeta N,  t = tanh(s h/2)

    The gross exchange is the trapezium of alpha n_i n_e, and at least what must have been lost.
    """
    per_neutral = (mass_i + mass_e) / mass_n
    for i in range(n):
        nn = rho_n[i] / mass_n
        ni = rho_i[i] / mass_i
        ne = rho_e[i] / mass_e
        a = coefficient[i]
        start = min(ni, ne)
        excess = max(ni, ne) - start
        total = nn + per_neutral * start
        zm = zeta * per_neutral
        p = zm + a * excess
        s = math.sqrt(p * p + 4.0 * a * zeta * total)
        # s - p t = (s - p) + p (1 - t), neither of which cancels
        decay = math.exp(-s * h)
        t = (1.0 - decay) / (1.0 + decay)
        rest = 2.0 * decay / (1.0 + decay)
        sum_ = s + p
        above = 4.0 * a * zeta * total / sum_ if sum_ > 0.0 else 0.0
        bottom = s + (p + 2.0 * a * start) * t
        if bottom > 0.0:
            y = (start * (above + p * rest) + 2.0 * zeta * total * t) / bottom
            # s - zm t = (s - p) + a d + zm (1 - t)
            new_n = (nn * (above + a * excess + zm * rest)
                     + t * a * (excess * (total + per_neutral * start) + 2.0 * start * total)) / bottom
        else:
            # no ionisation, and no excess: y' = -alpha y^2
            y = start / (1.0 + a * h * start)
            new_n = nn + per_neutral * (start - y)
        lost = max(0.5 * h * a * (start * (start + excess) + y * (y + excess)), start - y)
        gain[i] = lost + (y - start)
        loss[i] = lost
        rho_n[i] = mass_n * new_n
        rho_i[i] = mass_i * (y if ni <= ne else y + excess)
        rho_e[i] = mass_e * (y if ne <= ni else y + excess)
