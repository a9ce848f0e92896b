"""Fluid models: what a species is made of, how its moments close, and the names of its variables."""

from multifluid.fluids.base import Fluid
from multifluid.fluids.scalar import Cold, FiveMoment, Isothermal, Polytropic
from multifluid.fluids.tensor import COMPONENTS, SixMoment, TenMoment

__all__ = ["COMPONENTS", "Cold", "FiveMoment", "Fluid", "Isothermal", "Polytropic", "SixMoment", "TenMoment"]
