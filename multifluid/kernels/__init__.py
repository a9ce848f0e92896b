"""Compiled kernels: floats, integers and arrays in, arrays out; no objects, no options by name."""
