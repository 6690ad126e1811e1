"""The rules that the device judges by, as the page and the commands use them."""

from __future__ import annotations

from agents.records.errors import BadPack
from agents.records.extraction import Extractor
from agents.records.followup.calendar import calendar
from agents.records.followup.due import due
from agents.records.followup.letters import letter, spoken
from agents.records.pack import Pack
from agents.records.summary import summarise
from edge.consult import Context, prepare
from edge.device import Rules
from edge.errors import Damaged
from edge.settings import Home
from edge.updates.slots import load_pack


def current(home: Home) -> Rules:
    """Those that run on this device: the last update that works. Raises Damaged."""
    try:
        return rules_of(load_pack(home))
    except BadPack as error:
        raise Damaged(f"the rules of this application: {error}; install it again") from None


def rules_of(pack: Pack) -> Rules:
    """One version, whose tables are read once."""
    return Rules(
        version=pack.version,
        read=Extractor(pack).read,
        summarise=lambda patient, history, language: summarise(patient, history, pack, language),
        due=lambda patient, history, today, language, kept: due(
            patient, history, today, pack, language, kept
        ),
        calendar=calendar,
        letter=letter,
        spoken=spoken,
        draft=lambda question, patient, summary, random: prepare(
            question, Context(patient, summary, pack, random)
        ),
    )
