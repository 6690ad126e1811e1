"""Faust's transport with micro-batches: one event per partition and poll.

Pinned to faust-streaming 0.15.3: ``tests/streams/transport/test_seams.py`` names every private
seam that is used here.
"""
