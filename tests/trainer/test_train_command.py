import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from w2v_verified.__main__ import main
from w2v_verified.trainer import Settings, Tokens, Training, WordVectors, python_documentation

_TEXT = "The cat sat on the mat. The dog sat on the rug. A cat and a dog ran off. " * 20
# A test runner that was started in the background has Ctrl-C ignored, and its children inherit that.
_PROGRAM = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from w2v_verified.__main__ import main; sys.exit(main())"
)


@pytest.fixture
def corpus(tmp_path: Path) -> str:
    path = tmp_path / "corpus.txt"
    path.write_text(_TEXT)
    return str(path)


@pytest.fixture
def output(tmp_path: Path) -> Iterator[Path]:
    """Where to write; nothing else may be left in the folder."""
    folder = tmp_path / "out"
    folder.mkdir()
    yield folder / "vectors.txt"
    assert set(os.listdir(folder)) <= {"vectors.txt"}


def test_it_trains_writes_and_prints_neighbours(
    corpus: str, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [corpus, "-o", str(output), "--dimension", "7", "--sample", "0", "--epochs", "2"]
    assert main(["train", *arguments, "--neighbours", "Cat", "dog"]) == 0
    vectors = WordVectors.load(output)
    assert vectors.vectors.shape == (len(vectors.words), 7)
    assert vectors.words[:2] == ["the", "a"]
    printed, said = capsys.readouterr()
    assert [line.split(":")[0] for line in printed.splitlines()] == ["cat", "dog"]
    nearest, cosine = vectors.most_similar("cat", topn=1)[0]
    assert printed.startswith(f"cat: {nearest} {cosine:.2f}, ")
    assert "380 words\nvocabulary: 11 words, 100% of the text\n" in said
    losses = [float(loss) for loss in re.findall(r"mean loss (\S+) nats", said)]
    assert len(losses) == 2
    assert 6 * np.log(2) + 0.01 > losses[0] > losses[1]
    assert f"wrote {output}: 11 words, 7 numbers each" in said
    assert "\x1b" not in said


def test_plots_are_drawn_and_bad_names_refused(
    corpus: str, output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words, loss = str(tmp_path / "words.svg"), str(tmp_path / "loss.svg")
    arguments = [corpus, "-o", str(output), "--epochs", "1", "--sample", "0"]
    assert main(["train", *arguments, "--plot", words, "--loss-plot", loss, "--neighbours", "cat"]) == 0
    assert "cat" in Path(words).read_text()
    assert Path(loss).read_text().startswith("<?xml")
    capsys.readouterr()
    assert "--plot: expected a name that ends in .png" in _fails([*arguments, "--plot", "x.txt"], capsys)
    absent = str(tmp_path / "absent" / "x.svg")
    assert "--loss-plot: cannot write" in _fails([*arguments, "--loss-plot", absent], capsys)


def test_what_cannot_be_drawn_is_said_and_the_vectors_are_kept(
    corpus: str, output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [corpus, "-o", str(output), "--sample", "1e-12", "--epochs", "1", "--quiet"]
    assert main(["train", *arguments, "--loss-plot", str(tmp_path / "loss.svg")]) == 2
    assert capsys.readouterr() == (
        "",
        "w2v-verified: --sample: 1e-12 thinned out every pair in 1 of 1 epochs, which trained nothing: give 0\n"
        "w2v-verified: --loss-plot: expected the progress of a run with a loss, got none; "
        "the vectors are written, the plot is not\n",
    )
    assert len(WordVectors.load(output)) == 11


def test_bytes_that_are_no_text_are_said_with_the_option_that_reads_them(
    corpus: str, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(corpus).write_bytes(b"caf\xe9 " * 9)
    assert "(with --errors replace or ignore it can be read)" in _fails([corpus, "-o", str(output)], capsys)


def test_the_least_share_that_can_be_held_out_is_said_before_training(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of Python's documentation: the least works, and what rounds to it is the least."""
    said = _fails(["-o", str(output), "--held-out", "0.02"], capsys)
    least = re.search(
        r"--held-out: expected at least (0\.\d+) of this text and less than 1, got 0\.02\n", said
    )
    assert least is not None, said
    with python_tokens() as tokens:
        Training(tokens, Settings(held_out=float(least[1]), dimension=1), np.float32)


def test_standard_input_is_read_and_binary_vectors_written(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    binary = output.with_name("vectors.bin")
    command = [sys.executable, "-m", "w2v_verified", "train", "-", "-o", str(binary), "--epochs", "1"]
    subprocess.run(command, input=_TEXT.encode(), check=True, capture_output=True)
    assert binary.read_bytes().startswith(b"11 100\n")
    assert len(WordVectors.load(binary)) == 11
    binary.unlink()


def test_an_epoch_without_pairs_is_said(
    corpus: str, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", corpus, "-o", str(output), "--sample", "1e-12", "--epochs", "1"]) == 0
    assert "epoch 1: --sample thinned out every pair\n" in capsys.readouterr().err


def test_a_capped_vocabulary_is_said(corpus: str, output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", corpus, "-o", str(output), "--max-vocab", "3", "--sample", "0"]) == 0
    assert (
        "vocabulary: 3 words, 42% of the text; 8 rarer ones left out by --max-vocab"
        in capsys.readouterr().err
    )


def python_tokens() -> Tokens:
    return Tokens.of(python_documentation(), min_count=5, max_vocab=None)


def _fails(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["train", *arguments]) == 2
    printed, said = capsys.readouterr()
    assert printed == ""
    assert said.startswith("w2v-verified: ")
    assert said.count("\n") == 1
    return said


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--learning-rate", "nan", "--learning-rate: expected a finite number above 0, got nan"),
        ("--learning-rate", "inf", "--learning-rate: expected a finite number above 0, got inf"),
        ("--learning-rate", "-1", "--learning-rate: expected a finite number above 0, got -1.0"),
        ("--learning-rate", "fast", "--learning-rate: expected a finite number above 0, got 'fast'"),
        ("--dimension", "0", "--dimension: expected a whole number from 1 to 10000, got 0"),
        ("--dimension", "1.5", "--dimension: expected a whole number from 1 to 10000, got '1.5'"),
        ("--window", "0", "--window: expected a whole number from 1 to 10000, got 0"),
        ("--epochs", "0", "--epochs: expected a whole number from 1 to 1000000, got 0"),
        ("--min-count", "0", "--min-count: expected a whole number from 1"),
        ("--max-vocab", "1", "--max-vocab: expected a whole number from 2"),
        ("--sample", "2", "--sample: expected a finite number from 0 to 1, got 2.0"),
        (
            "--min-learning-rate",
            "1",
            "--min-learning-rate: expected at most the --learning-rate of 0.025, got 1",
        ),
        ("--model", "glove", "--model: expected skip_gram or cbow, got 'glove'"),
        ("--loss", "mse", "--loss: expected negative_sampling or naive_softmax, got 'mse'"),
        ("--negative", "0", "--negative: expected a whole number from 1 to 1000, got 0"),
        ("--noise-exponent", "inf", "--noise-exponent: expected a finite number from -10 to 10, got inf"),
        ("--patience", "3", "--patience: has no effect without --held-out"),
        ("--held-out", "2", "--held-out: expected a finite number from 0 to 1, got 2.0"),
        ("--workers", "0", "--workers: expected a whole number from 1 to 65536, got 0"),
        ("--checkpoint-every", "-1", "--checkpoint-every: expected a finite number from 0, got -1.0"),
        ("--gradient-check", "0", "--gradient-check: expected a whole number from 1, got 0"),
        ("--errors", "guess", "--errors: expected one of strict, replace, ignore, got 'guess'"),
        ("--seed", "-1", "--seed: expected a whole number from 0"),
        ("--neighbours", "zebra", "--neighbours: expected words among the 11 of the vocabulary, got 'zebra'"),
    ],
)
def test_a_wrong_option_is_named(
    corpus: str, output: Path, capsys: pytest.CaptureFixture[str], option: str, value: str, message: str
) -> None:
    assert message in _fails([corpus, "-o", str(output), option, value], capsys)
    assert not output.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "expected words, got none"),
        (b" \n\n ...", "expected words, got none"),
        (b"lonely " * 100, "at least two different words that reach the --min-count of 5, got 1"),
        (b"all words occur once", "at least two different words that reach the --min-count of 5, got 0"),
        (b"a\n\nb\n\n" * 10, "expected two words within reach of each other, got none"),
        (b"\x89PNG\r\n\x1a\n", "expected text in UTF-8, got byte 0x89 at offset 0"),
        (b"\0\1\2", "expected text in UTF-8, got a binary file"),
    ],
)
def test_a_text_that_cannot_be_trained_on_is_named(
    corpus: str, output: Path, capsys: pytest.CaptureFixture[str], content: bytes, message: str
) -> None:
    Path(corpus).write_bytes(content)
    assert main(["train", corpus, "-o", str(output)]) == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith(f"w2v-verified: CORPUS {corpus!r}: ")
    assert message in last
    assert not output.exists()


def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    absent = str(tmp_path / "absent.txt")
    assert f"CORPUS: cannot read {absent!r}: No such file" in _fails([absent, "-o", str(output)], capsys)


def test_an_output_that_cannot_be_written_is_named_before_training(
    corpus: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Training, "steps", None)
    for output, message in [
        (str(tmp_path), "folder"),
        (str(tmp_path / "absent" / "vectors.txt"), "there is no folder"),
        (os.devnull, "device"),
        (corpus, "expected another file than CORPUS"),
        (str(tmp_path / ("x" * 300)), "File name too long"),
        ("", "expected a file to write, got ''"),
    ]:
        said = _fails([corpus, "-o", output], capsys)
        assert said.startswith("w2v-verified: --output: ")
        assert message in said
    assert Path(corpus).read_text() == _TEXT
    assert "--output: expected a file to write, got nothing" in _fails([corpus], capsys)


def test_divergence_ends_with_1_and_leaves_the_earlier_file(
    tmp_path: Path, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output.write_text("before")
    corpus = tmp_path / "pairs.txt"
    corpus.write_text("a b\n\n" * 200)
    assert main(["train", str(corpus), "-o", str(output), "--learning-rate", "1e308", "--sample", "0"]) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert re.search(r"the loss became infinite or NaN at step \d+, .*; nothing was written", last)
    assert output.read_text() == "before"


def test_a_full_disk_is_said_and_leaves_the_earlier_file(
    corpus: str, output: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    output.write_text("before")
    monkeypatch.setattr(os, "fsync", full)
    assert main(["train", corpus, "-o", str(output), "--sample", "0"]) == 2
    assert capsys.readouterr().err.endswith(
        f"--output: cannot write {str(output)!r}: No space left on device\n"
    )
    assert output.read_text() == "before"


def test_tables_too_large_for_the_machine_are_refused(
    corpus: str, output: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_large(*_: object) -> None:
        raise MemoryError("Unable to allocate 2 TiB")

    monkeypatch.setattr(Training, "__init__", too_large)
    assert main(["train", corpus, "-o", str(output)]) == 2
    assert "--dimension, --max-vocab: too large" in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize(
    ("columns", "encoding", "bar"),
    [("120", "utf-8", r"nats, [\d,]+ words/s, rate \S+ .*━.*100%"), ("60", "ascii", "nats -+ 100%")],
)
def test_a_terminal_gets_a_bar(
    corpus: str,
    output: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    columns: str,
    encoding: str,
    bar: str,
) -> None:
    terminal, end = pty.openpty()
    with open(terminal, "rb", buffering=0) as shown, open(end, "w", encoding=encoding) as stderr:
        monkeypatch.setattr(sys, "stderr", stderr)
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setenv("COLUMNS", columns)
        monkeypatch.setenv("NO_COLOR", "1")
        assert main(["train", corpus, "-o", str(output), "--sample", "0", "--epochs", "1"]) == 0
        said = shown.read(1 << 16).decode()
    assert re.search(rf"epoch 1, loss \d\.\d{{3}} {bar}", re.sub(r"\x1b\[[\d;]*m", "", said)), said
    assert "\\u" not in said
    assert re.search(r"epoch 1: mean loss \d\.\d{3} nats over [\d,]+ pairs, [\d,]+ words/s\r\n", said)
    assert "\x1b" not in capfd.readouterr().out


@pytest.mark.slow
def test_the_bytes_depend_on_the_seed_alone(corpus: str, output: Path) -> None:
    def trained(number: str, seed: str) -> bytes:
        command = [sys.executable, "-m", "w2v_verified", "train", corpus, "-o", str(output), "--seed", seed]
        environment = os.environ | {"PYTHONHASHSEED": number, "OPENBLAS_NUM_THREADS": number}
        subprocess.run([*command, "--sample", "0.01"], check=True, capture_output=True, env=environment)
        return output.read_bytes()

    assert trained("1", "8") == trained("2", "8") != trained("2", "9")


def _interrupted(corpus: str, output: Path, presses: int) -> tuple[int, str]:
    """Press Ctrl-C as soon as the second epoch of very many has begun."""
    arguments = ["train", corpus, "-o", str(output), "--sample", "0", "--epochs", "1000000"]
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, *arguments],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stderr is not None
        said = ""
        while "epoch 1:" not in said:
            said += process.stderr.readline()
        for _ in range(presses):
            process.send_signal(signal.SIGINT)
        said += process.stderr.read()
    return process.returncode, said


def test_ctrl_c_keeps_what_was_trained(corpus: str, output: Path) -> None:
    output.write_text("before")
    status, said = _interrupted(corpus, output, presses=1)
    assert status == 130
    assert "interrupted after 0% of the training; it cannot go on without --checkpoint" in said
    assert "Traceback" not in said
    vectors = WordVectors.load(output)
    assert vectors.vectors.shape == (11, 100)
    assert np.isfinite(vectors.vectors).all()


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Python's own handler of SIGINT, also where the tests run in the background, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c")
@pytest.mark.parametrize(("by", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_while_the_corpus_is_read_leaves_the_earlier_file(
    corpus: str, output: Path, monkeypatch: pytest.MonkeyPatch, by: signal.Signals, status: int
) -> None:
    def interrupted(_: object) -> Iterator[list[str]]:
        signal.raise_signal(by)
        yield []

    output.write_text("before")
    monkeypatch.setattr("w2v_verified.trainer.Corpus.__iter__", interrupted)
    assert main(["train", corpus, "-o", str(output)]) == status
    assert output.read_text() == "before"


@pytest.mark.usefixtures("ctrl_c")
def test_a_second_ctrl_c_gives_up(output: Path, corpus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed_twice(*_: object) -> None:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    output.write_text("before")
    monkeypatch.setattr(os, "fsync", pressed_twice)
    assert main(["train", corpus, "-o", str(output), "--sample", "0"]) == 130
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert output.read_text() == "before"


@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_while_the_vectors_are_written_lets_that_finish(
    output: Path, corpus: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: signal.raise_signal(signal.SIGINT))
    assert main(["train", corpus, "-o", str(output), "--sample", "0"]) == 0
    assert len(WordVectors.load(output)) == 11


@pytest.mark.slow
def test_pythons_own_documentation_gives_sensible_neighbours(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "-o", str(output)]) == 0
    losses = [float(loss) for loss in re.findall(r"mean loss (\S+) nats", capsys.readouterr().err)]
    assert losses[0] - 1 > losses[len(losses) // 2] > losses[-1]
    vectors = WordVectors.load(output)
    for word, near in [("string", "characters"), ("exception", "handler"), ("module", "import")]:
        assert near in [other for other, _ in vectors.most_similar(word, topn=20)]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), {"the", "cat", "dog"}),
        (("--keep-case",), {"The", "the", "Cat", "dog"}),
        (("--split", "whitespace"), {"The", "Cat,", "the", "dog."}),
    ],
)
def test_words_are_what_was_asked_for(tmp_path: Path, options: tuple[str, ...], words: set[str]) -> None:
    text, output = tmp_path / "text.txt", tmp_path / "vectors.txt"
    text.write_text("The Cat, the dog.\n" * 9, encoding="utf-8")
    status = main(
        ["train", str(text), "-o", str(output), "--min-count", "1", "--sample", "0", "-q", *options]
    )
    assert status == 0
    assert set(WordVectors.load(output).words) == words


def test_windows_reach_across_lines_or_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = tmp_path / "text.txt"
    text.write_text("a b\n" * 20, encoding="utf-8")
    pairs = {}
    for within in ("paragraphs", "lines"):
        options = ("--windows-within", within, "--windows", "fixed", "--window", "1", "--epochs", "1")
        main(["train", str(text), "-o", str(tmp_path / "v"), "--min-count", "1", "--sample", "0", *options])
        said = capsys.readouterr().err
        pairs[within] = int(said.partition(" over ")[2].partition(" pairs")[0])
    assert pairs == {"paragraphs": 2 * 39, "lines": 2 * 20}
