"""Tasks carry no more than ids and call one service each; what is due stands in the database."""

from celery import shared_task


@shared_task(name="polls.settle")
def settle_polls() -> None:
    """Open the polls whose time has come, close and count those whose time is over."""
    from polls.services import moves  # the one step upwards a task takes

    moves.open_due_polls()
    moves.close_due_polls()


@shared_task(name="polls.remind")
def remind_voters() -> None:
    """Queue reminders that are due."""
    from polls.services import reminders  # the one step upwards a task takes

    reminders.queue_reminders()


@shared_task(name="polls.settle_elections")
def settle_elections() -> None:
    """Open, close, seal and count the elections for which it is time."""
    from polls.services.elections import moves  # the one step upwards a task takes

    moves.settle_due_elections()


@shared_task(name="polls.remind_of_elections")
def remind_of_elections() -> None:
    """Queue reminders of elections that are due."""
    # The one step upwards a task takes.
    from polls.services.elections import member_reminders, voter_reminders

    voter_reminders.queue_voter_reminders()
    member_reminders.queue_member_reminders()
