"""The generalised Ohm's law of a run, term by term.

`of` takes a simulation as it stands and gives an `OhmsLaw`: what drives the electric field at every cell, and the residual
of the sum. Two forms, both exact identities of the fluids' momentum equations (`multifluid.ohm.forms`):

    one-fluid     (5.27) of the text on plasmas as fluids: u of the plasma, J x B/(n e), electron pressure and inertia
    three-fluid   u of the neutrals; Ohmic, Hall and ambipolar field of the current, and what single-fluid theory leaves out
"""

from .forms import FORMS, TERMS, titles
from .law import Budget, Cut, OhmsLaw, kept_cells
from .output import OhmOutput, form_in_file, in_file
from .probe import of
from .report import draw, write_csv

__all__ = ["FORMS", "TERMS", "Budget", "Cut", "OhmOutput", "OhmsLaw", "draw", "form_in_file", "in_file", "kept_cells", "of",
           "titles", "write_csv"]
