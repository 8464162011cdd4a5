import factory
from allauth.account.models import EmailAddress

from community.core import clock
from community.models import Chapter, Membership, Organization, User
from community.services.accounts import create_api_token


class ChapterFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Chapter
        django_get_or_create = ("slug",)

    slug = "austin"
    name = factory.LazyAttribute(lambda chapter: chapter.slug.title())
    timezone = "America/Chicago"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    code_of_conduct_at = factory.LazyFunction(clock.now)

    @factory.post_generation
    def password(self, create, extracted, **kwargs):
        if extracted:
            self.set_password(extracted)
            self.save()
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)


class OrganizationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organization

    name = factory.Sequence(lambda n: f"Company {n}")


def member(chapter=None, **fields):
    user = UserFactory(**fields)
    Membership.objects.create(user=user, chapter=chapter or ChapterFactory())
    return user


def participant(chapter=None, **fields):
    user = UserFactory(**fields)
    Membership.objects.create(user=user, chapter=chapter or ChapterFactory(), is_participant=True)
    return user


def organizer(chapter=None, **fields):
    user = UserFactory(is_staff=True, **fields)
    Membership.objects.create(
        user=user, chapter=chapter or ChapterFactory(), role=Membership.Role.ORGANIZER
    )
    return user


def bearer(user):
    """The header of a program that acts as `user`."""
    return {"Authorization": f"Bearer {create_api_token(user=user, name='test')}"}
