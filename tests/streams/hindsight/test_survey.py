from agents.detect.rules import DetectRules
from schemas.commands import Resolve
from schemas.signals import Commanded, Signal
from streams.hindsight.spool import Spool
from streams.hindsight.survey import Survey, survey
from tests.agents.detect.made import START, quiet_and_burst, told

APP = ("feedback.app", 0)
LAST = START + 50
SIGNALS = told(
    APP,
    quiet_and_burst(APP, through=LAST, burst=range(START + 40, LAST + 1), size=9),
    through=LAST,
    product="wallet",
)


def surveyed(signals: list[Signal]) -> Survey:
    with Spool([APP]) as spool:
        for signal in signals:
            spool.add(signal)
        span = range(START, LAST + 1)
        return survey(spool, DetectRules(), None, span, lambda *_: None)["wallet"]


def test_what_people_said_is_looked_back_on_as_well() -> None:
    (open_one,) = surveyed(SIGNALS).latest()
    assert open_one.incident.status == "open"
    resolve = Resolve(incident_id=open_one.incident.incident_id, by="ana", text="rolled back")
    command = Commanded("incidents.commands", 0, 1, resolve)
    before_the_last_minute = len(SIGNALS) - 3
    told = [*SIGNALS[:before_the_last_minute], command, *SIGNALS[before_the_last_minute:]]
    (found,) = surveyed(told).latest()
    assert (found.incident.status, found.members) == ("resolved", open_one.members)
    assert found.incident.change_reason == "resolved by ana: rolled back"
