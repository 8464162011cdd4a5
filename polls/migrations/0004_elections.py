import django.core.validators
import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0005_mail_kind_words"),
        ("polls", "0003_priorities_carried"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("statement", models.TextField(blank=True, verbose_name="statement")),
                ("record", models.TextField(blank=True, verbose_name="record")),
            ],
            options={
                "verbose_name": "joint campaign",
                "verbose_name_plural": "joint campaigns",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Election",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        max_length=80, unique=True, verbose_name="address of its page"
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "body",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="which body is elected"
                    ),
                ),
                ("about", models.TextField(blank=True, verbose_name="what it is about")),
                ("eligibility", models.TextField(blank=True, verbose_name="who may vote, and why")),
                ("how_to_vote", models.TextField(blank=True, verbose_name="how to vote")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("nominating", "nominating"),
                            ("open", "open"),
                            ("closed", "closed"),
                            ("sealed", "sealed"),
                            ("counted", "counted"),
                            ("certified", "certified"),
                            ("cancelled", "cancelled"),
                            ("external", "held elsewhere"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "announced_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="announced at"),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("cumulative", "cumulative: votes to divide as one wishes"),
                            ("approval", "approval: all whom one would support"),
                            ("stv", "single transferable vote: candidates in order"),
                            ("schulze", "Schulze: candidates in order, equals allowed"),
                        ],
                        default="cumulative",
                        max_length=20,
                        verbose_name="method",
                    ),
                ),
                (
                    "seats",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(99),
                        ],
                        verbose_name="seats",
                    ),
                ),
                (
                    "votes_per_voter",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="To be divided over candidates; cumulative elections only.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(999),
                        ],
                        verbose_name="votes of each voter",
                    ),
                ),
                ("whole_votes", models.BooleanField(default=True, verbose_name="whole votes only")),
                (
                    "cap_max",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(99),
                        ],
                        verbose_name="most directors of one company",
                    ),
                ),
                (
                    "cap_sitting",
                    models.JSONField(blank=True, default=list, verbose_name="sitting directors"),
                ),
                (
                    "asks_employer",
                    models.BooleanField(
                        default=False,
                        help_text="A coarse bucket on the ballot: a candidate's employer, other, undisclosed.",
                        verbose_name="ballots ask for the voter's employer",
                    ),
                ),
                (
                    "publish_ballots",
                    models.BooleanField(
                        default=False,
                        help_text="Without voters, once results are out, and only from ten ballots on.",
                        verbose_name="ballots are published",
                    ),
                ),
                (
                    "results_at",
                    models.CharField(
                        choices=[
                            ("close", "as soon as it is closed and counted"),
                            ("certification", "when every inspector has certified them"),
                        ],
                        default="certification",
                        max_length=20,
                        verbose_name="results are shown",
                    ),
                ),
                (
                    "endorsements_needed",
                    models.PositiveSmallIntegerField(default=0, verbose_name="endorsements needed"),
                ),
                (
                    "nominations_open_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="nominations open at"),
                ),
                (
                    "nominations_close_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="nominations close at"
                    ),
                ),
                (
                    "opens_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="voting opens at"),
                ),
                (
                    "closes_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="voting closes at"),
                ),
                (
                    "has_days_only",
                    models.BooleanField(
                        default=False,
                        help_text="No times of day are shown then.",
                        verbose_name="only the days are known",
                    ),
                ),
                (
                    "opened_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="opened at"),
                ),
                (
                    "closed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="closed at"),
                ),
                ("lot_seed_sealed", models.TextField(blank=True, editable=False)),
                (
                    "lot_seed_hash",
                    models.CharField(blank=True, max_length=64, verbose_name="hash of the seed"),
                ),
                (
                    "lot_seed",
                    models.CharField(blank=True, max_length=64, verbose_name="seed of the lot"),
                ),
                (
                    "outside_url",
                    models.URLField(blank=True, max_length=500, verbose_name="where it is held"),
                ),
                (
                    "result_source",
                    models.TextField(blank=True, verbose_name="where its result comes from"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                (
                    "chapter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="elections",
                        to="community.chapter",
                    ),
                ),
                (
                    "season",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="community.season",
                    ),
                ),
            ],
            options={
                "verbose_name": "election",
                "verbose_name_plural": "elections",
                "ordering": ("-created_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="Candidate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                (
                    "affiliation",
                    models.CharField(blank=True, max_length=120, verbose_name="company"),
                ),
                ("profile", models.CharField(blank=True, max_length=300, verbose_name="in a line")),
                ("statement", models.TextField(blank=True, verbose_name="statement")),
                ("links", models.TextField(blank=True, verbose_name="links, one a line")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("nominated", "nominated"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                            ("ruled_out", "ruled out"),
                        ],
                        default="nominated",
                        editable=False,
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "state_reason",
                    models.CharField(
                        blank=True, editable=False, max_length=300, verbose_name="reason"
                    ),
                ),
                (
                    "is_on_ballot",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="on the ballot"
                    ),
                ),
                (
                    "is_entered",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="entered by organizers"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(auto_now_add=True, verbose_name="nominated at"),
                ),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="candidates",
                        to="polls.campaign",
                        verbose_name="joint campaign",
                    ),
                ),
                (
                    "nominated_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="candidates",
                        to="polls.election",
                    ),
                ),
            ],
            options={
                "verbose_name": "candidate",
                "verbose_name_plural": "candidates",
                "ordering": ("name", "id"),
            },
        ),
        migrations.AddField(
            model_name="campaign",
            name="election",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="campaigns",
                to="polls.election",
            ),
        ),
        migrations.CreateModel(
            name="ElectionEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("event", models.CharField(max_length=20, verbose_name="event")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("facts", models.JSONField(default=dict, verbose_name="facts")),
                (
                    "previous_hash",
                    models.CharField(max_length=64, verbose_name="hash of the line before"),
                ),
                ("hash", models.CharField(max_length=64, verbose_name="hash")),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="log",
                        to="polls.election",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of an election's log",
                "verbose_name_plural": "log of an election",
                "ordering": ("election", "number"),
            },
        ),
        migrations.CreateModel(
            name="ElectionQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                ("text", models.CharField(max_length=300, verbose_name="question")),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="polls.election",
                    ),
                ),
            ],
            options={
                "verbose_name": "question to candidates",
                "verbose_name_plural": "questions to candidates",
                "ordering": ("position", "id"),
            },
        ),
        migrations.CreateModel(
            name="CandidateAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(verbose_name="answer")),
                (
                    "candidate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="polls.candidate",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="polls.electionquestion",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer of a candidate",
                "verbose_name_plural": "answers of candidates",
                "ordering": ("question", "id"),
            },
        ),
        migrations.CreateModel(
            name="ElectionResult",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.CharField(max_length=20, verbose_name="version of the count")),
                ("ballots", models.PositiveIntegerField(verbose_name="ballots")),
                ("electorate", models.PositiveIntegerField(verbose_name="electorate")),
                (
                    "receipts_digest",
                    models.CharField(max_length=64, verbose_name="digest of the receipts"),
                ),
                ("content", models.JSONField(verbose_name="what was counted")),
                ("counted_at", models.DateTimeField(verbose_name="counted at")),
                (
                    "election",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="result",
                        to="polls.election",
                    ),
                ),
            ],
            options={
                "verbose_name": "result of an election",
                "verbose_name_plural": "results of elections",
            },
        ),
        migrations.CreateModel(
            name="Endorsement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="at")),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "candidate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="endorsements",
                        to="polls.candidate",
                    ),
                ),
            ],
            options={
                "verbose_name": "endorsement",
                "verbose_name_plural": "endorsements",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Inspector",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                (
                    "affiliation",
                    models.CharField(blank=True, max_length=120, verbose_name="company"),
                ),
                (
                    "signed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="signed at"),
                ),
                (
                    "statement",
                    models.CharField(blank=True, max_length=500, verbose_name="statement"),
                ),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="inspectors",
                        to="polls.election",
                    ),
                ),
            ],
            options={
                "verbose_name": "inspector",
                "verbose_name_plural": "inspectors",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="OutsideResult",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rank",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="rank"),
                ),
                (
                    "votes",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="votes",
                    ),
                ),
                (
                    "percent_of_votes",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        verbose_name="% of votes",
                    ),
                ),
                (
                    "voters",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="voters"),
                ),
                (
                    "percent_of_voters",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        verbose_name="% of voters",
                    ),
                ),
                (
                    "own_employer_percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        verbose_name="% of its voters from the own employer",
                    ),
                ),
                ("is_seated", models.BooleanField(blank=True, null=True, verbose_name="seated")),
                (
                    "is_inferred",
                    models.BooleanField(default=False, verbose_name="worked out, not printed"),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "candidate",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outside_result",
                        to="polls.candidate",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of a result from elsewhere",
                "verbose_name_plural": "rows of a result from elsewhere",
                "ordering": (models.OrderBy(models.F("rank"), nulls_last=True), "candidate_id"),
            },
        ),
        migrations.CreateModel(
            name="RollEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                ("name", models.CharField(blank=True, max_length=150, verbose_name="name")),
                ("reason", models.CharField(max_length=200, verbose_name="why they may vote")),
                ("token_nonce", models.UUIDField(editable=False, null=True)),
                (
                    "token_hash",
                    models.CharField(editable=False, max_length=64, null=True, unique=True),
                ),
                (
                    "has_voted",
                    models.BooleanField(default=False, editable=False, verbose_name="has voted"),
                ),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="roll",
                        to="polls.election",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry of the roll",
                "verbose_name_plural": "roll",
                "ordering": ("email",),
            },
        ),
        migrations.CreateModel(
            name="RollRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=500, verbose_name="why they should be on it")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "waits for an answer"),
                            ("accepted", "accepted"),
                            ("refused", "refused"),
                        ],
                        default="asked",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("asked_at", models.DateTimeField(auto_now_add=True, verbose_name="asked at")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided at")),
                (
                    "decision_reason",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="reason of the decision"
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="roll_requests",
                        to="polls.election",
                    ),
                ),
            ],
            options={
                "verbose_name": "request to be on the roll",
                "verbose_name_plural": "requests to be on the roll",
                "ordering": ("asked_at", "id"),
            },
        ),
        migrations.AddConstraint(
            model_name="election",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opens_at", None),
                    ("closes_at", None),
                    ("closes_at__gt", models.F("opens_at")),
                    _connector="OR",
                ),
                name="election_closes_after_it_opens",
            ),
        ),
        migrations.AddConstraint(
            model_name="election",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ["open", "closed", "sealed", "counted", "certified"]),
                        _negated=True,
                    ),
                    models.Q(
                        ("closes_at__isnull", False),
                        ("opened_at__isnull", False),
                        ("opens_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="opened_election_has_its_times",
            ),
        ),
        migrations.AddConstraint(
            model_name="election",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ["closed", "sealed", "counted", "certified"]), _negated=True
                    ),
                    ("closed_at__isnull", False),
                    _connector="OR",
                ),
                name="closed_election_since",
            ),
        ),
        migrations.AddConstraint(
            model_name="election",
            constraint=models.CheckConstraint(
                condition=models.Q(("seats__gte", 1), ("votes_per_voter__gte", 1)),
                name="election_fills_seats",
            ),
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("account__isnull", False)),
                fields=("election", "account"),
                name="nominated_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="candidate_has_a_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="electionentry",
            constraint=models.UniqueConstraint(
                fields=("election", "number"), name="one_entry_a_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="candidateanswer",
            constraint=models.UniqueConstraint(
                fields=("question", "candidate"), name="answered_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="endorsement",
            constraint=models.UniqueConstraint(
                fields=("candidate", "account"), name="endorsed_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="inspector",
            constraint=models.UniqueConstraint(
                fields=("election", "account"), name="one_inspector_an_account"
            ),
        ),
        migrations.AddConstraint(
            model_name="rollentry",
            constraint=models.UniqueConstraint(
                fields=("election", "email"), name="on_the_roll_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="rollentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("account__isnull", False)),
                fields=("election", "account"),
                name="account_on_the_roll_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="rollentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="roll_entry_has_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="rollrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")),
                fields=("election", "account"),
                name="one_request_at_a_time",
            ),
        ),
    ]
