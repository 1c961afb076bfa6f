"""One training in a process of its own: ``python -m benchmarks.train_once`` reads what to do and writes what came out.

Both trainers get the same tokens. The time is that of training alone; with several workers, starting them is part of
it.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.exact_loss import exact_loss
from w2v_verified.runtime.arrays import Matrix
from w2v_verified.trainer import Corpus, Settings, Tokens, Training, WordVectors, python_documentation

__all__ = ["SMALL", "main", "quality", "sentences_in"]

SMALL = 70_000
"""So many words are a small text."""
_PAIR_SETS = {"WordSim-353": "wordsim353.txt", "SimLex": "simlex999.txt", "MEN": "men.txt"}
_SENTENCE = 1000


def main() -> None:
    """Train as the JSON on standard input says, and print the result as JSON."""
    task = json.load(sys.stdin)
    if hasattr(os, "sched_setaffinity") and task["workers"] > 1:
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
    settings = Settings(
        model=task["model"],
        dimension=task["dimension"],
        epochs=task["epochs"],
        workers=task["workers"],
        seed=task["seed"],
    )
    text = python_documentation() if task["text"] is None else _sentences(task["text"], task["small"])
    with Tokens.of(text, min_count=settings.min_count, max_vocab=None) as tokens:
        train: dict[str, Callable[[Tokens, Settings], Any]] = {"w2v_verified": _ours, "gensim": _gensim}
        seconds, words, inputs, outputs = train[task["trainer"]](tokens, settings)
        kept = int(tokens.vocabulary.counts.sum())
        result = {"words_per_second": kept * settings.epochs / seconds}
        if task["judge"] is not None:
            result |= quality(WordVectors(words, inputs), task["judge"])
            result["exact loss"] = exact_loss(tokens, settings, *_in_order(tokens, words, inputs, outputs))
    json.dump(result, sys.stdout)


def _sentences(path: str, small: bool) -> Any:
    """Pieces of a thousand words: gensim cuts at ten thousand, and trains its threads by the piece."""
    every = (word for sentence in Corpus(path) for word in sentence)
    words = iter(islice(every, SMALL if small else None))
    while piece := [word for _, word in zip(range(_SENTENCE), words, strict=False)]:
        yield piece


def _ours(tokens: Tokens, settings: Settings) -> tuple[float, Any, Any, Any]:
    training = Training(tokens, settings, np.float32)
    started = time.perf_counter()
    for _ in training.steps():
        pass
    seconds = time.perf_counter() - started
    model = training.model
    return seconds, model.words, model.input_vectors, model.output_vectors


def _gensim(tokens: Tokens, settings: Settings) -> tuple[float, Any, Any, Any]:
    from gensim.models import Word2Vec

    words = tokens.vocabulary.words
    ends = np.flatnonzero(tokens.numbers < 0)
    sentences = [[words[n] for n in piece[piece >= 0].tolist()] for piece in np.split(tokens.numbers, ends)]
    model = Word2Vec(
        vector_size=settings.dimension,
        window=settings.window,
        min_count=settings.min_count,
        sample=settings.sample,
        negative=settings.negative,
        sg=int(settings.model == "skip_gram"),
        workers=settings.workers,
        seed=settings.seed,
        epochs=settings.epochs,
    )
    model.build_vocab(sentences)
    started = time.perf_counter()
    model.train(sentences, total_examples=len(sentences), epochs=settings.epochs)
    seconds = time.perf_counter() - started
    return seconds, tuple(model.wv.index_to_key), model.wv.vectors, model.syn1neg


def sentences_in(path: Path) -> Path:
    """Write Python's documentation to a file, a sentence a line, and return its path."""
    path.write_text("\n".join(map(" ".join, python_documentation())), encoding="utf-8")
    return path


def quality(vectors: WordVectors[np.float32], folder: str) -> dict[str, float]:
    """How vectors do in the tests of a folder, as far as they are there."""
    found = {}
    for name, file in _PAIR_SETS.items():
        if os.path.exists(path := os.path.join(folder, file)):
            found[name] = vectors.evaluate_word_pairs(path).spearman[0]
    if os.path.exists(path := os.path.join(folder, "questions-words.txt")):
        found["analogies"] = vectors.evaluate_word_analogies(path, restrict_vocab=30_000).score
    return found


def _in_order(
    tokens: Tokens, words: tuple[str, ...], inputs: Matrix[np.float32], outputs: Matrix[np.float32]
) -> tuple[Matrix[np.float32], Matrix[np.float32]]:
    row = {word: number for number, word in enumerate(words)}
    order = [row[word] for word in tokens.vocabulary.words]
    return inputs[order], outputs[order]


if __name__ == "__main__":
    main()
