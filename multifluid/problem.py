"""Problem: what a user writes. One class is one set-up, the same in the package and in a user's own file."""

import inspect
import re
from dataclasses import dataclass

from multifluid.boundaries import Boundaries
from multifluid.errors import InputError
from multifluid.parameter import Parameter, nearest

__all__ = ["Check", "Parameter", "Problem"]

_REQUIRED = ("grid", "fluids", "initial", "t_end")
_MAY_BE_PARAMETERS = ("t_end", "output_interval")


def _snake_case(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z]{2})(?=[A-Z][a-z])", "_", name).lower()


@dataclass(frozen=True)
class Check:
    """One line of an acceptance test.

    Parameters
    ----------
    name : str
        What was measured.
    value : float
        The measured value.
    limit : float
        What it is held against.
    unit : str, optional
        Unit of both.
    kind : {"max", "min"}
        The value must be at most, at least the limit.
    """

    name: str
    value: float
    limit: float
    unit: str = ""
    kind: str = "max"

    def __post_init__(self):
        if self.kind not in ("max", "min"):
            raise InputError(f"Check({self.name!r}): kind must be max or min, not {self.kind!r}")

    @property
    def passed(self):
        """bool: whether the limit is kept; a value that is not a number never passes."""
        return bool(self.value <= self.limit if self.kind == "max" else self.value >= self.limit)


@dataclass(frozen=True)
class ParameterRow:
    """One row of `Problem.describe`: texts for people; `numerics` tells those that every problem has."""

    name: str
    default: str
    unit: str
    range: str
    help: str
    numerics: bool


class Problem:
    """A set-up: parameters, grid, fluids, field, initial state.

    Subclass it and define `grid`, `fluids`, `initial` and `t_end`; the rest has defaults. A class attribute that is a
    `Parameter` becomes a keyword of the class and a ``name=value`` of the command line. A subclass changes an inherited
    default by a plain value (``cfl = 0.3``) or a new `Parameter`. The docstring's first line stands in
    ``multifluid list``.

    Parameters
    ----------
    **parameters
        Values of the parameters; the others keep their defaults.

    Attributes
    ----------
    name : str
        What the command line calls it: the class's name in snake_case unless given.
    reference : str
        Where the problem or its answer was published.
    resolution : str
        The parameter that ``multifluid converge --n`` sets.
    converge_fields : tuple of str
        Kinds of variable that `converge` compares: of "rho", "u", "p", "E", "B".
    t_end : float
        Time at which the run ends: a parameter, an attribute or a property.
    output_interval : float or None
        Time between records of the fields; None: the first and the last only.
    series_steps : int or None
        Steps from one entry of the time series (integrals, `output_series`) to the next; records of the fields have one,
        too. None: 1, or 10 on grids of more than 10,000 cells.
    largest_step : float or None
        No step is larger than this; None: the CFL condition alone decides.
    temperature_relaxation : float
        Every pair with drag exchanges heat at temperature_relaxation * alpha rho_s rho_r (T_r - T_s)/(m_s + m_r):
        3 for elastic collisions (Schunk 1977), 0 for none.
    drag_reach : float
        How many steps drag has for locking neutrals to ions in the signal speeds. Above 1 only where ambipolar diffusion
        sets the step, and nu_in dt is large: the step is then as many times longer. The steps' own limit of diffusion is
        eta_A dt/dx^2 = 4.5 (2.2) in one (two) dimensions; 1 holds it at 0.25 (0.04).
    drag_limits_dissipation : bool
        Dissipate B with no more than |u| + v_f + eta_A/dx, v_f of all fluids together (`multifluid.kernels.drift`), for
        fronts of ambipolar diffusion, where ions are tied to the field: eta_A vanishes there, and the signal speed
        (eta_A/dt)^(1/2) would smear them. The step stays as it is.
    energy_budget : bool
        Write the time series ``energy_field_lost``, too: what the implicit stages have taken from the electric field
        (with the imex stepper; costs a few per cent of the time).
    regime_output : bool
        Write what says which regime the plasma is in, too: drift, eta_O, eta_H, eta_A, Q_A, Elsasser number.
    ohm_output : bool or str
        Write the terms of the generalised Ohm's law and their residual, too (`multifluid.ohm`; costs two steps a record):
        "one-fluid" or "three-fluid", or True for whichever fits.

    Raises
    ------
    InputError
        Unknown parameter (the nearest is named), wrong type, out of range, or refused by `validate`.
    """

    name = "problem"
    reference = ""
    resolution = "nx"
    converge_fields = ("rho", "u", "p", "B")
    largest_step = None
    series_steps = None
    temperature_relaxation = 3.0
    energy_budget = False
    regime_output = False
    ohm_output = False
    drag_reach = 1.0
    drag_limits_dissipation = False

    stepper = Parameter(
        "imex",
        "time stepper: unsplit IMEX-SSP2(3,3,2), or Strang splitting as in published work",
        choices=("imex", "strang"),
    )
    source = Parameter(
        "auto",
        "how local sources are solved: implicit (with imex), time-centred or exact (with strang); auto: implicit, "
        "time-centred",
        choices=("auto", "implicit", "time-centred", "exact"),
    )
    reconstruction = Parameter(
        "plm", "face states: piecewise linear (MC limiter) or piecewise parabolic", choices=("plm", "ppm")
    )
    cfl = Parameter(0.4, "Courant number: dt times the sum over axes of signal speed / cell width", above=0.0, max=1.0)
    light = Parameter(
        "screen",
        "signal speed of light: screened by the plasma's answer within a step, or c resolved everywhere",
        choices=("screen", "resolve"),
    )
    floor_density = Parameter(0.0, "smallest density of any fluid, 0 = no floor; every use is counted", min=0.0)
    floor_pressure = Parameter(0.0, "smallest pressure of any fluid, 0 = no floor; every use is counted", min=0.0)

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.__set_defaults()
        if "name" not in cls.__dict__:
            cls.name = _snake_case(cls.__name__)
        for name in cls.parameters_of():
            if hasattr(Problem, name) and name not in Problem.parameters_of() and name not in _MAY_BE_PARAMETERS:
                raise InputError(f"parameter {name} of {cls.__name__} hides Problem.{name}: choose another name")

    @classmethod
    def __set_defaults(cls):
        # A plain value under the name of an inherited parameter is its new default.
        # Looked up over the whole MRO, so that a mix-in can set one too.
        for base in cls.__mro__[1:]:
            for name, parameter in vars(base).items():
                if not isinstance(parameter, Parameter):
                    continue
                found = inspect.getattr_static(cls, name)
                if not (isinstance(found, Parameter) or callable(found) or hasattr(found, "__get__")):
                    try:
                        setattr(cls, name, parameter.replaced(found))
                    except InputError as error:
                        raise InputError(f"{cls.__name__}: {error}") from None

    def __init__(self, **parameters):
        cls = type(self)
        known = cls.parameters_of()
        for name in _REQUIRED:
            if inspect.getattr_static(cls, name, None) is inspect.getattr_static(Problem, name, None):
                raise InputError(f"problem {cls.__name__} does not define {name}")
        for name in parameters:
            cls.__require(name)
        self._values = {
            name: parameter.check(parameters[name]) if name in parameters else parameter.default
            for name, parameter in known.items()
        }
        self.validate()

    def __repr__(self):
        known = type(self).parameters_of()
        changed = (f"{name}={value!r}" for name, value in self._values.items() if value != known[name].default)
        return f"{type(self).__name__}({', '.join(changed)})"

    @classmethod
    def parameters_of(cls):
        """Parameters of the class, in order of definition, those of base classes first.

        Returns
        -------
        dict of str to Parameter
        """
        names = dict.fromkeys(
            name for base in reversed(cls.__mro__) for name, value in vars(base).items() if isinstance(value, Parameter)
        )
        found = {name: inspect.getattr_static(cls, name) for name in names}
        return {name: value for name, value in found.items() if isinstance(value, Parameter)}

    @classmethod
    def from_strings(cls, pairs):
        """Problem from the texts of a command line.

        Parameters
        ----------
        pairs : dict of str to str
            Name and text of each parameter given.

        Returns
        -------
        Problem

        Raises
        ------
        InputError
            As the constructor's, and for a text that is not of the parameter's type.
        """
        return cls(**cls.parse(pairs))

    @classmethod
    def parse(cls, pairs):
        """Typed values of the texts of a command line: dict of str to str, to dict of str to value."""
        return {name: cls.__require(name).parse(text) for name, text in pairs.items()}

    @classmethod
    def __require(cls, name):
        known = cls.parameters_of()
        if name not in known:
            hint = nearest(name, known) or f"; `multifluid info {cls.name}` lists its parameters"
            raise InputError(f"{cls.name} has no parameter {name}{hint}")
        return known[name]

    @classmethod
    def describe(cls):
        """Parameters for people.

        Returns
        -------
        list of ParameterRow
        """
        return [
            ParameterRow(
                name, parameter.text(parameter.default), parameter.unit, parameter.range_text(), parameter.help,
                isinstance(vars(Problem).get(name), Parameter),
            )
            for name, parameter in cls.parameters_of().items()
        ]  # fmt: skip

    @classmethod
    def summary(cls):
        """str: first line of the docstring."""
        lines = (inspect.cleandoc(cls.__doc__) if cls.__doc__ else "").splitlines()
        return lines[0] if lines else ""

    def parameters(self):
        """Values of all parameters.

        Returns
        -------
        dict of str to int, float, bool or str
        """
        return dict(self._values)

    def validate(self):
        """Check parameters against one another; override it, and raise `InputError` with one clear line."""

    def grid(self):
        """Grid: cells and extent of the domain. Required."""
        raise NotImplementedError

    def fluids(self):
        """list of fluids (``multifluid.fluids``), in the order of output; may be empty (vacuum). Required."""
        raise NotImplementedError

    def initial(self, x, y, z):
        """State at t = 0. Required.

        Parameters
        ----------
        x, y, z : ndarray
            Coordinates, broadcastable against (nz, ny, nx).

        Returns
        -------
        dict
            ``{"ion": {"rho": ..., "u": (ux, uy, uz), "p": ...}, ..., "E": (Ex, Ey, Ez), "B": (Bx, By, Bz)}``,
            every value broadcastable to the grid.
        """
        raise NotImplementedError

    def field(self):
        """Maxwell or None: the electromagnetic field; None means that there is none (neutral gas)."""
        return None

    def interactions(self):
        """list of Drag and Ionisation: exchanges between fluids beyond those through the field."""
        return []

    def acceleration(self, t, x, y, z):
        """Prescribed acceleration at time t: (ax, ay, az) of all fluids (gravity), a dict of such by fluid name for
        different ones, or None. Values broadcast to the grid. It is asked for once, at the start, unless
        ``steady_acceleration`` is False: then at every stage."""
        return None

    steady_acceleration = True

    def self_gravity(self):
        """SelfGravity or None: gravity of the fluids' own mass."""
        return None

    def units(self):
        """Units or None: the physical units the problem is posed in, which files then name; None: code units."""
        return None

    def output_fields(self, t, fields):
        """Fields to write besides the primitive variables.

        Parameters
        ----------
        t : float
        fields : dict of str to ndarray (z, y, x)
            The primitive variables by name (``rho_ion``, ``ux_ion``, ..., ``Bz``).

        Returns
        -------
        dict of str to tuple
            (array (z, y, x), long name) or (array, long name, unit), by name; the same names at every time.
        """
        return {}

    def output_series(self, t, fields):
        """Numbers to write as time series besides the integrals: dict of name to (value, long name[, unit])."""
        return {}

    def boundaries(self):
        """Boundaries: one pair of conditions for each axis; periodic unless overridden."""
        return Boundaries()

    def vector_potential(self, x, y, z):
        """Vector potential A at t = 0, (Ax, Ay, Az), or None.

        The face field is initial "B" + curl A by the discrete curl, so that div B = 0 to round-off.
        """
        return None

    @property
    def output_interval(self):
        """float or None: time between records of the fields; a tenth of `t_end` unless overridden."""
        return self.t_end / 10

    def exact(self, t, x, y, z):
        """Exact state at time t, keyed as `initial`, or None where none is known; `converge` compares with it."""
        return None

    def check(self, run):
        """Acceptance test of a finished run.

        Parameters
        ----------
        run : Result
            The run.

        Returns
        -------
        list of Check
        """
        return []

    def plot(self, run, path):
        """Draw a run as a PNG.

        Parameters
        ----------
        run : Result or RunData
            A run in memory, or read back from its file.
        path : str or os.PathLike
            The PNG to write.
        """
        from multifluid.plotting import plot_run

        plot_run(run, path)
