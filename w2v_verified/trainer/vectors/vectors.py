"""Word vectors as gensim's users know them: looked up, compared, judged and saved, by one class.

It is as long as the list of gensim's methods; what they do is done in the files beside it and in `evaluation`.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeGuard, overload

import numpy as np

from w2v_verified.errors import with_extra
from w2v_verified.runtime.arrays import Integers, Matrix, Vector
from w2v_verified.trainer.evaluation.analogies import Analogies, evaluate_analogies
from w2v_verified.trainer.evaluation.sets import check_at_least_1
from w2v_verified.trainer.evaluation.word_pairs import WordPairs, evaluate_pairs
from w2v_verified.trainer.text.reading import Errors
from w2v_verified.trainer.vectors.cosines import (
    Key,
    KeyOrVector,
    Keys,
    check_words,
    checked_table,
    checked_vector,
    comparable,
    cosines,
    multiplied,
    nearest,
    unit,
    weighed,
)
from w2v_verified.trainer.vectors.counts_file import read_counts, write_counts
from w2v_verified.trainer.vectors.dtype import Stored
from w2v_verified.trainer.vectors.elsewhere import OF_KEYED_VECTORS, OfKeyedVectors, refused
from w2v_verified.trainer.vectors.reading import read_vectors
from w2v_verified.trainer.vectors.writing import write_binary, write_text
from w2v_verified.values import Range


@dataclass(frozen=True, eq=False, repr=False)
class WordVectors(Generic[Stored], metaclass=OfKeyedVectors):
    """Words and their vectors, row by row, with the methods of gensim's `KeyedVectors`.

    Similarity is the cosine; that with a vector that is all zeros counts as 0. Lengths are those of the moment: what
    is written to `vectors` takes effect, while a single vector that is looked up is read-only. A word may be given by
    its row. What gensim has besides is refused by name, with what to do instead.

    Attributes:
        words: V different words, the most frequent first where they come from a corpus.
        vectors: shape (V, d), finite, and not copied; integers are taken as float64.
        counts: how often each word occurs, shape (V,), where that is known.

    Raises:
        ValueError: these do not belong together, or a number is not finite; the message says what was expected and
            what came.
        TypeError: the words are no strings in an order, or the vectors no real numbers.

    >>> vectors = WordVectors(("up", "down", "high"), np.array([[0.0, 2.0], [0.0, -1.0], [3.0, 4.0]]))
    >>> vectors["down"]
    array([ 0., -1.])
    >>> [(word, round(cosine, 3)) for word, cosine in vectors.most_similar("up")]
    [('high', 0.8), ('down', -1.0)]
    """

    words: Sequence[str]
    vectors: Matrix[Stored]
    counts: Integers[Any] | None = None

    def __post_init__(self) -> None:
        check_words(self.words)
        object.__setattr__(self, "vectors", checked_table(self.vectors))
        if len(self.vectors) != len(self.words):
            raise ValueError(
                f"vectors: expected shape (V, d) with V = {len(self.words)}, got {self.vectors.shape}"
            )
        if self.counts is not None:
            object.__setattr__(self, "counts", np.asarray(self.counts))
            if np.shape(self.counts) != (len(self.words),):
                raise ValueError(f"counts: expected shape ({len(self.words)},), got {np.shape(self.counts)}")
        if len(set(self.words)) != len(self.words):
            raise ValueError("words: expected different words, got one of them twice")

    def __repr__(self) -> str:
        return f"WordVectors<vector_size={self.vector_size}, {len(self.words)} keys>"

    if not TYPE_CHECKING:  # which would take any name for an attribute

        def __getattr__(self, name: str) -> Any:
            """Say of what gensim has and this has not what to do instead."""
            raise refused(type(self).__name__, name, OF_KEYED_VECTORS)

    @cached_property
    def key_to_index(self) -> Mapping[str, int]:
        """The row of each word."""
        return {word: row for row, word in enumerate(self.words)}

    @cached_property
    def index_to_key(self) -> list[str]:
        """The words as a list, under gensim's name."""
        return list(self.words)

    @property
    def vector_size(self) -> int:
        """The length d of a vector."""
        return self.vectors.shape[1]

    def __len__(self) -> int:
        return len(self.words)

    def __iter__(self) -> Iterator[str]:
        return iter(self.words)

    def __contains__(self, key: object) -> bool:
        return key in self.key_to_index or (_is_row(key) and 0 <= int(key) < len(self))

    @overload
    def __getitem__(self, key: Key) -> Vector[Stored]: ...
    @overload
    def __getitem__(self, key: list[str] | tuple[str, ...]) -> Matrix[Stored]: ...
    def __getitem__(self, key: Key | list[str] | tuple[str, ...]) -> Vector[Stored] | Matrix[Stored]:
        """Return the vector of a word, read-only, or a copy of those of a list of words, a row for each."""
        if isinstance(key, list | tuple):
            rows: Matrix[Stored] = self.vectors[[self._row(word) for word in key]]
            return rows
        return _read_only(self.vectors[self._row(key)])

    def get_vector(self, key: Key, norm: bool = False) -> Vector[Stored]:
        """Return the vector of a word, or it at length 1; read-only, as gensim's is.

        Raises:
            KeyError: it is not among the words.
        """
        return _read_only(self._unit(key)) if norm else self[key]

    def get_normed_vectors(self) -> Matrix[Stored]:
        """Return a copy of all vectors, each at length 1."""
        table, lengths = comparable(self.vectors)
        normed: Matrix[Stored] = table / lengths[:, None]
        return normed

    def get_index(self, key: Key, default: int | None = None) -> int:
        """Return the row of a word, or the default for a word that there is not.

        Raises:
            KeyError: it is not among the words, and there is no default.
        """
        return self._row(key) if default is None or self.has_index_for(key) else default

    def has_index_for(self, key: Key) -> bool:
        """Whether there is a vector for a word, or a row of this number."""
        return key in self

    def get_vecattr(self, key: Key, attr: str) -> int:
        """Return how often a word occurs, which is the one attribute that words have.

        Raises:
            KeyError: the word or the attribute is none, or counts are not known.
        """
        row = self._row(key)
        if attr != "count":
            raise KeyError(f"attr: expected 'count', got {attr!r}")
        if self.counts is None:
            raise KeyError(
                "count: not known of these vectors; WordVectors(words, vectors, counts) has them, and so has what "
                "load_word2vec_format reads with fvocab"
            )
        return int(self.counts[row])

    def get_mean_vector(
        self,
        keys: Sequence[KeyOrVector],
        weights: Sequence[float] | None = None,
        pre_normalize: bool = True,
        post_normalize: bool = False,
        ignore_missing: bool = True,
    ) -> Vector[Stored]:
        """Return the weighted mean of vectors, the weights being divided by the sum of their sizes.

        Args:
            keys: words, and vectors, which are taken as they are.
            weights: one for each; 1 by default.
            pre_normalize: whether the words' vectors are taken at length 1.
            post_normalize: whether the mean is returned at length 1.
            ignore_missing: whether words that there are not are passed over.

        Raises:
            ValueError: there are none, or not as many weights, or one is not finite.
            KeyError: a word is not among the words, and that is not ignored.
        """
        weights = [1.0] * len(keys) if weights is None else weights
        if not len(keys):
            raise ValueError("keys: expected a word or a vector, got none")
        if len(weights) != len(keys):
            raise ValueError(f"weights: expected one for each of {len(keys)} keys, got {len(weights)}")
        if not np.isfinite(weights).all():
            raise ValueError(f"weights: expected finite numbers, got {weights!r}")
        total = 0.0
        mean: Vector[Any] = np.zeros(self.vector_size, self.vectors.dtype)
        for key, weight in zip(keys, weights, strict=True):
            if isinstance(key, np.ndarray | list):
                vector = checked_vector(key, self.vector_size)
            elif self.has_index_for(key) or not ignore_missing:
                vector = self.get_vector(key, norm=pre_normalize)
            else:
                continue
            mean += weight * vector
            total += abs(weight)
        mean /= total or 1
        return unit(mean) if post_normalize else mean

    @overload
    def most_similar(
        self,
        positive: Keys | None = ...,
        negative: Keys | None = ...,
        topn: int = ...,
        clip_start: int = ...,
        clip_end: int | None = ...,
        restrict_vocab: int | None = ...,
        indexer: None = ...,
    ) -> list[tuple[str, float]]: ...
    @overload
    def most_similar(
        self,
        positive: Keys | None = ...,
        negative: Keys | None = ...,
        *,
        topn: None,
        clip_start: int = ...,
        clip_end: int | None = ...,
        restrict_vocab: int | None = ...,
        indexer: None = ...,
    ) -> Vector[Stored]: ...
    def most_similar(
        self,
        positive: Keys | None = None,
        negative: Keys | None = None,
        topn: int | None = 10,
        clip_start: int = 0,
        clip_end: int | None = None,
        restrict_vocab: int | None = None,
        indexer: None = None,
    ) -> list[tuple[str, float]] | Vector[Stored]:
        """Return the words of the largest cosine with a mean, the largest first; ties in the words' order.

        The mean is that of the unit vectors of the positive words and of the negative ones times -1: 3CosAdd
        (Mikolov, Yih and Zweig 2013, "Linguistic Regularities in Continuous Space Word Representations",
        section 4). The words given are left out of the answer.

        Args:
            positive: a word, or several; a vector in place of a word is taken as it is, and a pair of either
                and a weight has that weight in place of 1.
            negative: the same, with -1 for 1.
            topn: how many words to return, at most; None returns the cosines of all.
            clip_start: answer with the words from this row on.
            clip_end: answer with the words before this row.
            restrict_vocab: answer with the first so many words alone, whatever the rows are.
            indexer: None, as all words are compared.

        Raises:
            KeyError: a word is not among the words.
            TypeError: what is given is neither word nor vector.
            ValueError: nothing is given, or a number or a shape is wrong, or an indexer is given.

        >>> words = ("king", "man", "woman", "queen", "apple")
        >>> table = np.array([[1.0, 1, 0], [1, 0, 0], [0, 0, 1], [0, 1, 1], [-1, -1, 0]])
        >>> WordVectors(words, table).most_similar(["king", "woman"], ["man"], topn=1)[0][0]
        'queen'
        """
        if indexer is not None:
            raise ValueError(
                f"indexer: expected None, as all words are compared, got {indexer!r}; wv.to_gensim() takes one"
            )
        keys = [*weighed(positive, 1), *weighed(negative, -1)]
        if not keys:
            raise ValueError("positive: expected a word or a vector, got none, and none for negative")
        mean = np.zeros(self.vector_size)
        for key, weight in keys:
            if not np.isfinite(weight):
                raise ValueError(f"positive, negative: expected finite weights, got {weight!r}")
            mean += weight * self._direction(key)
        rows = self._clipped(clip_start, clip_end, restrict_vocab)
        return self._ranked(keys, topn, rows, cosines(self.vectors[rows], mean))

    @overload
    def most_similar_cosmul(
        self,
        positive: Keys | None = ...,
        negative: Keys | None = ...,
        topn: int = ...,
        restrict_vocab: int | None = ...,
    ) -> list[tuple[str, float]]: ...
    @overload
    def most_similar_cosmul(
        self,
        positive: Keys | None = ...,
        negative: Keys | None = ...,
        *,
        topn: None,
        restrict_vocab: int | None = ...,
    ) -> Vector[Stored]: ...
    def most_similar_cosmul(
        self,
        positive: Keys | None = None,
        negative: Keys | None = None,
        topn: int | None = 10,
        restrict_vocab: int | None = None,
    ) -> list[tuple[str, float]] | Vector[Stored]:
        """Return the words that are near to all positive words and far from all negative ones: 3CosMul.

        Levy and Goldberg 2014, "Linguistic Regularities in Sparse and Explicit Word Representations", equation (4).

        Args:
            positive: a word, or several, or vectors.
            negative: the same.
            topn: how many words to return, at most; None returns the products of all.
            restrict_vocab: answer with the first so many words alone.

        Raises:
            KeyError: a word is not among the words.
            TypeError: what is given is neither word nor vector.
            ValueError: no positive word is given, or a number or a shape is wrong.
        """
        near, far = weighed(positive, 1), weighed(negative, 1)
        if not near:
            raise ValueError("positive: expected a word or a vector, got none")
        vectors = [[self._direction(key) for key, _ in keys] for keys in (near, far)]
        rows = self._clipped(0, None, restrict_vocab)
        return self._ranked([*near, *far], topn, rows, multiplied(self.vectors[rows], *vectors))

    def similar_by_word(
        self, word: Key, topn: int = 10, restrict_vocab: int | None = None
    ) -> list[tuple[str, float]]:
        """Return the words nearest to one; see `most_similar`."""
        return self.most_similar([word], topn=topn, restrict_vocab=restrict_vocab)

    def similar_by_key(
        self, key: Key, topn: int = 10, restrict_vocab: int | None = None
    ) -> list[tuple[str, float]]:
        """Return the words nearest to one; see `most_similar`."""
        return self.most_similar([key], topn=topn, restrict_vocab=restrict_vocab)

    def similar_by_vector(
        self, vector: Vector[Any] | list[float], topn: int = 10, restrict_vocab: int | None = None
    ) -> list[tuple[str, float]]:
        """Return the words nearest to a vector; see `most_similar`."""
        return self.most_similar([vector], topn=topn, restrict_vocab=restrict_vocab)

    def similarity(self, w1: Key, w2: Key) -> float:
        """Return the cosine of two words' vectors.

        Raises:
            KeyError: one is not among the words.
        """
        return float(self._unit(w1) @ self._unit(w2))

    def distance(self, w1: Key, w2: Key) -> float:
        """Return 1 - `similarity`."""
        return 1 - self.similarity(w1, w2)

    def distances(self, word_or_vector: KeyOrVector, other_words: Sequence[Key] = ()) -> Vector[Stored]:
        """Return 1 - the cosine with each of the other words, or with all V words if there are none.

        Raises:
            KeyError: a word is not among the words.
            ValueError: the vector has another shape than (d,).
        """
        rows = [self._row(other) for other in other_words] if len(other_words) else slice(None)
        distances: Vector[Stored] = 1 - cosines(self.vectors[rows], self._direction(word_or_vector))
        return distances

    def closer_than(self, key1: Key, key2: Key) -> list[str]:
        """Return the words that are nearer to a word than another is.

        Raises:
            KeyError: one is not among the words.
        """
        distances, own = self.distances(key1), self._row(key1)
        nearer = np.flatnonzero(distances < distances[self._row(key2)])
        return [self.words[row] for row in nearer.tolist() if row != own]

    def rank(self, key1: Key, key2: Key) -> int:
        """Return the place of another word among those nearest to a word, from 1.

        Raises:
            KeyError: one is not among the words.
        """
        return len(self.closer_than(key1, key2)) + 1

    def most_similar_to_given(self, key1: Key, keys_list: Sequence[str]) -> str:
        """Return which word of a list is nearest to a word.

        Raises:
            KeyError: one is not among the words.
            ValueError: the list is empty.
        """
        if not len(keys_list):
            raise ValueError("keys_list: expected at least one word, got none")
        return keys_list[int(np.argmin(self.distances(key1, keys_list)))]

    def relative_cosine_similarity(self, wa: Key, wb: Key, topn: int = 10) -> float:
        """Return the similarity of two words by the sum of those of the nearest words to the first.

        Leeuwenberg et al. 2016, "A Minimally Supervised Approach for Synonym Extraction with Word Embeddings",
        equation (1).

        Raises:
            KeyError: one is not among the words.
            ValueError: there are no near words.
        """
        near = self.similar_by_word(wa, topn)
        if not near:
            raise ValueError(f"topn: expected at least one near word, got none for {topn}")
        return self.similarity(wa, wb) / sum(cosine for _, cosine in near)

    def n_similarity(self, ws1: Sequence[Key], ws2: Sequence[Key]) -> float:
        """Return the cosine of the mean vectors of two lists of words.

        Raises:
            KeyError: one is not among the words.
            ValueError: a list is empty.
        """
        means = []
        for name, given in (("ws1", ws1), ("ws2", ws2)):
            if not len(given):
                raise ValueError(f"{name}: expected at least one word, got none")
            rows = self.vectors[[self._row(word) for word in given]]
            largest = np.abs(rows).max()
            means.append(unit((rows / largest if largest else rows).mean(axis=0)))
        return float(means[0] @ means[1])

    def doesnt_match(self, words: Sequence[str]) -> str:
        """Return the word of the smallest cosine with the mean of all their unit vectors.

        Raises:
            KeyError: one is not among the words.
            ValueError: there are none.
        """
        if not len(words):
            raise ValueError("words: expected at least one word, got none")
        units = np.array([self._unit(word) for word in words])
        return words[int(np.argmin(units @ units.mean(axis=0)))]

    def evaluate_word_pairs(
        self,
        pairs: str | os.PathLike[str],
        delimiter: str | None = None,
        encoding: str = "utf8",
        restrict_vocab: int = 300_000,
        case_insensitive: bool = True,
        dummy4unknown: bool = False,
    ) -> WordPairs:
        """Compare cosines with what people said; see `evaluate_pairs` for file, arguments and errors.

        The encoding of the file is UTF-8; others are refused.
        """
        _check_utf_8(encoding)
        return evaluate_pairs(
            self.words,
            comparable(self.vectors)[0],
            pairs,
            delimiter,
            restrict_vocab=restrict_vocab,
            case_insensitive=case_insensitive,
            dummy4unknown=dummy4unknown,
        )

    def evaluate_word_analogies(
        self,
        analogies: str | os.PathLike[str],
        restrict_vocab: int = 300_000,
        case_insensitive: bool = True,
        dummy4unknown: bool = False,
        similarity_function: str = "most_similar",
    ) -> Analogies:
        """Answer questions "a is to b as c is to what?"; see `evaluate_analogies` for arguments and errors.

        The answer is the word that `most_similar` finds; other functions are refused.
        """
        if similarity_function != "most_similar":
            raise ValueError(
                f"similarity_function: expected 'most_similar', got {similarity_function!r}; "
                "wv.to_gensim().evaluate_word_analogies takes others"
            )
        return evaluate_analogies(
            self.words,
            comparable(self.vectors)[0],
            analogies,
            restrict_vocab=restrict_vocab,
            case_insensitive=case_insensitive,
            dummy4unknown=dummy4unknown,
        )

    def save_text(self, path: str | os.PathLike[str]) -> None:
        """Write word2vec's text format, which gensim's `KeyedVectors.load_word2vec_format` reads.

        A line with V and d, then one a word: the word and its d numbers, with as many digits as give the
        same bits back. The file is there whole or not at all; where its name ends in ".gz", it is packed. Words may
        have spaces in them, which `load` reads and gensim does not, but no number behind the last.

        Raises:
            ValueError: a word is empty or cannot be told from the numbers, or a vector is not finite.
            OSError: the file cannot be written.
        """
        write_text(path, self.words, self.vectors)

    def save_binary(self, path: str | os.PathLike[str]) -> None:
        """Write word2vec's binary format as the original C tool does: numbers in float32, wider ones rounded.

        The file is there whole or not at all; where its name ends in ".gz", it is packed. Words may have spaces in them
        where `load` gives them back, which is tried.

        Raises:
            ValueError: a word is empty or would not come back, or float32 cannot hold a vector.
            OSError: the file cannot be written.
        """
        write_binary(path, self.words, self.vectors)

    def save_word2vec_format(
        self,
        fname: str | os.PathLike[str],
        fvocab: str | os.PathLike[str] | None = None,
        binary: bool = False,
        total_vec: int | None = None,
        write_header: bool = True,
        prefix: str = "",
        append: bool = False,
        sort_attr: str = "count",
    ) -> None:
        """Write word2vec's text format, or its binary one, and words with their counts to another file.

        Args:
            fname: the file.
            fvocab: where words and counts go, if anywhere.
            binary: which format.
            total_vec: how many vectors the first line says; as many as there are.
            write_header: whether that line is written; GloVe's files, which are text, have none.
            prefix: what stands before each word.
            append: False, as a file is there whole or not at all.
            sort_attr: "count", as words are in that order, or else in their own.

        Raises:
            ValueError: a word cannot be written, or counts are to be and are not known, or a value is not offered.
            OSError: a file cannot be written.
        """
        for name, value, expected in (
            ("total_vec", total_vec, (None, len(self))),
            ("append", append, (False,)),
            ("sort_attr", sort_attr, ("count",)),
            ("write_header", write_header, (True,) if binary else (True, False)),
        ):
            if value not in expected:
                raise ValueError(f"{name}: expected {' or '.join(map(repr, expected))}, got {value!r}")
        if fvocab is not None and self.counts is None:
            raise ValueError("fvocab: expected vectors of which the counts are known, got others")
        if fvocab is not None and os.path.realpath(fvocab) == os.path.realpath(fname):
            raise ValueError(f"fvocab: expected another file than fname, got {os.fspath(fname)!r} for both")
        words = [prefix + word for word in self.words] if prefix else self.words
        if binary:
            write_binary(fname, words, self.vectors)
        else:
            write_text(fname, words, self.vectors, header=write_header)
        if fvocab is not None and self.counts is not None:
            write_counts(fvocab, words, self.counts)

    def save(
        self,
        fname: str | os.PathLike[str],
        separately: object = None,
        sep_limit: object = None,
        ignore: object = None,
        pickle_protocol: object = None,
    ) -> None:
        """Write a file that `load` reads: word2vec's binary format, or its text format where that cannot hold them.

        What is about gensim's pickles has no effect, as one file holds all; counts go to a file of their own, by
        `save_word2vec_format`.

        Raises:
            ValueError: a word is empty, or has spaces in it and comes back from neither.
            OSError: it cannot be written.
        """
        if self.vectors.dtype == np.float32:
            with suppress(ValueError):
                self.save_binary(fname)
                return
        self.save_text(fname)

    @staticmethod
    def load_word2vec_format(
        fname: str | os.PathLike[str],
        fvocab: str | os.PathLike[str] | None = None,
        binary: bool | None = None,
        encoding: str = "utf8",
        unicode_errors: Errors = "strict",
        limit: int | None = None,
        datatype: type[Any] = np.float32,
        no_header: bool = False,
    ) -> "WordVectors[Any]":
        """Read a file of word2vec's, or of GloVe's, by gensim's names; see `load`.

        Args:
            fname: the file.
            fvocab: words with their counts, as `save_word2vec_format` writes them.
            binary: which format it has; told by its content in any case.
            encoding: of the words; files of word2vec's are in UTF-8.
            unicode_errors: what to do with words that are not.
            limit: read the first so many words alone.
            datatype: of the vectors.
            no_header: whether no line says how many words there are; told by the content too.

        Raises:
            FormatError: the file is in none of the formats, or not whole, or counts are not those of its words.
            ValueError: an encoding is asked for that is not UTF-8.
            OSError: a file cannot be read.
        """
        _check_utf_8(encoding)
        loaded = WordVectors.load(fname, datatype, errors=unicode_errors, limit=limit, no_header=no_header)
        if fvocab is None:
            return loaded
        return WordVectors(loaded.words, loaded.vectors, read_counts(fvocab, loaded.words))

    @overload
    @staticmethod
    def load(
        path: str | os.PathLike[str],
        *,
        errors: Errors = ...,
        limit: int | None = ...,
        no_header: bool = ...,
        mmap: object = ...,
    ) -> "WordVectors[np.float32]": ...
    @overload
    @staticmethod
    def load(
        path: str | os.PathLike[str],
        dtype: type[Stored],
        *,
        errors: Errors = ...,
        limit: int | None = ...,
        no_header: bool = ...,
        mmap: object = ...,
    ) -> "WordVectors[Stored]": ...
    @staticmethod
    def load(
        path: str | os.PathLike[str],
        dtype: type[Any] = np.float32,
        *,
        errors: Errors = "strict",
        limit: int | None = None,
        no_header: bool = False,
        mmap: object = None,
    ) -> "WordVectors[Any]":
        """Read a file of word2vec's, as this class, gensim and the original C tool write them.

        Text or binary, and packed by gzip or not, is told by the content. Nothing is allocated that the file
        could not fill. Where a word comes up again, its first vector is kept and a warning is logged.

        Args:
            path: the file.
            dtype: of the vectors.
            errors: what to do with words that are not UTF-8, as the C tool cuts them at 99 bytes: "strict"
                refuses, "replace" puts U+FFFD for the wrong bytes, "ignore" leaves them out.
            limit: read the first so many words alone.
            no_header: whether the first line is a word's already, as in GloVe's files; that is told by the content
                too, but for vectors of one number.
            mmap: without effect, as vectors are not mapped from a file.

        Raises:
            FormatError: the file is in neither format or not whole; the message names the line or the byte.
            MemoryError: the vectors take more memory than is free.
            OSError: the file cannot be read.
        """
        if limit is not None:
            check_at_least_1(limit=limit)
        return WordVectors(*read_vectors(path, dtype, errors, limit, no_header))

    def to_gensim(self) -> Any:
        """Return a copy as gensim's `KeyedVectors`.

        Raises:
            ModuleNotFoundError: gensim is not installed; the message says how to install it.
        """
        try:
            from gensim.models import KeyedVectors
        except ModuleNotFoundError as error:
            raise with_extra(error, "gensim") from None
        keyed_vectors = KeyedVectors(self.vector_size, dtype=self.vectors.dtype)
        keyed_vectors.add_vectors(list(self.words), self.vectors)
        if self.counts is not None:
            for word, count in zip(self.words, self.counts.tolist(), strict=True):
                keyed_vectors.set_vecattr(word, "count", count)
        return keyed_vectors

    @staticmethod
    def from_gensim(keyed_vectors: Any) -> "WordVectors[Any]":
        """Return a copy of gensim's `KeyedVectors`, or of the `wv` of one of its models, with counts if it has any.

        Raises:
            TypeError: it is something else.
        """
        words, vectors = (getattr(keyed_vectors, name, None) for name in ("index_to_key", "vectors"))
        if not isinstance(vectors, np.ndarray) or not all(isinstance(word, str) for word in words or [None]):
            raise TypeError(
                "keyed_vectors: expected gensim's KeyedVectors with words as keys (the wv of a model), "
                f"got {type(keyed_vectors).__name__}"
            )
        counts = getattr(keyed_vectors, "expandos", {}).get("count")
        return WordVectors(list(words or ()), vectors.copy(), None if counts is None else counts.copy())

    def _row(self, word: Key) -> int:
        if word in self.key_to_index:
            return self.key_to_index[str(word)]
        if _is_row(word) and 0 <= int(word) < len(self):
            return int(word)
        raise KeyError(f"word: expected one of the {len(self)} words, got {word!r}") from None

    def _clipped(self, clip_start: int, clip_end: int | None, restrict_vocab: int | None) -> slice:
        """The rows that are compared."""
        check_at_least_1(restrict_vocab=len(self) if restrict_vocab is None else restrict_vocab)
        _check_from_0(clip_start=clip_start, clip_end=clip_end or 0)
        if restrict_vocab is not None:
            return slice(0, restrict_vocab)
        return slice(clip_start, clip_end or len(self))

    def _ranked(
        self, keys: Sequence[tuple[KeyOrVector, float]], topn: int | None, rows: slice, found: Vector[Stored]
    ) -> list[tuple[str, float]] | Vector[Stored]:
        """The words for which a comparison is largest, without those given, or what it is for all."""
        if topn is None:
            return found
        _check_from_0(topn=topn)
        given = {self._row(key) - rows.start for key, _ in keys if not isinstance(key, np.ndarray | list)}
        best = nearest(found, given, topn) if topn else []
        return [(self.words[rows.start + row], float(found[row])) for row in best]

    def _unit(self, word: Key) -> Vector[Stored]:
        return unit(self.vectors[self._row(word)])

    def _direction(self, key: KeyOrVector) -> Vector[Any]:
        """The vector of a word at length 1, or a vector as it is given."""
        return (
            checked_vector(key, self.vector_size) if isinstance(key, np.ndarray | list) else self._unit(key)
        )


def _check_utf_8(encoding: str) -> None:
    if encoding.lower().replace("-", "") != "utf8":
        raise ValueError(f"encoding: expected utf8, got {encoding!r}; write the file anew in UTF-8")


def _check_from_0(**numbers: int) -> None:
    for name, number in numbers.items():
        refusal = Range(int, 0).refusal(number)
        if refusal is not None:
            raise ValueError(f"{name}: {refusal}")


def _read_only(vector: Vector[Stored]) -> Vector[Stored]:
    vector.setflags(write=False)
    return vector


def _is_row(key: object) -> TypeGuard[int]:
    return isinstance(key, int | np.integer) and not isinstance(key, bool)
