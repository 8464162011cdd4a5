"""An inspector at a desk: nothing before the close, then the count, the files and the signature."""

import io

import pytest
from django.core.management import call_command

from polls.models import RollEntry
from polls.services.elections.ballots import cast_ballot
from polls.services.elections.moves import open_election
from tests.browser.accessibility import findings
from tests.browser.voting import closed_by_its_organizer, session_of, sign_in
from tests.concurrency.served import serving
from tests.factories.community import member, organizer
from tests.factories.polls import CandidateFactory, ElectionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

expect = pytest.importorskip("playwright.sync_api").expect
DESK = {"viewport": {"width": 1280, "height": 800}}
# Votes for Ada, Ben (both of Racks) and Cy: Ben is kept out by the cap, though second.
BALLOTS = ("620", "530", "341", "440", "701")


@pytest.fixture
def race(transactional_db):
    """An open election in which five have voted, and the site."""
    boss, inspector = organizer(), member(name="Ina Inspector")
    draft = ElectionFactory(
        slug="board", title="The board", candidates=0, roll=6, cap_max=1, seats=2,
        inspectors=[inspector], results_at="certification",
    )  # fmt: skip
    people = [
        CandidateFactory(election=draft, name=name, affiliation=company)
        for name, company in (("Ada", "Racks"), ("Ben", "Racks"), ("Cy", "Mesa"))
    ]
    election = open_election(election=draft, by=boss)
    for line, votes in zip(RollEntry.objects.filter(election=election), BALLOTS, strict=False):
        choices = {
            "allocations": {str(one.pk): given for one, given in zip(people, votes, strict=True)}
        }
        cast_ballot(election=election, entry=line, choices=choices, revote_code="c" * 22)
    election.boss, election.inspector = session_of(boss), session_of(inspector)
    with serving() as port:
        election.site = f"http://127.0.0.1:{port}"
        yield election


def downloaded(page, name, folder):
    """The file behind the link `name`, kept in `folder`."""
    with page.expect_download() as download:
        page.get_by_role("link", name=name, exact=True).click()
    download.value.save_as(folder / name)
    return folder / name


def test_from_nothing_to_see_to_the_signature(race, new_page, tmp_path):
    page = sign_in(new_page(base_url=race.site, **DESK), race, race.inspector)
    stranger = new_page(base_url=race.site, viewport={"width": 375, "height": 667})
    page.goto("/elections/board/inspect/")
    expect(page.get_by_text("There is nothing to certify yet")).to_be_visible()
    expect(page.get_by_role("table")).to_have_count(0)
    assert findings(page) == []

    closed_by_its_organizer(new_page(base_url=race.site, **DESK), race)
    stranger.goto("/elections/board/results/")
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Not yet")
    page.goto("/elections/board/")
    page.get_by_role("link", name="The count waits for your signature").click()
    expect(page.locator(".seated > li")).to_contain_text(["Ada", "Cy"])
    expect(page.get_by_role("row").filter(has_text="Ben")).to_contain_text("Racks has 1 director")
    expect(page.get_by_text("without the cap")).to_be_visible()
    assert findings(page) == []

    ballots = downloaded(page, "ballots.csv", tmp_path)
    downloaded(page, "rules.json", tmp_path)
    result = downloaded(page, "results.json", tmp_path)
    counted = io.StringIO()
    call_command("recount", str(ballots), stdout=counted)
    assert counted.getvalue().encode() == result.read_bytes()

    page.get_by_text("I do not sign it").click()
    page.locator("#object_reason").fill("I wish to see the roll first")
    page.get_by_role("button", name="Object in the public log").click()
    expect(page.get_by_text("Your objection stands in the public log.")).to_be_visible()
    expect(page.locator(".timeline")).to_contain_text("I wish to see the roll first")
    page.get_by_label("Your words to it").fill("Counted again, the same")
    page.get_by_role("button", name="Sign the result").click()
    expect(page.get_by_text("You have signed the result.")).to_be_visible()
    expect(page.get_by_role("button", name="Sign the result")).to_have_count(0)
    assert findings(page) == []

    stranger.goto("/elections/board/results/")
    expect(stranger.locator(".lede")).to_contain_text(
        "5 of 6 voted (83.33 %). The result is certified."
    )
    expect(stranger.get_by_text("“Counted again, the same”")).to_be_visible()
    assert stranger.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert findings(stranger) == []
