from typing import Any

from django.db.models import Model, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


@extend_schema_field(OpenApiTypes.STR)
class SeenField(serializers.SlugRelatedField[Any]):
    """The slug of a thing that the reader of the `request` in the context may see.

    What they may not see is answered just as what is not there.
    """

    default_error_messages = {"does_not_exist": "There is no “{value}”."}

    def __init__(self, model: type[Model], **kwargs: Any) -> None:
        rows = model._default_manager.all()  # noqa: SLF001 - Django's documented name for it
        super().__init__(slug_field="slug", queryset=rows, **kwargs)

    def get_queryset(self) -> QuerySet[Any]:
        """Those the reader may see."""
        rows: Any = super().get_queryset()
        seen: QuerySet[Any] = rows.visible_to(self.context["request"].user)
        return seen
