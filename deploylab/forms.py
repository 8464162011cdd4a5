import datetime as dt
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from community.core import clock
from community.core.errors import ProductError
from deploylab.models import Blueprint, Node


def _instant(value: dt.datetime) -> str:
    shape = "H:i" if value - clock.now() < dt.timedelta(hours=12) else "D j M, H:i"
    return date_format(value.astimezone(dt.UTC), shape) + " UTC"


class NodesField(forms.ModelMultipleChoiceField[Node]):
    """Nodes by name; one that is held now says until when."""

    held_until: dict[int, dt.datetime] = {}

    def label_from_instance(self, obj: Any) -> str:
        until = self.held_until.get(obj.pk)
        if until is None:
            return str(obj)
        return _now("%(node)s, held until %(time)s") % {"node": obj, "time": _instant(until)}


class ReserveForm(forms.Form):
    """Reserve by name or by count; times are in the zone the page names."""

    count = forms.IntegerField(
        label=_("How many nodes"),
        min_value=1,
        required=False,
        initial=2,
        help_text=_("Any that are free. Or choose them by name below."),
    )
    nodes = NodesField(
        label=_("These nodes"),
        help_text=_("Where you choose any, the number above does not count."),
        queryset=Node.objects.none(),
        to_field_name="name",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    starts_at = forms.DateTimeField(
        label=_("From"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    hours = forms.DecimalField(
        label=_("For how many hours"), min_value=0, max_value=999, initial=2, decimal_places=2
    )
    purpose = forms.CharField(label=_("What for"), max_length=200, required=False)

    def __init__(
        self, *args: Any, held_until: dict[int, dt.datetime] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        nodes = self.fields["nodes"]
        nodes.held_until = held_until or {}  # type: ignore[attr-defined]
        nodes.queryset = Node.objects.reservable()  # type: ignore[attr-defined]
        self.fields["starts_at"].help_text = _now(
            "In UTC, where it is %(time)s now. Leave it empty to begin now."
        ) % {"time": f"{clock.now().astimezone(dt.UTC):%H:%M}"}

    def add_refusal(self, error: ProductError) -> None:
        """Say above the fields why it was refused, and when it would work."""
        self.add_error(None, error.sentence)
        free = error.extra.get("first_free")
        if free:
            self.add_error(
                None,
                _now("The first free window begins %(time)s, on %(nodes)s.")
                % {"time": _instant(free["starts_at"]), "nodes": ", ".join(free["nodes"])},
            )

    def clean_starts_at(self) -> dt.datetime | None:
        """Only years in which someone may still want a node."""
        start: dt.datetime | None = self.cleaned_data["starts_at"]
        if start is not None and abs(start.year - clock.now().year) > 1:
            raise forms.ValidationError(_("That is too far away."))
        return start

    def window(self) -> tuple[dt.datetime | None, dt.datetime]:
        """The start, None for now, and the end."""
        start = self.cleaned_data["starts_at"]
        hours = float(self.cleaned_data["hours"])
        return start, (start or clock.now()) + clock.seconds(hours * 3600)


class DeployForm(forms.Form):
    """Choose a blueprint; its parameters follow as fields of their own."""

    blueprint = forms.ModelChoiceField(
        label=_("Blueprint"),
        queryset=Blueprint.objects.exclude(current=None),
        to_field_name="slug",
        empty_label=None,
    )


def parameter_fields(blueprint: Blueprint, data: Any = None) -> forms.Form:
    """A form of the blueprint's parameters, typed as declared."""
    kinds: dict[str, type[forms.Field]] = {
        "integer": forms.IntegerField,
        "boolean": forms.BooleanField,
        "string": forms.CharField,
    }
    form = forms.Form(data, auto_id=f"id_{blueprint.slug}_%s")
    declared = blueprint.current.spec.get("parameters", {}) if blueprint.current else {}
    for name, rule in declared.items():
        bounds = {"min_value": rule.get("minimum"), "max_value": rule.get("maximum")}
        extra = bounds if rule["type"] == "integer" else {}
        form.fields[name] = kinds[rule["type"]](
            label=rule.get("title", name), initial=rule.get("default"), required=False, **extra
        )
    return form
