"""The benchmark: where the multifluid answer meets single-fluid theory, where it must differ, and what approximations cost.

Each module is one benchmark with its studies; `study` says what a study is, `outcome` measures one and writes its files,
`report` puts them on a page. ``multifluid benchmark`` runs them.
"""

from multifluid.benchmark.outcome import Outcome, conduct
from multifluid.benchmark.study import BENCHMARKS, SIZES, Column, Study, studies

__all__ = ["BENCHMARKS", "SIZES", "Column", "Outcome", "Study", "conduct", "studies"]
