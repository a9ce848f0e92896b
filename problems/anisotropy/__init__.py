"""Pressures along and across B: instabilities, double adiabatic flow, relaxation."""
