"""The states of a poll, as a table."""

from community.core.fsm import StateMachine, row

DRAFT, OPEN, CLOSED, CANCELLED = "draft", "open", "closed", "cancelled"

POLL = StateMachine(
    "poll",
    [
        row("open", DRAFT, OPEN, "The poll was opened."),
        row("extend", OPEN, OPEN, "The poll was given more time."),
        row("close", OPEN, CLOSED, "The poll was closed and counted."),
        row("cancel", f"{DRAFT} {OPEN}", CANCELLED, "The poll was cancelled; nothing is counted."),
    ],
)
