"""What is told about a training run while it goes on."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from w2v_verified.trainer.word2vec import Word2Vec

_METHODS = ("on_train_begin", "on_epoch_begin", "on_epoch_end", "on_train_end")


class Callback:
    """Subclass it and override what you want to hear of; gensim's `CallbackAny2Vec` has the same methods.

    Each gets the model as it is at that moment: `model.wv` has the vectors, `model.losses` what the loss was.
    """

    def on_train_begin(self, model: "Word2Vec[Any]") -> None:
        """Before the first epoch."""

    def on_epoch_begin(self, model: "Word2Vec[Any]") -> None:
        """Before each epoch."""

    def on_epoch_end(self, model: "Word2Vec[Any]") -> None:
        """After each epoch."""

    def on_train_end(self, model: "Word2Vec[Any]") -> None:
        """After the last epoch."""


def check_callbacks(callbacks: Iterable[Callback]) -> tuple[Callback, ...]:
    """Return the callbacks, or raise `TypeError` for the first that is none."""
    checked = tuple(callbacks)
    for callback in checked:
        missing = [name for name in _METHODS if not callable(getattr(callback, name, None))]
        if missing:
            raise TypeError(
                f"callbacks: expected objects like Callback, got {callback!r} without {missing[0]}"
            )
    return checked
