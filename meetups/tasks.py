"""Tasks carry no more than ids and call one service each; what is due stands in the database."""

from celery import shared_task


@shared_task(name="meetups.lapse_offers")
def lapse_offers() -> None:
    """End offers past their deadline and fill what became free."""
    from meetups.services.places import lapse_due_offers  # the one step upwards a task takes

    lapse_due_offers()


@shared_task(name="meetups.queue_reminders")
def queue_reminders() -> None:
    """Queue reminders that are due."""
    from meetups.services import news  # the one step upwards a task takes

    news.queue_reminders()


@shared_task(name="meetups.delete_dietary_notes")
def delete_dietary_notes() -> None:
    """Delete dietary notes past their day."""
    from meetups.services.diets import delete_expired_notes  # the one step upwards a task takes

    delete_expired_notes()
