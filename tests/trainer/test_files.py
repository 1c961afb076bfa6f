import os
from pathlib import Path

import pytest

from w2v_verified.files import check_writable, replacing


def test_the_file_is_there_whole(tmp_path: Path) -> None:
    path = tmp_path / "new.txt"
    with replacing(path) as file:
        file.write("\u00e9\n")
        assert not path.exists()
    assert path.read_bytes() == b"\xc3\xa9\n"
    assert os.listdir(tmp_path) == ["new.txt"]


def test_it_is_there_whole_where_every_file_has_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    with replacing(tmp_path / "new.txt") as file:
        file.write("after")
        assert len(os.listdir(tmp_path)) == 1
    assert (tmp_path / "new.txt").read_text() == "after"
    assert os.listdir(tmp_path) == ["new.txt"]


def test_nothing_is_left_of_a_process_that_is_killed(tmp_path: Path) -> None:
    try:
        os.close(os.open(tmp_path, os.O_TMPFILE | os.O_WRONLY))
    except (AttributeError, OSError):
        pytest.skip("every file has a name here")
    with replacing(tmp_path / "new.txt") as file:
        file.write("half of it")
        file.flush()
        assert os.listdir(tmp_path) == []


def _write_half(path: Path, stopped_by: BaseException) -> None:
    with replacing(path) as file:
        file.write("half of it")
        raise stopped_by


@pytest.mark.parametrize("stopped_by", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_nothing_is_left_of_a_failure(tmp_path: Path, stopped_by: BaseException) -> None:
    path = tmp_path / "old.txt"
    path.write_text("before")
    with pytest.raises(type(stopped_by)):
        _write_half(path, stopped_by)
    assert path.read_text() == "before"
    assert os.listdir(tmp_path) == ["old.txt"]


def test_a_rename_that_fails_leaves_the_earlier_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    path = tmp_path / "old.txt"
    path.write_text("before")
    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="Input/output error"), replacing(path) as file:
        file.write("after")
    assert path.read_text() == "before"
    assert os.listdir(tmp_path) == ["old.txt"]


def test_links_are_followed_and_permissions_kept(tmp_path: Path) -> None:
    target, link = tmp_path / "target.txt", tmp_path / "link.txt"
    target.write_text("before")
    target.chmod(0o640)
    link.symlink_to(target)
    with replacing(link) as file:
        file.write("after")
    assert link.is_symlink()
    assert target.read_text() == "after"
    assert target.stat().st_mode & 0o777 == 0o640


def test_checking_leaves_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "old.txt"
    path.write_text("before")
    check_writable(path)
    check_writable(tmp_path / "new.txt")
    assert path.read_text() == "before"
    assert os.listdir(tmp_path) == ["old.txt"]


def test_devices_and_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="device or a pipe"):
        check_writable(os.devnull)
    with pytest.raises(OSError, match="folder"):
        check_writable(tmp_path)
    with pytest.raises(OSError, match="no folder"):
        check_writable(tmp_path / "absent" / "vectors.txt")
