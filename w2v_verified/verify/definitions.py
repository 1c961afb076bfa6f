"""The record of a loss, however it is given: by its name, as a record, or as the path of a user's definition."""

from pathlib import Path

from w2v_verified.verify.record import Record, load

__all__ = ["record_of"]


def record_of(loss: str | Path | Record) -> Record:
    """Look a loss up, or derive the one that a file ``.py`` defines.

    Raises:
        TypeError: It is none of the three.
        ValueError: There is no such loss, or the definition cannot be read or is refused; the message says why.

    >>> record_of("naive_softmax").name
    'naive_softmax'
    """
    if isinstance(loss, Record):
        return loss
    if isinstance(loss, Path) or (isinstance(loss, str) and loss.endswith(".py")):
        return _derived(Path(loss))
    if isinstance(loss, str):
        return load(loss)
    raise TypeError(f"loss: expected a name, a path or a Record, got {type(loss).__name__}")


def _derived(path: Path) -> Record:
    from w2v_verified.symbolic import Derivation, read_definition, record  # SymPy is for those who derive

    try:
        return Record.from_json(record(Derivation(read_definition(path))))
    except OSError as error:
        raise ValueError(f"loss: {path}: cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        reason = " ".join(str(error).split())
        raise ValueError(f"loss: {reason if path.name in reason else f'{path.name}: {reason}'}") from None
