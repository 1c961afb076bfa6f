"""Whether a chunk is trained by this process alone or by the whole team: as is faster, which is found out by trying.

Either way gives the same bytes. What is faster depends on the text, and on who else uses the machine.
"""

__all__ = ["Pace"]

_WORTH = 3.0
"""A team takes about a second to start, so one is wanted for what is left of a run in so many seconds, or more."""
_CLEARLY = 1.05
_FIRST, _LONGEST = 8, 256


class Pace:
    """Words a second, alone and together; the slower way is tried again at distances that grow, and with its slowness.

    >>> pace = Pace()
    >>> pace.took(alone=True, words=100, seconds=1.0)
    >>> pace.is_alone(team=True)  # together was not tried yet
    False
    >>> pace.took(alone=False, words=50, seconds=1.0)
    >>> pace.is_alone(team=True)
    True
    """

    def __init__(self) -> None:
        self._rates: dict[bool, float] = {}
        self._spent = self._done = 0.0
        self._since, self._distance = 0, _FIRST

    def is_alone(self, team: bool) -> bool:
        """How to train the next chunk, if there is a team that waits for work, or none."""
        if not team:
            return True
        if False not in self._rates:
            return False
        alone = self._alone_is_faster()
        slower = self._rates[alone] / max(self._rates[not alone], 1e-9)
        return not alone if self._since >= self._distance * max(1.0, slower) else alone

    def took(self, alone: bool, words: int, seconds: float) -> None:
        """Take note of how long a chunk took."""
        self._spent += seconds
        if not words or seconds <= 0:
            return
        known, before = len(self._rates) == 2, self._rates.get(alone)
        tried = known and alone is not self._alone_is_faster()
        rate = words / seconds
        self._rates[alone] = rate if before is None else (before + rate) / 2
        if tried:
            still = alone is not self._alone_is_faster()
            self._since, self._distance = 0, min(2 * self._distance, _LONGEST) if still else _FIRST
        else:
            self._since += 1

    def wants_team(self, share: float, left: float) -> bool:
        """Whether a team is worth its start, after a chunk that is such a share of the run, when so much is left."""
        self._done += share
        return self._done > 0 and self._spent * left / self._done > _WORTH

    def _alone_is_faster(self) -> bool:
        alone, together = (self._rates.get(way, 0.0) for way in (True, False))
        return together < _CLEARLY * alone
