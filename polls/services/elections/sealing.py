"""Sealing: after it nothing in the database ties a ballot to a voter."""

import logging

from django.db import transaction

from community.core import secretbox
from polls import states
from polls.exceptions import BallotsBusyError
from polls.models import Election
from polls.selectors.elections.rules import ballots_of
from polls.services.elections.locks import lock_election
from polls.services.elections.log import note
from polls.services.elections.partitions import hold_partitions, seal_partition
from polls.tally.employers import coarsened
from polls.tally.receipts import receipt_of, receipts_digest

log = logging.getLogger(__name__)


def seal_closed(election: Election) -> Election:
    """Seal the ballots of a closed election, in one transaction; others' are not touched.

    Rare employers are put together, revote codes forgotten, and the lot's seed is revealed with
    the digest of the receipts that it will be mixed with. One that another worker has sealed
    meanwhile is returned as it is; so is one whose ballots are being read by a backup, which the
    next tick of the clock takes up.
    """
    try:
        return _sealed(election)
    except BallotsBusyError:
        log.warning("election %s is not sealed yet: its table is being read", election.pk)
        return election


@transaction.atomic
def _sealed(election: Election) -> Election:
    election = lock_election(election)
    if election.state != states.CLOSED:
        return election
    move = states.ELECTION.next(election.state, "seal")
    hold_partitions()
    ballots = ballots_of(election)
    employers = set(coarsened(ballots)) if election.asks_employer else {""}
    seal_partition(election, sorted(employers))
    election.state = move.target
    election.lot_seed = secretbox.unseal(election.lot_seed_sealed)
    election.lot_seed_sealed = ""
    election.save(update_fields=["state", "lot_seed", "lot_seed_sealed"])
    receipts = [receipt_of(election.slug, one["id"], one["choices"]) for one in ballots]
    note(
        election,
        "sealed",
        ballots=len(ballots),
        receipts_digest=receipts_digest(receipts),
        lot_seed=election.lot_seed,
    )
    return election
