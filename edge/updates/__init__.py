"""How packs reach the device: signed, as small differences, and only ever read."""
