"""Self-gravity: the model, and the Poisson solver it needs."""

from .model import SelfGravity
from .poisson import PoissonSolver

__all__ = ["PoissonSolver", "SelfGravity"]
