"""Exchanges between fluids: one file each."""

from .drag import Drag

__all__ = ["Drag"]
