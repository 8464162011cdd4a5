"""Every channel-layer group of the house, named in one place."""

import uuid


def deployment(deployment_id: uuid.UUID | str) -> str:
    """Wake-ups of one deployment's readers."""
    return f"deploylab.deployment.{deployment_id}"


LAB = "deploylab.lab"


def meetup_notes(meetup_id: int) -> str:
    """Wake-ups of those who follow one meetup's live notes."""
    return f"meetups.notes.{meetup_id}"


def brainstorm(brainstorm_id: int) -> str:
    """Wake-ups of those who follow one brainstorm, and who is typing in it."""
    return f"polls.brainstorm.{brainstorm_id}"
