"""State moves along a table, one sentence a row; what the table does not list raises."""

from collections.abc import Iterable
from dataclasses import dataclass

from community.core.errors import TransitionError


@dataclass(frozen=True)
class Transition:
    """From any of `sources`, `event` leads to `target`; `sentence` says it to a person."""

    event: str
    sources: frozenset[str]
    target: str
    sentence: str


def row(event: str, sources: str, target: str, sentence: str) -> Transition:
    """A table row; `sources` is a list of states separated by spaces."""
    return Transition(event, frozenset(sources.split()), target, sentence)


class StateMachine:
    """A table of transitions.

    `deadlines` gives each transient state its longest stay in seconds; `timeouts` the event that
    ends the stay. A state from which nothing leads is final.
    """

    def __init__(
        self,
        name: str,
        rows: Iterable[Transition],
        *,
        deadlines: dict[str, float] | None = None,
        timeout_event: str = "time_out",
    ) -> None:
        self.name = name
        self.rows = tuple(rows)
        self.deadlines = deadlines or {}
        self.timeout_event = timeout_event
        self._table: dict[tuple[str, str], Transition] = {}
        for transition in self.rows:
            for source in transition.sources:
                if (source, transition.event) in self._table:
                    raise ValueError(f"{name}: two rows for {source} + {transition.event}")
                self._table[source, transition.event] = transition

    @property
    def states(self) -> frozenset[str]:
        """Every state the table names."""
        return frozenset(
            state for transition in self.rows for state in (*transition.sources, transition.target)
        )

    @property
    def events(self) -> frozenset[str]:
        """Every event the table names."""
        return frozenset(transition.event for transition in self.rows)

    def is_final(self, state: str) -> bool:
        """Whether nothing leads out of `state`."""
        return not any(source == state for source, _ in self._table)

    def sources(self, event: str) -> frozenset[str]:
        """The states in which `event` may happen."""
        return frozenset(source for source, name in self._table if name == event)

    def next(self, state: str, event: str) -> Transition:
        """The row for `event` in `state`; raises TransitionError when the table has none."""
        try:
            return self._table[state, event]
        except KeyError:
            raise TransitionError(
                f"This {self.name} is {state.replace('_', ' ')}; "
                f"it cannot {event.replace('_', ' ')} now. Nothing was changed.",
                state=state,
            ) from None
