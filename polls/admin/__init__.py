"""The voice in Django's admin: lists, and what services do to them; no ballot, no result."""

from polls.admin import brainstorms, elections, polls, priorities

__all__ = ["brainstorms", "elections", "polls", "priorities"]
