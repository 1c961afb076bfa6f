"""Mutants that a machine makes of the generated functions, and whether the judge kills them."""

from collections.abc import Callable

from benchmarks.mutation import Mutation, mutations
from benchmarks.sheet import Sheet
from benchmarks.survivors import calls, reason
from w2v_verified.verify import CONVENTIONS, load, names
from w2v_verified.verify.judging.guard import guarded
from w2v_verified.verify.judging.ledger import NOT_ENCLOSED
from w2v_verified.verify.trial import Trial, deck_of

__all__ = ["sheets"]

_EXAMPLES = 100
_TIME_LIMIT = 2.0
_KINDS = {"same": "same bits", "unreached": "not reached", "within": "within the bound"}


def sheets(quick: bool, progress: Callable[[str], None]) -> list[Sheet]:
    """Judge every mutant as strictly as the function itself: any finding, or remark it has not, kills it."""
    rows, survivors, made = [], [], 0
    for name in names():
        chosen = list(mutations(name))[:: 25 if quick else 1]
        made += len(chosen)
        alive: list[str] = []
        asked = calls(name, chosen[0].original()) if chosen else []
        for number, mutation in enumerate(chosen):
            progress(f"{name}: {number} of {len(chosen)}")
            if not _killed(mutation, name):
                kind, seen = reason(mutation, asked)
                alive.append(kind)
                survivors.append(f"{name}, line {mutation.line}, {mutation.words}: {seen}")
        counts = (f"{alive.count(kind)}" for kind in _KINDS)
        rows.append((name, f"{len(chosen)}", f"{len(chosen) - len(alive)}", *counts))
    header = ("function", "mutants", "killed", *_KINDS.values())
    title = f"{made} machine-made mutants of the generated functions"
    return [Sheet(title, header, rows, survivors)]


def _killed(mutation: Mutation, name: str) -> bool:
    """Whether ``check`` would object, found out without looking for its smallest reason."""
    try:
        function = mutation.function()
    except Exception:
        return True
    record = load(name)
    limited = guarded(function, _TIME_LIMIT)
    trial = Trial(record, CONVENTIONS["columns"], limited, None, _EXAMPLES)
    ledger = trial.ledger

    def objected() -> bool:
        return bool(ledger.findings or ledger.remarks.keys() - {NOT_ENCLOSED}) or ledger.tier != "strict"

    for case, standard in deck_of(record):
        trial.look(case.arguments, case.name, standard)
        if objected():
            return True
    trial.look_at_contract()
    if not objected():
        trial.look_at_random_examples(seed=0)
    if not objected():
        trial.look_at_long_inputs(limited, seed=0)
    return objected()
