from collections.abc import Iterator

import pytest
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from sinks.cluster import Cluster
from streams.admin import TopicAdmin
from tests.support.enriching import Log


@pytest.fixture
def log(bootstrap: str, prefix: str) -> Iterator[Log]:
    """Topics of the test's own, gone at its end with the group."""
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    admin.create(2)
    log = Log(bootstrap, prefix)
    try:
        yield log
    finally:
        log.close()
        admin.delete()
        groups = AdminClient(log.cluster.for_librdkafka())
        for future in groups.delete_consumer_groups([prefix + "groundswell-enrich"]).values():
            try:
                future.result()
            except KafkaException:
                # It never got as far as to commit.
                continue
