from rest_framework import serializers

from polls.models import Election


class ElectionDetailSerializer(serializers.ModelSerializer[Election]):
    class Meta:
        model = Election
        fields = ("slug", "title", "state", "opens_at", "closes_at")
