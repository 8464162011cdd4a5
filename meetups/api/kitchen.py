from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from meetups.permissions import READ_FORECAST
from meetups.selectors.desk import organized_meetup
from meetups.selectors.headcount import basis_of, headcount_of
from meetups.services.diets import dietary_counts


class BasisMeetupSerializer(serializers.Serializer[Any]):
    """A past meetup, its share, and the weight it had."""

    slug = serializers.SlugField()
    going = serializers.IntegerField()
    came = serializers.IntegerField()
    share = serializers.FloatField()
    known = serializers.ChoiceField(choices=["counted", "reported", "uncertain", "at_least"])
    weight = serializers.FloatField()


class BasisSerializer(serializers.Serializer[Any]):
    """What the forecast rests on; weights are in meetups like this one."""

    share = serializers.FloatField()
    range_percent = serializers.IntegerField()
    prior_share = serializers.FloatField()
    prior_weight = serializers.FloatField()
    history_weight = serializers.FloatField()
    slices_a_person = serializers.IntegerField()
    slices_a_pizza = serializers.IntegerField()
    meetups = BasisMeetupSerializer(many=True)


class HeadcountSerializer(serializers.Serializer[Any]):
    """People to expect of those going, diets asked for, and pizzas for those expected."""

    going = serializers.IntegerField()
    expected_low = serializers.IntegerField()
    expected = serializers.IntegerField()
    expected_high = serializers.IntegerField()
    dietary = serializers.DictField(child=serializers.IntegerField())
    pizzas = serializers.IntegerField()
    pizzas_at_most = serializers.IntegerField()
    basis = BasisSerializer()


class Headcount(APIView):
    """How many to expect, and what they eat."""

    read = READ_FORECAST

    @extend_schema(responses=HeadcountSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Read the forecast for a meetup of one's own chapter."""
        meetup = organized_meetup(request.user, slug)
        headcount = headcount_of(meetup)
        forecast = headcount.forecast
        return Response(
            {
                "going": forecast.going,
                "expected_low": forecast.low,
                "expected": forecast.expected,
                "expected_high": forecast.high,
                "dietary": dietary_counts(meetup),
                "pizzas": headcount.pizzas,
                "pizzas_at_most": headcount.most_pizzas,
                "basis": basis_of(headcount),
            }
        )
