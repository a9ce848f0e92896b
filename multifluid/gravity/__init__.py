"""Self-gravity: the model, and the Poisson solver it needs."""

from .model import SelfGravity
from .poisson import PoissonSolver
from .rings import RingPoissonSolver

__all__ = ["PoissonSolver", "RingPoissonSolver", "SelfGravity", "poisson_solver"]


def poisson_solver(grid, gravity):
    """The Poisson solver of a ``SelfGravity`` on a grid."""
    if grid.cylindrical:
        return RingPoissonSolver(grid, gravity.G)
    return PoissonSolver(grid, gravity.boundary, gravity.G)
