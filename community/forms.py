from django import forms
from django.utils.translation import gettext_lazy as _

from community.models import ApiToken, Chapter, User


class ProfileForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ("name",)


class TokenForm(forms.ModelForm[ApiToken]):
    class Meta:
        model = ApiToken
        fields = ("name",)


class ChapterForm(forms.ModelForm[Chapter]):
    class Meta:
        model = Chapter
        fields = ("name", "city", "about")


class OrganizerForm(forms.Form):
    email = forms.EmailField(label=_("A member's e-mail address"))


class TakeoverForm(forms.Form):
    reason = forms.CharField(
        label=_("Why you would lead the group"),
        max_length=300,
        help_text=_("The organizers read this in their mail."),
        widget=forms.Textarea({"rows": 3}),
    )


class DeleteAccountForm(forms.Form):
    email = forms.EmailField(
        label=_("Your e-mail address, typed once more"),
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
