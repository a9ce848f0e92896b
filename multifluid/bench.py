"""How fast a step and its kernels are on this machine: ``multifluid bench``."""

import json
import os
import platform
import statistics
import time

import numpy as np

from .boundaries import Boundaries
from .commands.table import table
from .coupling.drag import Drag, drag_matrix
from .errors import InputError
from .fluids import FiveMoment
from .grid import Grid
from .kernels._jit import kernel
from .maxwell import Maxwell
from .solver import Solver
from .state import Layout
from .stepping import Stepper

GRIDS = ((2048, 1, 1), (256, 256, 1), (48, 48, 48))
QUICK_GRIDS = ((128, 1, 1), (24, 24, 1), (8, 8, 8))
WORD = 8  # bytes
# Seconds that one sample lasts at least, and number of samples, of which the median is reported.
SAMPLE, SAMPLES = 0.05, 9


@kernel
def copy_rows(out, q):
    """out = q, row by row: what memory can do."""
    for row in range(q.shape[0]):
        for i in range(q.shape[1]):
            out[row, i] = q[row, i]


def measure(call, quick=False):
    """Median seconds of one call, after one that warms up; the fastest sample stands beside it.

    Returns
    -------
    (median, fastest)
    """
    call()
    start = time.perf_counter()
    call()
    calls = 1 if quick else max(1, round(SAMPLE / max(time.perf_counter() - start, 1e-7)))
    samples = []
    for _ in range(3 if quick else SAMPLES):
        start = time.perf_counter()
        for _ in range(calls):
            call()
        samples.append((time.perf_counter() - start) / calls)
    return statistics.median(samples), min(samples)


def plasma(cells, threads=1, neutral=False):
    """A solver with two charged fluids (and a neutral with drag), a smooth state and waves in every direction."""
    fluids = [FiveMoment("electron", 1 / 1836, -100.0), FiveMoment("ion", 1.0, 100.0)]
    drags = []
    if neutral:
        fluids.append(FiveMoment("neutral", 1.0))
        drags = [Drag("electron", "neutral", 0.1), Drag("ion", "neutral", 10.0)]
    grid = Grid(*[(0.0, 1.0, n) for n in cells])
    layout = Layout(grid, fluids, Maxwell(100.0))
    solver = Solver(layout, drag_matrix(fluids, drags), Boundaries(), threads=threads)
    x, y, z = (2.0 * np.pi * q for q in grid.mesh())
    A = solver.interior(solver.A)
    wave = 0.2 * np.sin(x + (y if cells[1] > 1 else 0.0) + (z if cells[2] > 1 else 0.0))
    for fluid, u in zip(fluids, layout.u_fluid, strict=True):
        rho = fluid.mass * (1.0 + wave)
        A[u] = rho
        A[u + 1], A[u + 2] = 0.1 * rho * np.sin(y), 0.1 * rho * np.sin(x)
        A[u + 4] = 0.5 / (fluid.gamma - 1.0) + 0.5 * (A[u + 1] ** 2 + A[u + 2] ** 2) / rho
    b = layout.u_field + 3
    A[b], A[b + 1], A[b + 2] = 0.7 + 0.0 * x, 0.5 + 0.1 * np.sin(x), 0.2 + 0.1 * np.sin(x)
    solver.primitives_of_state(0.0)
    return solver


class Steps:
    """Repeated steps of a solver, as a run takes them: choose dt, step."""

    def __init__(self, solver):
        self.stepper, self.dt, self.t, self.number = Stepper(solver, "imex", 0.4), 1e-4, 0.0, 0

    def __call__(self):
        self.dt, _ = self.stepper.choose_dt(self.dt)
        self.t += self.stepper.step(self.t, self.dt, self.number)
        self.number += 1


def step_row(cells, threads, quick):
    """Cell updates per second of the whole step, and what its first call took besides."""
    solver = plasma(cells, threads)
    step = Steps(solver)
    start = time.perf_counter()
    step()
    first = time.perf_counter() - start
    median, fastest = measure(step, quick)
    size = int(np.prod(cells))
    return {"grid": cells, "cells": size, "seconds": median, "fastest": fastest, "updates": size / median,
            "per_core": size / median / threads, "compile": max(0.0, first - median),
            "memory_in_states": solver.memory_in_states(), "steps": step.number, "retries": step.stepper.tally.retries}


def kernel_calls(solver, dt):
    """{name: (call, words read and written per cell)}; the words are what the kernel must move, once each.

    With S fluids and a field the state has U = 5 S + 6 variables, the primitives V = U + 3. The stage is the second:
    it gathers from A and D and adds to C.
    """
    layout = solver.layout
    S, U, V, axes = len(layout.fluids), layout.conserved, layout.primitives, solver.grid.dimensions
    recipe = (0.5 * dt, 0.0, 0.0, 0.0, 1.0, 4.0 / 3.0)
    solver.stage(0.25 * dt, (0.0, 0.0, 0.0, 0.0, 0.0, 1.0), 0.0, clear=True)
    solver.signal_speeds(dt)
    return {
        # A, D, C read, C and W written; cell B read for the frame and the curl
        "stage solve": (lambda: solver.stage(0.25 * dt, recipe, 0.0), 4 * U + V + 3),
        "signal speeds": (lambda: solver.signal_speeds(dt), (2 + axes) * S + 3 + S + axes),
        # primitives, signals and the fallback mask read; the flux sum read and written
        "fluid fluxes": (lambda: solver.fluid_fluxes(solver.D, 0.0, dt), 5 * S + S + 1 + 10 * S),
        # E, face B and its signals read, edges written and read; face B's sum read and written
        "edges, faraday": (lambda: solver.induction(solver.D, 0.0), 6 + axes + 6 + 6),
        "step's size": (lambda: solver.crossing_rates(dt), (2 + axes) * S + 3 + 2 * (S + axes)),
        "primitives": (lambda: solver.primitives_of_state(0.0), U + V + 3),
        "ghosts": (lambda: solver.fill_ghosts(0.0), 0),
    }


def copy_rate(solver, quick):
    """Bytes per second of copying an array of the state's size (read and written bytes together)."""
    q = solver.A.reshape(len(solver.A), -1)
    out = np.empty_like(q)
    median, _ = measure(lambda: copy_rows(out, q), quick)
    return 2 * q.nbytes / median


def kernel_rows(cells, quick):
    """Nanoseconds and bytes per cell of every kernel of a stage on one core, beside the rate of a copy."""
    solver = plasma(cells)
    step = Steps(solver)
    for _ in range(3):
        step()
    rate = copy_rate(solver, quick)
    size = int(np.prod(cells))
    rows = []
    for name, (call, words) in kernel_calls(solver, step.dt).items():
        median, fastest = measure(call, quick)
        moved = words * WORD
        rows.append({"grid": cells, "kernel": name, "seconds": median, "ns_per_cell": 1e9 * median / size,
                     "fastest_ns_per_cell": 1e9 * fastest / size, "bytes_per_cell": moved,
                     "share_of_copy": moved * size / median / rate})
    return rate, rows


def solve_row(quick):
    """The local source solve of electrons, ions and neutrals with drag, one stage: gather, solve, store."""
    cells = (128, 1, 1) if quick else (2048, 1, 1)
    solver = plasma(cells, neutral=True)
    dt = 1e-3
    solver.stage(0.25 * dt, (0.0, 0.0, 0.0, 0.0, 0.0, 1.0), 0.0, clear=True)
    whole, _ = measure(lambda: solver.stage(0.25 * dt, (0.5 * dt, 0.0, 0.0, 0.0, 1.0, 4.0 / 3.0), 0.0), quick)
    alone, _ = measure(_bare_solve(solver, 0.25 * dt), quick)
    size = int(np.prod(cells))
    return {"cells": size, "ns_per_cell": 1e9 * alone / size, "stage_ns_per_cell": 1e9 * whole / size}


def _bare_solve(solver, h):
    from .kernels.local_solve import CHUNK, field_frame, rows_needed, solve_rows

    S, size = len(solver.layout.fluids), solver.grid.cells[0]
    W, L = solver.interior(solver.W)[:, 0, 0], solver.layout
    rho, E = np.ascontiguousarray(W[L.v_fluid, :CHUNK]), np.ascontiguousarray(W[L.v_field:L.v_field + 3, :CHUNK])
    u = np.ascontiguousarray(np.stack([W[v + 1:v + 4, :CHUNK] for v in L.v_fluid]))
    frame, work = np.zeros((10, CHUNK)), np.zeros((int(rows_needed(S)), CHUNK))
    no_rates = np.zeros((S, S, 0))
    field_frame(frame, *[np.ascontiguousarray(b) for b in W[L.v_field + 3:L.v_field + 6, :CHUNK]], CHUNK)

    def solve():
        for _ in range(0, size, CHUNK):
            solve_rows(rho, u, E, frame, work, solver.qm, solver.alpha, no_rates, solver.pairs, solver.couples,
                       solver.eps0, h, CHUNK)

    return solve


def add_arguments(parser):
    """Options of ``multifluid bench``."""
    parser.add_argument("--quick", action="store_true", help="small grids, a few samples: shows that it works")
    parser.add_argument("--threads", type=int, default=1, help="threads of the whole step (kernels run on one)")
    parser.add_argument("--json", metavar="FILE", help="write the numbers to this file as well")


def main(args):
    """Measure and print. Returns the exit code.

    Raises
    ------
    InputError
        Fewer than one thread, or a JSON file that cannot be written.
    """
    if args.threads < 1:
        raise InputError(f"--threads must be at least 1, not {args.threads}")
    if args.json:
        _check_writable(args.json)
    grids = QUICK_GRIDS if args.quick else GRIDS
    steps = [step_row(cells, args.threads, args.quick) for cells in grids]
    print(f"{platform.machine()}, {os.cpu_count()} cores seen, {args.threads} thread(s); medians\n")
    print("Whole IMEX step, two five-moment fluids and Maxwell's equations, PLM (compile: what the first step takes\n"
          "besides; little once the machine code is cached)\n")
    print(table(["grid", ">Mcell/s", ">per core", ">fastest", ">ms a step", ">compile, s", ">memory, states"],
                [[_size(r["grid"]), f"{r['updates'] / 1e6:.2f}", f"{r['per_core'] / 1e6:.2f}",
                  f"{r['cells'] / r['fastest'] / 1e6:.2f}", f"{1e3 * r['seconds']:.3f}", f"{r['compile']:.2f}",
                  f"{r['memory_in_states']:.2f}"] for r in steps]))
    kernels, rates = [], {}
    for cells in grids:
        rates[_size(cells)], rows = kernel_rows(cells, args.quick)
        kernels += rows
    print("\nKernels on one core (ghost filling included in stage and primitives; a step has three stages)\n")
    print(table(["grid", "kernel", ">ns/cell", ">fastest", ">bytes/cell", ">% of copy"],
                [[_size(r["grid"]), r["kernel"], f"{r['ns_per_cell']:.2f}", f"{r['fastest_ns_per_cell']:.2f}",
                  str(r["bytes_per_cell"]) if r["bytes_per_cell"] else "-",
                  f"{100 * r['share_of_copy']:.0f}" if r["bytes_per_cell"] else "-"] for r in kernels]))
    print("\nCopy of an array of the state's size: "
          + ", ".join(f"{rate / 1e9:.1f} GB/s ({grid})" for grid, rate in rates.items()))
    solve = solve_row(args.quick)
    print("\nLocal sources of electrons, ions and neutrals with drag: "
          f"{solve['ns_per_cell']:.1f} ns per cell and stage "
          f"({solve['stage_ns_per_cell']:.1f} with gathering, energies, storing and ghosts)")
    if args.json:
        with open(args.json, "w", encoding="utf-8") as file:
            json.dump({"threads": args.threads, "quick": args.quick, "steps": steps, "kernels": kernels,
                       "copy_bytes_per_second": rates, "local_solve": solve}, file, indent=1)
    return 0


def _size(cells):
    return " x ".join(str(n) for n in cells if n > 1)


def _check_writable(path):
    try:
        with open(path, "a", encoding="utf-8"):
            pass
    except OSError as error:
        raise InputError(f"--json {path}: cannot be written ({error.strerror}); name another file") from None
