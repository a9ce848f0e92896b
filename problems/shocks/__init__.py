"""Shock tubes."""
