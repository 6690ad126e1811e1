import shutil
from importlib.resources import as_file
from pathlib import Path

import pytest

from agents.models.errors import BadModel
from agents.models.names import CARD
from agents.records.folding import fold
from agents.records.pack import BUNDLED, Pack
from agents.records.redaction import Redactor
from agents.records.redaction.tagger import Tagger

PACK = Pack.load()
REDACTOR = Redactor(PACK.redaction, PACK.tagger)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with as_file(BUNDLED) as bundled:
        for one in bundled.glob("names.*"):
            shutil.copy(one, tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "text",
    [
        "血压平稳，体温正常，心率偏快，精神好，食欲差。",
        "请问能做核磁吗？温水送服，方便的时候复查。",
        "高峰期别来抽血，石膏固定，黄疸消退，白蛋白31g/L。",
        "Take aspirin 81 mg daily. Crohn disease excluded.",
    ],
)
def test_what_names_nobody_stays(text: str) -> None:
    assert REDACTOR.redact(text, days=-40).text == text


def test_it_finds_at_least_what_the_rules_do() -> None:
    text = "姓名：张伟，其女张小雨陪同，李华主任会诊。"
    rules = Redactor(PACK.redaction).redact(text, days=-40).removed
    both = {one.span for one in REDACTOR.redact(text, days=-40).removed}
    assert {one.span for one in rules} <= both


def test_nothing_is_read_before_it_is_asked(folder: Path) -> None:
    (folder / "names.onnx").unlink()
    tagger = Tagger.of(folder, PACK.redaction)
    assert tagger is not None
    with pytest.raises(BadModel):
        tagger.tag("叫淑芬来", fold("叫淑芬来"))


def test_an_older_pack_has_none(folder: Path) -> None:
    (folder / CARD).unlink()
    assert Tagger.of(folder, PACK.redaction) is None
