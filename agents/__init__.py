"""Judgement without a broker: the same agents run in a batch, a stream, a request and a device."""
