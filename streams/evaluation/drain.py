"""drain3, the usual log template miner, as a peer: it runs where it is installed."""

from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec

_MASKS = (
    (r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", "UUID"),
    (r"[A-Za-z][\w+.-]*://[^\s,;\])}]+", "URL"),
    (r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?(?![\w.])", "IP"),
    (r"(?<!\w)0[xX][0-9A-Fa-f]+(?!\w)", "HEX"),
    (r"(?<![\w/])/(?:[\w.@+-]+/?)+", "PATH"),
    (r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?![\w.])", "NUM"),
    (r"(?<!\w)(?=[0-9A-Fa-f]*\d)[0-9A-Fa-f]{8,}(?!\w)", "ID"),
)


def drain3() -> dict[str, Callable[[Sequence[str]], list[int]]]:
    """drain3 with its defaults, first with generic masks, then without; empty if not installed."""
    if find_spec("drain3") is None:
        return {}
    name = f"drain3 {version('drain3')}"
    return {f"{name} with masks": partial(_mine, _MASKS), f"{name} without": partial(_mine, ())}


def _mine(masks: Sequence[tuple[str, str]], lines: Sequence[str]) -> list[int]:
    package = import_module("drain3")
    config = import_module("drain3.template_miner_config").TemplateMinerConfig()
    instruction = import_module("drain3.masking").MaskingInstruction
    config.masking_instructions = [instruction(*mask) for mask in masks]
    miner = package.TemplateMiner(config=config)
    return [int(miner.add_log_message(line)["cluster_id"]) for line in lines]
