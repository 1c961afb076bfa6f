"""How much work a proof may take: counted in parts of expressions looked at, never in seconds.

So what is given up is given up everywhere, on a slow machine and on a fast one. A result that is known already counts
like one worked out, once in each proof: what was proved before makes a proof faster, and no shorter.
"""

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Generic, TypeVar, TypeVarTuple

from w2v_verified.symbolic.language.errors import LimitError

Ts = TypeVarTuple("Ts")
R = TypeVar("R")


@dataclass
class _Result:
    """A value, the work of it alone, and the results it rests on."""

    value: Any = None
    own: int = 0
    others: "dict[Hashable, _Result]" = field(default_factory=dict)


@dataclass
class _Account:
    """What a proof has ``spent`` of its ``limit``, what it has paid for, and what it works out now, innermost last."""

    limit: float
    spent: int = 0
    paid: dict[Hashable, _Result] = field(default_factory=dict)
    working: list[_Result] = field(default_factory=lambda: [_Result()])

    def spend(self, work: int) -> None:
        self.spent += work
        if self.spent > self.limit:
            raise LimitError(f"it takes more than {self.limit:,} steps of work, the limit of the prover")

    def pay(self, key: Hashable, result: _Result) -> None:
        """Count a result that is known, and those it rests on, unless this proof has paid for it."""
        if key not in self.paid:
            self.paid[key] = result
            for other, rested_on in result.others.items():
                self.pay(other, rested_on)
            self.spend(result.own)


LIMIT = 100_000
"""What one proof may take: a little more than the largest of those known to end well."""
OF_A_PROGRAM = 4 * LIMIT
"""What the proof of a rewritten program may take, which is as many proofs as it has statements."""
_TOGETHER = 400_000
_AT_LEAST = 25_000


@dataclass
class Effort:
    """What the proofs of one derivation may still take together; where nothing is ``left``, each takes little.

    At ``least`` so much it may take all the same.
    """

    left: int = _TOGETHER
    least: int = _AT_LEAST

    @contextmanager
    def spent(self) -> Iterator[None]:
        """One of the proofs."""
        with limited(min(LIMIT, max(self.least, self.left))) as account:
            try:
                yield
            finally:
                self.left -= account.spent


_ACCOUNT: ContextVar[_Account | None] = ContextVar("_ACCOUNT", default=None)


@contextmanager
def limited(limit: float = LIMIT) -> Iterator[_Account]:
    """One proof: `spend` raises in it once there is more work than the ``limit``."""
    account = _Account(limit)
    before = _ACCOUNT.set(account)
    try:
        yield account
    finally:
        _ACCOUNT.reset(before)


def spend(work: int) -> None:
    """Count work.

    Raises:
        LimitError: The proof has had more than its limit.
    """
    account = _ACCOUNT.get()
    if account is not None:
        account.working[-1].own += work
        account.spend(work)


class Counted(Generic[*Ts, R]):
    """A function whose last results are kept, each with the work it took."""

    def __init__(self, function: Callable[[*Ts], R], size: int) -> None:
        self.function, self.size = function, size
        self.known: OrderedDict[Hashable, _Result] = OrderedDict()

    def __call__(self, *args: *Ts) -> R:
        """The result of the function, known already or worked out."""
        account = _ACCOUNT.get()
        if account is None:
            with limited(math.inf):
                return self(*args)
        key = (self.function, *args)
        result = account.paid.get(key)
        if result is None:
            result = self.known.get(key)
            if result is None:
                result = self._worked_out(account, key, *args)
            else:
                self.known.move_to_end(key)
                account.pay(key, result)
        account.working[-1].others[key] = result
        value: R = result.value
        return value

    def _worked_out(self, account: _Account, key: Hashable, *args: *Ts) -> _Result:
        result = _Result()
        account.working.append(result)
        try:
            result.value = self.function(*args)
        finally:
            account.working.pop()
        account.paid[key] = self.known[key] = result
        if len(self.known) > self.size:
            self.known.popitem(last=False)
        return result

    def cache_clear(self) -> None:
        """Forget all results."""
        self.known.clear()


def counted(size: int) -> Callable[[Callable[[*Ts], R]], Counted[*Ts, R]]:
    """Keep the last ``size`` results of a function of hashable arguments."""
    return lambda function: Counted(function, size)


@lru_cache(maxsize=1 << 16)
def extent(e: Any) -> int:
    """How many parts an expression has, written out as a tree."""
    return 1 + sum(map(extent, e.args))


__all__ = ["LIMIT", "OF_A_PROGRAM", "Counted", "Effort", "counted", "extent", "limited", "spend"]
