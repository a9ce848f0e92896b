"""Formulas of the textbooks, each run against its own: drifts, Boltzmann relation, dielectric constant, frozen-in flux."""
