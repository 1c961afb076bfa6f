"""How often the judge accuses right implementations: never, over as many examples as one has time for."""

from collections.abc import Callable

from benchmarks.sheet import Sheet
from benchmarks.specimens import specimens
from w2v_verified.verify import check

__all__ = ["sheets"]

_EXAMPLES, _FEW = 3000, 20
_SEED = 20_240_301


def sheets(quick: bool, progress: Callable[[str], None]) -> list[Sheet]:
    """Judge every right implementation on its own random examples."""
    rows, judged, accused = [], 0, []
    for specimen in specimens():
        if not specimen.right:
            continue
        progress(specimen.name)
        examples = _FEW if quick else _EXAMPLES
        report = check(specimen.function, specimen.loss, specimen.convention, examples=examples, seed=_SEED)
        judged += report.examples
        accused += [f"{specimen.name}: {finding}" for finding in report.findings]
        worst = "" if report.worst is None else f"{report.worst.fraction:.3g}"
        rows.append(
            (specimen.name, specimen.loss, report.grade, f"{report.examples}", worst, f"{report.seconds:.1f}")
        )
    header = ("implementation", "loss", "grade", "examples", "worst error / strict bound", "seconds")
    title = f"False alarms: {len(accused)} in {judged} random examples of {len(rows)} right implementations"
    return [Sheet(title, header, rows, accused, ok=not accused)]
