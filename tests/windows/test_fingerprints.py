import random

import pytest

from windows.fingerprints import fingerprint


@pytest.mark.parametrize(
    ("terms", "value"),
    [
        ([], 3244421341483603138),
        (["payment"], 11376000370623203693),
        (["payment", "fails"], 16697656123006110970),
        (["支付", "付不"], 13971273996372437543),
    ],
)
def test_values_never_change(terms: list[str], value: int) -> None:
    assert fingerprint(terms) == value


def test_order_does_not_matter_but_terms_do() -> None:
    words = [f"word{i}" for i in range(30)]
    shuffled = random.Random(1).sample(words, len(words))
    assert fingerprint(shuffled) == fingerprint(words)
    assert fingerprint(words[1:]) != fingerprint(words)
    assert fingerprint(["ab", "c"]) != fingerprint(["a", "bc"])


def test_fits_64_bits() -> None:
    values = [fingerprint([str(i)]) for i in range(1000)]
    assert len(set(values)) == 1000
    assert max(values) < 1 << 64
    assert max(values) > 1 << 63
