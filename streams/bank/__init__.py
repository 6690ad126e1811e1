"""The bank behind the assistant: an embedded one for the demo, a real one over HTTP."""
