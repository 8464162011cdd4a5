"""Tasks carry ids and call one service each."""

from celery import shared_task


@shared_task(name="community.send_mail")
def send_mail(mail_id: str) -> None:
    """Send one queued mail."""
    from community.services.outgoing import send_queued_mail  # the one step upwards a task takes

    send_queued_mail(mail_id)


@shared_task(name="community.send_due_mail")
def send_due_mail() -> None:
    """The safety net: mails whose task was lost, and those due for another attempt."""
    from community.services import outgoing  # the one step upwards a task takes

    outgoing.send_due_mail()


@shared_task(name="community.drop_old_answers")
def drop_old_answers() -> None:
    """Forget the answers kept for Idempotency-Keys of yesterday."""
    from community.services import idempotency  # the one step upwards a task takes

    idempotency.drop_old_answers()


@shared_task(name="community.beat")
def heartbeat() -> None:
    """Say that a worker works; `/readyz` shows the age."""
    from community.services.health import record_heartbeat  # the one step upwards a task takes

    record_heartbeat()


@shared_task(name="community.ripen_takeovers")
def ripen_takeovers() -> None:
    """Let takeovers of silent chapters take effect whose notice is over."""
    from community.services import takeovers  # the one step upwards a task takes

    takeovers.ripen_takeovers()
