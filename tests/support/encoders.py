"""Toy encoders: a vector for each word, so that a test says what means the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from agents.models.encoder import MODEL, TOKENIZER
from streams.training.graph import finished, node


def toy(folder: Path, words: Mapping[str, Sequence[float]], inputs: str = "input_ids") -> Path:
    """An encoder that takes the mean of the words it knows; others have the vector of `?`."""
    folder.mkdir(parents=True, exist_ok=True)
    known = ["?", *(word for word in words if word != "?")]
    tokenizer = Tokenizer(WordLevel({word: at for at, word in enumerate(known)}, unk_token="?"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / TOKENIZER))
    table = np.asarray([words[word] for word in known], np.float32)
    made = helper.make_graph(
        [node("Gather", f"table {inputs}", "last_hidden_state")],
        "toy",
        [helper.make_tensor_value_info(inputs, TensorProto.INT64, ["batch", "tokens"])],
        [
            helper.make_tensor_value_info(
                "last_hidden_state", TensorProto.FLOAT, ["batch", "tokens", table.shape[1]]
            )
        ],
        [numpy_helper.from_array(table, "table")],
    )
    (folder / MODEL).write_bytes(finished(made))
    return folder
