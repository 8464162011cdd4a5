from community.core.errors import ConflictError, InvalidError, ProductError


class NodesNotAvailableError(ConflictError):
    default_code = "nodes_not_available"


class WindowError(InvalidError):
    default_code = "window"


class UnknownNodeError(InvalidError):
    default_code = "unknown_node"


class ReservationNotActiveError(ConflictError):
    default_code = "reservation_not_active"


class BlueprintError(InvalidError):
    default_code = "blueprint"


class DeploymentRunningError(ConflictError):
    default_code = "deployment_running"


class BootTokenError(ProductError):
    """A node's token that is unknown, used up or revoked: this boot is over."""

    status = 401
    default_code = "boot_token"


class OutputOffsetError(ConflictError):
    default_code = "offset"


class BootNotAwaitedError(ProductError):
    status = 404
    default_code = "boot_not_awaited"
