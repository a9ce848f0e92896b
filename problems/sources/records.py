"""The records of a run, in memory or in its file."""


def records(run):
    """List of (t, {variable: array (z, y, x)}), of a run in memory or read back from its file."""
    if hasattr(run, "records"):
        return run.records
    return [(float(t), {name: run[name][n] for name in run.fields}) for n, t in enumerate(run["time"])]
