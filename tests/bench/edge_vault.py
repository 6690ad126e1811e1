"""Search and opening in a vault of 10,000 made-up documents.

Every question is asked of the whole vault, as a person types it: one character, two, a word, a
value, a rare and a frequent one (half of the documents have a sentence); every opening is of a
document and its items. Entries of the audit are included. The vault was just unlocked: nothing is
in its own cache at first. Goal: p99 50 ms.
"""

import random
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from edge.settings import Home, Host
from edge.vault import Cost, Vault
from schemas.records import Diagnosis, Document, Item, Span
from tests.bench.results import Bench, Goal, Result, percentile

_GOAL_MS = 50.0
_PER_PATIENT = 4
_NAMES = (
    "高血压", "2型糖尿病", "冠心病", "肺炎", "胆囊结石", "甲状腺结节", "慢性胃炎", "脑梗死", "贫血",
    "哮喘", "痛风",
)  # fmt: skip
_SAYS = (
    "患者因咳嗽咳痰三天入院",
    "否认药物过敏史",
    "查体未见明显异常",
    "予阿司匹林100mg口服每日一次",
    "肌酐{n}μmol/L",
    "血糖{m}mmol/L",
    "建议三个月后复查",
    "既往有{d}病史{m}年",
    "腹部超声提示{d}可能",
    "无发热、胸痛、气促",
    "嘱低盐低脂饮食，适当运动",
    "出院诊断：{d}",
)
_ASKED = (
    "痛", "血", "无", "否认", "结节", "肌酐", "复查", "高血压", "阿司匹林", "糖尿病", "hba1c",
    "132", "肌酐 132", "冠心病 贫血", "甲状腺结节", "低盐低脂饮食", "mmol", "没有这样的话",
)  # fmt: skip


def run(bench: Bench) -> list[Result]:
    """Percentiles of each, in ms."""
    count = bench.count(10_000, 2_000)
    rng = random.Random(bench.seed)
    home = Home(bench.home / "edge")
    host = Host(
        lambda: time.time_ns() // 1_000_000, lambda: time.monotonic_ns() // 1_000_000, rng.randbytes
    )
    with Vault.create(home, "doctor", "of the bench", host, cost=Cost(64, 1, 1)) as vault:
        begin = time.perf_counter()
        _fill(vault, rng, count)
        filled = time.perf_counter() - begin
    size = home.vault.stat().st_size
    with Vault.open(home, "doctor", "of the bench", host) as vault:
        documents = [one.id for one in vault.documents.list()]
        patients = [one.id for one in vault.patients.list()]
        rounds = max(20, min(200, count // 20))
        spent = {
            "search": [
                _ms(partial(vault.search, words)) for _ in range(rounds) for words in _ASKED
            ],
            "open a document": [
                _ms(partial(_open, vault, one)) for one in rng.choices(documents, k=1000)
            ],
            "open a patient": [
                _ms(partial(vault.documents.all, one)) for one in rng.choices(patients, k=1000)
            ],
            "names as typed": [_ms(partial(vault.patients.list, str(n), 50)) for n in range(200)],
        }
    rows: list[dict[str, str | int | float]] = [
        {"step": name, "times": len(ms), "p50 ms": percentile(ms, 50), "p99 ms": percentile(ms, 99),
         "greatest ms": max(ms)}
        for name, ms in spent.items()
    ]  # fmt: skip
    goals = [Goal(f"{row['step']}, p99 ms", float(row["p99 ms"]), _GOAL_MS) for row in rows]
    made = f"{filled / count * 1e3:.1f} ms to add one, {size / count / 1e3:.1f} kB each"
    return [Result(f"A vault of {count:,} documents; {made}", rows, goals)]


def _fill(vault: Vault, rng: random.Random, count: int) -> None:
    for patient in range(count // _PER_PATIENT):
        kept = vault.patients.add(f"病人{patient}", birth="1960-05-31", number=f"N{patient}")
        for _ in range(_PER_PATIENT):
            name = rng.choice(_NAMES)
            said = rng.choices(rng.sample(_SAYS, 6), k=80)
            text = "。\n".join(said).format(
                d=name, n=rng.randrange(40, 400), m=rng.randrange(2, 30)
            )
            date = f"20{rng.randrange(10, 26)}-0{rng.randrange(1, 10)}-1{rng.randrange(10)}"
            found: tuple[Item, ...] = tuple(
                Diagnosis(span=Span(n, n + 4), sentence=Span(n, n + 20), name=name, term=name)
                for n in range(0, 400, 20)
            )
            vault.documents.add(Document("", kept.id, date, "门诊病历", text, ""), found)


def _open(vault: Vault, document: str) -> None:
    vault.documents.get(document)
    vault.items.of(document)


def _ms(step: Callable[[], object]) -> float:
    begin = time.perf_counter()
    step()
    return 1e3 * (time.perf_counter() - begin)


if __name__ == "__main__":
    from rich.console import Console

    with tempfile.TemporaryDirectory() as directory:
        console = Console(highlight=False)
        for result in run(Bench("", Path(directory), 7, False, None, console)):
            result.show(console)
