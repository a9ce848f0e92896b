"""In a checkout that is not installed, the top-level folder problems/ is multifluid.problems all the same.

Installed, setuptools maps it (setup.cfg) and the finder below, last in line, is never asked.
"""

import sys
from importlib.util import spec_from_file_location
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "problems"


class CheckoutProblems:
    """Import finder of the one name ``multifluid.problems``; what lies below it is found in the ordinary way."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        """Its spec if the folder is there, else None."""
        entry = FOLDER / "__init__.py"
        if name != f"{__package__}.problems" or not entry.is_file():
            return None
        return spec_from_file_location(name, entry, submodule_search_locations=[str(FOLDER)])


sys.meta_path.append(CheckoutProblems)
