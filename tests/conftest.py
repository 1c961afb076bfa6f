"""Hypothesis profiles: --hypothesis-profile NAME, else HYPOTHESIS_PROFILE, else ci if CI is set, else dev.

No profile has a deadline: other people share the machine, and speed is measured in benchmarks/.
"""

import os

from hypothesis import settings

# Data for test_typing.py, to be read by mypy and not collected.
collect_ignore = ["typing"]

settings.register_profile("dev", deadline=None, max_examples=50)
settings.register_profile(
    "ci", deadline=None, max_examples=200, derandomize=True, database=None, print_blob=True
)
settings.register_profile("thorough", deadline=None, max_examples=5000)

settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))
