"""The grids on which benchmarks run the packaged problem `cshock`."""

__all__ = ["SHOCK_GRIDS"]

# parameters of `cshock` for each size of a benchmark
SHOCK_GRIDS = {
    "smoke": {"nx": 24, "before": 4.5, "after": 1.5, "flow_times": 0.75},
    "quick": {"nx": 54, "before": 5.0, "after": 1.7, "flow_times": 3.0},
    "full": {"nx": 100, "before": 6.0, "after": 2.0},
}
