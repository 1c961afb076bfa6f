"""A report as one page of HTML that needs nothing else: no network, no scripts."""

from collections.abc import Mapping
from html import escape

from w2v_verified.verify.engine import checkout
from w2v_verified.verify.judging.conventions import CONVENTIONS, Convention
from w2v_verified.verify.laws.outcome import BROKEN, HELD
from w2v_verified.verify.record import Argument, Record, names
from w2v_verified.verify.report.plot import plot
from w2v_verified.verify.report.text import judged_on, range_in_words
from w2v_verified.verify.report.verdict import Verdict

__all__ = ["page"]

_STYLE = """
.w2v-verified { color-scheme: light dark; --ink: #1c1c1e; --paper: #fdfdfc; --quiet: #6b6b70; --line: #d9d9de;
  --code: #f3f3f1; --good: #1a7f45; --fair: #8a6100; --bad: #b3261e;
  font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 46rem;
  margin: 0 auto; padding: 1.2rem; }
@media (prefers-color-scheme: dark) { .w2v-verified { --ink: #e8e8ea; --paper: #18181a; --quiet: #a0a0a6;
  --line: #3a3a3f; --code: #232326; --good: #57c785; --fair: #e0b040; --bad: #ff8a80; } }
.w2v-verified h1 code { font-size: inherit; }
.w2v-verified h1 { font-size: 1.4rem; font-weight: 500; margin-bottom: .2rem; }
.w2v-verified h2 { font-size: 1.1rem; margin-top: 2.2rem; }
.w2v-verified .quiet { color: var(--quiet); } .w2v-verified .good { color: var(--good); }
.w2v-verified .fair { color: var(--fair); } .w2v-verified .bad { color: var(--bad); }
.w2v-verified .verdict { font-size: 1.25rem; font-weight: 600; margin: .2rem 0; }
.w2v-verified code, .w2v-verified pre { font: .86rem/1.5 ui-monospace, monospace; }
.w2v-verified pre { background: var(--code); padding: .8rem 1rem; overflow-x: auto; border-radius: 6px; }
.w2v-verified section.finding { border-left: 3px solid var(--bad); padding-left: 1rem; margin: 1.2rem 0; }
.w2v-verified svg { max-width: 100%; height: auto; }
.w2v-verified svg text { font: 12px system-ui, sans-serif; fill: var(--quiet); }
.w2v-verified li { margin: .2rem 0; }
.w2v-verified table { border-collapse: collapse; font-size: .92rem; }
.w2v-verified td, .w2v-verified th { border-bottom: 1px solid var(--line); padding: .3rem .6rem .3rem 0;
  text-align: left; vertical-align: top; overflow-wrap: anywhere; }
html:has(> body > .w2v-verified:only-child) { color-scheme: light dark; }
"""
"""Nothing outside of the page's own element is styled: a notebook shows it among other things."""


def page(report: Verdict, record: Record) -> str:
    """The page.

    Args:
        report: The verdict.
        record: What was judged; its definition and derived programs are quoted in the words of the caller's code.
    """
    parts = [
        *_heading(report),
        *_findings(report),
        *_accuracy(report),
        *_laws(report),
        *_remarks(report),
        *_derivation(record, CONVENTIONS[report.convention]),
    ]
    title = escape(f"{report.function}: {report.grade}")
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title>",
            f"<style>{_STYLE}</style></head>",
            "<body>",
            '<main class="w2v-verified">',
            *parts,
            "</main>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _heading(report: Verdict) -> list[str]:
    shade = "bad" if report.tier == "wrong" else "good" if report.tier == "strict" else "fair"
    enough = report.ok or not report.is_accurate
    verdict = report.grade if enough else f"{report.grade}; strictly, not enough"
    ordinary = f"<p>{escape(range_in_words(report))}.</p>" if report.tier == "ordinary" else ""
    signature = CONVENTIONS[report.convention].signature
    return [
        f"<h1><code>{escape(report.function)}</code> as <code>{escape(report.loss)}</code></h1>",
        f'<p class="verdict {shade}">{escape(verdict)}</p>',
        f'<p class="quiet">Called in the convention {escape(report.convention)}: {escape(signature)}. '
        f"It was {escape(judged_on(report))}.</p>",
        *([f'<p class="quiet">Called {escape(report.asked)}.</p>'] if report.asked else []),
        ordinary,
    ]


def _findings(report: Verdict) -> list[str]:
    parts = ["<h2>What is wrong</h2>"] if report.findings else []
    for finding in report.findings:
        where = f' <span class="quiet">[{escape(finding.case)}]</span>' if finding.case else ""
        parts.append('<section class="finding">')
        parts.append(f"<p><b>{escape(finding.kind)}</b>: {escape(finding.message)}{where}</p>")
        if finding.diagnosis is not None:
            parts.append(f"<p><b>What it looks like</b>: {escape(finding.diagnosis)}</p>")
        parts.append("</section>")
    if report.counterexample is not None:
        parts += ["<p>Run this to see the first of them:</p>", f"<pre>{escape(report.counterexample)}</pre>"]
    return parts


def _accuracy(report: Verdict) -> list[str]:
    if not report.points and not report.failed:
        return []
    parts = [
        "<h2>Error against bound</h2>",
        plot(report.points, report.failed),
        '<p class="quiet">One dot for every input it is not wrong on: the error of the entry that is worst for its'
        " bound, and the bound that componentwise accurate code keeps, which is what rounding explains. Dots above the"
        " line lose digits. A cross for every input on which its numbers are wrong. What is not finite, or beyond the"
        " scale, lies on the edge.</p>",
    ]
    if report.advice is not None:
        parts.append(f"<p>{escape(report.advice)}.</p>")
    return parts


def _laws(report: Verdict) -> list[str]:
    """Every law: what it says, how it stands, and what became of it."""
    if not report.laws:
        return []
    shades = {HELD: "good", BROKEN: "bad"}
    why = [f"<p>Why they hold: {escape(report.document)}, under their names.</p>"] if report.document else []
    parts = [
        "<h2>Laws</h2>",
        *why,
        "<table>",
        "<tr><th>law</th><th>says</th><th>standing</th><th>here</th></tr>",
    ]
    for law in report.laws:
        status = f"held on {law.held}" if law.status == HELD else law.status
        parts.append(
            f"<tr><td>{escape(law.name)}</td><td><code>{escape(law.statement)}</code></td>"
            f"<td>{'proved' if law.proved else 'argued'}</td>"
            f'<td class="{shades.get(law.status, "quiet")}">{escape(status)}</td></tr>'
        )
    return [*parts, "</table>"]


def _remarks(report: Verdict) -> list[str]:
    parts = []
    for apart in dict.fromkeys(remark.apart for remark in report.remarks):
        parts += [f"<h2>Not counted, {escape(str(apart))}</h2>", "<ul>"]
        parts += [
            f"<li><b>{escape(remark.kind)}</b>: {escape(remark.message)}</li>"
            for remark in report.remarks
            if remark.apart == apart
        ]
        parts.append("</ul>")
    return parts


def _where(record: Record) -> str:
    """Where the derivation can be read: the document of a loss of the project, or the command that writes one."""
    directory = checkout()
    document = None if directory is None else directory / f"{record.name}.md"
    if document is not None and document.is_file():
        return (
            f'step by step in <a href="{escape(document.as_uri())}">derivations/{escape(document.name)}</a>'
        )
    if record.name in names():
        return f"step by step in <code>derivations/{escape(record.name)}.md</code> of the project"
    return "which <code>w2v-verified derive FILE.py --document FILE.md</code> writes down step by step"


def _names(record: Record, own: Record) -> list[str]:
    """How the document, and whoever writes columns, calls what the caller's code calls otherwise."""
    letters = {
        bound.axis: bound.name for line in record.programs["textbook"].statements for bound in line.bounds
    }
    others = [
        f"{_entry(theirs, letters)} is {_entry(mine, letters)}"
        for theirs, mine in zip(record.arguments, own.arguments, strict=True)
        if (theirs.name, theirs.axes) != (mine.name, mine.axes)
    ]
    return [f"<p>In that document {escape('; '.join(others))}.</p>"] if others else []


def _entry(argument: Argument, letters: Mapping[str, str]) -> str:
    indices = [letters.get(axis, axis) for axis in argument.axes]
    return f"{argument.name}[{', '.join(indices)}]" if len(indices) > 1 else argument.name


def _derivation(record: Record, convention: Convention) -> list[str]:
    def quoted(lines: tuple[str, ...]) -> str:
        return f"<pre>{escape(chr(10).join(lines))}</pre>"

    own = convention.reworded(record)
    return [
        "<h2>What is right</h2>",
        f"<p>{escape(record.summary)} The definition, in index notation, which every exact value here comes from:</p>",
        quoted(own.definition),
        f"<p>The gradients derived from it, {_where(record)}:</p>",
        *_names(record, own),
        quoted(own.textbook),
        "<p>The same in the form that keeps all digits:</p>",
        quoted(own.stable),
    ]
