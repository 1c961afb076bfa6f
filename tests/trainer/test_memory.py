import os
from pathlib import Path

import pytest

from w2v_verified.trainer import memory


def test_what_fits_is_not_refused_and_what_does_not_is() -> None:
    memory.require(1 << 20, "a table")
    with pytest.raises(MemoryError, match=r"a table need 1024\.0 TiB, and .* are free"):
        memory.require(1 << 50, "a table")


def test_free_memory_is_less_than_there_is() -> None:
    free = memory._free()
    assert free is not None
    assert 0 < free <= os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def test_the_limit_of_a_control_group_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "memory.max").write_text("5000000\n")
    (tmp_path / "memory.current").write_text("2000000\n")
    monkeypatch.setattr(memory, "_GROUP", tmp_path)
    assert memory._free() == 3_000_000
    (tmp_path / "memory.max").write_text("max\n")
    assert memory._free() != 3_000_000
