"""What a message means: act, intent, slots; rules and two small models, Chinese and English."""

from agents.assistant.understanding.understander import Understander

__all__ = ["Understander"]
