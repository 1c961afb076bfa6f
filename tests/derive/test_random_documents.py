"""Whatever is derived can be read: documents of random definitions, whatever letters and LaTeX their axes have."""

from dataclasses import replace

import pytest
from documents import faults
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from random_losses import losses
from tex_pages import tex_faults

from w2v_verified.notation import FUNCTIONS
from w2v_verified.symbolic import Array, Axis, Derivation, Loss, Position
from w2v_verified.symbolic.page import markdown

_MANY = settings().max_examples
FEW = settings(max_examples=_MANY if _MANY > 1000 else max(4, _MANY // 25))
LETTERS = st.sampled_from(["", "i", "i j k", "w x", "o n", "loss", "λ", "a_b_ c__d"])
LATEX = st.sampled_from(["", r"\lvert V\rvert", "n_1", r"\{a\}"])
MEANING = st.sampled_from(["", "of so many", "a|b", "two\nlines"])


def _is_quickly_proved(loss: Loss) -> bool:
    """Whether few functions stand in a definition: the derivative of many, one inside another, is long."""
    return sum(loss.definition.count(f"{name}(") for name in FUNCTIONS) <= 2


@st.composite
def dressed(draw: DrawFn) -> Loss:
    """A random loss whose axes and arguments are written and explained in some way, or in none."""
    loss = draw(losses().filter(_is_quickly_proved))
    axes = tuple(Axis(a.name, draw(MEANING), draw(LETTERS), latex=draw(LATEX)) for a in loss.axes)
    arguments: list[Array | Position] = [
        replace(a, meaning=draw(MEANING), latex=draw(LATEX)) for a in loss.arguments
    ]
    return replace(loss, axes=axes, arguments=tuple(arguments))


@FEW
@given(loss=dressed())
def test_a_document_of_any_loss_shows(loss: Loss) -> None:
    derivation = Derivation(loss)
    assert faults(derivation.document("own.py")) == []
    assert tex_faults(derivation.typeset("own.py")) == []


def test_a_document_that_does_not_show_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    loss = Loss("own", "One.", (Axis("d", "a|b"),), (Array("x", "d"),), "loss = sum(i in d, x[i] ** 2)")
    assert faults(Derivation(loss).document("own.py")) == []
    monkeypatch.setattr(markdown._Writer, "_cell", markdown._Writer._words)
    assert any(fault.startswith("columns: ") for fault in faults(Derivation(loss).document("own.py")))
