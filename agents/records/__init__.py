"""What a patient's documents say, read on the device: no network, no clock, no broker."""
