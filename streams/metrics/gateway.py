"""Metrics of the gateway."""

from streams.metrics.metric import Metric

METRICS = (
    Metric(
        "groundswell_gateway_requests_total",
        "counter",
        "requests",
        ("route", "status"),
        "HTTP requests answered; a WebSocket counts as 101 when it ends",
        "429: a client asks too often; 503: see turns by outcome; 500: the log, please report it",
    ),
    Metric(
        "groundswell_gateway_turn_seconds",
        "histogram",
        "seconds",
        ("outcome",),
        "from the admission of a turn to its reply; outcome is the reply's status, or why there"
        " is none",
        "late: the worker is slow or away; overloaded: add workers; not_ready, broker_away: Kafka",
        (0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0),
    ),
    Metric(
        "groundswell_gateway_tokens_refused_total",
        "counter",
        "tokens",
        ("reason",),
        "tokens that were not accepted",
        "key, signature: keys rotated or somebody tries; issuer, audience, names: the settings",
    ),
    Metric(
        "groundswell_gateway_open",
        "gauge",
        "turns or sockets",
        ("what",),
        "turns under way, turns_allowed at the same time at present, and open sockets",
        "turns near turns_allowed: turns wait too long, add workers",
    ),
    Metric(
        "groundswell_gateway_sockets_closed_total",
        "counter",
        "sockets",
        ("why",),
        "WebSockets that ended: closed by the client, expired, idle, flood, error, going_away",
        "flood: a client is broken or hostile; error: networks, or half-open connections",
    ),
)
