"""The optional language model of the assistant: it words and reads, code checks it."""
