"""How probably a stretch of a text is somebody's name, as the pack's name model has it."""

from __future__ import annotations

from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from agents.models.card import read
from agents.models.classifier import Floats, session_of
from agents.models.errors import BadModel

CARD = "names.json"
INPUT = "slots"
"""Of each stretch, in rows: where in the table its features stand; int64."""
OUTPUT = "probabilities"


class Names:
    """The model of a pack; one thread."""

    def __init__(self, folder: Path | Traversable) -> None:
        """Raises BadModel."""
        self.card = read(folder / CARD, "names")
        self._session = session_of(self.card, folder)
        inputs = [one.name for one in self._session.get_inputs()]
        outputs = [one.name for one in self._session.get_outputs()]
        if inputs != [INPUT] or outputs != [OUTPUT]:
            raise BadModel(f"{self.card.file} reads {inputs} and gives {outputs}")
        self.probabilities(np.zeros((1, 1), np.int64))

    def probabilities(self, slots: npt.NDArray[np.int64]) -> Floats:
        """Of each row of slots. Raises BadModel if the model fails."""
        try:
            found = np.asarray(self._session.run([OUTPUT], {INPUT: slots})[0])
        except Exception as error:  # onnxruntime has no error of its own to name
            raise BadModel(f"{self.card.file} fails: {error}") from None
        if found.shape != (len(slots),) or not np.isfinite(found).all():
            raise BadModel(f"{self.card.file}: it gives {found.shape}, or no numbers")
        return found.astype(np.float64)
