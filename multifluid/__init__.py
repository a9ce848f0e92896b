"""multifluid: multifluid-Maxwell plasmas, from light waves in vacuum to MHD scales, with true c and true electrons."""

from importlib import import_module

from . import _problems_path  # noqa: F401  (finds multifluid.problems in a checkout)

__version__ = "0.1.0"

_PUBLIC = {
    "Boundaries": "boundaries", "Conductor": "boundaries", "Inflow": "boundaries", "Open": "boundaries",
    "Periodic": "boundaries", "User": "boundaries", "Wall": "boundaries",
    "Constant": "coupling", "Coulomb": "coupling", "Draine": "coupling", "Drag": "coupling", "HardSphere": "coupling",
    "Ionisation": "coupling", "Langevin": "coupling",
    "Cold": "fluids", "FiveMoment": "fluids", "Isothermal": "fluids", "Polytropic": "fluids", "SixMoment": "fluids",
    "TenMoment": "fluids",
    "Grid": "grid",
    "InputError": "errors", "RunError": "errors",
    "Maxwell": "maxwell",
    "Check": "problem", "Parameter": "problem", "Problem": "problem",
    "SelfGravity": "gravity",
    "Simulation": "simulation",
    "Units": "units",
}

__all__ = ["Boundaries", "Check", "Cold", "Conductor", "Constant", "Coulomb", "Drag", "Draine", "FiveMoment", "Grid",
           "HardSphere", "Inflow", "InputError", "Ionisation", "Isothermal", "Langevin", "Maxwell", "Open", "Parameter",
           "Periodic", "Polytropic", "Problem", "RunError", "SelfGravity", "Simulation", "SixMoment",
           "TenMoment", "Units", "User", "Wall"]


def __getattr__(name):
    # Public names load on first use, so that ``multifluid list`` does not wait for the compiler.
    if name in _PUBLIC:
        return getattr(import_module(f"{__name__}.{_PUBLIC[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
