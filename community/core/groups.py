"""Every channel-layer group of the house, named in one place."""

import uuid


def deployment(deployment_id: uuid.UUID | str) -> str:
    """Wake-ups of one deployment's readers."""
    return f"deploylab.deployment.{deployment_id}"


LAB = "deploylab.lab"
