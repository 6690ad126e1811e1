from agents.llm.budget import Spending
from schemas.causes import Rca, RcaStatus
from schemas.commands import Cost, Explain, Relate
from streams.enrichment.commands import BY
from streams.enrichment.spending import spent

MOST = Cost(1, 900, 1_500, 0.5)
CHEAP = Cost(1, 800, 90, 0.1)


def explain(name: str, status: RcaStatus, cost: Cost) -> Explain:
    return Explain(incident_id=name, by=BY, rca=Rca(status, "model", (), (), None), cost=cost)


def test_an_answer_says_what_its_calls_came_to() -> None:
    twice = Cost(2, 1_700, 190, 0.2)
    history: list[tuple[Explain | Relate, int]] = [
        (explain("a", "pending", MOST), 1),
        (explain("b", "pending", MOST), 2),
        (Relate(incident_id="a", by=BY, related=()), 3),
        (explain("a", "pending", MOST), 4),
        (explain("a", "failed", twice), 5),
        (explain("b", "ok", CHEAP), 6),
    ]
    assert spent(history) == [Spending("a", 5, twice), Spending("b", 6, CHEAP)]


def test_a_call_without_an_answer_costs_what_it_may_have_cost() -> None:
    history = [
        (explain("a", "pending", MOST), 1),
        (explain("b", "pending", MOST), 3),
        (explain("a", "pending", MOST), 2),
        (explain("a", "ok", CHEAP), 4),
        (explain("a", "skipped_budget", Cost()), 5),
    ]
    assert [one for one in spent(history) if one.cost.calls] == [
        Spending("a", 1, MOST),
        Spending("b", 3, MOST),
        Spending("a", 4, CHEAP),
    ]


def test_an_answer_whose_announcement_is_gone_counts_alone() -> None:
    assert spent([(explain("a", "ok", CHEAP), 1)]) == [Spending("a", 1, CHEAP)]
