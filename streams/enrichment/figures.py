"""What the asking of the model came to, as metrics."""

from agents.llm.analyst import ModelAnalyst
from streams.metrics import Metrics

_STATES = ("closed", "open", "trying")


class Figures:
    """Carries the analyst's totals over; call `show` often."""

    def __init__(self, analyst: ModelAnalyst, model: str, metrics: Metrics) -> None:
        self._analyst = analyst
        self._model = model
        self._metrics = metrics
        self._shown: dict[tuple[str, ...], float] = {}

    def show(self, asking: int) -> None:
        """Bring the metrics up to date; `asking` incidents wait for an answer."""
        counts = self._analyst.counts
        self._raise("groundswell_enrich_calls_total", counts.calls)
        self._raise("groundswell_enrich_tokens_total", counts.tokens_in, "in")
        self._raise("groundswell_enrich_tokens_total", counts.tokens_out, "out")
        self._raise("groundswell_enrich_money_total", counts.money)
        self._raise("groundswell_enrich_cache_hits_total", counts.cached)
        self._raise("groundswell_enrich_malformed_total", counts.malformed)
        self._raise("groundswell_enrich_dropped_total", counts.dropped)
        for state in _STATES:
            is_so = state == self._analyst.breaker.state
            self._metrics.put("groundswell_enrich_breaker", is_so, self._model, state)
        self._metrics.put("groundswell_enrich_asking", asking, self._model)

    def _raise(self, name: str, total: float, *labels: str) -> None:
        before = self._shown.get((name, *labels), 0.0)
        self._metrics.add(name, max(0.0, total - before), self._model, *labels)
        self._shown[name, *labels] = total
