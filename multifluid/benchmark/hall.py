"""Hall MHD: waves of small and of finite amplitude, the limits of exact roots, reconnection, the residual of Ohm's law."""

from multifluid.benchmark import hall_branches, hall_circular, hall_gem, hall_limit, hall_ohm

STUDIES = (hall_branches.STUDY, hall_limit.STUDY, hall_circular.STUDY, hall_gem.STUDY, hall_ohm.STUDY)
