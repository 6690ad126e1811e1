"""Time and counts, pure: no Kafka, no Faust, no clock, no environment, no network."""
