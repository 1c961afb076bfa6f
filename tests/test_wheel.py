"""What people install: the wheel holds the package with its types and records, and nothing else."""

import shutil
import subprocess
import sys
from collections.abc import Iterable
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("w2v_verified", "tests", "derivations")
FILES = ("pyproject.toml", "README.md", "LICENSE")

pytestmark = pytest.mark.slow


def build(folder: Path, left_out: Iterable[str] = ()) -> Path:
    """Build a wheel from a copy of the sources, without an index: the setuptools of ``[dev]`` does it."""
    source = folder / "source"
    for name in FOLDERS:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", *left_out))
    for name in FILES:
        shutil.copy(ROOT / name, source)
    options = ["--no-deps", "--no-index", "--no-build-isolation", "--quiet", "--wheel-dir", str(folder)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, str(source)], check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def faults(wheel: Path) -> list[str]:
    """List what of the package is not in the wheel, and what else is."""
    with ZipFile(wheel) as archive:
        present = {name for name in archive.namelist() if ".dist-info/" not in name}
    package = [
        path for suffix in ("*.py", "py.typed", "*.json") for path in (ROOT / "w2v_verified").rglob(suffix)
    ]
    due = {path.relative_to(ROOT).as_posix() for path in package}
    return [f"missing: {name}" for name in sorted(due - present)] + [
        f"extra: {name}" for name in sorted(present - due)
    ]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel once."""
    return build(tmp_path_factory.mktemp("wheel"))


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    assert faults(wheel) == []


def test_the_records_and_the_marker_of_types_are_among_it(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "w2v_verified/py.typed" in names
    assert "w2v_verified/generated/records/naive_softmax.json" in names
    assert not [name for name in names if name.partition("/")[0] in FOLDERS[1:]]


def test_numpy_is_all_that_a_plain_installation_brings(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(archive.read(name).decode())
        assert name.replace("METADATA", "licenses/LICENSE") in archive.namelist()
    required = [line for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert [line.partition(">")[0] for line in required] == ["numpy"]


@pytest.mark.parametrize("left_out", ["py.typed", "naive_softmax.json"])
def test_a_file_that_is_not_shipped_is_noticed(tmp_path: Path, left_out: str) -> None:
    assert [fault.rpartition("/")[2] for fault in faults(build(tmp_path, [left_out]))] == [left_out]


def test_a_file_that_should_not_be_shipped_is_noticed(wheel: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(wheel, tmp_path))
    with ZipFile(copy, "a") as archive:
        archive.writestr("tests/test_wheel.py", "")
    assert faults(copy) == ["extra: tests/test_wheel.py"]
