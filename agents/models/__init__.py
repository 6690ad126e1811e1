"""Small models, run by onnxruntime."""
