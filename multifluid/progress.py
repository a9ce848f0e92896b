"""What a run tells while it runs: a bar on a terminal, plain lines elsewhere."""

import math
import sys
import time


class Progress:
    """Progress of a run; call it with the simulation before the first step and after every step.

    Shows t/t_end, dt and what limits it, cell updates per second, time left. The first step, which compiles the
    kernels, is announced and stays out of the rates.

    Parameters
    ----------
    until : float, optional
        Time at which the run ends; the problem's t_end by default.
    stream : file, optional
        Where to write; standard error by default. A terminal gets a bar.
    interval : float, optional
        Seconds between plain lines.
    quiet : bool, optional
        Show nothing.
    """

    def __init__(self, until=None, stream=None, interval=10.0, quiet=False):
        self.until, self.interval, self.quiet = until, interval, quiet
        self.stream = sys.stderr if stream is None else stream
        self._bar = None
        self._called = None  # wall clock of the first call
        self._began = None  # wall clock, t and steps after the first step: rates count from here
        self._shown = 0.0

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def close(self):
        """Leave the last state of a bar on the screen."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def __call__(self, simulation):
        """Show the state of `simulation`, if it is time to.

        Parameters
        ----------
        simulation : Simulation
        """
        if self.quiet:
            return
        now = time.perf_counter()
        if self._called is None:
            self._called = now
            self._first = simulation.step_count
            self._write("compiling the kernels: the first run takes a while, later ones load what this one leaves")
        if simulation.step_count == self._first:
            return
        if self._began is None:
            self._began = (now, simulation.t, simulation.step_count)
            self._write(f"first step done after {now - self._called:.1f} s")
            self._bar = self._open_bar(simulation)
        if self._bar is not None:
            self._advance_bar(simulation, now)
        elif now - self._shown >= self.interval or simulation.t >= self._end(simulation):
            self._shown = now
            self._write(self.line(simulation, now))

    def line(self, simulation, now):
        """One plain line about the state of a simulation.

        Parameters
        ----------
        simulation : Simulation
        now : float
            `time.perf_counter()`.

        Returns
        -------
        str
        """
        end = self._end(simulation)
        parts = [
            f"t = {simulation.t:.4g} of {end:.4g} ({100 * simulation.t / end:.0f} %)",
            f"step {simulation.step_count}",
            f"dt = {simulation.dt:.3g}, limited by {simulation.limited_by}",
        ]
        rate = self._rate(simulation, now)
        if rate:
            began, t, _ = self._began
            left = (end - simulation.t) * (now - began) / (simulation.t - t)
            parts += [f"{in_words(rate)} cell updates/s", f"{duration(left)} left"]
        return "; ".join(parts)

    def _end(self, simulation):
        return simulation.problem.t_end if self.until is None else self.until

    def _rate(self, simulation, now):
        began, t, steps = self._began
        if simulation.step_count == steps or now <= began or simulation.t <= t:
            return 0.0
        return (simulation.step_count - steps) * math.prod(simulation.grid.shape) / (now - began)

    def _open_bar(self, simulation):
        if not self.stream.isatty():
            return None
        from tqdm import tqdm

        return tqdm(
            total=self._end(simulation),
            initial=simulation.t,
            file=self.stream,
            bar_format="{percentage:3.0f} %|{bar}| t = {n:.4g} of {total:.4g} [{elapsed}<{remaining}]{postfix}",
        )

    def _advance_bar(self, simulation, now):
        rate = self._rate(simulation, now)
        self._bar.set_postfix_str(
            f"dt = {simulation.dt:.3g} ({simulation.limited_by})" + (f", {in_words(rate)} cells/s" if rate else ""),
            refresh=False,
        )
        self._bar.update(simulation.t - self._bar.n)

    def _write(self, text):
        print(text, file=self.stream, flush=True)


def in_words(value):
    """str: a rate with three digits and k, M or G."""
    for factor, letter in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if value >= factor:
            return f"{value / factor:.3g}{letter}"
    return f"{value:.3g}"


def duration(seconds):
    """str: a time for people: 12 s, 3 min 20 s, 1 h 02 min."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def summary(result):
    """What came out of a run, in one line and one more for every floor used or file written.

    Parameters
    ----------
    result : Result

    Returns
    -------
    str
    """
    simulation = result.simulation
    rate = result.steps * math.prod(simulation.grid.shape) / result.wall if result.wall > 0 else 0.0
    lines = [
        f"{simulation.problem.name}: t = {result.t:.6g} in {result.steps} steps, {duration(result.wall)}, "
        f"{in_words(rate)} cell updates/s"
    ]
    integrals = simulation.integrals()
    errors = [f"{name} = {integrals[name].value:.2g}" for name in ("gauss_error", "div_b") if name in integrals]
    if errors:
        lines.append(", ".join(errors))
    for name, what in (("floors", "floor used"), ("retries", "step repeated")):
        if name in integrals and integrals[name].value:
            lines.append(f"{what} {integrals[name].value:g} times")
    if simulation.output is not None:
        lines.append(f"wrote {simulation.output}")
    return "\n".join(lines)
