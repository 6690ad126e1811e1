import gc

import pytest

from schemas.errors import NotOurs
from schemas.signals import LocalCluster, Partial, Sample, decode_signal, encode_signal

SAMPLE = Sample("app crashes", 1_000, "app", "feedback.app-0@7")
CLUSTER = LocalCluster(5, 2, {"app": 2, "crashes": 1}, 0, (3, 9), ((("app", "7.0"), 2),), (SAMPLE,))
PARTIAL = Partial("feedback.app", 0, 1, 20, "shop", ("channel", "version"), (CLUSTER,))


def test_what_is_written_is_read() -> None:
    assert decode_signal(encode_signal(PARTIAL)) == PARTIAL


def test_partials_are_nothing_to_the_garbage_collector() -> None:
    """Tens of thousands wait for their minute to close, and none can be part of a cycle."""
    partial = decode_signal(encode_signal(PARTIAL))
    assert isinstance(partial, Partial)
    (cluster,) = partial.clusters
    assert not any(map(gc.is_tracked, (partial, cluster, *cluster.samples)))


@pytest.mark.parametrize("value", [b"", b"{}", b'{"kind":"partial"}', b'{"kind":"\xff"}'])
def test_anything_else_is_not_ours(value: bytes) -> None:
    with pytest.raises(NotOurs):
        decode_signal(value)
