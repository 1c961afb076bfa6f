"""Random statements of the kinds a plan knows, each of which may use those before it."""

from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

LETTERS = {"d": "i", "V": "j", "B": "b", "K": "k"}
ARRAYS = {
    "A": "dV",
    "C": "dB",
    "S": "BV",
    "T": "BK",
    "u": "d",
    "v": "d",
    "x": "V",
    "w": "B",
    "h": "K",
    "p": "V",
    "c": "",
    "L": "dBK",
}
POINTERS = {"o": "", "n": "K", "q": "B", "r": "BK"}  # into V
FUNCTIONS = ("exp", "tanh", "sigmoid", "softplus", "sin", "expm1")


class Known(NamedTuple):
    """An array and its axes."""

    name: str
    axes: str


@st.composite
def statements(draw: DrawFn) -> tuple[str, ...]:
    """Statements ``t1 = ...``, ``t2 = ...``; the last one is over all axes that it can have."""
    known = [Known(name, axes) for name, axes in ARRAYS.items()]
    lines = []
    for n in range(1, draw(st.integers(1, 4)) + 1):
        axes = draw(st.sampled_from(["", "d", "V", "B", "K", "dV", "Vd", "BV", "VB", "dB", "BK", "dBK"]))
        kind = draw(st.sampled_from(["terms", "terms", "terms", "mask"]))
        right = None if kind == "terms" else _masked(draw, axes, known)
        if right is None:
            terms = [_term(draw, axes, known) for _ in range(draw(st.integers(1, 3)))]
            signs = [draw(st.sampled_from(["+", "-"])) for _ in terms]
            right = "".join(f" {s} {t}" for s, t in zip(signs, terms, strict=True)).removeprefix(" + ")
            right = f"0{right}" if right.startswith(" - ") else right
        over = ", ".join(f"{LETTERS[a]} in {a}" for a in axes)
        lines.append(f"t{n}[{over}] = {right}" if axes else f"t{n} = {right}")
        new = Known(f"t{n}", axes)
        known += [new] * 4  # so that later statements use it, and write over it
    return tuple(lines)


def _term(draw: DrawFn, axes: str, known: list[Known]) -> str:
    kind = draw(st.sampled_from(["map", "map", "gather", "product", "sum", "max", "scatter", "quotient"]))
    if kind == "gather":
        return _times(draw, axes, known, _entry(draw, axes, known, gathers=True))
    if kind == "product" and set(axes) < set(LETTERS):
        over = draw(st.sampled_from(sorted(set(LETTERS) - set(axes))))
        left, right = (_entry(draw, axes, known, needs=over) for _ in range(2))
        return f"sum({LETTERS[over]} in {over}, {left} * {right})"
    if kind in ("sum", "max") and set(axes) < set(LETTERS):
        over = draw(st.sampled_from(sorted(set(LETTERS) - set(axes))))
        inner = _covering(draw, axes + over, known)
        return f"{kind}({LETTERS[over]} in {over}, {inner})"
    if kind == "scatter" and "V" in axes:
        return _scattered(draw, axes, known)
    if kind == "quotient":
        return f"{_covering(draw, axes, known)} / (1 + {_entry(draw, axes, known)} ** 2)"
    return _covering(draw, axes, known)


def _covering(draw: DrawFn, axes: str, known: list[Known]) -> str:
    """An expression of entries with all the axes."""
    parts, left = [_function(draw, _entry(draw, axes, known))], set(axes)
    while left:
        axis = min(left)
        part = draw(st.sampled_from([k for k in known if axis in k.axes and set(k.axes) <= set(axes)]))
        parts.append(_function(draw, _indexed(part.name, part.axes)))
        left -= set(part.axes)
    return " * ".join(parts)


def _function(draw: DrawFn, text: str) -> str:
    function = draw(st.sampled_from(("", "", "", *FUNCTIONS)))
    return f"{function}({text})" if function else text


def _times(draw: DrawFn, axes: str, known: list[Known], text: str) -> str:
    return f"{text} * {_covering(draw, axes, known)}" if draw(st.booleans()) and axes else text


def _indexed(name: str, axes: str) -> str:
    return f"{name}[{', '.join(LETTERS[a] for a in axes)}]" if axes else name


def _entry(draw: DrawFn, axes: str, known: list[Known], gathers: bool = False, needs: str = "") -> str:
    """An entry of an array whose axes are among these; at index arguments where V is none of its own."""
    allowed = set(axes) | set(needs)
    found: list[Any] = [_indexed(k.name, k.axes) for k in known if set(needs) <= set(k.axes) <= allowed]
    pointed = [
        (k, f"{p}[{', '.join(LETTERS[a] for a in own)}]" if own else p)
        for k in known
        for p, own in POINTERS.items()
        if "V" in k.axes and set(needs) <= set(k.axes) - {"V"} <= allowed and set(own) <= allowed
        if not (set(own) & set(k.axes) and set(own) - set(k.axes) and len(set(k.axes) - {"V"} - set(own)) > 0)
    ]
    if pointed and (gathers or not found or draw(st.integers(0, 4)) == 0):
        k, pointer = draw(st.sampled_from(pointed))
        return f"{k.name}[{', '.join(pointer if a == 'V' else LETTERS[a] for a in k.axes)}]"
    return str(draw(st.sampled_from(found or ["c"])))


def _masked(draw: DrawFn, axes: str, known: list[Known]) -> str | None:
    whole = [k for k in known if k.axes == axes]
    pointers = [p for p, own in POINTERS.items() if set(own) <= set(axes)]
    if "V" not in axes or not whole:
        return None
    pointer = draw(st.sampled_from(pointers))
    return f"(j != {_pointer(pointer)}) * {_indexed(draw(st.sampled_from(whole)).name, axes)}"


def _scattered(draw: DrawFn, axes: str, known: list[Known]) -> str:
    others = "".join(a for a in axes if a != "V")
    pointer = draw(st.sampled_from(sorted(POINTERS)))
    over = "".join(a for a in POINTERS[pointer] if a not in others)
    share = _entry(draw, others + over, known) if len(axes) == 1 or over else _entry(draw, others, known)
    text = f"(j == {_pointer(pointer)}) * {share}"
    for a in reversed(over):
        text = f"sum({LETTERS[a]} in {a}, {text})"
    return text


def _pointer(name: str) -> str:
    own = POINTERS[name]
    return f"{name}[{', '.join(LETTERS[a] for a in own)}]" if own else name
