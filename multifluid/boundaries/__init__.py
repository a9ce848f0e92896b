"""Boundary conditions: one kind per side of each axis; a halo between ranks is one more kind."""

from .kinds import Axis, Boundaries, Conductor, Inflow, Open, Periodic, User, Wall

__all__ = ["Axis", "Boundaries", "Conductor", "Inflow", "Open", "Periodic", "User", "Wall"]
