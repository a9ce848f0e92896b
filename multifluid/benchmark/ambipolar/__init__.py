"""Weakly ionised gas: waves from decoupled to locked, drift, diffusion, C-shocks, and where ambipolar MHD is off."""

from multifluid.benchmark.ambipolar.cshock import CSHOCK
from multifluid.benchmark.ambipolar.damping import DAMPING
from multifluid.benchmark.ambipolar.drift import DRIFT
from multifluid.benchmark.ambipolar.pressure import PRESSURE
from multifluid.benchmark.ambipolar.pulse import PULSE

STUDIES = (DAMPING, DRIFT, PULSE, CSHOCK, PRESSURE)
