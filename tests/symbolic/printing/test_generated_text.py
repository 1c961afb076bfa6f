"""The generated functions of this repository are, line by line, what the engine writes today."""

from pathlib import Path

import pytest
from followed import LOSSES, derived

GENERATED = Path(__file__).parents[3] / "w2v_verified" / "generated"


@pytest.mark.parametrize("name", LOSSES)
def test_a_generated_module_is_what_follows_from_its_definition(name: str) -> None:
    assert derived(name).module() == (GENERATED / f"{name}.py").read_text(encoding="utf-8")
