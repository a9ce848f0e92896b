"""Two-dimensional problems as ideal MHD: the same start, carried by `multifluid.theory.mhd_2d` on the same or a finer grid.

    python -m multifluid.benchmark.ideal_reference --write

runs 384 x 384 cells (half an hour of one core) and writes their means over 128 x 128, float32 rho, Bx and By, to
multifluid/data/orszag_tang_mhd.npz and rotor_mhd.npz. Brio-Wu has multifluid/data/brio_wu_mhd.npz, 3200 cells of the
same scheme in one dimension.
"""

import argparse
from pathlib import Path

import numpy as np

from multifluid import Simulation
from multifluid.problems import ion_electron
from multifluid.problems.ideal_mhd import means
from multifluid.problems.turbulence.orszag_tang import GAMMA, OrszagTang
from multifluid.problems.turbulence.rotor import Rotor
from multifluid.theory.mhd_2d import Plane, solve

__all__ = ["PROBLEMS", "ideal_run", "ideal_start", "write"]

PROBLEMS = {"orszag_tang": OrszagTang, "rotor": Rotor}
CELLS, KEPT = 384, 128
NAMES = ("rho", "Bx", "By")


def ideal_start(simulation):
    """The state of a two-fluid simulation in the x, y plane as one fluid: total density and pressure, bulk velocity.

    Parameters
    ----------
    simulation : Simulation
        Of ions and electrons; faces of B are taken as they are.

    Returns
    -------
    Plane
    """
    fields = {name: field.data.squeeze() for name, field in simulation.fields().items()}
    w = [ion_electron.total_density(fields), *(ion_electron.bulk_velocity(fields, axis) for axis in "xyz"), fields["Bz"],
         ion_electron.total_pressure(fields)]
    layout, cells = simulation.solver.layout, simulation.grid.interior
    bx, by = (simulation.solver.A[layout.u_field + 3 + d][cells].squeeze() for d in range(2))
    return Plane(np.array(w), bx, by)


def ideal_run(problem):
    """rho, Bx, By in cells at the end of a problem by the ideal-MHD code on the problem's grid: dict of str to ndarray."""
    gamma = GAMMA if isinstance(problem, OrszagTang) else problem.gamma
    end, _ = solve(ideal_start(Simulation(problem)), problem.grid().spacing[:2], problem.t_end, gamma)
    return {name: end.fields[name] for name in NAMES}


def write(name, folder, cells=CELLS, kept=KEPT):
    """Run the ideal-MHD code on cells x cells and write its means over kept x kept to FOLDER/<name>_mhd.npz."""
    answer = ideal_run(PROBLEMS[name](nx=cells))
    np.savez_compressed(Path(folder) / f"{name}_mhd.npz",
                        **{key: means(data, kept).astype(np.float32) for key, data in answer.items()})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Fine ideal-MHD references of the ideal benchmark.")
    parser.add_argument("--write", action="store_true", required=True, help="write multifluid/data/<problem>_mhd.npz")
    parser.parse_args()
    for problem in PROBLEMS:
        write(problem, Path(__file__).resolve().parents[1] / "data")
