"""Around a bounded run of `groundswell demo`: a console, an enricher, a person on call, a chat."""

from streams.demonstration.backstage import Backstage
from streams.demonstration.oncall import OnCall
from streams.demonstration.shift import Shift
from streams.demonstration.talking import Talking

__all__ = ["Backstage", "OnCall", "Shift", "Talking"]
