from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from community.core.views import Page
from meetups.forecast import PRIOR_MEETUPS, PRIOR_SHARE, SLICES_A_PERSON, SLICES_A_PIZZA
from meetups.models import Meetup, SponsorKind, Sponsorship
from meetups.permissions import READ_FORECAST
from meetups.selectors.desk import organized_meetup
from meetups.selectors.headcount import headcount_of
from meetups.services.diets import dietary_counts


def _food_sponsors(meetup: Meetup) -> QuerySet[Sponsorship]:
    """Who pays for the food; older records say so in words alone."""
    food = Q(kind=SponsorKind.FOOD) | Q(kind="", provides__icontains="food")
    return meetup.sponsorships.filter(food).select_related("organization")


class Food(Page):
    """How much to order, and why so much."""

    access = READ_FORECAST

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        meetup = organized_meetup(request.user, slug)
        context = {
            "meetup": meetup,
            "headcount": headcount_of(meetup),
            "dietary": dietary_counts(meetup),
            "sponsorships": _food_sponsors(meetup),
            "prior_share": round(PRIOR_SHARE * 100),
            "prior_meetups": round(PRIOR_MEETUPS),
            "slices_a_person": SLICES_A_PERSON,
            "slices_a_pizza": SLICES_A_PIZZA,
        }
        return render(request, "meetups/food_page.html", context)
