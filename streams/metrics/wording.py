"""Metrics of what the assistant says and what its language model costs."""

from streams.metrics.metric import Metric

METRICS = (
    Metric(
        "groundswell_assistant_turns_total",
        "counter",
        "turns",
        ("intent", "status"),
        "turns by what was wanted, none if nothing was understood, and how they ended",
        "none rising: people want what the assistant does not know; look at the interactions",
    ),
    Metric(
        "groundswell_assistant_degraded_total",
        "counter",
        "turns",
        ("what",),
        "turns in which something was not as it should be: cache, no_model, model_late, tool,"
        " knowledge_only, template or hand_over",
        "tool or cache: the bank is slow; no_model: see model_breaker and the budgets",
    ),
    Metric(
        "groundswell_assistant_model_answers_total",
        "counter",
        "answers",
        ("use", "outcome"),
        "questions to the language model by what became of them: used, cached, or why not",
        "figures, outcome, name and so on: the model changes facts, a better one is needed;"
        " budget, away, late: see below",
    ),
    Metric(
        "groundswell_assistant_model_seconds",
        "histogram",
        "seconds",
        ("use",),
        "from the question to the answer, second questions included",
        "near assistant_model_timeout_seconds: the model is too slow for a conversation",
        (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 5.0),
    ),
    Metric(
        "groundswell_assistant_model_hedges_total",
        "counter",
        "requests",
        ("use",),
        "second questions that were asked because the first answer was slow",
        "near a tenth of the calls: the server is often slow",
    ),
    Metric(
        "groundswell_assistant_model_calls_total",
        "counter",
        "requests",
        ("tenant",),
        "requests to the language model for a tenant; tenants beyond the first 50 are `other`",
        "a jump: a tenant has many open questions; assistant_model_calls_per_tenant bounds it",
    ),
    Metric(
        "groundswell_assistant_model_tokens_total",
        "counter",
        "tokens",
        ("tenant", "direction"),
        "tokens of questions (in) and answers (out); what was given up counts as all it could be",
        "too many: the assistant_model_tokens_per_ settings bound them",
    ),
    Metric(
        "groundswell_assistant_model_money_total",
        "counter",
        "currency of the prices",
        ("tenant",),
        "what the tokens cost by model_price_in and model_price_out",
        "too much: assistant_model_money_per_tenant and _per_day bound it",
    ),
    Metric(
        "groundswell_assistant_model_day_money",
        "gauge",
        "currency of the prices",
        ("tenant",),
        "what a tenant has cost today (UTC) in this worker",
        "at the limit: its answers come without the model until midnight UTC",
    ),
    Metric(
        "groundswell_assistant_model_breaker",
        "gauge",
        "1 or 0",
        ("state",),
        "closed: the model is asked; open: it failed again and again and is left alone; trying",
        "open: look at the model's server; answers go on without it",
    ),
)
