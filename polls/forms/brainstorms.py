"""Forms of brainstorms and cards."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.models import Chapter, User
from community.models.chapter import own_chapters
from meetups.models import Meetup
from polls.models import Brainstorm, Idea, Poll
from polls.selectors.board import Leaf
from polls.selectors.ideas import LONGEST_IDEA
from polls.services.brainstorms import MOST_PAD
from polls.services.ideas import LONGEST_GROUP


class BrainstormForm(forms.ModelForm[Brainstorm]):
    """A brainstorm's words and rules; chapter and address are fixed once it is begun."""

    class Meta:
        model = Brainstorm
        fields = (
            "title", "slug", "chapter", "prompt", "meetup", "is_public", "everyone_sorts",
            "allows_anonymous", "drops_authors",
        )  # fmt: skip
        widgets = {"prompt": forms.Textarea({"rows": 3})}
        labels = {"chapter": _("Group")}
        help_texts = {
            "slug": _("Made from the title where you leave it empty."),
            "prompt": _("One question that everyone can answer. Markdown."),
            "meetup": _("Its page shows the brainstorm, and who goes there may write."),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Chapter.objects.filter(own_chapters(user, "pk"))
        chapters = own
        if self.instance.pk:
            chapters = Chapter.objects.filter(pk=self.instance.chapter_id)
            del self.fields["chapter"], self.fields["slug"]
        else:
            self.fields["slug"].required = False
            self.fields["chapter"].queryset = own  # type: ignore[attr-defined]
            self.initial["chapter"] = self.initial.get("chapter") or own.first()
        mine = Q(season=None) | Q(pk=self.instance.meetup_id)
        self.fields["meetup"].queryset = Meetup.objects.filter(  # type: ignore[attr-defined]
            mine, chapter__in=chapters
        ).order_by("-starts_at")


class IdeaForm(forms.Form):
    """A new card or note."""

    text = forms.CharField(label=_("Your idea"), max_length=LONGEST_IDEA)
    is_anonymous = forms.BooleanField(label=_("Without my name"), required=False)

    def __init__(self, *args: Any, brainstorm: Brainstorm, label: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["autocomplete"] = "off"
        if label:
            self.fields["text"].label = label
        if not brainstorm.allows_anonymous:
            del self.fields["is_anonymous"]


class IdeaEditForm(IdeaForm):
    """The words of a card, and the revision they were written over."""

    text = forms.CharField(
        label=_("Its words"), max_length=LONGEST_IDEA, widget=forms.Textarea({"rows": 3})
    )
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    field_order = ("text", "revision", "is_anonymous")


class SortForm(forms.Form):
    """Where a card stands."""

    before = forms.TypedChoiceField(
        label=_("Put it before"), required=False, coerce=int, empty_value=None
    )
    group = forms.CharField(label=_("In the group"), max_length=LONGEST_GROUP, required=False)

    def __init__(self, *args: Any, others: Sequence[Idea], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(idea.pk, str(idea)) for idea in others]
        self.fields["before"].choices = [("", _("at the end")), *choices]  # type: ignore[attr-defined]


class MergeForm(forms.Form):
    """The card another becomes a note of."""

    into = forms.TypedChoiceField(label=_("Merge it into"), coerce=int)

    def __init__(self, *args: Any, others: Sequence[Idea], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].choices = [(idea.pk, str(idea)) for idea in others]  # type: ignore[attr-defined]


class PadForm(forms.Form):
    """A pad to be made into cards."""

    text = forms.CharField(
        label=_("Markdown"),
        max_length=MOST_PAD,
        strip=False,
        widget=forms.Textarea({"rows": 12, "class": "mono"}),
        help_text=_(
            "Headings are cards, bullets under them their notes. Two levels of headings are groups "
            "and cards. Lines without headings are cards too, as in an etherpad."
        ),
    )


class ConsolidateForm(forms.Form):
    """Which cards become which option: the same number merges them, none leaves one out."""

    title = forms.CharField(label=_("Title of the poll"), max_length=200)
    method = forms.ChoiceField(label=_("How it is answered"), choices=Poll.Method.choices)
    purpose = forms.ChoiceField(label=_("What it is for"), choices=Poll.Purpose.choices)

    def __init__(self, *args: Any, leaves: Sequence[Leaf], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.leaves = leaves
        for number, leaf in enumerate(leaves, start=1):
            self.fields[f"option_{leaf.idea.pk}"] = forms.IntegerField(
                label=leaf.idea.text, required=False, min_value=1, max_value=9999, initial=number
            )

    def rows(self) -> list[tuple[Leaf, forms.BoundField]]:
        """Each card with its field."""
        return [(leaf, self[f"option_{leaf.idea.pk}"]) for leaf in self.leaves]

    def options(self) -> list[list[Leaf]]:
        """The cards of each option, in the order of the numbers."""
        numbered: dict[int, list[Leaf]] = {}
        for leaf in self.leaves:
            number = self.cleaned_data[f"option_{leaf.idea.pk}"]
            if number is not None:
                numbered.setdefault(number, []).append(leaf)
        return [leaves for _number, leaves in sorted(numbered.items())]
