"""What goes wrong on the stair: a claim not proved, a value not defined, an expression without a printer."""


class ProofError(ValueError):
    """A claim, a step or a rewritten program that the checker does not accept.

    It is ``wrong`` where a point is known at which it fails; otherwise it is only not proved.
    """

    def __init__(self, message: str, wrong: bool = False) -> None:
        super().__init__(message)
        self.wrong = wrong


class LimitError(ProofError):
    """A proof takes more work than the prover does for one: nothing is known of what it is about."""


class UnsupportedError(ValueError):
    """An expression of no kind that is planned or printed; the message names it and what would be."""


class UndefinedError(ValueError):
    """An expression has no real value where it was evaluated."""
