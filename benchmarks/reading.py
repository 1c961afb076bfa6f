"""How quickly a corpus is read, counted and encoded, against gensim's counting of it."""

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.sheet import Sheet
from w2v_verified.trainer import Corpus, Tokens, python_documentation

__all__ = ["sheet"]


def sheet(text: Path | None, trainers: Sequence[str], rounds: int, progress: Callable[[str], None]) -> Sheet:
    """Measure on the text, or on Python's documentation, a sentence on each line."""
    with tempfile.TemporaryDirectory() as folder:
        if text is None:
            text = Path(folder) / "documentation.txt"
            text.write_text("\n".join(map(" ".join, python_documentation())), encoding="utf-8")
        seen: dict[str, list[float]] = {trainer: [] for trainer in trainers}
        for round_ in range(rounds):
            for trainer in trainers:
                progress(f"reading, round {round_ + 1}: {trainer}")
                started = time.perf_counter()
                words = {"w2v_verified": _encoded, "gensim": _counted}[trainer](text)
                seen[trainer].append(words / (time.perf_counter() - started))
    rows = []
    for trainer, speeds in seen.items():
        ratios = [a / b for a, b in zip(speeds, seen[trainers[-1]], strict=True)]
        rows.append((trainer, f"{median(speeds) / 1000:,.0f}", f"{median(ratios):.2f}"))
    notes = (
        "w2v_verified reads, counts and encodes; gensim's build_vocab reads and counts; one process each",
    )
    return Sheet("Reading the text", ("trainer", "1000 words/s", f"times {trainers[-1]}"), rows, notes)


def _encoded(text: Path) -> int:
    with Tokens.of(Corpus(text, by_line=True, split=str.split), min_count=5, max_vocab=None) as tokens:
        return tokens.vocabulary.text_length


def _counted(text: Path) -> int:
    from gensim.models import Word2Vec

    model: Any = Word2Vec(vector_size=1, min_count=5)
    model.build_vocab(corpus_file=str(text))
    return int(model.corpus_total_words)
