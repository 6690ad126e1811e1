"""What a night keeps while it is under way, and what is left of it when somebody is killed."""

import shutil
from pathlib import Path

import pytest

from streams.reviews.errors import NightBusy
from streams.reviews.work import WorkFolder

DATE = "2026-11-20"


def begun(out: Path, version: str = "v") -> WorkFolder:
    """A night with a file in it, which was stopped."""
    with WorkFolder(out, DATE, version) as work:
        work.save("read.json", [b"{}\n"])
    return work


def test_the_same_night_goes_on(tmp_path: Path) -> None:
    begun(tmp_path)
    with WorkFolder(tmp_path, DATE, "v") as work:
        assert work.has("read.json")


def test_what_another_version_has_left_is_not_used(tmp_path: Path) -> None:
    begun(tmp_path)
    with WorkFolder(tmp_path, DATE, "w") as work:
        assert not work.has("read.json")


def test_nobody_goes_on_with_half_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remove = shutil.rmtree

    def killed(_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(shutil, "rmtree", killed)
    begun(tmp_path)
    with WorkFolder(tmp_path, DATE, "v") as work, pytest.raises(KeyboardInterrupt):
        work.clear()
    monkeypatch.setattr(shutil, "rmtree", remove)
    with WorkFolder(tmp_path, DATE, "v") as work:
        assert not work.has("read.json")


def test_others_may_not_look_into_it(tmp_path: Path) -> None:
    work = begun(tmp_path)
    assert work.folder.stat().st_mode & 0o077 == 0
    assert work.folder.parent.stat().st_mode & 0o077 == 0


def test_one_night_at_a_time(tmp_path: Path) -> None:
    with (
        WorkFolder(tmp_path, DATE, "v"),
        pytest.raises(NightBusy, match="another night runs"),
        WorkFolder(tmp_path, "2026-11-19", "v"),
    ):
        pass
