"""Ctrl-C and SIGTERM: a run ends after the step, with a checkpoint."""

import signal
import threading


class SignalGuard:
    """Turns SIGINT and SIGTERM into a note that the loop reads after the step, for the length of a run."""

    def __init__(self, simulation):
        self.simulation = simulation

    def __enter__(self):
        self.previous = {}
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self.previous[number] = signal.signal(number, self._note)
        return self

    def _note(self, number, frame):
        if self.simulation._signal is not None:
            # asked twice: the step hangs, give up at once
            raise KeyboardInterrupt
        self.simulation._signal = number

    def __exit__(self, *exception):
        for number, handler in self.previous.items():
            signal.signal(number, handler)
