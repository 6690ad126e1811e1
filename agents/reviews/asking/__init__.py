"""The language model of the night: what it is asked, and what of its answers is believed."""
