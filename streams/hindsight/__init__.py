"""What detect saw and why it decided as it did: signals read again through the same classes."""
