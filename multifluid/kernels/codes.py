"""What the kernels know of each fluid's closure: one row of numbers per fluid, ``models`` (S, MODEL).

    KIND         FIVE, BAROTROPIC (isothermal, polytropic, cold), SIX or TEN
    GAMMA        p = (GAMMA - 1) (internal energy); for a barotropic fluid, of the energy that heat exchange sees
    SOUND        own sound speed squared is SOUND times the largest pressure over rho
    CONSTANT, EXPONENT   barotropic: p = CONSTANT rho^EXPONENT
    RATE, WAVENUMBER     six and ten moments: isotropisation at RATE + WAVENUMBER sqrt(p/rho)
    LIMITER, THRESHOLDS  rate of isotropisation beyond instability thresholds, and which (sum of FIREHOSE, MIRROR, CYCLOTRON)
    SHORTEST     square of the largest wave number on the grid, (pi/dx)^2
    CONDUCTION   ten moments: chi/k0 of the heat flux down the gradient of temperature; 0 is none

Rows of the conserved and primitive arrays, from the fluid's first:

    FIVE         rho, m (3), e                                 rho, u (3), p
    BAROTROPIC   rho, m (3)                                    rho, u (3), p
    SIX          rho, m (3), e, p_par                          rho, u (3), p, p_par, p_perp
    TEN          rho, m (3), rho u_i u_j + P_ij (6)            rho, u (3), p, P_ij (6)      (xx, xy, xz, yy, yz, zz)

p is the mean pressure tr P/3 always, so that whatever needs a pressure or a temperature reads the same row.
"""

FIVE, BAROTROPIC, SIX, TEN = 0, 1, 2, 3
KIND, GAMMA, SOUND, CONSTANT, EXPONENT, RATE, WAVENUMBER, LIMITER, THRESHOLDS, CONDUCTION, SHORTEST = range(11)
MODEL = 11
FIREHOSE, MIRROR, CYCLOTRON = 1, 2, 4

# Conserved variables by KIND.
CONSERVED = (5, 4, 6, 10)

# P_ij, j >= i, as the tensors are stored (xx, xy, xz, yy, yz, zz): i and j of each, and the place of each i, j.
FIRST, SECOND = (0, 0, 0, 1, 1, 2), (0, 1, 2, 1, 2, 2)
SYMMETRIC = (0, 1, 2, 1, 3, 4, 2, 4, 5)
