from pathlib import Path

import pytest

from streams import reference

DOCS = Path(__file__).parents[2] / "docs"


def test_the_committed_pages_are_what_the_code_says() -> None:
    assert reference.main(["--check", str(DOCS)]) == 0


def test_a_stale_or_left_over_page_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reference.main([str(tmp_path)]) == 0
    (tmp_path / "contracts" / "Event.schema.json").write_text("{}")
    (tmp_path / "contracts" / "Old.schema.json").write_text("{}")
    assert reference.main(["--check", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "Event.schema.json" in said
    assert "Old.schema.json" in said
