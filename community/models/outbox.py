import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class MailKind(models.TextChoices):
    """What a mail is for. The optional kinds can be unsubscribed from."""

    ANSWER = "answer", _("confirmations of what you did")
    CHANGE = "change", _("changes of what you take part in")
    REMINDER = "reminder", _("reminders")
    ANNOUNCEMENT = "announcement", _("announcements of new meetups and polls")


OPTIONAL_KINDS = frozenset({MailKind.REMINDER, MailKind.ANNOUNCEMENT})


class Mail(models.Model):
    """One mail to one recipient for one purpose, and how far it got.

    The unique key makes a second request for the same mail find the first. Where `is_secret`,
    the text holds a code and is kept only in the demo, whose outbox page shows it.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENDING = "sending", _("sending")
        SENT = "sent", _("sent")
        UNCERTAIN = "uncertain", _("uncertain")
        FAILED = "failed", _("failed")
        UNWANTED = "unwanted", _("no longer wanted")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(_("key"), max_length=200, unique=True)
    purpose = models.CharField(_("purpose"), max_length=60)
    # What it belongs to, `meetup:12`: by this an organizer finds the mails of a meetup.
    thread = models.CharField(_("belongs to"), max_length=80, blank=True)
    chapter = models.ForeignKey(
        "community.Chapter", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    to = models.EmailField(_("to"))
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Ids and words from which the text is made when it is sent: a crowd's answers do not wait
    # for each other's letters to be written.
    about = models.JSONField(_("about"), default=dict, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("HTML"), blank=True)
    calendar = models.TextField(_("calendar part"), blank=True)
    calendar_method = models.CharField(_("calendar method"), max_length=20, blank=True)
    is_secret = models.BooleanField(_("holds a code"), default=False)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.QUEUED)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("due at"))
    claimed_at = models.DateTimeField(_("claimed at"), null=True)
    # Set just before the mail server is spoken to: who dies after it may have been heard.
    handed_at = models.DateTimeField(_("handed to the mail server at"), null=True)
    was_uncertain = models.BooleanField(
        _("may have arrived twice"),
        default=False,
        help_text=_("A worker died between the mail server's yes and our noting it."),
    )
    sent_at = models.DateTimeField(_("sent at"), null=True)
    error = models.CharField(_("error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ("-created_at",)
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state__in=["queued", "sending", "uncertain"]),
                name="mail_due",
            ),
            models.Index(fields=["to", "-created_at"], name="mail_to"),
            models.Index(
                fields=["thread", "-created_at"],
                condition=~models.Q(thread=""),
                name="mail_thread",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} to {self.to}"

    @property
    def message_id(self) -> str:
        """The Message-ID, the same on every attempt, so that a repeat is recognisable."""
        return f"<{self.id}@{settings.MESSAGE_ID_DOMAIN}>"


class MailOptOut(models.Model):
    """A kind of mail a person does not want; what is not here is wanted."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_opt_outs"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=MailKind)
    since = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("mail not wanted")
        verbose_name_plural = _("mails not wanted")
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="one_opt_out_a_kind")]

    def __str__(self) -> str:
        return f"{self.user}: no {self.kind}"
