"""Exchanges between fluids: one file each."""

from .drag import Drag
from .ionisation import Ionisation
from .laws import Constant, Coulomb, Draine, HardSphere, Langevin, Law

__all__ = ["Constant", "Coulomb", "Draine", "Drag", "HardSphere", "Ionisation", "Langevin", "Law"]
