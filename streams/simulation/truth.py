"""`truth.json`: what was simulated, exactly."""

import json
from pathlib import Path

import msgspec

from schemas.times import Timestamp
from streams.simulation.errors import BadFile
from streams.simulation.vocabulary import Words


class TopicTotals(msgspec.Struct, frozen=True):
    """One topic; `lines` = `events` (accepted, each once) + `duplicates` + all `broken`.

    `late` (more than 60 s behind the newest event before it in the file), `out_of_order` (less)
    and `spam` are among the events; `broken` counts by the reason of the dead letter.
    """

    lines: int
    events: int
    duplicates: int = 0
    spam: int = 0
    late: int = 0
    out_of_order: int = 0
    broken: dict[str, int] = {}


class ThemeTruth(msgspec.Struct, frozen=True):
    """A theme of a product and all its events, injected ones too; `rate` is a mean per minute."""

    product: str
    theme: str
    kind: str
    category: str | None
    rate: float
    events: int


class SliceTruth(msgspec.Struct, frozen=True):
    """For whom: `share` of the injected events; `implied` attributes follow from the others."""

    attributes: dict[str, str]
    share: float
    implied: dict[str, str]


class ChangeTruth(msgspec.Struct, frozen=True):
    """The change that caused an incident."""

    id: str
    summary: str
    time: Timestamp


class InjectedIncident(msgspec.Struct, frozen=True):
    """An incident that was put in.

    `expected`: background events of the theme over the duration; `injected`: events added;
    `authors`: distinct authors of these (log lines have none); `size_class`: wanted size and
    `size_sd`: real size, both in standard deviations of the background; `detectable`: at least 6
    of these and 15 authors, reached first at `detectable_at`; `slice` None: the cause is no
    tracked attribute; `terms`: words that the theme's texts hold.
    """

    id: str
    product: str
    theme: str
    category: str
    new_theme: bool
    onset: Timestamp
    end: Timestamp
    duration_minutes: int
    expected: float
    injected: int
    authors: int
    size_class: int
    size_sd: float
    detectable: bool
    detectable_at: Timestamp | None
    slice: SliceTruth | None
    channels: dict[str, int]
    languages: dict[str, int]
    cause: str
    change: ChangeTruth | None
    terms: Words


class SurgeTruth(msgspec.Struct, frozen=True):
    """All themes of a product rose together by `factor`: no incident."""

    product: str
    start: Timestamp
    end: Timestamp
    factor: float


class BurstTruth(msgspec.Struct, frozen=True):
    """A job that fails every night: once seen, no incident."""

    product: str
    theme: str
    terms: Words
    starts: tuple[Timestamp, ...]
    duration_minutes: int


class Truth(msgspec.Struct, frozen=True):
    """The whole file. Incidents are scored from `scored_from` to `end`: history is warm-up."""

    seed: int
    start: Timestamp
    scored_from: Timestamp
    end: Timestamp
    hours: float
    history_days: int
    rate: float
    products: tuple[str, ...]
    topics: dict[str, TopicTotals]
    themes: tuple[ThemeTruth, ...]
    incidents: tuple[InjectedIncident, ...]
    surges: tuple[SurgeTruth, ...]
    bursts: tuple[BurstTruth, ...]


def encode_truth(truth: Truth) -> bytes:
    """Indented JSON, Chinese as it is."""
    plain = msgspec.to_builtins(truth)
    return (json.dumps(plain, ensure_ascii=False, indent=1) + "\n").encode()


def read_truth(path: Path) -> Truth:
    """Read `truth.json`. Raises BadFile."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Truth)
    except OSError as error:
        raise BadFile(f"cannot read {path}: {error.strerror}") from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadFile(f"{path} is no truth.json of this version: {error}") from None
