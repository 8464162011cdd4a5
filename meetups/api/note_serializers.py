from typing import Any

from rest_framework import serializers

from meetups.models import Note
from meetups.selectors.notes import LONGEST_NOTE


class NoteSerializer(serializers.ModelSerializer[Note]):
    """A note; the author is null where the account is gone."""

    author = serializers.CharField(source="author.display_name", default=None)
    is_hidden = serializers.SerializerMethodField()

    class Meta:
        model = Note
        fields = ("id", "at", "author", "text", "is_hidden")

    def get_is_hidden(self, note: Note) -> bool:
        return note.hidden_at is not None


class NoteWriteSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=LONGEST_NOTE)


class NoteStreamWriteSerializer(serializers.Serializer[Any]):
    is_open = serializers.BooleanField()


class NoteStreamSerializer(NoteStreamWriteSerializer):
    """`last_seq` is the number of the newest event; the socket's `?after=` takes such numbers."""

    last_seq = serializers.IntegerField()
