"""The single transferable vote, by the rule of Scottish local elections.

Source: The Scottish Local Government Elections Order 2007 (SSI 2007/42), schedule 1, rules 45-52.

- Quota (rule 46): floor(papers / (seats + 1)) + 1, of the papers that name at least one candidate.
- Who has the quota is elected (47), all who reach it at the same stage together.
- Surplus (48, 49): the largest first; every paper of the candidate goes on to its next continuing
  candidate at surplus x its value / the candidate's votes, cut off after five decimal places
  (the weighted inclusive Gregory method).
- Exclusion (50, 51): where there is no surplus left, the candidate with the fewest votes; papers go
  on at the value they had.
- Ties, of surpluses and of fewest votes: the most recent stage at which they differed decides, then
  the lot (49(2), 51(2)). Whoever comes later by lot is excluded, or waits with the surplus.
- Last vacancies (52): as many continuing candidates as vacancies are elected, and nothing moves on.

Ours, and not in the Order:

- *Levels.* A ballot of another method can put candidates level; then a paper is divided equally
  among the level ones that continue (`polls.tally.piles`). Strict rankings are not touched by this.
- *The affiliation cap.* Once a company has all the directors it may have, its continuing candidates
  are excluded at once and their papers go on; and nobody is excluded without whom the vacancies
  could not all be filled within the cap. In the literature such candidates are doomed and guarded
  (I. D. Hill's rule, as told by J. Otten, STV with multiple constraints, Voting matters 13, 2001).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from polls.tally.cap import Directors, empty_seats
from polls.tally.choices import Tiers
from polls.tally.lots import Lot, Step
from polls.tally.piles import UNIT, Piles, places


@dataclass
class Stage:
    """One stage: what moved, and how the votes stand after it. Values are of 1/100 000 vote."""

    event: str  # first_preferences, surplus, exclusion, cap or last_vacancies
    candidates: list[int]  # whose papers moved
    transferred: int
    votes: dict[int, int]
    exhausted: int
    dropped: int
    elected: list[int] = field(default_factory=list)

    def told(self, number: int) -> dict[str, Any]:
        """The stage as data; votes are decimal numbers with five places."""
        return {
            "number": number,
            "event": self.event,
            "candidates": self.candidates,
            "transferred": places(self.transferred),
            "votes": {str(one): places(votes) for one, votes in sorted(self.votes.items())},
            "exhausted": places(self.exhausted),
            "dropped": places(self.dropped),
            "elected": self.elected,
        }


class SingleTransferableVote:
    """A count of `papers` over `candidates`; it is done when it has been made.

    elected: in order of election. order: all candidates, the elected first, then those who were
    left, by votes, then the excluded, the last first. `stages` and `steps` tell how, `reasons` why
    the cap kept somebody out. `quota` is in whole votes.
    """

    def __init__(
        self,
        papers: Sequence[Tiers],
        candidates: Sequence[int],
        seats: int,
        lot: Lot,
        directors: Directors,
    ) -> None:
        self._lot, self._directors, self._seats = lot, directors, seats
        self._piles = Piles(papers, candidates)
        self.quota = self._piles.number // (seats + 1) + 1
        self._continuing = set(candidates)
        self._surpluses: set[int] = set()
        self._excluded: list[int] = []
        self.elected: list[int] = []
        self.stages: list[Stage] = []
        self.reasons: dict[int, str] = {}
        self.steps: list[Step] = directors.already_over()
        self._note("first_preferences", [], 0)
        while self._advance():
            pass
        left = self._best_first(self._continuing, tell=False)
        self.order = [*self.elected, *left, *reversed(self._excluded)]
        self.steps += empty_seats(seats - len(self.elected))

    def told(self) -> dict[str, Any]:
        """The count as data."""
        return {
            "quota": self.quota,
            "papers": self._piles.number,
            "order": self.order,
            "seated": self.elected,
            "stages": [stage.told(number) for number, stage in enumerate(self.stages, start=1)],
            "steps": self.steps,
        }

    def _advance(self) -> bool:
        """One stage further; False where the count is over."""
        self._elect_by_quota()
        vacancies = self._seats - len(self.elected)
        doomed = {one for one in self._continuing if self._directors.is_full(one)}
        if not vacancies or not self._continuing:
            return False
        if len(self._continuing - doomed) <= vacancies:
            self._fill_last()
            return False
        if doomed:
            self._exclude_by_cap(doomed)
        elif self._surpluses:
            self._pass_on_surplus()
        else:
            self._exclude_lowest(vacancies)
        return True

    def _elect_by_quota(self) -> None:
        votes, quota = self._piles.votes, self.quota * UNIT
        reached = [one for one in self._continuing if votes[one] >= quota]
        for candidate in self._best_first(reached, tell=len(reached) > 1):
            if self._directors.is_full(candidate):
                continue
            self._elect(candidate)
            if votes[candidate] > quota:
                self._surpluses.add(candidate)

    def _elect(self, candidate: int) -> None:
        self._directors.seat(candidate)
        self._continuing.remove(candidate)
        self.elected.append(candidate)
        self.stages[-1].elected.append(candidate)

    def _fill_last(self) -> None:
        self._note("last_vacancies", [], 0)
        for candidate in self._best_first(self._continuing, tell=True):
            if self._directors.is_full(candidate):
                self._keep_out(candidate)
            else:
                self._elect(candidate)
        self._drop(reversed(self._best_first(self._continuing, tell=False)))

    def _exclude_by_cap(self, doomed: set[int]) -> None:
        order = self._best_first(doomed, tell=False)
        for candidate in order:
            self._keep_out(candidate)
        self._drop(reversed(order))
        self._note("cap", order, self._piles.transfer_all(order, self._continuing))

    def _keep_out(self, candidate: int) -> None:
        step = self._directors.passed_over(candidate)
        self.steps.append(step)
        self.reasons[candidate] = step["reason"]

    def _pass_on_surplus(self) -> None:
        largest = max(self._piles.votes[one] for one in self._surpluses)
        tied = [one for one in self._surpluses if self._piles.votes[one] == largest]
        candidate = self._best_first(tied, tell=True)[0]
        self._surpluses.remove(candidate)
        moved = self._piles.transfer_surplus(candidate, self.quota * UNIT, self._continuing)
        self._note("surplus", [candidate], moved)

    def _exclude_lowest(self, vacancies: int) -> None:
        fillable = min(vacancies, self._directors.fillable(self._continuing))
        free = [
            one
            for one in self._continuing
            if self._directors.fillable(self._continuing - {one}) >= fillable
        ]
        fewest = min(self._piles.votes[one] for one in free)
        self._tell_guarded(free, fewest)
        tied = [one for one in free if self._piles.votes[one] == fewest]
        candidate = self._best_first(tied, tell=True)[-1]
        self._drop([candidate])
        self._note(
            "exclusion", [candidate], self._piles.transfer_all([candidate], self._continuing)
        )

    def _tell_guarded(self, free: list[int], fewest: int) -> None:
        below = {one for one in self._continuing - set(free) if self._piles.votes[one] < fewest}
        for one in self._best_first(below, tell=False):
            name = self._lot.names[one]
            sentence = (
                f"{name} stays: without {name} the seats could not all be filled within the cap."
            )
            self._tell({"code": "guarded", "candidate": one, "sentence": sentence})

    def _drop(self, candidates: Iterable[int]) -> None:
        for candidate in list(candidates):
            self._continuing.remove(candidate)
            self._excluded.append(candidate)

    def _note(self, event: str, candidates: list[int], transferred: int) -> None:
        piles = self._piles
        stage = Stage(
            event, candidates, transferred, dict(piles.votes), piles.exhausted, piles.dropped
        )
        self.stages.append(stage)

    def _best_first(self, candidates: Collection[int], *, tell: bool) -> list[int]:
        """By votes now, then at the most recent stage at which they differed, then by lot."""
        history = {
            one: tuple(-stage.votes[one] for stage in reversed(self.stages)) for one in candidates
        }
        order = sorted(candidates, key=lambda one: (history[one], self._lot.key(one)))
        if tell:
            self._tell_ties(order, history)
        return order

    def _tell_ties(self, order: list[int], history: dict[int, tuple[int, ...]]) -> None:
        same: dict[tuple[int, ...], list[int]] = {}
        level: dict[int, list[int]] = {}
        for one in order:
            same.setdefault(history[one], []).append(one)
            level.setdefault(history[one][0], []).append(one)
        for tied in level.values():
            if len({history[one] for one in tied}) > 1:
                names = self._lot.listed(tied)
                sentence = (
                    f"Level now, so the latest stage at which they differed decides: {names}."
                )
                self._tell({"code": "earlier_stage", "candidates": tied, "sentence": sentence})
        for tied in same.values():
            if len(tied) > 1:
                self._tell(self._lot.told(tied))

    def _tell(self, step: Step) -> None:
        """The same is told once: a tie can matter for the order and for a surplus."""
        if step not in self.steps:
            self.steps.append(step)
