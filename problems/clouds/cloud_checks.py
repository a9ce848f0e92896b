"""What a cloud's collapse is held to: conservation, cost, its fate, and 3-D against (r, z)."""

import math

import numpy as np

from multifluid import Check
from multifluid.problems import measures

# Early on: until the central density has risen this many times.
EARLY = 2.0


def checks(cloud, run):
    """All checks of a run of ``CloudCollapse``: list of Check."""
    s = run.series
    mass = sum(np.asarray(s[f"mass_{fluid.name}"]) for fluid in cloud.fluids())
    light, electrons = cloud.steps_asked_for(run.t)
    found = [
        Check("mass of all fluids, relative change", float(np.abs(mass / mass[0] - 1.0).max()), 1e-12),
        *measures.constraint_checks(s),
        Check("floors used", measures.last(s, "floors"), 0),
        Check("steps over those of the light step", run.steps / light, 1e-4),
        Check("steps over those of the electron step", run.steps / electrons, 1e-12),
    ]
    if cloud.geometry == "cartesian":
        found += against_axisymmetric(cloud, s)
    if cloud.geometry == "cylindrical" or cloud.t_end >= cloud.time_of_fate:
        found += fate(cloud, s)
    return found


def against_axisymmetric(cloud, series):
    """Largest difference of the central density from that of the same cloud in (r, z), early on."""
    from multifluid import Simulation

    twin = type(cloud)(**{**cloud.parameters(), "geometry": "cylindrical", "duration": cloud.t_end})
    other = Simulation(twin).run().series
    t, n, at, m = (np.asarray(of[name]) for of in (series, other) for name in ("series_time", "n_max"))
    expected = np.interp(t, at, m)
    early = expected <= EARLY * m[0]
    return [Check("central density against (r, z), early on", float(np.abs(n / expected - 1.0)[early].max()), 0.05),
            Check("and by then it has risen by", float(expected[early].max() / m[0]), 1.1, kind="min")]


def fate(cloud, series):
    """Whether the cloud ended as its mass-to-flux ratio and its drag foretell."""
    lam, n = np.asarray(series["lambda_centre"]), np.asarray(series["n_max"])
    rise = n / n[0]
    if cloud.expected_lambda > 1.0:
        return [Check("supercritical: rise of the central density", float(rise[-1]), 8.0, kind="min"),
                Check("which goes on: last rise over that before", float(rise[-1] / rise[len(rise) // 2]), 1.5, kind="min")]
    if cloud.coupling == "ideal":
        return [Check("locked: largest lambda of the centre", float(lam.max()), 1.0),
                Check("locked: change of lambda, relative", float(np.abs(lam / lam[0] - 1.0).max()), 0.5 / cloud.nr),
                Check("locked: largest rise of the density", float(rise.max()), 8.0),
                Check("locked: density at the end over its largest", float(rise[-1] / rise.max()), 0.99)]
    # time in which lambda grows e-fold, over the diffusion time
    growth = math.log(lam[-1] / lam[0]) * cloud.diffusion_time / cloud.t_end
    return [Check("drift: lambda of the centre at the end", float(lam[-1]), 1.0, kind="min"),
            Check("drift: lambda grows at the end", float(lam[-1] - lam[int(0.9 * len(lam))]), 0.0, kind="min"),
            Check("drift: rise of the central density", float(rise[-1]), 4.0, kind="min"),
            Check("drift: radius^2/eta_A over growth time of lambda", growth, 1.0 / 3.0, kind="min"),
            Check("drift: the same, not too fast", growth, 3.0)]
