"""The generalised Ohm's law: exact terms of exact solutions, a residual of second order, output that disturbs nothing."""

import types

import numpy as np
import pytest

from multifluid import (
    Coulomb,
    Drag,
    FiveMoment,
    Grid,
    InputError,
    Ionisation,
    Isothermal,
    Parameter,
    Polytropic,
    Simulation,
    SixMoment,
    TenMoment,
    ohm,
)
from multifluid.ohm.forces import _Divergence
from multifluid.ohm.forms import _Response
from multifluid.problems.clouds.hall_shock import HallShock
from multifluid.problems.reconnection.gem import Gem
from multifluid.problems.waves.helical import Helical
from multifluid.problems.waves.wave import Wave
from multifluid.theory.formulary import diffusivities

from .small_plasma import SmallPlasma


def law_of(problem, until=0.0, form=None):
    simulation = Simulation(problem)
    if until:
        simulation.run(until=until)
    return ohm.of(simulation, form)


def order(coarse, fine, ratio=2.0):
    return np.log(coarse / fine) / np.log(ratio)


# -- exact solutions ----------------------------------------------------------------------------------------------------


def helical_terms(problem, law):
    """Both forms of Ohm's law for the exact helical wave: vectors turn with x, so that d_x (0, a, b) = k (0, -b, a)."""
    def turned(v):
        return problem.k * np.stack([0.0 * v[0], -v[2], v[1]])

    def state(t):
        got = problem.exact(t, *(line.reshape(1, 1, -1) if d == 0 else 0.0 for d, line in enumerate(law.axes)))
        return {name: np.stack(np.broadcast_arrays(*np.asarray(got[name]["u"])))
                for name in ("ion", "electron", "neutral")}, got

    (u, got), step = state(law.t), 1e-5
    rho = {name: problem.rho_ion * m for name, m in (("ion", 1.0), ("electron", 1.0 / problem.mass_ratio))}
    rho["neutral"] = problem.rho_neutral
    n, mu = problem.rho_ion, 1.0 / problem.mass_ratio
    B = np.stack(np.broadcast_arrays(*got["B"]))
    E = np.stack(np.broadcast_arrays(*got["E"]))
    J = n * (u["ion"] - u["electron"])
    inertia, pressure = {}, {}
    for name in ("ion", "electron"):
        ahead, behind = state(law.t + step)[0][name], state(law.t - step)[0][name]
        inertia[name] = rho[name] * ((ahead - behind) / (2 * step) + u[name][0] * turned(u[name]))
        P = got[name]["P"]
        pressure[name] = turned(np.stack([0.0 * P[1], P[1], P[2]]))
    pull = {}
    for s, (others) in (("ion", (("neutral", problem.alpha_in), ("electron", problem.alpha_ie))),
                        ("electron", (("neutral", problem.alpha_en), ("ion", problem.alpha_ie)))):
        pull[s] = sum(alpha * rho[s] * rho[r] * (u[r] - u[s]) for r, alpha in others)
    D = n / mu * (1.0 + mu)
    centre = (u["ion"] + mu * u["electron"]) / (1.0 + mu)
    one = {
        "convection": -np.cross(centre, B, axis=0),
        "resistive": -(pull["ion"] - pull["electron"] / mu) / D,
        "hall": np.cross(J, B, axis=0) / n * (1 - mu) / (1 + mu),
        "electron_pressure": -pressure["electron"] / mu / D,
        "electron_inertia": (inertia["ion"] - inertia["electron"] / mu) / D,
        "ion_pressure": pressure["ion"] / D,
        "other": 0.0 * B,
    }
    size = np.sqrt(np.square(B).sum(axis=0))
    b = B / size
    charges = np.array([n, -n]).reshape(2, 1, 1, 1)
    friction = rho["neutral"] * np.array([problem.alpha_in * rho["ion"], problem.alpha_en * rho["electron"]])
    exchange = problem.alpha_ie * rho["ion"] * rho["electron"] * (1.0 - np.eye(2))
    eta = diffusivities(charges, friction.reshape(2, 1, 1, 1), exchange.reshape(2, 2, 1, 1, 1), size)
    Jb = np.cross(J, b, axis=0)
    three = {"convection": -np.cross(u["neutral"], B, axis=0), "resistive": eta.ohmic * J, "hall": eta.hall * Jb,
             "ambipolar": -eta.ambipolar * np.cross(Jb, b, axis=0)}
    return E, {"one-fluid": one, "three-fluid": three}


@pytest.mark.parametrize("form", ohm.FORMS)
def test_every_term_of_an_exact_wave(form):
    laws = [(problem, law_of(problem, 0.05, form)) for problem in (Helical(n=n, t_end=0.1) for n in (32, 64))]
    errors = []
    for problem, law in laws:
        E, exact = helical_terms(problem, law)
        scale = np.sqrt(np.square(E).mean())
        errors.append({name: np.sqrt(np.square(law[name] - value).mean()) / scale for name, value in exact[form].items()})
        errors[-1]["E"] = np.sqrt(np.square(law.E - E).mean()) / scale
        errors[-1]["residual"] = law.size("residual") / law.size("E")
        assert sum(law.shares().values()) - 2 * law.shares()["residual"] == pytest.approx(1.0, abs=1e-12)
    coarse, fine = errors
    assert max(fine.values()) < {"one-fluid": 4e-4, "three-fluid": 1.3e-3}[form] and fine["residual"] < 8e-6
    for name, error in coarse.items():
        assert error < 1e-6 or order(error, fine[name]) > 1.85, name


@pytest.mark.parametrize("more", [{}, {"neutral_ratio": 10.0, "nu_in": 10.0, "nu_en": 1.0}])
def test_steps_that_resolve_no_electrons(more):
    """A fast wave at omega_p dt of thousands: E along B is the electrons' pressure alone, second order in the law's E."""
    errors, residuals = [], []
    for n in (32, 64):
        problem = Wave(branch="fast", k_di=0.01, beta=1.0, n=n, reconstruction="ppm", **more)
        law = law_of(problem, 0.05 * problem.t_end)
        B = problem.background_field
        exact = np.stack(np.broadcast_arrays(*problem.exact(law.t, *problem.grid().mesh())["E"]))
        along = [np.einsum("i,izyx->zyx", B, vector) for vector in (law.E, exact, law.residual)]
        size = np.abs(along[1]).mean()
        errors.append(np.abs(along[0] - along[1]).mean() / size)
        residuals.append(np.abs(along[2]).mean() / size)
    assert order(*errors) > 1.9 and order(*residuals) > 1.9
    assert errors[1] < 1e-3 and residuals[1] < 2e-4


def test_uniform_plasma_has_convection_alone():
    class Streaming(SmallPlasma):
        def initial(self, x, y, z):
            u, B = (0.3, -0.2, 0.5), (0.7, 0.5, 0.3)
            state = {f.name: {"rho": f.mass, "u": u, "p": 0.2} for f in self.fluids()}
            return {**state, "E": tuple(-np.cross(u, B)), "B": B}

        def vector_potential(self, x, y, z):
            return None

    for form in ohm.FORMS:
        law = law_of(Streaming(dim=2, neutral=True), form=form)
        assert law.size("E", "max") > 0.3
        for name in law.terms:
            assert law.size(name, "max") == pytest.approx(law.size("E", "max") if name == "convection" else 0.0, abs=1e-12)
        assert law.size("residual", "max") < 1e-13


# -- the response of charges to forces ----------------------------------------------------------------------------------


def test_response_solves_the_balance_of_forces():
    """Three charged fluids: E' of the response against the vector equations solved whole, 9 + 3 unknowns."""
    rng = np.random.default_rng(5)
    n, cells = 3, (1, 1, 4)
    charge = rng.normal(size=(n, *cells)) * np.array([1.0, 1.0, 0.01]).reshape(3, 1, 1, 1)
    f = rng.uniform(size=(n, *cells)) * np.array([1e-3, 0.5, 30.0]).reshape(3, 1, 1, 1)
    k = rng.uniform(size=(n, n, *cells)) * (1.0 - np.eye(n)).reshape(n, n, 1, 1, 1)
    k = k + np.swapaxes(k, 0, 1)
    B, F, J = rng.normal(size=(3, *cells)), rng.normal(size=(n, 3, *cells)), rng.normal(size=(3, *cells))
    B[:, 0, 0, 3] = 0.0  # no direction there
    size = np.sqrt(np.square(B).sum(axis=0))
    b = np.divide(B, size, out=np.zeros_like(B), where=size > 0)
    response = _Response(charge, f, k, size, b)
    found = sum(response.of_current(J).values()) + response.of_forces(F, range(n))
    for cell in np.ndindex(cells):
        at = (..., *cell)
        system, right = np.zeros((12, 12)), np.zeros(12)
        turn = np.cross(np.eye(3), B[at], axis=-1).T  # v -> v x B
        for s in range(n):
            rows = slice(3 * s, 3 * s + 3)
            system[rows, rows] = charge[s][at] * turn - (f[s][at] + k[s][at].sum()) * np.eye(3)
            for r in range(n):
                if r != s:
                    system[rows, 3 * r:3 * r + 3] = k[s, r][at] * np.eye(3)
            system[rows, 9:] = charge[s][at] * np.eye(3)
            system[9:, rows] = charge[s][at] * np.eye(3)
            right[rows] = -F[s][at]
        right[9:] = J[at]
        assert found[at] == pytest.approx(np.linalg.solve(system, right)[9:], rel=1e-11, abs=1e-11)


# -- the residual -------------------------------------------------------------------------------------------------------


class Everything(SmallPlasma):
    """Every closure, drag laws, ionisation, different gravities and a grain, smooth and in motion."""

    reconstruction = "ppm"
    model = Parameter("five", "closures", choices=("five", "six", "ten", "gradient", "barotropic"))

    def fluids(self):
        q, m = 1.0 / self.d_i, 1.0 / self.mass_ratio
        if self.model == "barotropic":
            pair = [Isothermal("ion", 1.0, q, temperature=0.2), Polytropic("electron", m, -q, constant=20.0)]
        elif self.model == "five":
            pair = [FiveMoment("ion", 1.0, q), FiveMoment("electron", m, -q)]
        elif self.model == "six":
            pair = [SixMoment("ion", 1.0, q, isotropisation=2.0), SixMoment("electron", m, -q, isotropisation=5.0)]
        else:
            flux = {"k0": 20.0, "heat_flux": "gradient"} if self.model == "gradient" else {"k0": 20.0}
            pair = [TenMoment("ion", 1.0, q), TenMoment("electron", m, -q, **flux)]
        return [*pair, FiveMoment("neutral", 1.0 + m), FiveMoment("grain", 100.0, -0.0001 * q)]

    def interactions(self):
        drags = [Drag("ion", "neutral", 3.0), Drag("electron", "neutral", 30.0), Drag("grain", "neutral", 0.5)]
        if self.model == "five":
            drags.append(Drag("ion", "electron", Coulomb(0.2)))
        return [*drags, Ionisation("neutral", "ion", "electron", zeta=0.3, recombination=0.2)]

    def acceleration(self, t, x, y, z):
        return {"ion": (0.3, 0.1, 0.0), "electron": (3.0, 0.0, 1.0)}

    def initial(self, x, y, z):
        state = super().initial(x, y, z)
        state["grain"] = dict(state["neutral"], rho=0.01 * state["ion"]["rho"])
        grain = 1e-4 * state["grain"]["rho"] / 100.0
        state["electron"]["rho"] = state["electron"]["rho"] - grain / self.mass_ratio
        if self.model == "barotropic":
            del state["ion"]["p"], state["electron"]["p"]
        return state


@pytest.mark.parametrize("model", ["five", "six", "ten", "gradient", "barotropic"])
def test_residual_is_truncation_with_every_closure_and_source(model):
    found = {form: [] for form in ohm.FORMS}
    for n in (32, 64):
        simulation = Simulation(Everything(n=n, model=model))
        simulation.run(until=0.005)
        for form, sizes in found.items():
            law = ohm.of(simulation, form)
            assert law.size("other") > 1e-3 * law.size("E")
            sizes.append(law.size("residual", "mean") / law.size("E", "mean"))
    for form, limit in (("one-fluid", 1e-4), ("three-fluid", 4e-4)):
        assert order(*found[form]) > 1.9 and found[form][1] < limit


@pytest.mark.parametrize("reconstruction, cells, least, limit", [
    ("plm", (128, 256), 1.8, 1.6e-3), ("ppm", (64, 128), 2.5, 2e-3)])
def test_residual_of_gem(reconstruction, cells, least, limit):
    """Mean over all cells but those at the walls (limiters make it one order less in the cells of an extremum); J x B/(n e)
    is 0.3 there. The sheet is 1.25 cells of nx = 64 wide."""
    sizes = []
    for nx in cells:
        law = law_of(Gem(nx=nx, reconstruction=reconstruction), 0.01)
        assert not law.kept[0, :3].any() and not law.kept[0, -3:].any() and law.kept[0, 3:-3].all()
        sizes.append(law.size("residual", "mean"))
    assert order(*sizes) > least and sizes[1] < limit


@pytest.mark.parametrize("case, cells, limits", [
    ("A", (64, 128), (1e-9, 5e-7)), pytest.param("B", (64, 128), (6e-10, 4e-8), marks=pytest.mark.long)])
def test_residual_of_the_hall_shock(case, cells, limits):
    """In all of the profile but the ends."""
    coarse, fine = (HallShock(nx=n, case=case) for n in cells)
    fine.__dict__["shock"] = coarse.shock
    for form, limit in zip(ohm.FORMS, limits, strict=True):
        sizes = []
        for problem in (coarse, fine):
            law = law_of(problem, 1e-4, form)
            sizes.append(law.size("residual") / law.size("nonideal"))
        assert order(*sizes) > 1.9 and sizes[1] < limit


def test_axes_are_alike():
    """The same plasma with its axes renamed x -> y -> z -> x."""
    class Turned(SmallPlasma):
        turn = Parameter(0, "how often")

        def grid(self):
            flat = [(0.0, 1.0, 16), (0.0, 1.0, 12), (0.0, 1.0, 1)]
            return Grid(*(flat[(d - self.turn) % 3] for d in range(3)))

        def _turned(self, function, x, y, z):
            back = [(x, y, z)[(d + self.turn) % 3] for d in range(3)]
            return tuple(function(*back)[(d - self.turn) % 3] for d in range(3))

        def initial(self, x, y, z):
            back = [(x, y, z)[(d + self.turn) % 3] for d in range(3)]
            self.__dict__["dim"] = 2
            state = super().initial(*back)
            move = lambda vector: tuple(vector[(d - self.turn) % 3] for d in range(3))  # noqa: E731
            return {name: dict(part, u=move(part["u"])) if isinstance(part, dict) else move(part)
                    for name, part in state.items()}

        def vector_potential(self, x, y, z):
            return self._turned(super().vector_potential, x, y, z)

    for form in ohm.FORMS:
        plain, turned = (law_of(Turned(dim=2, neutral=True, turn=turn), 0.01, form) for turn in (0, 1))
        for name in (*plain.terms, "E", "residual"):
            # x -> y: component d of the first is d + 1 of the second; arrays are (z, y, x)
            again = np.stack([np.moveaxis(turned[name][(d + 1) % 3], (0, 1, 2), (1, 2, 0)) for d in range(3)])
            assert again == pytest.approx(plain[name], abs=1e-11), name


def test_split_steps_have_a_law_too():
    sizes = []
    for n in (32, 64):
        law = law_of(SmallPlasma(n=n, stepper="strang", light="resolve", reconstruction="ppm"), 0.01)
        sizes.append(law.size("residual", "mean") / law.size("E", "mean"))
    assert order(*sizes) > 1.9 and sizes[1] < 0.05


# -- output -------------------------------------------------------------------------------------------------------------


def test_divergence_around_an_axis():
    """div of a smooth tensor on a cylindrical grid, against its Cartesian derivatives."""
    def tensor(x, y, z):
        # A = f (e_x e_x + e_y e_y) + g e_z e_z + h (r e_z + e_z r) + s (phi r e_r + ...): symmetric, smooth on the axis
        r2 = x**2 + y**2
        f, g, h, s = 1.0 + r2 * np.cos(z), np.sin(z) * r2, np.cos(z + r2), np.sin(2 * z)
        return np.array([[f - 2 * s * x * y, s * (x**2 - y**2), h * x - s * y],
                         [s * (x**2 - y**2), f + 2 * s * x * y, h * y + s * x], [h * x - s * y, h * y + s * x, g]])

    errors = []
    for n in (16, 32):
        grid = Grid(x=(0.0, 1.0, n), z=(0.0, 2.0, n), geometry="cylindrical")
        solver = types.SimpleNamespace(grid=grid, derivative=(0.5, 0.0))
        x, y, z = grid.mesh(full=True)
        x, y, z = np.broadcast_arrays(x, 0.0 * y, z)
        T = tensor(x, y, z)  # at phi = 0: r, phi, z are x, y, z
        found = _Divergence(solver)([T[i, j] for i, j in ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))])
        step, exact = 1e-4, 0.0
        for d, shift in enumerate(np.eye(3) * step):
            exact = exact + (tensor(x + shift[0], y + shift[1], z + shift[2])
                             - tensor(x - shift[0], y - shift[1], z - shift[2]))[d] / (2 * step)
        errors.append(np.abs(found - exact[(..., *grid.interior)]).max())
    assert order(*errors) > 1.8 and errors[1] < 1e-2


class Told(SmallPlasma):
    ohm_output = True


def test_output_disturbs_nothing_and_restarts(tmp_path):
    quiet, told = Simulation(SmallPlasma(neutral=True)), Simulation(Told(neutral=True), output=tmp_path / "a.nc")
    quiet.run()
    told.run()
    assert np.array_equal(quiet.solver.A, told.solver.A) and quiet.step_count == told.step_count
    again = Simulation.restore(Told(neutral=True), told.checkpoint())
    fields = told.fields()
    names = [name for name in fields if name.startswith("ohm_")]
    assert len(names) == 3 * (9 + 2) and all("three-fluid" in fields[name].long_name for name in names)
    for name, field in again.fields().items():
        assert np.array_equal(field.data, fields[name].data), name
    total = sum(fields[f"ohm_{name}_y"].data for name in ohm.TERMS) - fields["ohm_electric_y"].data
    assert np.array_equal(total, fields["ohm_residual_y"].data)


def test_asking_again_costs_nothing(monkeypatch):
    simulation = Simulation(Told())
    first = simulation.fields()["ohm_hall_x"].data
    monkeypatch.setattr("multifluid.ohm.output.of", None)
    assert simulation.fields()["ohm_hall_x"].data is first


def test_form_of_choice():
    class OneFluid(SmallPlasma):
        ohm_output = "one-fluid"

    fields = Simulation(OneFluid(neutral=True)).fields()
    assert "ohm_ambipolar_x" not in fields and "one-fluid" in fields["ohm_hall_x"].long_name


def test_what_has_no_law():
    class Unknown(SmallPlasma):
        ohm_output = "two-fluid"

    with pytest.raises(InputError, match="choose one-fluid or three-fluid"):
        Simulation(Unknown())
    with pytest.raises(InputError, match="no charged fluid has drag"):
        ohm.of(Simulation(SmallPlasma()), "three-fluid")

    class Alone(Told):
        def fluids(self):
            return super().fluids()[1:2]

        def initial(self, x, y, z):
            state = super().initial(x, y, z)
            return {name: value for name, value in state.items() if name != "ion"}

    with pytest.raises(InputError, match="two charged fluids"):
        Simulation(Alone())
