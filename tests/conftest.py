"""Hypothesis profiles: --hypothesis-profile NAME, else HYPOTHESIS_PROFILE, else ci if CI is set, else dev.

Nothing in them depends on the clock: other people share the machine, and speed is measured in benchmarks/.
"""

import os

from hypothesis import HealthCheck, settings

# Data for test_typing.py, to be read by mypy and not collected.
collect_ignore = ["typing"]

# Hypothesis starts from settings of its own where CI is set; these are the same everywhere.
_TIMELESS = settings(
    settings.get_profile("default"), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)

settings.register_profile("dev", _TIMELESS, max_examples=50)
settings.register_profile("ci", _TIMELESS, max_examples=200, derandomize=True, print_blob=True)
settings.register_profile("thorough", _TIMELESS, max_examples=5000)

settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))
