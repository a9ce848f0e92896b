"""``python -m multifluid``: the command line."""

import sys

from multifluid.cli import main

if __name__ == "__main__":
    sys.exit(main())
