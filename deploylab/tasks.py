"""Tasks carry ids and call one service each; all may run twice without harm."""

from celery import shared_task


@shared_task(name="deploylab.advance_deployment")
def advance_deployment(deployment_id: str) -> None:
    """Do what can be done now for one deployment."""
    from deploylab.services.runner import advance  # the one step upwards a task takes

    advance(deployment_id)


@shared_task(name="deploylab.cancel_deployment")
def cancel_deployment(deployment_id: str) -> None:
    """Stop a deployment whose reservation has ended."""
    from deploylab.services.runner import cancel_if_live  # the one step upwards a task takes

    cancel_if_live(deployment_id)


@shared_task(name="deploylab.run_power_queue")
def run_power_queue(address: str) -> None:
    """Run what is queued for one BMC."""
    from deploylab.services.power import run_power_queue as run  # the one step upwards

    run(address)


@shared_task(name="deploylab.reap")
def reap() -> None:
    """The safety net: dead workers' commands, deployments nobody looked at, due windows."""
    from deploylab.services.reaper import reap as run  # the one step upwards a task takes

    run()
