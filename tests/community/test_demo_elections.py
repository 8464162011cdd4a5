import pytest

from community.models import Mail, User
from community.project.demo_elections import INSPECTOR, load_demo_elections
from polls.models import Election, SecretBallot
from tests.factories.community import UserFactory, organizer


@pytest.mark.django_db
def test_the_demo_has_an_election_to_vote_in_and_one_that_is_certified(client):
    """Each says that it is an illustration; nobody is told of the one that is over."""
    organizer(email="organizer@example.org")
    UserFactory(email=INSPECTOR)
    people = {user.email: user for user in User.objects.all()}
    load_demo_elections(people)
    running, over = (
        Election.objects.get(slug=f"practice-{name}") for name in ("planners", "board")
    )
    assert (running.state, over.state) == ("open", "certified")
    assert all("An illustration, not of 2012" in one.about for one in (running, over))
    assert not SecretBallot.objects.filter(election=running).exists()
    links = Mail.objects.filter(purpose="polls/election_link")
    assert set(links.values_list("to", flat=True)) >= {INSPECTOR, "voter-1@example.org"}
    assert not Mail.objects.filter(thread=f"election:{over.pk}").exists()

    result = over.result.content
    seated = {row["name"]: row["reason"] for row in result["candidates"] if row["seated"]}
    assert list(seated) == ["Gus Gum", "Hazel Hart", "Ivo Ivy"]
    assert "Flora Fir was passed over" in seated["Ivo Ivy"]
    assert {told["not_here"] != [] for told in result["what_if"].values()} == {True}
    assert any(row["own_employer_percent"] for row in result["candidates"])
    for name in ("results/", "receipts/", "log/", "ballots.csv", "rules.json", "results.json"):
        assert client.get(f"/elections/{over.slug}/{name}").status_code == 200, name
