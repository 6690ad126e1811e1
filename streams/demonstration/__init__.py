"""What `groundswell demo` puts around a bounded run: a console, an enricher, a person on call."""

from streams.demonstration.backstage import Backstage
from streams.demonstration.oncall import OnCall
from streams.demonstration.shift import Shift

__all__ = ["Backstage", "OnCall", "Shift"]
