"""The deployment socket: `/ws/v1/deployments/<id>/?after=<seq>`."""

import uuid

from community.core.streams import StreamConsumer
from deploylab.live import DeploymentSource


class DeploymentConsumer(StreamConsumer):
    async def source(self) -> DeploymentSource:
        """The deployment the address names; whether it is there, its readers' rights say."""
        return DeploymentSource(uuid.UUID(str(self.scope["url_route"]["kwargs"]["pk"])))
