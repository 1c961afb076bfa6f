from pathlib import Path

import numpy as np
import pytest

from w2v_verified.runtime.arrays import Matrix
from w2v_verified.trainer import CheckpointError
from w2v_verified.trainer.run.checkpoint import load, save

_RUN = {"corpus": "a1b2", "window": 5, "patience": None}
_STATE = {"epoch": 3, "loss": 0.1 + 0.2, "best": float("inf")}


def _table() -> Matrix[np.float32]:
    return np.random.default_rng(0).standard_normal((6, 4)).astype(np.float32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    save(tmp_path / "run", _RUN, _STATE, _table())
    return tmp_path / "run"


def test_what_was_saved_comes_back_to_the_bit(path: Path) -> None:
    table = np.zeros_like(_table())
    assert load(path, _RUN, table) == _STATE
    assert table.tobytes() == _table().tobytes()


def test_a_file_of_another_kind_is_refused(path: Path) -> None:
    for content in (b"", b"6 4\nthe 0.1", b"\x93NUMPY", path.read_bytes()[5:]):
        path.write_bytes(content)
        with pytest.raises(
            CheckpointError, match="expected a checkpoint of w2v-verified train, got another kind"
        ):
            load(path, _RUN, _table())


def test_every_cut_is_noticed(path: Path) -> None:
    whole = path.read_bytes()
    for length in range(26, len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(CheckpointError, match="cut off or damaged"):
            load(path, _RUN, _table())
    path.write_bytes(whole + b"\0")
    with pytest.raises(CheckpointError, match="cut off or damaged"):
        load(path, _RUN, _table())


def test_every_changed_byte_is_noticed_and_changes_nothing(path: Path) -> None:
    whole = path.read_bytes()
    table = np.ones_like(_table())
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << place % 8
        path.write_bytes(damaged)
        with pytest.raises(CheckpointError, match=r"got another kind of file|cut off or damaged"):
            load(path, _RUN, table)
    assert (table == 1).all()


def test_another_run_is_refused_with_every_difference(path: Path) -> None:
    with pytest.raises(CheckpointError) as error:
        load(path, {"corpus": "c3", "window": 5, "patience": 2, "sample": 0}, _table())
    assert str(error.value) == (
        "expected a checkpoint of the same run, got another one: corpus is a1b2 there and c3 here; "
        "patience is None there and 2 here; sample is missing there and 0 here"
    )
