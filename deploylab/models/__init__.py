from deploylab.models.blueprint import Blueprint, BlueprintVersion
from deploylab.models.boot import AgentWork, BootTicket
from deploylab.models.deployment import Deployment, DeploymentStep
from deploylab.models.event import Event
from deploylab.models.node import Bmc, Node
from deploylab.models.power import PowerCommand
from deploylab.models.reservation import Allocation, Reservation

__all__ = [
    "AgentWork",
    "Allocation",
    "Blueprint",
    "BlueprintVersion",
    "Bmc",
    "BootTicket",
    "Deployment",
    "DeploymentStep",
    "Event",
    "Node",
    "PowerCommand",
    "Reservation",
]
