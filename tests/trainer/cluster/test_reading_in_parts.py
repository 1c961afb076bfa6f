"""A text read in parts has the vocabulary, the counts and the numbers of the same text read at once."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_cluster import read

from w2v_verified.trainer import Corpus, CorpusError, Tokens
from w2v_verified.trainer.cluster import lossless
from w2v_verified.trainer.cluster.source import sentences_of, sources, spans
from w2v_verified.trainer.text.reading import Errors

_PIECES = (
    *("a", "b", "word", "Don't", "naïve", "हिन्दी", "ΣΑΣ", "x" * 40, "--", "'", "\u0301"),
    *(
        " ",
        "\n",
        "\n\n",
        "\r\n",
        "\r\n\r\n",
        "\r",
        "\t",
        "\n \n",
        "\u3000",
        "\u2028",
        "\x85",
        "\xa0",
        "\x1c",
        "\f",
    ),
)
_BROKEN = (b"\xff", b"\xe4\xb8", b"\xc3", b"\x80")
_texts = st.lists(st.sampled_from(_PIECES), max_size=60).map("".join).map(str.encode)
_broken = st.lists(
    st.one_of(st.sampled_from(_PIECES).map(str.encode), st.sampled_from(_BROKEN)), max_size=60
).map(b"".join)


def _parted(corpus: Corpus, parts: int) -> list[list[str]]:
    """The sentences of all parts one after the other, with those put together again that were cut."""
    from w2v_verified.trainer.text.corpus import Unfinished

    whole: list[list[str]] = []
    held: list[str] = []
    for part in spans(sources(corpus.path), parts):
        for piece in sentences_of(part, corpus):
            held += piece
            if not isinstance(piece, Unfinished):
                whole += [held] if held else []
                held = []
    return whole + ([held] if held else [])


def _at_once(corpus: Corpus) -> list[list[str]]:
    from w2v_verified.trainer.text.corpus import Unfinished

    whole: list[list[str]] = []
    held: list[str] = []
    for piece in corpus:
        held += piece
        if not isinstance(piece, Unfinished):
            whole += [held] if held else []
            held = []
    return whole + ([held] if held else [])


@pytest.mark.parametrize("split", ["words", "whitespace"])
@given(texts=st.lists(_texts, min_size=1, max_size=3), parts=st.integers(1, 9), by_line=st.booleans())
def test_sentences_are_those_of_the_whole(
    texts: list[bytes], parts: int, by_line: bool, split: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("text")
    for number, text in enumerate(texts):
        (folder / f"{number}.txt").write_bytes(text)
    corpus = Corpus(folder, by_line=by_line)
    corpus = Corpus(folder, by_line=by_line, split=str.split) if split == "whitespace" else corpus
    assert _parted(corpus, parts) == _at_once(corpus)


@pytest.mark.parametrize("errors", ["replace", "ignore"])
@given(text=_broken, parts=st.integers(1, 9))
def test_bytes_that_are_no_text_are_the_same_in_parts(
    text: bytes, parts: int, errors: Errors, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("text") / "text"
    path.write_bytes(text)
    corpus = Corpus(path, errors)
    assert _parted(corpus, parts) == _at_once(corpus)


@given(texts=st.lists(_texts, min_size=1, max_size=3), shards=st.integers(1, 7), packed=st.booleans())
def test_numbers_are_those_of_one_machine(
    texts: list[bytes], shards: int, packed: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("text")
    for number, text in enumerate(texts):
        (folder / f"{number}.txt").write_bytes(gzip.compress(text) if packed and number % 2 else text)
    corpus = Corpus(folder)
    try:
        with Tokens.of(corpus, min_count=2, max_vocab=3) as whole:
            words, counts = whole.vocabulary.words, whole.vocabulary.counts.tolist()
            numbers = whole.numbers.tolist()
            sizes = whole.vocabulary.eligible, whole.vocabulary.text_length
    except CorpusError as refused:
        with pytest.raises(CorpusError, match=str(refused)):
            read(corpus, folder / ".run", shards, 2, 3)
        return
    tokens = read(corpus, folder / ".run", shards, 2, 3).tokens
    assert tokens.vocabulary.words == words
    assert tokens.vocabulary.counts.tolist() == counts
    assert (tokens.vocabulary.eligible, tokens.vocabulary.text_length) == sizes
    assert tokens.numbers.tolist() == numbers
    assert not list((folder / ".run").glob("part-*"))


def test_a_cut_that_looks_at_bytes_alone_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: a part that begins anywhere."""
    (tmp_path / "text").write_bytes("eins zwei drei vier\n\nfünf sechs".encode() * 3)
    corpus = Corpus(tmp_path / "text", "ignore")
    assert all(_parted(corpus, parts) == _at_once(corpus) for parts in range(1, 20))
    monkeypatch.setattr("w2v_verified.trainer.cluster.source._word_from", lambda file, place, size: place)
    assert not all(_parted(corpus, parts) == _at_once(corpus) for parts in range(1, 20))


def test_patterns_and_addresses_are_files_in_order(tmp_path: Path) -> None:
    import fsspec

    for name in ("b.txt", "a.txt", "c.dat"):
        (tmp_path / name).write_text(f"{name} one two", encoding="utf-8")
    assert [Path(s.path).name for s in sources(tmp_path / "*.txt")] == ["a.txt", "b.txt"]
    memory = fsspec.filesystem("memory")
    memory.pipe({"/corpus/b.txt": b"three four", "/corpus/a.txt": b"one two", "/corpus/.hidden": b"five"})
    assert [s.path for s in sources("memory://corpus")] == [
        "memory:///corpus/a.txt",
        "memory:///corpus/b.txt",
    ]
    assert [s.path for s in sources("memory://corpus/*.txt")] == [s.path for s in sources("memory://corpus")]
    assert _parted(Corpus("memory://corpus"), 3) == [["one", "two"], ["three", "four"]]
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "d.txt").write_text("five six", encoding="utf-8")
    memory.pipe({"/corpus/sub/d.txt": b"five six"})
    whole = [Path(s.path).name for s in sources(tmp_path)]
    assert sorted(Path(s.path).name for s in sources(tmp_path / "**")) == sorted(whole)
    assert len(sources("memory://corpus/*")) == len(sources("memory://corpus")) == 3
    with pytest.raises(CorpusError, match=r"got the pattern .*none\*', which fits none"):
        sources(tmp_path / "none*")
    with pytest.raises(CorpusError, match="expected an address that fsspec knows, got 'nowhere://x'"):
        sources("nowhere://x")


def test_an_error_names_the_file_and_the_byte_in_any_part(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_bytes(b"one two " * 500 + b"\xff" + b" three" * 500)
    for parts in (1, 2, 5):
        with pytest.raises(CorpusError, match=rf"got byte 0xff at offset 4000 of '{path}'"):
            _parted(Corpus(path), parts)


def test_a_text_that_was_read_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "text").write_text("one two three one two " * 20, encoding="utf-8")
    corpus = Corpus(tmp_path / "text")
    first = read(corpus, tmp_path / "run", 3)
    with monkeypatch.context() as patched:
        patched.setattr(lossless, "_count", None)
        assert read(corpus, tmp_path / "run", 3).digest == first.digest
    (tmp_path / "text").write_text("one two four one two " * 20, encoding="utf-8")
    again = read(corpus, tmp_path / "run", 3)
    assert again.digest != first.digest
    assert "four" in again.tokens.vocabulary
    assert np.count_nonzero(again.tokens.numbers < 0) == 1


def test_an_end_between_parts_is_kept_where_a_sentence_goes_on_and_nowhere_else() -> None:
    word, end, end_and_word = (
        lossless._Numbers(*each) for each in ((2, False, False), (1, True, True), (2, True, False))
    )
    nothing = lossless._Numbers(0, False, False)
    assert lossless._places([word, end, end]) == ([0, 2, 3], [0, 0, 1], 3)
    assert lossless._places([end, word, nothing, end_and_word]) == ([0, 0, 2, 2], [1, 0, 0, 0], 4)


@pytest.mark.parametrize("errors", ["replace", "ignore"])
def test_no_part_begins_within_a_blank_line_that_bytes_stand_in(errors: Errors, tmp_path: Path) -> None:
    (tmp_path / "text").write_bytes(b"a b\n\xff\nc d\n\xe4\xb8\ne f")
    corpus = Corpus(tmp_path / "text", errors)
    assert all(_parted(corpus, parts) == _at_once(corpus) for parts in range(1, 18))
