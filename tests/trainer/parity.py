"""What gensim's users call, on one table: run on gensim and recorded, or run here and held against the record.

``python tests/trainer/parity.py`` records what the installed gensim gives.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

RECORD = Path(__file__).parent / "parity.json"
WORDS = ("the", "of", "cat", "kitten", "dog", "puppy", "king", "queen")
COUNTS = np.array([90, 80, 20, 15, 12, 9, 5, 2])


def table() -> Any:
    """Vectors of the words, none like another."""
    return np.random.default_rng(5).standard_normal((len(WORDS), 6)).astype(np.float32)


def _calls(of: Any) -> dict[str, Callable[[], object]]:
    x = table()[2] * 3 + 1
    return {
        "len": lambda: len(of),
        "iteration over words": lambda: list(of.index_to_key),
        "contains": lambda: ["cat" in of, "cow" in of],
        "getitem": lambda: of["cat"],
        "getitem of several": lambda: of[["cat", "dog"]],
        "getitem by row": lambda: of[2],
        "get_vector": lambda: of.get_vector("cat"),
        "get_vector norm": lambda: of.get_vector("cat", norm=True),
        "get_normed_vectors": lambda: of.get_normed_vectors(),
        "get_index": lambda: [of.get_index("dog"), of.get_index("cow", 7), of.get_index("cow", default=-1)],
        "has_index_for": lambda: [of.has_index_for("dog"), of.has_index_for("cow"), of.has_index_for(7)],
        "key_to_index": lambda: dict(of.key_to_index),
        "vector_size": lambda: of.vector_size,
        "get_vecattr": lambda: [int(of.get_vecattr(word, "count")) for word in WORDS],
        "get_mean_vector": lambda: of.get_mean_vector(["cat", "cow", "dog"]),
        "get_mean_vector weights": lambda: of.get_mean_vector(["cat", x], weights=[2.0, -1.0]),
        "get_mean_vector raw": lambda: of.get_mean_vector(
            ["cat", "dog"], pre_normalize=False, post_normalize=True
        ),
        "most_similar": lambda: of.most_similar("cat"),
        "most_similar topn": lambda: of.most_similar("cat", topn=2),
        "most_similar 0": lambda: of.most_similar("cat", topn=0),
        "most_similar None": lambda: of.most_similar("cat", topn=None),
        "most_similar analogy": lambda: of.most_similar(
            positive=["king", "cat"], negative=["kitten"], topn=3
        ),
        "most_similar weights": lambda: of.most_similar([("king", 0.5), ("dog", 2.0)], topn=3),
        "most_similar vector": lambda: of.most_similar([x], topn=3),
        "most_similar restricted": lambda: of.most_similar("cat", topn=8, restrict_vocab=4),
        "most_similar_cosmul": lambda: of.most_similar_cosmul(positive=["king", "cat"], negative=["kitten"]),
        "most_similar_cosmul alone": lambda: of.most_similar_cosmul("cat", topn=3),
        "similar_by_word": lambda: of.similar_by_word("dog", topn=4),
        "similar_by_key": lambda: of.similar_by_key("dog", topn=4),
        "similar_by_vector": lambda: of.similar_by_vector(x, topn=4),
        "similarity": lambda: of.similarity("cat", "dog"),
        "distance": lambda: of.distance("cat", "dog"),
        "distances": lambda: of.distances("cat"),
        "distances to some": lambda: of.distances("cat", ["dog", "king"]),
        "n_similarity": lambda: of.n_similarity(["cat", "dog"], ["king"]),
        "doesnt_match": lambda: of.doesnt_match(["cat", "dog", "king", "the"]),
        "closer_than": lambda: of.closer_than("cat", "dog"),
        "rank": lambda: [int(of.rank("cat", word)) for word in WORDS if word != "cat"],
        "most_similar_to_given": lambda: of.most_similar_to_given("cat", ["dog", "king", "of"]),
        "relative_cosine_similarity": lambda: of.relative_cosine_similarity("cat", "dog", topn=3),
    }


def results(of: Any) -> Mapping[str, object]:
    """What each call gives, as JSON holds it."""
    return {name: _plain(call()) for name, call in _calls(of).items()}


def _plain(value: Any) -> object:
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def gensims() -> Any:
    """The table as gensim's KeyedVectors."""
    from gensim.models import KeyedVectors

    keyed = KeyedVectors(table().shape[1])
    keyed.add_vectors(list(WORDS), table())
    for word, count in zip(WORDS, COUNTS.tolist(), strict=True):
        keyed.set_vecattr(word, "count", count)
    return keyed


if __name__ == "__main__":
    RECORD.write_text(json.dumps(results(gensims()), indent=1) + "\n", encoding="utf-8")
