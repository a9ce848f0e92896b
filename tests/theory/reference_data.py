"""Reference tables kept beside the project; a test that needs one is skipped where it is absent."""

import json
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(__file__).parents[2].parent / "shared" / "reference"


def reference(name):
    """Contents of a reference file: dict of arrays (.npz; ``params`` parsed) or parsed JSON."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"reference data {name} are not beside the project")
    if path.suffix == ".json":
        return json.loads(path.read_text())
    with np.load(path, allow_pickle=True) as file:
        data = {key: file[key] for key in file.files}
    return {key: json.loads(str(value)) if key in ("params", "fluids") else value for key, value in data.items()}
