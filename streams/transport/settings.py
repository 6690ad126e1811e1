"""The Faust settings of every Groundswell app."""

import tempfile
from pathlib import Path
from typing import Any

import mode
from faust.auth import SASLCredentials, SSLCredentials

from sinks.cluster import Cluster

MAX_BATCH_RECORDS = 1000


def faust_settings(cluster: Cluster) -> dict[str, Any]:
    """Keyword arguments for ``faust.App`` that differ from Faust's defaults, and why."""
    return {
        "broker": [f"kafka://{server.strip()}" for server in cluster.bootstrap.split(",")],
        **_credentials(cluster),
        # A killed worker holds its partitions for the session timeout (default 60 s); heartbeats
        # are at most a third of it.
        "broker_session_timeout": 10.0,
        "broker_heartbeat_interval": 1.0,
        # A worker that does not answer delays every other worker this long (default 60 s).
        "broker_rebalance_timeout": 15.0,
        # A worker that hangs is put out of the group (default 1000 s).
        "broker_max_poll_interval": 120.0,
        # A dead connection is noticed (default 90 s); not below the session timeout.
        "broker_request_timeout": 30.0,
        # Bounds a batch, and with it what is read again after a kill (default: no bound).
        "broker_max_poll_records": MAX_BATCH_RECORDS,
        # Bounds what a restart without state reads again (default 2.8 s).
        "broker_commit_interval": 0.5,
        # Several batches a fetch when a partition is behind (default 1 MiB).
        "consumer_max_fetch_size": 4 * 1024 * 1024,
        # No waiting for acks on stop and rebalance: they commit nothing, and may wait for ever.
        "stream_wait_empty": False,
        # No tables, hence aiokafka's round-robin assignor instead of Faust's.
        "table_standby_replicas": 0,
        # An exception ends the process, its supervisor starts it again from durable state;
        # Faust's default restarts the agent past the failed message.
        "agent_supervisor": mode.CrashingSupervisor,
        # `groundswell topics create` makes the topics; Faust makes none, not even the leader's.
        "topic_allow_declare": False,
        "topic_disable_leader": True,
        # Lets sends share a request (default 0), in batches of that size (default 16 KiB).
        "producer_linger": 0.005,
        "producer_max_batch_size": 128 * 1024,
        # A dead broker becomes an error that ends the process (default 20 minutes).
        "producer_request_timeout": 30.0,
        # Faust's web server is not ours.
        "web_enabled": False,
        # Faust insists on making this directory, by default in the working directory.
        "datadir": str(Path(tempfile.gettempdir()) / "groundswell-faust"),
    }


def _credentials(cluster: Cluster) -> dict[str, Any]:
    if cluster.has_login:
        credentials = SASLCredentials(
            username=cluster.username,
            password=cluster.password.reveal(),
            ssl_context=cluster.tls,
            mechanism=cluster.mechanism,
        )
        return {"broker_credentials": credentials}
    return {"broker_credentials": SSLCredentials(cluster.tls)} if cluster.has_tls else {}
