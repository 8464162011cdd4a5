"""When a counted result is certified: every inspector there is has signed it."""

from polls import states
from polls.models import Election
from polls.selectors.elections.results import are_results_out
from polls.services.elections import news
from polls.services.elections.log import note


def certify_when_signed(election: Election) -> None:
    """Certify a counted election of whose signatures none is missing, and tell the result.

    The caller holds the election's row. Without inspectors nothing is certified.
    """
    inspectors = election.inspectors.all()
    is_signed = inspectors.exists() and not inspectors.filter(signed_at=None).exists()
    if election.state != states.COUNTED or not is_signed:
        return
    were_out = are_results_out(election)
    election.state = states.ELECTION.next(election.state, "certify").target
    election.save(update_fields=["state"])
    note(election, "certified", inspectors=inspectors.count())
    if not were_out:
        news.tell_result(election)
