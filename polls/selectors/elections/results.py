"""Whether an election's result may be shown."""

from polls import states
from polls.models import Election, OutsideResult


def are_results_out(election: Election) -> bool:
    """Whether the announced moment has come; of one held elsewhere, whether rows were entered."""
    if election.state == states.CERTIFIED:
        return True
    if election.state == states.COUNTED:
        return election.results_at == Election.ResultsAt.CLOSE
    if election.state == states.EXTERNAL:
        return OutsideResult.objects.filter(candidate__election=election).exists()
    return False
