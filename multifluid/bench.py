"""How fast a step and its kernels are on this machine: ``multifluid bench``."""

import json
import os
import platform
import statistics
import time

import numpy as np

from .boundaries import Boundaries
from .commands.table import table
from .coupling.drag import Drag
from .coupling.exchange import SCHUNK, Exchange
from .errors import InputError
from .fluids import FiveMoment, Isothermal, SixMoment, TenMoment
from .grid import Grid
from .kernels._jit import kernel
from .kernels.codes import KIND, SIX, TEN
from .kernels.exact import exact_rows, exact_work_rows
from .kernels.exchange_energy import solve_energies
from .kernels.local_solve import CHUNK, field_frame, rows_needed, solve_rows
from .kernels.rows import copy_rows
from .maxwell import Maxwell
from .solver import Solver
from .state import Layout
from .stepping import Stepper

GRIDS = ((2048, 1, 1), (256, 256, 1), (48, 48, 48))
QUICK_GRIDS = ((128, 1, 1), (24, 24, 1), (8, 8, 8))
WORD = 8  # bytes
CLOSURES = {"five-moment": FiveMoment, "isothermal": lambda *fluid: Isothermal(*fluid, temperature=0.5),
            "six-moment": SixMoment, "ten-moment": TenMoment}
# Seconds that one sample lasts at least, and number of samples, of which the median is reported.
SAMPLE, SAMPLES = 0.05, 9


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


def plasma(cells, threads=1, neutral=False, drag=False, relaxation=0.0, closure="five-moment"):
    """A solver with two charged fluids (and a neutral, and drag of all pairs), a smooth state and waves everywhere."""
    fluids = [CLOSURES[closure]("electron", 1 / 1836, -100.0), CLOSURES[closure]("ion", 1.0, 100.0)]
    drags = [Drag("electron", "ion", 5.0)] if drag else []
    if neutral:
        fluids.append(FiveMoment("neutral", 1.0))
        drags += [Drag("electron", "neutral", 0.1), Drag("ion", "neutral", 10.0)] if drag else []
    grid = Grid(*[(0.0, 1.0, n) for n in cells])
    layout = Layout(grid, fluids, Maxwell(100.0))
    solver = Solver(layout, Exchange(fluids, drags, relaxation), Boundaries(), threads=threads)
    x, y, z = (2.0 * np.pi * q for q in grid.mesh())
    A = solver.interior(solver.A)
    wave = 0.2 * np.sin(x + (y if cells[1] > 1 else 0.0) + (z if cells[2] > 1 else 0.0))
    for s, fluid in enumerate(fluids):
        rho, zero = fluid.mass * (1.0 + wave), 0.0 * wave
        given = {"p": 0.5 + zero} if ("rho", "u", "p") in fluid.inputs else {}
        rows = np.stack([rho, 0.1 * np.sin(y) + zero, 0.1 * np.sin(x) + zero, zero, *fluid.pressures(rho, given)])
        A[layout.rows_of(s)[0]] = fluid.conserved(rows)
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


def step_row(cells, threads, quick, closure="five-moment"):
    """Cell updates per second of the whole step, and what its first call took besides."""
    solver = plasma(cells, threads, closure=closure)
    step, start = Steps(solver), time.perf_counter()
    step()
    first = time.perf_counter() - start
    median, fastest = measure(step, quick)
    size = int(np.prod(cells))
    return {"grid": cells, "closure": closure, "cells": size, "seconds": median, "fastest": fastest,
            "updates": size / median, "per_core": size / median / threads, "compile": max(0.0, first - median),
            "memory_in_states": solver.memory_in_states(), "steps": step.number, "retries": step.stepper.tally.retries}


def kernel_calls(solver, dt):
    """{name: (call, words read and written per cell)}; the words are what the kernel must move, once each.

    With S fluids of five moments and a field the state has U = 5 S + 6 variables, the primitives V = U + 3; of ten moments
    10 S + 6, and S more primitives: p besides P_ij. The stage is the second: it gathers from A and D and adds to C.
    """
    layout = solver.layout
    S, U, V, axes = len(layout.fluids), layout.conserved, layout.primitives, solver.grid.dimensions
    moments = U - 6
    # of the fluids what the signal speeds need: density, velocities, and pressures along the axes
    read = S * (1 + axes) + sum(axes if kind == TEN else 2 if kind == SIX else 1 for kind in layout.models[:, KIND])
    recipe = (0.5 * dt, 0.0, 0.0, 0.0, 1.0, 4.0 / 3.0)
    solver.stage(0.25 * dt, (0.0, 0.0, 0.0, 0.0, 0.0, 1.0), 0.0)
    solver.signal_speeds(dt)
    return {
        # A, D, C read, C and W written; cell B read for the frame and the curl
        "stage solve": (lambda: solver.stage(0.25 * dt, recipe, 0.0), 4 * U + V + 3),
        "signal speeds": (lambda: solver.signal_speeds(dt), read + 3 + S + axes),
        # primitives, signals and the fallback mask read; the flux sum read and written
        "fluid fluxes": (lambda: solver.fluid_fluxes(solver.D, 0.0, dt), moments + S + 1 + 2 * moments),
        # E, face B and its signals read, edges written and read; face B's sum read and written
        "edges, faraday": (lambda: solver.induction(solver.D, 0.0), 6 + axes + 6 + 6),
        "step's size": (lambda: solver.crossing_rates(dt), read + 3 + 2 * (S + axes)),
        "primitives": (lambda: solver.primitives_of_state(0.0), U + V + 3),
        "ghosts": (lambda: solver.fill_ghosts(0.0), 0),
    }


def copy_rate(solver, quick):
    """Bytes per second of copying an array of the state's size (read and written bytes together)."""
    q = solver.A.reshape(len(solver.A), -1)
    out = np.empty_like(q)
    median, _ = measure(lambda: copy_rows(out, q), quick)
    return 2 * q.nbytes / median


def kernel_rows(cells, quick, closure="five-moment"):
    """Nanoseconds and bytes per cell of every kernel of a stage on one core, beside the rate of a copy."""
    solver = plasma(cells, closure=closure)
    step = Steps(solver)
    for _ in range(3):
        step()
    rate, size, rows = copy_rate(solver, quick), int(np.prod(cells)), []
    for name, (call, words) in kernel_calls(solver, step.dt).items():
        median, fastest = measure(call, quick)
        moved = words * WORD
        rows.append({"closure": closure, "grid": cells, "kernel": name, "seconds": median,
                     "ns_per_cell": 1e9 * median / size,
                     "fastest_ns_per_cell": 1e9 * fastest / size, "bytes_per_cell": moved,
                     "share_of_copy": moved * size / median / rate})
    return rate, rows


@kernel
def repeat_solve(times, rho, u, E, energy, u0, E0, energy0, rates, taken, frame, work, qm, mass, models, alpha, pairs,
                 couples, relaxation, species, eps0, h, heating, n):
    """Velocities and E by backward Euler, then with ``heating`` energies, ``times`` over from the same state."""
    for _ in range(times):
        copy_rows(u.reshape(-1, n), u0.reshape(-1, n))
        copy_rows(E, E0)
        solve_rows(rho, u, E, frame, work, qm, alpha, rates, pairs, couples, eps0, h, n)
        if heating:
            solve_energies(energy, energy0, rho, rho, u, u0, alpha, rates, taken, E0, work, mass, models, pairs, pairs,
                           relaxation, species, 0.5, h, n)


@kernel
def repeat_exact(times, rho, u, E, energy, u0, E0, energy0, rates, force, drive, frame, work, qm, mass, gamma, alpha,
                 relaxation, eps0, h, heating, n):
    """The exact propagator, ``times`` over from the same state."""
    for _ in range(times):
        copy_rows(u.reshape(-1, n), u0.reshape(-1, n))
        copy_rows(E, E0)
        copy_rows(energy, energy0)
        exact_rows(rho, u, E, energy, frame[9], work, qm, mass, gamma, alpha, rates, relaxation, eps0, force, drive, h,
                   n, heating)


def source_call(solver, h, exact, heating, times=8):
    """(call, cells): the sources of ``CHUNK`` cells over h, all in cache, ``times`` over; backward Euler or ``exact``."""
    L, S, n = solver.layout, len(solver.layout.fluids), CHUNK
    W = solver.interior(solver.W)[:, 0, 0, :n]
    rho, E = np.ascontiguousarray(W[L.v_fluid]), np.ascontiguousarray(W[L.v_field:L.v_field + 3])
    u = np.ascontiguousarray(np.stack([W[v + 1:v + 4] for v in L.v_fluid]))
    energy = np.ascontiguousarray(W[L.v_fluid + 4]) / (solver.gamma[:, None] - 1.0)
    frame, none = np.zeros((10, n)), np.zeros((S, S, 0))
    field_frame(frame, *[np.ascontiguousarray(b) for b in W[L.v_field + 3:L.v_field + 6]], n)
    start = (rho, u.copy(), E.copy(), energy.copy(), u, E, energy, none)
    particles, eps0 = (solver.qm, solver.mass, solver.gamma if exact else solver.models, solver.alpha), solver.eps0
    if exact:
        work = np.zeros((int(exact_work_rows(S, heating)), n))
        return lambda: repeat_exact(times, *start, none[:, :3], none[0, :3], frame, work, *particles, SCHUNK, eps0, h,
                                    heating, n), times * n
    work, taken = np.zeros((max(int(rows_needed(S)), S * S + 4 * S), n)), np.zeros((S, S, n))
    return lambda: repeat_solve(times, *start, taken, frame, work, *particles, solver.pairs, solver.couples, SCHUNK,
                                solver.exchange.species, eps0, h, heating, n), times * n


def fastest_rate(solver):
    """Largest of the plasma and cyclotron frequencies and drag rates of any cell."""
    W, L = solver.interior(solver.W), solver.layout
    rho, B = W[L.v_fluid], W[L.v_field + 3:L.v_field + 6]
    plasma_rate, turn = np.sqrt(np.tensordot(solver.qm**2, rho, 1) / solver.eps0), np.sqrt((B**2).sum(axis=0))
    return float(max(plasma_rate.max(), np.abs(solver.qm).max() * turn.max(), np.tensordot(solver.alpha, rho, 1).max()))


# Name, neutrals, exact, with heat, fastest rate times h, and the nanoseconds per cell asked for.
SOURCES = (("e + i with drag", False, False, False, 100.0, 40.0),
           ("e + i + n with drag", True, False, False, 100.0, None),
           ("e + i + n with drag and heating", True, False, True, 100.0, 80.0),
           ("exact e + i + n with drag, rates h = 1", True, True, False, 1.0, 1500.0),
           ("exact e + i + n with drag, rates h = 1e3", True, True, False, 1e3, 1500.0),
           ("exact e + i + n with drag, rates h = 1e6", True, True, False, 1e6, 1500.0),
           ("exact e + i + n with drag and heating, rates h = 1e3", True, True, True, 1e3, None))


def source_rows(quick):
    """Nanoseconds per cell of the local sources: the solve alone, and the whole stage on 2048 cells, energies included."""
    cells, found = (CHUNK if quick else 2048, 1, 1), []
    for name, neutral, exact, heating, rates_h, gate in SOURCES:
        solver = plasma(cells, neutral=neutral, drag=True, relaxation=SCHUNK if heating else 0.0)
        h = rates_h / fastest_rate(solver)
        call, count = source_call(solver, h, exact, heating)
        median, fastest = measure(call, quick)
        row = {"sources": name, "ns_per_cell": 1e9 * median / count, "fastest_ns_per_cell": 1e9 * fastest / count,
               "asked_ns_per_cell": gate, "stage_ns_per_cell": None}
        if not exact:
            solver.stage(h, (0.0, 0.0, 0.0, 0.0, 0.0, 1.0), 0.0)
            whole, _ = measure(lambda s=solver, h=h: s.stage(h, (2 * h, 0.0, 0.0, 0.0, 1.0, 4.0 / 3.0), 0.0), quick)
            row["stage_ns_per_cell"] = 1e9 * whole / cells[0]
        found.append(row)
    return found


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
    steps += [step_row(grids[1], args.threads, args.quick, closure) for closure in CLOSURES if closure != "five-moment"]
    print(f"{platform.machine()}, {os.cpu_count()} cores seen, {args.threads} thread(s); medians\n")
    print("Whole IMEX step, two fluids of one closure and Maxwell's equations, PLM (compile: what the first step takes\n"
          "besides; little once the machine code is cached)\n")
    print(table(["closure", "grid", ">Mcell/s", ">per core", ">fastest", ">ms a step", ">compile, s", ">memory, states"],
                [[r["closure"], _size(r["grid"]), f"{r['updates'] / 1e6:.2f}", f"{r['per_core'] / 1e6:.2f}",
                  f"{r['cells'] / r['fastest'] / 1e6:.2f}", f"{1e3 * r['seconds']:.3f}", f"{r['compile']:.2f}",
                  f"{r['memory_in_states']:.2f}"] for r in steps]))
    kernels, rates = [], {}
    for cells in grids:
        rates[_size(cells)], rows = kernel_rows(cells, args.quick)
        kernels += rows
    kernels += kernel_rows(grids[1], args.quick, "ten-moment")[1]
    print("\nKernels on one core (ghost filling included in stage and primitives; a step has three stages)\n")
    print(table(["closure", "grid", "kernel", ">ns/cell", ">fastest", ">bytes/cell", ">% of copy"],
                [[r["closure"], _size(r["grid"]), r["kernel"], f"{r['ns_per_cell']:.2f}", f"{r['fastest_ns_per_cell']:.2f}",
                  str(r["bytes_per_cell"]) if r["bytes_per_cell"] else "-",
                  f"{100 * r['share_of_copy']:.0f}" if r["bytes_per_cell"] else "-"] for r in kernels]))
    print("\nCopy of an array of the state's size: "
          + ", ".join(f"{rate / 1e9:.1f} GB/s ({grid})" for grid, rate in rates.items()))
    sources = source_rows(args.quick)
    print(f"\nLocal sources on one core, drag between all pairs, ns per cell and call: the solve of {CHUNK} cells in cache\n"
          "(rates h = 100; heating: energies too), and the whole stage: gathering, energies, storing and ghosts\n")
    print(table(["sources", ">solve", ">fastest", ">asked for", ">whole stage"],
                [[r["sources"], f"{r['ns_per_cell']:.1f}", f"{r['fastest_ns_per_cell']:.1f}",
                  *[f"{r[key]:.0f}" if r[key] else "-" for key in ("asked_ns_per_cell", "stage_ns_per_cell")]]
                 for r in sources]))
    if args.json:
        with open(args.json, "w", encoding="utf-8") as file:
            json.dump({"threads": args.threads, "quick": args.quick, "steps": steps, "kernels": kernels,
                       "copy_bytes_per_second": rates, "sources": sources}, file, indent=1)
    return 0


def _size(cells):
    return " x ".join(str(n) for n in cells if n > 1)


def _check_writable(path):
    try:
        with open(path, "a", encoding="utf-8"):
            pass
    except OSError as error:
        raise InputError(f"--json {path}: cannot be written ({error.strerror}); name another file") from None
