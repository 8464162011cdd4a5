from django import forms

from community.models import ApiToken, User


class ProfileForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ("name",)


class TokenForm(forms.ModelForm[ApiToken]):
    class Meta:
        model = ApiToken
        fields = ("name",)
