"""The benchmark of shards: its tables say what was measured, and averaging is what it is called."""

from typing import Any

import numpy as np
import pytest

from benchmarks import distribute_once, distribution
from benchmarks.sheet import Sheet
from w2v_verified.trainer.cluster import superstep

_TASK = {"text": None, "judge": "/nowhere", "seed": 1, "dimension": 8, "epochs": 1, "superstep": 4}


def test_the_tables_have_what_the_runs_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(module: str, task: dict[str, Any], what: str) -> dict[str, Any]:
        return {
            "exact loss": task["shards"] + (task["rule"] == "averaging") / 10,
            "MEN": 0.5,
            "steps": 7,
            "training": 0.25,
            "combining": 0.125,
            "read": 1 << 20,
            "written": 1 << 21,
            "memory": 1 << 22,
            "expected": {"read": 1 << 20, "written": 1 << 22, "worker": 1 << 23},
        }

    monkeypatch.setattr(distribution, "apart", found)
    monkeypatch.setattr(distribution, "_reading", lambda *_: Sheet("Reading", (), []))
    quality, supersteps, _ = distribution.sheets(True, lambda text: None)
    assert [row[:2] for row in quality.rows] == [("1", "ours"), ("2", "ours"), ("2", "averaging")]
    assert [row[-1] for row in quality.rows] == ["1.000", "2.000", "2.100"]
    assert supersteps.rows[1] == (
        *("2", "7", "250 ms", "125 ms"),
        *("1.0 MiB / 1.0 MiB", "2.0 MiB / 4.0 MiB", "4.0 MiB / 8.0 MiB"),
    )


@pytest.mark.slow
def test_averaging_is_the_mean_and_only_within_its_run() -> None:
    before = vars(superstep)["weights"]
    mean = distribute_once._run_by({**_TASK, "shards": 2, "rule": "averaging"})
    ours = distribute_once._run_by({**_TASK, "shards": 2, "rule": "ours"})
    assert vars(superstep)["weights"] is before
    assert mean["exact loss"] > ours["exact loss"]
    assert np.isfinite([mean["training"], mean["combining"], mean["read"], mean["memory"]]).all()
