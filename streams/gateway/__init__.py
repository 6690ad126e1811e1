"""The door to the assistant: HTTP and WebSocket in front of the request/reply topics."""
