import msgspec
import pytest

from agents.reviews.campaigns import Part
from tests.agents.reviews.campaigns.nights import crowd, judged, review

PAID = "老婆一直想买这个牌子，收到以后爱不释手，面料柔软没有线头，客服小姐姐也很有耐心"


def test_a_part_goes_to_a_file_and_back() -> None:
    paid = [review(PAID, n * 60_000, product="t", author=f"w{n}") for n in range(30)]
    verdicts = judged([*crowd(500), *paid], chunk=100)
    assert len(verdicts.ends) == 6
    part = verdicts.part(5)
    again = Part.from_bytes(part.to_bytes())
    assert len(again) == len(part) == 30
    assert [again.findings(n) for n in range(30)] == [part.findings(n) for n in range(30)]
    assert again.findings(29)
    assert {again.campaign(n) for n in range(30)} == {0}
    assert again.original(29) == 500
    assert verdicts.part(0).campaign(0) == -1


def test_other_bytes_are_none() -> None:
    with pytest.raises(msgspec.DecodeError):
        Part.from_bytes(b"nothing")
