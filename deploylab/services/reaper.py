"""What every two seconds makes good for lost tasks and dead workers."""

from deploylab.services.power import recover_dead_commands
from deploylab.services.reservations import run_due_reservations
from deploylab.services.runner import advance_all


def reap() -> None:
    """Ends and starts of reservations, commands without a worker, then every live deployment."""
    run_due_reservations()
    recover_dead_commands()
    advance_all()
