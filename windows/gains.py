"""Gains of exponentially weighted means."""

from __future__ import annotations

import numpy as np

from windows.slots import Floats


def gain(half_life: float) -> float:
    """Gain of an exponentially weighted mean whose weights halve in ``half_life`` steps."""
    return float(1.0 - 0.5 ** (1.0 / half_life))


def young_gain(half_life: float, steps: Floats) -> Floats:
    """The gain after ``steps`` updates: a plain mean while young, then ``gain(half_life)``."""
    return np.maximum(np.float32(gain(half_life)), 1 / (steps + 2))
