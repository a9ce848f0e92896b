"""Boundary conditions: one kind per side of each axis; a halo between ranks is one more kind."""

from .kinds import Boundaries, Conductor, Inflow, Open, Periodic, User, Wall

__all__ = ["Boundaries", "Conductor", "Inflow", "Open", "Periodic", "User", "Wall"]
