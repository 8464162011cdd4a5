"""A plain Django site: sign in, see a form, answer. Run alone, it makes its people.

Two forms: an event to answer, and a poll of twelve options to vote in.
"""

import os

import django
from django.conf import settings

from community.core import env

os.environ["DATABASE_URL"] = os.environ["BENCH_BARE_DATABASE"]
_database = env.read_database()
_database["OPTIONS"]["pool"] = {"min_size": 2, "max_size": 20, "timeout": 10}
settings.configure(
    SECRET_KEY="bare",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": _database},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    USE_TZ=True,
)
django.setup()

from django.contrib.auth.models import User  # noqa: E402 - needs the apps
from django.core.asgi import get_asgi_application  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect  # noqa: E402
from django.template import engines  # noqa: E402
from django.urls import path  # noqa: E402


class Event(models.Model):
    title = models.CharField(max_length=100)
    going = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "auth"


class Answer(models.Model):
    event = models.ForeignKey(Event, on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)

    class Meta:
        app_label = "auth"
        unique_together = (("event", "user"),)


class Option(models.Model):
    title = models.CharField(max_length=100)

    class Meta:
        app_label = "auth"


class Ballot(models.Model):
    user = models.OneToOneField(User, on_delete=models.CASCADE)
    choices = models.JSONField()

    class Meta:
        app_label = "auth"


PAGE = engines["django"].from_string(
    "<h1>{{ event.title }}</h1><p>{{ event.going }} going</p>"
    "<form method=post action=/answer/>{% csrf_token %}<button>Go</button></form>"
)


POLL = engines["django"].from_string(
    "<h1>Twelve</h1><form method=post action=/ballot/>{% csrf_token %}{% for option in options %}"
    "<p><label for=o{{ option.pk }}>{{ option.title }}</label>"
    "<input type=number id=o{{ option.pk }} name=option-{{ option.pk }}></p>{% endfor %}"
    "<button>Send</button></form>"
)


def poll(request: HttpRequest) -> HttpResponse:
    ballot = Ballot.objects.filter(user=request.user.pk).first()
    options = list(Option.objects.order_by("pk"))
    text = POLL.render({"options": options, "ballot": ballot, "user": str(request.user)}, request)
    return HttpResponse(text, headers={"Content-Length": str(len(text.encode()))})


def ballot(request: HttpRequest) -> HttpResponse:
    choices = {name: int(value) for name, value in request.POST.items() if "option-" in name}
    Ballot.objects.update_or_create(user_id=request.user.pk, defaults={"choices": choices})
    return HttpResponseRedirect("/poll/", headers={"Content-Length": "0"})


def page(request: HttpRequest) -> HttpResponse:
    event = Event.objects.get()
    answer = Answer.objects.filter(event=event, user=request.user.pk).first()
    text = PAGE.render({"event": event, "answer": answer, "user": str(request.user)}, request)
    return HttpResponse(text, headers={"Content-Length": str(len(text.encode()))})


def answer(request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        event = Event.objects.select_for_update().get()
        Answer.objects.create(event=event, user_id=request.user.pk)
        event.going += 1
        event.save(update_fields=["going"])
    return HttpResponseRedirect("/page/", headers={"Content-Length": "0"})


urlpatterns = [
    path("page/", page),
    path("answer/", answer),
    path("poll/", poll),
    path("ballot/", ballot),
]
application = get_asgi_application()


def main() -> None:
    from django.core.management import call_command

    from bench.flows import sessions_of

    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(Event)
        for model in (Answer, Option, Ballot):
            editor.create_model(model)
    Event.objects.create(title="An evening")
    Option.objects.bulk_create(Option(title=f"Option {number}") for number in range(12))

    def make(number: int) -> User:
        user = User.objects.create(username=f"m{number}", password="!")
        user.bench_backend = "django.contrib.auth.backends.ModelBackend"
        return user

    print("\n".join(sessions_of(int(os.environ["BENCH_PEOPLE"]), make)))


if __name__ == "__main__":
    main()
