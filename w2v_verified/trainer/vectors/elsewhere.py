"""Names that gensim's classes have and ours do not, with what to do instead: none is missing without a word."""

from typing import TYPE_CHECKING, Any

__all__ = ["OF_KEYED_VECTORS", "OF_WORD2VEC", "OfKeyedVectors", "OfWord2Vec", "refused"]

_NOT_CHANGED = "word vectors are not changed; make new ones: WordVectors(words, table)"
_NOT_PARTED = "a model is trained by Word2Vec(sentences, ...), or build_vocab and train"
_SINCE_4 = "it is called {} since gensim 4"

OF_KEYED_VECTORS = {
    "add_vector": _NOT_CHANGED,
    "add_vectors": _NOT_CHANGED,
    "allocate_vecattrs": _NOT_CHANGED,
    "set_vecattr": _NOT_CHANGED,
    "resize_vectors": _NOT_CHANGED,
    "intersect_word2vec_format": _NOT_CHANGED,
    "unit_normalize_all": f"{_NOT_CHANGED}, such as WordVectors(wv.words, wv.get_normed_vectors())",
    "sort_by_descending_frequency": "words that come from a corpus are in that order",
    "vectors_for_all": "wv[words] has the vectors of some words, a row for each",
    "fill_norms": "lengths are computed when they are needed",
    "init_sims": "lengths are computed when they are needed",
    "norms": "numpy.linalg.norm(wv.vectors, axis=1)",
    "wmdistance": "wv.to_gensim().wmdistance(...)",
    "rank_by_centrality": "wv.to_gensim().rank_by_centrality(...)",
    "similarity_unseen_docs": "wv.n_similarity(words, others)",
    "log_accuracy": "evaluate_word_analogies returns what it would log",
    "log_evaluate_word_pairs": "evaluate_word_pairs returns what it would log",
    "words_closer_than": _SINCE_4.format("closer_than"),
    "word_vec": _SINCE_4.format("get_vector"),
    "vectors_norm": _SINCE_4.format("get_normed_vectors()"),
    "syn0norm": _SINCE_4.format("get_normed_vectors()"),
    "syn0": _SINCE_4.format("vectors"),
    "vocab": f"{_SINCE_4.format('key_to_index')}, and counts are get_vecattr(word, 'count')",
    "index2word": _SINCE_4.format("index_to_key"),
    "index2entity": _SINCE_4.format("index_to_key"),
    "add_lifecycle_event": "there is no such log",
    "cosine_similarities": "1 - wv.distances(vector)",
    "mapfile_path": "vectors are not mapped from a file",
    "next_index": "words are not added one by one",
    "vectors_lockf": "vectors are not held fixed while others are trained",
    "expandos": "counts are get_vecattr(word, 'count')",
    "wv": "these are the word vectors themselves",
}
OF_WORD2VEC = {
    "build_vocab_from_freq": "build_vocab takes sentences",
    "scan_vocab": _NOT_PARTED,
    "prepare_vocab": _NOT_PARTED,
    "prepare_weights": _NOT_PARTED,
    "init_weights": _NOT_PARTED,
    "update_weights": _NOT_PARTED,
    "reset_from": _NOT_PARTED,
    "seeded_vector": "seed= gives the same vectors for the same text",
    "make_cum_table": "negative samples are drawn like counts to the power of ns_exponent",
    "create_binary_tree": "hierarchical softmax is not offered, negative sampling is",
    "syn1": "hierarchical softmax is not offered; output vectors are syn1neg",
    "batch_words": "no result depends on how the text is handed to workers",
    "comment": "there is nowhere to keep it",
    "cum_table": "negative samples are drawn like counts to the power of ns_exponent",
    "effective_min_count": "it is min_count",
    "max_vocab_size": "the vocabulary is chosen by min_count and max_final_vocab",
    "min_alpha_yet_reached": "model.history has the rate after every chunk of the text",
    "null_word": "there is none",
    "random": "seed= keys all random numbers by their place in the text",
    "sorted_vocab": "words are always in the order of their counts",
    "total_train_time": "epochs and their words a second are logged",
    "train_count": "model.losses has an entry for every epoch that was trained",
    "add_null_word": "there is none, and no result depends on it",
    "score": "hierarchical softmax, whose score it is, is not offered",
    "estimate_memory": "what takes more than there is free is refused with its size before training",
    "add_lifecycle_event": "there is no such log",
    "lifecycle_events": "there is no such log",
    "init_sims": "lengths are computed when they are needed",
    "delete_temporary_training_data": "there is none to delete; model.wv.save keeps the vectors alone",
    "hashfxn": "no result depends on a hash",
    "trainables": "since gensim 4 output vectors are syn1neg",
    "running_training_loss": "get_latest_training_loss()",
    "raw_vocab": "the vocabulary with its counts is model.vocabulary",
    **{
        name: f"since gensim 4 it is model.wv.{name}"
        for name in (
            "most_similar",
            "most_similar_cosmul",
            "similarity",
            "n_similarity",
            "doesnt_match",
            "similar_by_word",
            "similar_by_vector",
            "wmdistance",
            "evaluate_word_pairs",
            "save_word2vec_format",
        )
    },
    "accuracy": "since gensim 4 it is model.wv.evaluate_word_analogies",
    "load_word2vec_format": "since gensim 4 it is KeyedVectors', and here WordVectors.load_word2vec_format",
}


def refused(kind: str, name: str, instead: dict[str, str]) -> AttributeError:
    """The error for a name that there is not, which says what to do instead where it is one of gensim's."""
    return _refused(f"{kind!r} object", name, instead)


def _refused(subject: str, name: str, instead: dict[str, str]) -> AttributeError:
    hint = f": {instead[name]}" if name in instead else ""
    return AttributeError(f"{subject} has no attribute {name!r}{hint}")


class _Explaining(type):
    """A class that says of its missing names what its objects say."""

    _instead: dict[str, str]

    if not TYPE_CHECKING:  # which would take any name for an attribute

        def __getattr__(cls, name: str) -> Any:
            raise _refused(f"type object {cls.__name__!r}", name, cls._instead)


class OfKeyedVectors(_Explaining):
    """The class of `WordVectors`."""

    _instead = OF_KEYED_VECTORS


class OfWord2Vec(_Explaining):
    """The class of `Word2Vec`."""

    _instead = OF_WORD2VEC
