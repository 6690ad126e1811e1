import pytest

from agents.llm.canary import leaked

_CODE = "0f1e2d3c4b5a6978"


@pytest.mark.parametrize(
    "text",
    [
        _CODE,
        f"the code is {_CODE}.",
        _CODE.upper(),
        _CODE[::-1],
        "-".join(_CODE),
        "\u200b".join(_CODE),
        "，".join(_CODE),
        "".join(chr(ord(c) + 0xFEE0) for c in _CODE),
        _CODE[:8],
        _CODE[8:],
        _CODE[3:11],
    ],
)
def test_a_leak(text: str) -> None:
    assert leaked(_CODE, text)


@pytest.mark.parametrize("text", ["", _CODE[:7], "commit 8d3c4b1e of 7.2.0", "支付失败"])
def test_no_leak(text: str) -> None:
    assert not leaked(_CODE, text)
