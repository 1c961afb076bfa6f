"""A plugin for pytest: which functions of the engine each test reaches; an order that sees a wrong line early.

With ``MUTANT_REACH`` set, that file is written. With ``MUTANT_FILE`` and ``MUTANT_LINE`` set it is read, and the tests
that reach its function come first, the quick ones of them at the front; all others follow.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

import w2v_verified

_MEMORY = 6 * 2**30
_HERE = Path(w2v_verified.__file__).parent / "symbolic"


class _Reach:
    """The seconds that each test takes, and the first lines of the functions it reaches, by file."""

    def __init__(self) -> None:
        self.tests: dict[str, tuple[float, dict[str, list[int]]]] = {}
        self._files = {str(path): _module(path) for path in _HERE.rglob("*.py")}
        self._lines: dict[str, set[int]] = {}

    def _entered(self, frame: FrameType, event: str, argument: object) -> None:
        file = self._files.get(frame.f_code.co_filename)
        if file is not None:
            self._lines.setdefault(file, set()).add(frame.f_code.co_firstlineno)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._lines = {}
        before, start = sys.gettrace(), time.perf_counter()
        sys.settrace(self._entered)
        try:
            return (yield)
        finally:
            sys.settrace(before)
            lines = {file: sorted(found) for file, found in self._lines.items()}
            self.tests[item.nodeid] = (time.perf_counter() - start, lines)


def _module(path: Path) -> str:
    """A file as the list of mutated ones names it."""
    return path.relative_to(_HERE).with_suffix("").as_posix()


def pytest_configure(config: pytest.Config) -> None:
    """A mutant may ask for all the memory there is."""
    if not _HERE.is_relative_to(config.rootpath):
        raise pytest.UsageError(f"the engine is taken from {_HERE}, not from {config.rootpath}")
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    if "MUTANT_FILE" not in os.environ:
        config.pluginmanager.register(_Reach(), "reach")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write what was reached."""
    reach = session.config.pluginmanager.get_plugin("reach")
    if reach is not None:
        Path(os.environ["MUTANT_REACH"]).write_text(json.dumps(reach.tests), encoding="utf-8")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put in front what reaches the function of the line, else the file."""
    file, reached = os.environ.get("MUTANT_FILE"), Path(os.environ["MUTANT_REACH"])
    if file is None:
        return
    tests = json.loads(reached.read_text(encoding="utf-8"))
    line = int(os.environ["MUTANT_LINE"])
    functions = {first for _, lines in tests.values() for first in lines.get(file, ())}
    function = max((first for first in functions if first <= line), default=None)

    def place(item: pytest.Item) -> tuple[bool, bool, float]:
        seconds, lines = tests.get(item.nodeid, (0.0, {}))
        return function not in lines.get(file, ()), file not in lines, seconds

    items.sort(key=place)
