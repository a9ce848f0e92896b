"""Weakly ionised gas: waves, shocks and diffusion of molecular clouds."""
