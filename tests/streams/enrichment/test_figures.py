from agents.llm.analyst import ModelAnalyst
from agents.llm.client import ModelClient
from agents.llm.settings import ModelSettings
from streams.enrichment.figures import Figures
from streams.metrics import Metrics

SETTINGS = ModelSettings("http://127.0.0.1:9/v1", "qwen3")


def lines(metrics: Metrics) -> set[str]:
    return set(metrics.text().decode().splitlines())


def test_totals_are_carried_over_once() -> None:
    analyst = ModelAnalyst(SETTINGS, ModelClient(SETTINGS), clock_ms=lambda: 0, seed=1)
    metrics = Metrics()
    figures = Figures(analyst, "qwen3", metrics)
    counts = analyst.counts
    counts.calls, counts.tokens_in, counts.tokens_out, counts.money = 2, 1800, 200, 0.5
    figures.show(asking=3)
    figures.show(asking=3)
    counts.calls, counts.cached, counts.malformed, counts.dropped = 5, 1, 2, 4
    figures.show(asking=0)
    assert lines(metrics) >= {
        'groundswell_enrich_calls_total{model="qwen3"} 5.0',
        'groundswell_enrich_tokens_total{direction="in",model="qwen3"} 1800.0',
        'groundswell_enrich_tokens_total{direction="out",model="qwen3"} 200.0',
        'groundswell_enrich_money_total{model="qwen3"} 0.5',
        'groundswell_enrich_cache_hits_total{model="qwen3"} 1.0',
        'groundswell_enrich_malformed_total{model="qwen3"} 2.0',
        'groundswell_enrich_dropped_total{model="qwen3"} 4.0',
        'groundswell_enrich_asking{model="qwen3"} 0.0',
    }


def test_the_breaker_is_in_one_state() -> None:
    analyst = ModelAnalyst(SETTINGS, ModelClient(SETTINGS), clock_ms=lambda: 0, seed=1)
    metrics = Metrics()
    figures = Figures(analyst, "qwen3", metrics)
    figures.show(asking=0)
    for _ in range(5):
        analyst.breaker.failed(0)
    figures.show(asking=0)
    assert lines(metrics) >= {
        'groundswell_enrich_breaker{model="qwen3",state="closed"} 0.0',
        'groundswell_enrich_breaker{model="qwen3",state="open"} 1.0',
        'groundswell_enrich_breaker{model="qwen3",state="trying"} 0.0',
    }
