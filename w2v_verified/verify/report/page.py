"""A report as one page of HTML that needs nothing else: no network, no scripts."""

from html import escape

from w2v_verified.verify.engine import checkout
from w2v_verified.verify.judging.conventions import CONVENTIONS
from w2v_verified.verify.record import Record, names
from w2v_verified.verify.report.plot import plot
from w2v_verified.verify.report.verdict import Report

__all__ = ["page"]

_STYLE = """
:root { color-scheme: light dark; --ink: #1c1c1e; --paper: #fdfdfc; --quiet: #6b6b70; --line: #d9d9de;
  --code: #f3f3f1; --good: #1a7f45; --fair: #8a6100; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8ea; --paper: #18181a; --quiet: #a0a0a6; --line: #3a3a3f;
  --code: #232326; --good: #57c785; --fair: #e0b040; --bad: #ff8a80; } }
body { font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 46rem;
  margin: 2.5rem auto; padding: 0 1.2rem; }
h1 code { font-size: inherit; }
h1 { font-size: 1.4rem; font-weight: 500; margin-bottom: .2rem; } h2 { font-size: 1.1rem; margin-top: 2.2rem; }
.quiet { color: var(--quiet); } .good { color: var(--good); } .fair { color: var(--fair); } .bad { color: var(--bad); }
.verdict { font-size: 1.25rem; font-weight: 600; margin: .2rem 0; }
code, pre { font: .86rem/1.5 ui-monospace, monospace; } pre { background: var(--code); padding: .8rem 1rem;
  overflow-x: auto; border-radius: 6px; }
section.finding { border-left: 3px solid var(--bad); padding-left: 1rem; margin: 1.2rem 0; }
svg { max-width: 100%; height: auto; } svg text { font: 12px system-ui, sans-serif; fill: var(--quiet); }
li { margin: .2rem 0; }
"""


def page(report: Report, record: Record) -> str:
    """The page.

    Args:
        report: The verdict.
        record: What was judged; its definition and derived programs are quoted.
    """
    parts = [
        *_heading(report),
        *_findings(report),
        *_accuracy(report),
        *_remarks(report),
        *_derivation(record),
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
            *parts,
            "</body>",
            "</html>",
            "",
        ]
    )


def _heading(report: Report) -> list[str]:
    shade = "bad" if report.tier == "wrong" else "good" if report.tier == "strict" else "fair"
    verdict = report.grade if report.ok or report.tier == "wrong" else f"{report.grade}; strictly, not enough"
    signature = CONVENTIONS[report.convention].signature
    return [
        f"<h1><code>{escape(report.function)}</code> as <code>{escape(report.loss)}</code></h1>",
        f'<p class="verdict {shade}">{escape(verdict)}</p>',
        f'<p class="quiet">Called in the convention {escape(report.convention)}: {escape(signature)}. '
        f"Judged on {report.deck} fixed cases, {report.examples} random examples (seed {report.seed}) and "
        f"{report.clauses} clauses of the contract in {report.seconds:.1f} s.</p>",
        *([f'<p class="quiet">Called {escape(report.asked)}.</p>'] if report.asked else []),
    ]


def _findings(report: Report) -> list[str]:
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


def _accuracy(report: Report) -> list[str]:
    if not report.points:
        return []
    parts = [
        "<h2>Error against bound</h2>",
        plot(report.points),
        '<p class="quiet">One dot for every input it is not wrong on: the error of the entry that is worst for its'
        " bound, and the bound that componentwise accurate code keeps. Dots above the line lose digits;"
        " what is below 1e-40 lies on the edge.</p>",
    ]
    if report.advice is not None:
        parts.append(f"<p>{escape(report.advice)}.</p>")
    return parts


def _remarks(report: Report) -> list[str]:
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


def _derivation(record: Record) -> list[str]:
    def quoted(lines: tuple[str, ...]) -> str:
        return f"<pre>{escape(chr(10).join(lines))}</pre>"

    return [
        "<h2>What is right</h2>",
        f"<p>{escape(record.summary)} The definition, in index notation, which every exact value here comes from:</p>",
        quoted(record.definition),
        f"<p>The gradients derived from it, {_where(record)}:</p>",
        quoted(record.textbook),
        "<p>The same in the form that keeps all digits:</p>",
        quoted(record.stable),
    ]
