"""Which models organizers work on in the admin, with which rights."""

from community.services.accounts import grant_admin_models

_ALL = ["view", "add", "change", "delete"]
_EDIT = ["view", "add", "change"]
_LOOK = ["view"]

MODELS = {
    "community.user": _LOOK,
    "community.chapter": ["view", "change"],
    "community.membership": _EDIT,
    "community.organization": _EDIT,
    "community.mail": _LOOK,
    "community.auditentry": _LOOK,
    "community.season": _LOOK,
    "community.archiverecord": _LOOK,
    "meetups.meetup": _ALL,
    "meetups.venue": _ALL,
    "meetups.site": _ALL,
    "meetups.session": _ALL,
    "meetups.topic": _ALL,
    "meetups.sponsorship": _ALL,
    "meetups.minutesitem": _ALL,
    "meetups.recording": _ALL,
    "meetups.note": _LOOK,
    "meetups.sponsoroffer": _EDIT,
    "meetups.series": _EDIT,
    "community.takeover": _LOOK,
    "meetups.rsvp": _EDIT,
    "meetups.checkin": _EDIT,
    "polls.brainstorm": _EDIT,
    "polls.poll": _EDIT,
    "polls.election": _LOOK,
    "polls.candidate": _LOOK,
    "polls.inspector": _LOOK,
    "polls.campaign": _LOOK,
    "polls.polloption": _EDIT,
    "polls.prioritylist": _LOOK,
    "polls.priority": _LOOK,
    "polls.assessment": _LOOK,
    "polls.outlook": _LOOK,
    "deploylab.node": _EDIT,
    "deploylab.bmc": _EDIT,
    "deploylab.powercommand": _LOOK,
    "deploylab.reservation": _LOOK,
    "deploylab.allocation": _LOOK,
    "deploylab.blueprint": _LOOK,
    "deploylab.blueprintversion": _LOOK,
    "deploylab.deployment": _LOOK,
    "deploylab.deploymentstep": _LOOK,
    "deploylab.event": _LOOK,
    "deploylab.bootticket": _LOOK,
    "deploylab.agentwork": _LOOK,
}


def grant_organizers() -> None:
    """Give the organizers' group these rights and no others."""
    grant_admin_models(MODELS)
