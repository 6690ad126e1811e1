import asyncio
import hashlib
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

import streams.encoders as of
from agents.models.encoder import MODEL, TOKENIZER
from schemas.turns import Lang
from sinks.cluster import Cluster
from streams.assistant.parts import serve
from streams.broker.jars import Jar
from streams.cli import main
from streams.encoders import (
    FetchEncoders,
    Pinned,
    default_folder,
    fetch_encoders,
    fetched_encoders,
    open_encoders,
)
from streams.evaluation import intents_other, knowledge
from streams.settings import load
from tests.support.encoders import toy


@pytest.fixture
def fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Lang]:
    """What was fetched, of two toys in jars of their own."""
    asked: list[Lang] = []
    pins: dict[Lang, Pinned] = {}
    for lang in ("en", "zh"):
        made = toy(tmp_path / "made" / lang, {"?": (1.0, float(len(pins)))})
        with zipfile.ZipFile(tmp_path / f"{lang}.jar", "w") as jar:
            jar.write(made / MODEL, "toy.onnx")
            jar.write(made / TOKENIZER, "toy-tokenizer.json")
            jar.writestr("../../outside", b"no")
        digest = hashlib.sha256((made / MODEL).read_bytes()).hexdigest()
        pins[lang] = Pinned("toy", "ours", Jar(f"a:{lang}:1", ""), digest)

    def fetch(jars: Sequence[Jar], *_: object, what: str) -> list[Path]:
        assert what == "encoders"
        langs = [lang for jar in jars for lang in pins if pins[lang].jar == jar]
        asked.extend(langs)
        return [tmp_path / f"{lang}.jar" for lang in langs]

    monkeypatch.setattr(of, "PINNED", pins)
    monkeypatch.setattr(of, "fetch", fetch)
    return asked


def test_what_is_there_is_not_fetched_again(fetched: list[Lang], tmp_path: Path) -> None:
    place = tmp_path / "encoders"
    fetch_encoders(place, lambda _: None)
    assert fetched == ["en", "zh"]
    assert sorted(open_encoders(str(place))) == ["en", "zh"]
    fetch_encoders(place, lambda _: None)
    assert fetched == ["en", "zh"]
    # One that was cut off or changed is.
    (place / "zh" / MODEL).write_bytes(b"half")
    (place / "en" / TOKENIZER).unlink()
    fetch_encoders(place, lambda _: None)
    assert fetched == ["en", "zh", "en", "zh"]
    names = {one.name for one in place.rglob("*")}
    assert names == {"en", "zh", MODEL, TOKENIZER}


def test_the_command_prints_where_they_are(fetched: list[Lang], tmp_path: Path) -> None:
    place = tmp_path / "here"
    told = CliRunner().invoke(main, ["assistant", "encoders", str(place)])
    assert (told.exit_code, told.stdout) == (0, f"{place}\n")
    assert fetched == ["en", "zh"]


def test_a_folder_that_cannot_be_written_is_named(fetched: list[Lang], tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FetchEncoders, match=r"cannot write to .*file"):
        fetch_encoders(tmp_path / "file" / "encoders", lambda _: None)
    assert not fetched


def test_none_are_opened_unless_named_and_what_is_named_must_be_there(tmp_path: Path) -> None:
    assert open_encoders("") == {}
    with pytest.raises(FetchEncoders, match="run groundswell assistant encoders"):
        open_encoders(str(tmp_path))
    toy(tmp_path / "en", {"?": (1.0,)})
    (tmp_path / "en" / MODEL).write_bytes(b"nothing")
    with pytest.raises(FetchEncoders, match="no encoder in"):
        open_encoders(str(tmp_path))


@pytest.mark.slow
def test_the_pinned_ones_read_what_the_small_models_do_not() -> None:
    fetch_encoders(default_folder(), lambda _: None)
    assert sorted(fetched_encoders()) == ["en", "zh"]
    for rows, measure in (
        (intents_other.evaluate(), "top intent is right"),
        (knowledge.evaluate(), "first is right"),
    ):
        share = {row.data: row.value for row in rows if row.measure == measure}
        again = {data: value for data, value in share.items() if data.endswith(", with an encoder")}
        assert again
        for data, value in again.items():
            assert value > share[data.removesuffix(", with an encoder")]


def test_an_encoder_that_our_models_were_not_made_with_is_refused(tmp_path: Path) -> None:
    toy(tmp_path / "en", {"?": (1.0,)})
    settings = load(overrides={"assistant_encoders": str(tmp_path)})
    with pytest.raises(FetchEncoders, match=r"made with another encoder.*\(assistant_encoders\)"):
        asyncio.run(serve(settings, Cluster("127.0.0.1:1")))
