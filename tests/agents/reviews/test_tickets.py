"""What becomes a ticket, how bad it is and when it is due."""

from agents.reviews.drafts import Versions
from agents.reviews.tickets import MAX_LISTED, CampaignNote, TicketRules, Tickets
from schemas.reviews import Finding, ReviewLabel, RiskTicket
from schemas.times import parse_ms
from tests.agents.reviews.made import label

END = parse_ms("2026-11-20T16:00:00.000Z")
INJURY = Finding("human", "human.injury", "cut my hand")
SPAM = Finding("banned", "banned.gambling", "casino", 0.9)
DOUBT = Finding("fake", "fake.template", "7 alike", 0.6)
NOTES = {"c-1": CampaignNote("praise", ("12 near copies by 9 authors",), 0.97)}
RULES = TicketRules({"human.injury": "critical", "banned.gambling": "error"})


def told(*labels: ReviewLabel, rules: TicketRules = RULES) -> list[RiskTicket]:
    tickets = Tickets("2026-11-20", END, NOTES, rules, Versions("r1", "m1"))
    for each in labels:
        tickets.add(each)
    return tickets.tickets()


def test_one_matter_is_one_ticket_however_many_reviews_show_it() -> None:
    (ticket,) = told(*(label(n, INJURY) for n in range(70)))
    assert (ticket.kind, ticket.reviews, len(ticket.sources)) == ("human", 70, MAX_LISTED)
    assert ticket.title == "Injury: 70 reviews of mug"
    assert ticket.first == "2026-11-20T09:00:00.000Z"
    assert ticket.last == "2026-11-20T09:01:09.000Z"
    assert len(ticket.quotes) == 3


def test_products_have_tickets_of_their_own() -> None:
    found = told(label(1, INJURY), label(2, INJURY, product="plate"))
    assert sorted(t.product for t in found) == ["mug", "plate"]
    assert len({t.ticket_id for t in found}) == 2


def test_worst_first_and_due_by_severity() -> None:
    found = told(label(1, SPAM), label(2, SPAM), label(3, INJURY))
    assert [t.severity for t in found] == ["critical", "error"]
    assert [t.due for t in found] == ["2026-11-21T04:00:00.000Z", "2026-11-21T16:00:00.000Z"]


def test_a_campaign_is_one_ticket_and_swallows_all_but_what_a_person_must_see() -> None:
    copies = [label(n, SPAM, campaign="c-1", product=f"p{n % 3}") for n in range(12)]
    found = told(*copies, label(50, INJURY, campaign="c-1"))
    assert [(t.kind, t.reviews) for t in found] == [("human", 1), ("campaign", 13)]
    campaign = found[1]
    assert campaign.ticket_id == "c-1"
    assert campaign.title == "Praise campaign: 13 reviews of 4 products"
    assert campaign.reason == "12 near copies by 9 authors"


def test_single_doubts_and_duplicates_wake_nobody() -> None:
    assert told(label(1, DOUBT), label(2, DOUBT)) == []
    assert told(*(label(n, Finding("duplicate", "duplicate.exact")) for n in range(9))) == []


def test_doubts_add_up_and_a_sure_one_counts_alone() -> None:
    (ticket,) = told(label(1, DOUBT), label(2, DOUBT), label(3, DOUBT))
    assert (ticket.kind, ticket.severity, ticket.reviews) == ("fake", "info", 3)
    (ticket,) = told(label(1, Finding("fake", "fake.author_burst", "90 in 5 min", 0.95)))
    assert ticket.reason == "fake.author_burst: 90 in 5 min"


def test_two_words_of_one_matter_are_one_review() -> None:
    again = Finding("banned", "banned.gambling", "c@sino", 0.8)
    (ticket,) = told(label(1, SPAM, again))
    assert ticket.reviews == 1


def test_ids_do_not_depend_on_the_order_of_reviews() -> None:
    labels = [label(1, SPAM), label(2, INJURY), label(3, SPAM, product="plate")]
    ids = {t.ticket_id for t in told(*labels)}
    assert ids == {t.ticket_id for t in told(*reversed(labels))}


def test_what_is_only_feared_wakes_nobody_and_a_fan_is_no_complaint() -> None:
    assert told(label(1, Finding("human", "human.injury", "could hurt", 0.4))) == []
    fan: dict[str, object] = {"rating": 5.0, "sentiment": "positive"}
    (ticket,) = told(label(1, INJURY, **fan))
    assert ticket.severity == "info"
    (ticket,) = told(label(1, INJURY, **fan), label(2, INJURY, rating=None))
    assert ticket.severity == "critical"


def test_one_review_is_one_matter_for_a_person() -> None:
    also = Finding("human", "human.legal", "my lawyer", 0.9)
    (ticket,) = told(label(1, also, INJURY))
    assert ticket.title == "Injury: 1 review of mug"


def test_two_doubts_of_a_review_are_one_review_however_many_there_are() -> None:
    surer = Finding("fake", "fake.author_burst", "90 in 5 min", 0.8)
    (ticket,) = told(*(label(n, DOUBT, surer) for n in range(MAX_LISTED + 20)))
    assert (ticket.reviews, ticket.confidence) == (MAX_LISTED + 20, 0.8)
