"""What tests and users compare the code with: linear waves of any number of fluids."""

from multifluid.theory.branches import available_branches, named_branch, named_branches
from multifluid.theory.dispersion import Background, Mode, dispersion_modes

__all__ = ["Background", "Mode", "available_branches", "dispersion_modes", "named_branch", "named_branches"]
