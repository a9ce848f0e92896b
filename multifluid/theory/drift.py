"""Terminal drift of charged fluids through neutrals under steady forces, from their mobilities.

A uniform plasma with charge neutrality, constant B, one neutral fluid n that it drags, accelerations a_s. Once all
relative motion is steady, everything accelerates together with A, and E - in the frame moving with the neutrals E' -
is such that the only current is what the acceleration of the frame asks for (E = E' - u_n x B):

    rho A = sum_s rho_s a_s + J x B,    J = -eps0 dE/dt = eps0 A x B,    rho = sum_s rho_s
    m_s (A - a_s) = q_s (E' + v_s x B) - m_s nu_s v_s,    nu_s = alpha_sn rho_n,  v_s = u_s - u_n

With X_s = E' + (m_s/q_s)(a_s - A) each charged fluid drifts by its direct, Pedersen and Hall mobilities,

    v_s = mu_0 X_par + mu_P X_perp + mu_H X x b,    b = B/|B|,  Omega_s = q_s |B|/m_s
    mu_0 = (q_s/m_s)/nu_s,  mu_P = (q_s/m_s) nu_s/(nu_s^2 + Omega_s^2),  mu_H = (q_s/m_s) Omega_s/(nu_s^2 + Omega_s^2)

(Parks 2004, Physics of Space Plasmas, 2nd ed., chapter 7; Wardle & Ng 1999, MNRAS 303, 239, eqs. 14 to 17), and
sum_s q_s n_s v_s = J is a linear system for E', whose matrix is the conductivity tensor sigma = sum_s q_s n_s mu_s.
"""

import numpy as np


def mobility(charge_to_mass, nu, B):
    """The mobility tensor (3, 3): v = mobility @ X, see the module.

    Parameters
    ----------
    charge_to_mass, nu : float
        q/m, and the rate alpha rho_n of losing slip against the neutrals.
    B : (3,)

    Returns
    -------
    ndarray (3, 3)
    """
    B = np.asarray(B, float)
    size = np.linalg.norm(B)
    b = B / size if size > 0 else np.array([0.0, 0.0, 1.0])
    omega = charge_to_mass * size
    along = np.outer(b, b)
    # X x b as a matrix
    turn = np.array([[0.0, b[2], -b[1]], [-b[2], 0.0, b[0]], [b[1], -b[0], 0.0]])
    norm = charge_to_mass / (nu * nu + omega * omega)
    return charge_to_mass / nu * along + norm * nu * (np.eye(3) - along) + norm * omega * turn


def terminal_drift(charge_to_mass, rho, nu, rho_neutral, accelerations, neutral_acceleration, B, eps0):
    """Steady relative motion.

    Parameters
    ----------
    charge_to_mass, rho, nu : (N,)
        q_s/m_s, rho_s and nu_s of the charged fluids; sum_s (q_s/m_s) rho_s = 0.
    rho_neutral : float
    accelerations : (N, 3); neutral_acceleration : (3,)
        a_s and a_n.
    B : (3,)
    eps0 : float

    Returns
    -------
    v : (N, 3)
        u_s - u_n.
    field : (3,)
        E' = E + u_n x B.
    acceleration : (3,)
        A.
    """
    qm, rho, a, B = (np.asarray(value, float) for value in (charge_to_mass, rho, accelerations, B))
    force = (rho[:, None] * a).sum(axis=0) + rho_neutral * np.asarray(neutral_acceleration, float)
    # rho A - eps0 (A x B) x B = force; (A x B) x B = B (A.B) - A B^2
    inertia = (rho.sum() + rho_neutral + eps0 * B @ B) * np.eye(3) - eps0 * np.outer(B, B)
    A = np.linalg.solve(inertia, force)
    tensors = [mobility(q, n, B) for q, n in zip(qm, nu, strict=True)]
    pushes = [(own - A) / q for own, q in zip(a, qm, strict=True)]
    sigma = sum(q * r * mu for q, r, mu in zip(qm, rho, tensors, strict=True))
    driven = sum(q * r * mu @ push for q, r, mu, push in zip(qm, rho, tensors, pushes, strict=True))
    field = np.linalg.solve(sigma, eps0 * np.cross(A, B) - driven)
    return np.array([mu @ (field + push) for mu, push in zip(tensors, pushes, strict=True)]), field, A
