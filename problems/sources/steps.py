"""Uniform boxes that take a given number of equal steps."""


class GivenSteps:
    """``steps`` steps of ``_dt`` each, with a record after every one. A mix-in: name it before `Problem`."""

    @property
    def largest_step(self):
        """A rounding above t_end/steps, so that no sliver of a step is left."""
        return self._dt * (1.0 + 1e-12)

    @property
    def t_end(self):
        """All steps."""
        return self.steps * self._dt

    @property
    def output_interval(self):
        """Every step."""
        return self._dt
