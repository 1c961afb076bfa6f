"""``w2v-verified train --shards P``: the course of a training on a Dask cluster."""

import argparse
import logging
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import numpy as np

from w2v_verified.commands._train_options import settings_of
from w2v_verified.commands._train_text import corpus_of
from w2v_verified.commands._training_display import Display
from w2v_verified.commands._vectors_file import check_room
from w2v_verified.errors import UsageError, missing_extra
from w2v_verified.files import not_written
from w2v_verified.terminal.options import Parser
from w2v_verified.trainer import Progress, Settings, Vocabulary, WordVectors
from w2v_verified.trainer.cluster.folder import Folder
from w2v_verified.trainer.cluster.lossless import read_text
from w2v_verified.trainer.cluster.tasks import Carrier
from w2v_verified.trainer.cluster.training import MOST_SHARDS, ClusterTraining, check
from w2v_verified.values import AnyText, OldFile, Range

__all__ = ["Outcome", "add_cluster_options", "check_cluster_options", "train_on_cluster"]

_REACHED = 10
"""Seconds within which a scheduler has to answer."""


class Outcome(NamedTuple):
    """What a training made, the signal that ended it early, or 0, how much it did, and its run's folder, if any."""

    settings: Settings
    vocabulary: Vocabulary
    vectors: WordVectors[np.float32]
    history: list[Progress]
    signal: int
    fraction: float = 1.0
    folder: Path | None = None


def add_cluster_options(parser: Parser) -> None:
    """Declare the options of a training on a Dask cluster."""
    parser.value(
        "--shards",
        kind=Range(int, 1, MOST_SHARDS),
        metavar="P",
        help="train so many parts of the text at once on a Dask cluster; the vectors depend on P, not on the workers, "
        "and 1 gives those of one machine",
    )
    parser.value(
        "--cluster",
        kind=AnyText("an address"),
        metavar="ADDRESS",
        help="the scheduler, such as tcp://scheduler:8786 (default: --workers processes of this machine)",
    )
    parser.value(
        "--superstep",
        kind=Range(int, 1, 1 << 30),
        metavar="N",
        help="put the shards' tables together after so many chunks of the text each (default: by the table's size)",
    )
    parser.value(
        "--run-folder",
        kind=OldFile("a folder"),
        metavar="FOLDER",
        help="where the workers leave what they need of each other, and the run how far it is, on a file system that "
        "all of them see (default: that of --output with .run added, removed at the end)",
    )
    parser.idle(
        "--cluster",
        "--superstep",
        "--run-folder",
        reason="without --shards",
        when=lambda options: options.shards is None,
    )
    parser.idle(
        "--checkpoint",
        "--checkpoint-every",
        reason="with --shards, where --run-folder is what a run goes on from",
        when=lambda options: options.shards is not None,
    )
    parser.idle("--gradient-check", reason="with --shards", when=lambda options: options.shards is not None)
    parser.idle("--workers", reason="with --cluster", when=lambda options: options.cluster is not None)


def check_cluster_options(options: argparse.Namespace) -> None:
    """Refuse what does not go with shards, or to replace another run, before anything is read.

    Raises:
        UsageError: there is one, or no text.
        SpelledError: a setting does not go with shards.
    """
    if options.corpus in (None, "-"):
        raise UsageError("--shards: expected CORPUS to be files that all workers read, got none")
    check(Settings(loss=options.loss, updates=options.updates), options.shards, options.superstep)
    folder = _folder(options)
    if (
        not options.resume
        and folder.path.exists()
        and (not folder.path.is_dir() or any(folder.path.iterdir()))
    ):
        raise UsageError(
            f"--run-folder: expected a new folder, got {os.fspath(folder.path)!r}, which is there already: --resume "
            "goes on from it, another name keeps it"
        )


def train_on_cluster(
    options: argparse.Namespace, shown: Display, begun: Callable[[Vocabulary, Settings], None]
) -> Outcome:
    """Train as the options say; ``begun`` is called once the text is read.

    Raises:
        UsageError: the cluster cannot be reached, or the folder not be used.
        CorpusError, CheckpointError, SpelledError, ClusterError, DivergenceError: as `ClusterTraining` raises them.
    """
    folder = _folder(options)
    try:
        with folder.taken():
            return _within(folder, options, shown, begun)
    except OSError as error:
        raise UsageError(f"--run-folder: {not_written(folder.path, error)}") from None


def _within(
    folder: Folder,
    options: argparse.Namespace,
    shown: Display,
    begun: Callable[[Vocabulary, Settings], None],
) -> Outcome:
    """Train in a folder, which is removed when nothing is to go on from."""
    done = False
    try:
        with _connected(options, shown) as client:
            made = _trained(options, shown, begun, client, folder)
        done = not made.signal
        return made
    finally:
        if options.run_folder is None and (done or not folder.is_begun):
            folder.clear()


def _trained(
    options: argparse.Namespace,
    shown: Display,
    begun: Callable[[Vocabulary, Settings], None],
    client: Any,
    folder: Folder,
) -> Outcome:

    carrier = Carrier(client)
    try:
        text = read_text(
            carrier,
            corpus_of(options),
            folder,
            min_count=options.min_count,
            max_vocab=options.max_vocab,
            shards=options.shards,
        )
    except OSError as error:
        raise UsageError(f"{error.filename or options.corpus!r}: {error.strerror or error}") from None
    vocabulary = text.tokens.vocabulary
    settings = settings_of(options, vocabulary)
    check_room(options.output, len(vocabulary), settings.dimension)
    training = ClusterTraining(carrier, text, settings, shards=options.shards, superstep=options.superstep)
    begun(vocabulary, settings)
    shown.say(f"{options.shards} shard{'s' * (options.shards > 1)}: {training.needs}")
    if options.resume and training.started:
        training.resume()
        shown.say(f"going on from {folder.path} after {training.fraction:.0%} of the training")
    elif options.resume:
        shown.say(f"no superstep in {os.fspath(folder.path)!r} yet: starting at the beginning")
    history: list[Progress] = []
    stopped = _steps(training, shown, history)
    return Outcome(settings, vocabulary, training.vectors(), history, stopped, training.fraction, folder.path)


def _steps(training: ClusterTraining, shown: Display, history: list[Progress]) -> int:
    """Train to the end, or until a signal stops it, whose number is returned."""
    shown.begin(training.words)
    stopped = 0
    try:
        for progress in training.steps():
            history.append(progress)
            shown.show(progress)
    except KeyboardInterrupt as error:
        stopped = error.args[0] if error.args else signal.SIGINT
        training.go_back()
    shown.finish()
    return stopped


def _folder(options: argparse.Namespace) -> Folder:
    return Folder(Path(os.path.realpath(options.run_folder or f"{options.output}.run")))


@contextmanager
def _connected(options: argparse.Namespace, shown: Display) -> Iterator[Any]:
    """A client of the cluster that is named, or of one of this machine's processes, which end with it."""
    try:
        import_module("distributed")
    except ModuleNotFoundError as error:
        message = missing_extra(error, "dask")
        if message is None:
            raise
        raise UsageError(f"--shards: {message}") from None
    # What becomes of workers is told by the run, in its own words.
    for name in (
        "distributed",
        *(n for n in logging.root.manager.loggerDict if n.startswith("distributed.")),
    ):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with _cluster(options) as cluster, _client(cluster) as client:
        shown.say(f"dashboard: {client.dashboard_link}")
        if not client.scheduler_info()["workers"]:
            shown.say("no workers yet: waiting for one")
        yield client


def _client(cluster: Any) -> Any:
    from distributed import Client

    try:
        return Client(cluster, timeout=_REACHED, set_as_default=False)
    except (OSError, TypeError, ValueError) as error:
        raise UsageError(f"--cluster: cannot reach {cluster!r}: {' '.join(str(error).split())}") from None


def _cluster(options: argparse.Namespace) -> AbstractContextManager[Any]:
    """The address of the cluster that is named, once somebody answers there, or a cluster of this machine."""
    if options.cluster is None:
        started: AbstractContextManager[Any] = _started(options.workers)
        return started
    address = urlsplit(options.cluster)
    try:
        if address.scheme not in ("tcp", "tls") or not address.hostname or not address.port:
            raise ValueError("expected an address such as tcp://scheduler:8786")
        with socket.create_connection((address.hostname, address.port), _REACHED) as there:
            # A scheduler speaks first; Dask would wait for others for ever. With TLS it does not.
            if address.scheme == "tcp" and not there.recv(1):
                raise ValueError("nobody speaks there as a scheduler does")
    except (OSError, ValueError) as error:
        raise UsageError(f"--cluster: cannot reach {options.cluster!r}: {error}") from None
    return nullcontext(options.cluster)


def _started(workers: int) -> Any:
    """A cluster of so many processes of this machine."""
    from distributed import LocalCluster

    # Ctrl-C goes to all processes of a terminal; those started here are ended by this one, and inherit what it does
    # not hear while it starts them.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
            memory_limit=0,  # what a run needs is said; a worker that Dask pauses would wait for ever
        )
    except (OSError, RuntimeError) as error:
        raise UsageError(f"--workers: {workers} processes could not be started: {error}") from None
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
