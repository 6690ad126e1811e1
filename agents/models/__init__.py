"""Small models, run by onnxruntime."""

import os

# From 1.29 on onnxruntime reports to its maker, unless this stands before it is loaded.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # noqa: TID251
