"""Request and reply over Kafka, bytes in and bytes out: whoever asks, and whoever answers."""

from streams.requests.replier import Replier
from streams.requests.request import Forged, Request, RequestReader
from streams.requests.requester import Requester

__all__ = ["Forged", "Replier", "Request", "RequestReader", "Requester"]
