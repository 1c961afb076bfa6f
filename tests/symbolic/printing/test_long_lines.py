"""Lines of generated modules that grow with what a loss has are broken as ruff would."""

import re

import pytest

from w2v_verified.symbolic import Array, Axis, Derivation, Loss

_SOURCE = (
    "A paper with a long title, by many authors, in a journal that has a long name too, 2013, volume 1, "
    "section 3.1; https://papers.example/a-very-long-address/that-goes-on-and-on/for-more-than-a-hundred-characters/2013/paper.pdf"
)


@pytest.mark.parametrize("call", ["floating", "check_positive"])
def test_calls_with_all_arguments_are_broken(call: str) -> None:
    lines = _module().splitlines()
    start = next(n for n, line in enumerate(lines) if re.search(rf"\b{call}\($", line))
    end = next(n for n in range(start, len(lines)) if lines[n].strip() == ")")
    assert max(map(len, lines[start:end])) <= 110
    assert "".join(line.strip() for line in lines[start + 1 : end]).count("weights_") == 2 * 6


def test_a_long_source_is_broken() -> None:
    lines = _module().splitlines()
    start = next(n for n, line in enumerate(lines) if "Source: A paper" in line)
    end = next(n for n in range(start, len(lines)) if not lines[n])
    assert end - start == 3
    assert len(lines[start]) <= 110
    assert " ".join(map(str.strip, lines[start:end])) == f"Source: {_SOURCE}"


def _module() -> str:
    names = [f"weights_{n}" for n in range(6)]
    loss = Loss(
        name="weighed",
        title="Weighed",
        summary="A loss of many arguments.",
        source=_SOURCE,
        axes=(Axis("N", "places", letters="n"),),
        arguments=tuple(
            Array(name, "N", "numbers", positive=True, gradient=name == names[0]) for name in names
        ),
        definition="loss = sum(n in N, " + " + ".join(f"log({name}[n])" for name in names) + ")",
    )
    return Derivation(loss).module("weighed.py")
