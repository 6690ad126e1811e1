"""What travels: every message on every topic, as msgspec Structs, and the topic table."""
