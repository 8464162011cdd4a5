"""The states of polls, elections and candidacies, as tables."""

from community.core.fsm import StateMachine, row

DRAFT, OPEN, CLOSED, CANCELLED = "draft", "open", "closed", "cancelled"
NOMINATING, SEALED, COUNTED, CERTIFIED = "nominating", "sealed", "counted", "certified"
EXTERNAL = "external"

POLL = StateMachine(
    "poll",
    [
        row("open", DRAFT, OPEN, "The poll was opened."),
        row("extend", OPEN, OPEN, "The poll was given more time."),
        row("close", OPEN, CLOSED, "The poll was closed and counted."),
        row("cancel", f"{DRAFT} {OPEN}", CANCELLED, "The poll was cancelled; nothing is counted."),
    ],
)

# Closed and sealed are passed through at once; a worker that dies there leaves it to the next
# tick of the clock, which goes on from the state it finds.
ELECTION = StateMachine(
    "election",
    [
        row("publish", DRAFT, EXTERNAL, "It is held elsewhere; here is what there is to know."),
        row("nominate", DRAFT, NOMINATING, "Nominations were opened."),
        row("open", f"{DRAFT} {NOMINATING}", OPEN, "Voting was opened."),
        row("extend", OPEN, OPEN, "Voting was given more time."),
        row("close", OPEN, CLOSED, "Voting was closed."),
        row("seal", CLOSED, SEALED, "The ballots were sealed; nothing ties them to voters."),
        row("count", SEALED, COUNTED, "The ballots were counted."),
        row("certify", COUNTED, CERTIFIED, "Every inspector has certified the result."),
        row(
            "cancel",
            f"{DRAFT} {NOMINATING} {OPEN} {CLOSED} {EXTERNAL}",
            CANCELLED,
            "The election was cancelled; ballots were destroyed uncounted.",
        ),
    ],
)

NOMINATED, ACCEPTED, DECLINED = "nominated", "accepted", "declined"
WITHDRAWN, RULED_OUT = "withdrawn", "ruled_out"

CANDIDACY = StateMachine(
    "candidacy",
    [
        row("accept", f"{NOMINATED} {DECLINED} {WITHDRAWN}", ACCEPTED, "The nomination stands."),
        row("decline", f"{NOMINATED} {ACCEPTED}", DECLINED, "The nomination was declined."),
        row("withdraw", ACCEPTED, WITHDRAWN, "The candidate withdrew."),
        row("rule_out", f"{NOMINATED} {ACCEPTED}", RULED_OUT, "The organizers ruled it out."),
        row("reinstate", RULED_OUT, NOMINATED, "The nomination was taken up again."),
    ],
)
