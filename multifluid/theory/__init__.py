"""What tests and users compare the code with: linear waves, instabilities, exact and steady solutions, the formulary."""

from multifluid.theory.anisotropic import (
    cgl_speeds_squared,
    firehose_margin,
    growth_rate,
    marginal_anisotropy,
    mirror_margin,
)
from multifluid.theory.background import HeatFlux
from multifluid.theory.branches import available_branches, named_branch, named_branches
from multifluid.theory.dispersion import Background, Mode, dispersion_modes
from multifluid.theory.kinetic import kinetic_frequency

__all__ = ["Background", "HeatFlux", "Mode", "available_branches", "cgl_speeds_squared", "dispersion_modes",
           "firehose_margin", "growth_rate", "kinetic_frequency", "marginal_anisotropy", "mirror_margin", "named_branch",
           "named_branches"]
