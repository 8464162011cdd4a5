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
from polls.tally.sheets import ballots_csv


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
    note(election, "counted", version=content["version"], **count_digest(election))
    news.ask_inspectors(election)
    if are_results_out(election):
        news.tell_result(election)
    return election


def count_digest(election: Election) -> dict[str, str]:
    """What the public log says of a count: SHA-256 of results.json, once everyone may read that.

    Before, it is SHA-256 over results.json and ballots.csv, one after the other. From the hash of a
    result alone one could try all results that a few voters can bring about; the ballots' random
    ids are known to inspectors only.
    """
    content = canonical_bytes(election.result.content)
    if are_results_out(election):
        return {"result_sha256": hashlib.sha256(content).hexdigest()}
    ballots = ballots_csv(rules_of(election), ballots_of(election)).encode()
    return {"result_and_ballots_sha256": hashlib.sha256(content + ballots).hexdigest()}
