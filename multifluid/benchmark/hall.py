"""Hall MHD: waves of small and of finite amplitude, the limits of exact roots, reconnection."""

from multifluid.benchmark import hall_branches, hall_circular, hall_gem, hall_limit

STUDIES = (hall_branches.STUDY, hall_limit.STUDY, hall_circular.STUDY, hall_gem.STUDY)
