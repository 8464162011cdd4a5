"""The count of sealed ballots, once, by the pure functions that `manage.py recount` calls too."""

import hashlib

from django.db import transaction

from community.core import clock
from polls import states
from polls.models import Election, ElectionResult
from polls.selectors.elections.results import are_results_out
from polls.selectors.elections.rules import ballots_of, rules_of
from polls.services.elections import news
from polls.services.elections.locks import lock_election
from polls.services.elections.log import note
from polls.tally.election import canonical_bytes, count_election


@transaction.atomic
def count_sealed(election: Election) -> Election:
    """Count a sealed election and keep the result; one that was counted meanwhile stays."""
    election = lock_election(election)
    if election.state != states.SEALED:
        return election
    move = states.ELECTION.next(election.state, "count")
    content = count_election(rules_of(election), ballots_of(election))
    ElectionResult.objects.create(
        election=election,
        version=content["version"],
        ballots=content["ballots"],
        electorate=content["electorate"],
        receipts_digest=content["receipts_digest"],
        content=content,
        counted_at=clock.now(),
    )
    election.state = move.target
    election.save(update_fields=["state"])
    digest = hashlib.sha256(canonical_bytes(content)).hexdigest()
    note(election, "counted", version=content["version"], result_sha256=digest)
    news.ask_inspectors(election)
    if are_results_out(election):
        news.tell_result(election)
    return election
