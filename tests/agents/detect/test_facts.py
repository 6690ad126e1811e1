from agents.detect.product import ProductDetector
from agents.detect.rules import DetectRules
from agents.detect.themes import Key
from schemas.incidents import Incident
from schemas.signals import LocalCluster
from tests.agents.detect.made import START, local, minute_of

APP = ("feedback.app", 0)
BURST = START + 90
LARGE, SMALL, OTHER = 0, 1, 2
"""Themes in the order in which they are first heard; of the large one everybody always talks."""
USUAL, OTHERS = 40, 6
"""Texts a minute."""


def said(theme: int, minute: int, count: int) -> LocalCluster:
    version, os = f"7.{minute % 3}", ("ios", "android")[minute % 2]
    return local(theme, count, f"{theme} {minute}", "app", "shop", version, os)


def outbreak(*more: int) -> tuple[Incident, list[Incident]]:
    """The opening of an incident of the small theme, which `more` join at once, and the rest."""
    detector = ProductDetector("shop", DetectRules())
    told: list[Incident] = []
    for minute in range(START, BURST + 120):
        up = BURST <= minute < BURST + 12
        heard = [said(LARGE, minute, USUAL), said(SMALL, minute, 12 if up else 1)]
        heard.append(said(OTHER, minute, OTHERS if up else 1))
        revisions = detector.close(minute, [minute_of(APP, minute, minute, heard, "shop")], ())
        if revisions and not told:
            groups = detector.view(minute).judge.groups
            (group,) = groups
            keys = (Key("feedback", theme) for theme in more)
            groups.join(group, {key: 3.0 for key in keys if key not in group.members})
        told += [revision.incident for revision in revisions]
    return told[0], told[1:]


def test_a_large_theme_at_its_usual_is_not_counted_though_it_has_joined() -> None:
    opened, later = outbreak(LARGE, OTHER)
    assert (opened.opened_at, later[-1].status) == (later[-1].opened_at, "resolved")
    for incident in later:
        observed = incident.observed
        assert observed.count <= observed.window_minutes * (12 + OTHERS)
        assert observed.lift > 3
        assert incident.channels == {"app": observed.count}
    assert later[-1].observed.count > 12 * 12, "the other one, which is up as well, is counted"


def test_an_incident_tells_its_height_to_the_end() -> None:
    _, later = outbreak()
    highest = max(later, key=lambda incident: incident.observed.count)
    assert later[-1].change_reason == "quiet for 15 minutes"
    assert later[-1].observed.count == highest.observed.count
    assert later[-1].observed.window_minutes == highest.observed.window_minutes
