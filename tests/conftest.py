"""Hypothesis profiles: --hypothesis-profile NAME, else HYPOTHESIS_PROFILE, else ci if CI is set, else dev.

Nothing in them depends on the clock: other people share the machine, and speed is measured in benchmarks/.
What is here besides saves processor time and changes no number: as many threads, as many examples.
"""

import gc
import os
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from w2v_verified.verify.judging.long_inputs import long_cases

# Data for test_typing.py, to be read by mypy and not collected.
collect_ignore = ["typing"]

# Hypothesis starts from settings of its own where CI is set; these are the same everywhere.
_TIMELESS = settings(
    settings.get_profile("default"), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)

settings.register_profile("dev", _TIMELESS, max_examples=50)
settings.register_profile("ci", _TIMELESS, max_examples=200, derandomize=True, print_blob=True)
settings.register_profile("thorough", _TIMELESS, max_examples=5000)

_FEW = 8  # one in so many long inputs

settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))

# For pytest's workers and the commands that tests start, which read them once: threads of OpenBLAS that have nothing
# to do sleep at once, where they would be in the way of the other worker, and large arrays reuse memory.
os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "4")
os.environ.setdefault("MALLOC_MMAP_THRESHOLD_", f"{256 << 20}")
os.environ.setdefault("MALLOC_TRIM_THRESHOLD_", f"{512 << 20}")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Leave what was imported and collected to the end: looking through it for garbage is a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(autouse=True)
def _bits_of_jax() -> Iterator[None]:
    """Have JAX count as it did before: benchmarks and interop ask for 64 bits, for good."""
    yield
    jax: Any = sys.modules.get("jax")
    if jax is not None:
        jax.config.update("jax_enable_x64", False)


@pytest.fixture(autouse=True)
def _few_long_inputs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have ``check`` look at one in eight of its long inputs in tests that are about something else.

    All are looked at in tests marked ``long_inputs``, in the profile ``thorough``, and by ``w2v-verified verify``.
    """
    thorough = settings.get_current_profile_name() == "thorough"
    if thorough or request.node.get_closest_marker("long_inputs"):
        return
    few = "w2v_verified.verify.trial.long_cases"
    monkeypatch.setattr(few, lambda record, seed: long_cases(record, seed)[::_FEW])
