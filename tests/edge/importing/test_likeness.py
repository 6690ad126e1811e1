import pytest

from edge.importing.likeness import ALMOST, Shingles

NOTE = "".join(f"第{n}天患者诉头晕，血压{120 + n}/80mmHg，予缬沙坦{n}mg。" for n in range(40))


def test_almost_the_same() -> None:
    changed = NOTE.replace("第7天", "第7日").replace("。", "。\n")
    assert Shingles(NOTE).like(Shingles(changed)) > ALMOST


def test_another_note() -> None:
    other = "".join(f"第{n}天患者体温{36 + n / 10}℃，咳嗽，予头孢{n}g静滴。" for n in range(40))
    assert Shingles(NOTE).like(Shingles(other)) < 0.3


def test_bounds() -> None:
    assert Shingles("头").like(Shingles("头")) == 1
    assert Shingles("头").like(Shingles("胸")) == 0


@pytest.mark.timeout(30)
def test_long_texts_are_quick() -> None:
    text = "".join(chr(0x4E00 + n % 20_000) for n in range(200_000))
    Shingles(text).like(Shingles(text))
