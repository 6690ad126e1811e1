import logging

import pytest

from sinks.errors import CannotRead
from streams.enrichment.patience import Outage
from tests.support.enriching import said

GONE = CannotRead("no answer")


def test_an_outage_that_several_parts_notice_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "streams.enrichment.patience")
    now = 1_763_630_000_000
    outage = Outage(lambda: now)
    outage.ends("reading")
    for what in ("reading", "writing", "reading"):
        outage.begins(what, GONE, waited=5.0)
    now += 5_000
    outage.ends("reading")
    outage.begins("reading", GONE)
    outage.ends("writing")
    now += 7_000
    assert len(said(caplog)) == 1
    outage.ends("reading")
    outage.ends("reading")
    assert said(caplog) == [
        "Kafka is away since 2025-11-20T09:13:15.000Z: it is waited for, and nothing is lost; "
        "reading: no answer",
        "Kafka is back after 17 s",
    ]
