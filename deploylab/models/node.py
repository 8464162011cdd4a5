from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from community.core import secretbox
from deploylab.states import Health, Power, Provision


class NodeQuerySet(models.QuerySet["Node"]):
    def visible_to(self, user: Any) -> "NodeQuerySet":  # noqa: ARG002 - every queryset takes it
        """Every node: the overview is public; addresses are not part of a node."""
        return self

    def reservable(self) -> "NodeQuerySet":
        """Nodes that can be given to a holder: healthy and past their enrolment."""
        return self.filter(
            health=Health.GOOD, provision_state__in=[Provision.AVAILABLE, Provision.ACTIVE]
        )


class Node(models.Model):
    """A server of the lab, with three axes of state: provision, health and power."""

    chapter = models.ForeignKey("community.Chapter", on_delete=models.PROTECT, related_name="nodes")
    name = models.SlugField(_("name"), max_length=60, unique=True)
    model = models.CharField(_("model"), max_length=120)
    service_tag = models.CharField(_("service tag"), max_length=40, unique=True)
    chassis = models.CharField(_("chassis"), max_length=60, blank=True)
    slot = models.PositiveSmallIntegerField(_("slot"), null=True, blank=True)
    cpu_count = models.PositiveIntegerField(_("CPUs"), null=True, blank=True)
    cpu_model = models.CharField(_("CPU model"), max_length=120, blank=True)
    memory_mb = models.PositiveIntegerField(_("memory in MB"), null=True, blank=True)
    disks = models.JSONField(_("disks"), default=list, blank=True)
    macs = models.JSONField(_("MAC addresses"), default=list, blank=True)
    traits = models.JSONField(_("traits"), default=list, blank=True)
    is_simulated = models.BooleanField(_("simulated"), default=False)
    provision_state = models.CharField(
        _("provision state"), max_length=20, choices=Provision, default=Provision.ENROLL
    )
    health = models.CharField(_("health"), max_length=20, choices=Health, default=Health.UNKNOWN)
    health_reason = models.CharField(_("reason"), max_length=240, blank=True)
    power_state = models.CharField(
        _("power"), max_length=10, choices=Power, default=Power.UNKNOWN, editable=False
    )
    power_observed_at = models.DateTimeField(_("power seen at"), null=True, editable=False)
    inventory = models.JSONField(_("inventory reported"), default=dict, blank=True, editable=False)
    inventory_at = models.DateTimeField(_("inventory reported at"), null=True, editable=False)

    objects = NodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("node")
        verbose_name_plural = _("nodes")
        ordering = ("chassis", "slot", "name")
        constraints = [
            models.UniqueConstraint(
                fields=["chassis", "slot"],
                condition=~models.Q(chassis=""),
                name="one_node_per_slot",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Bmc(models.Model):
    """A node's baseboard management controller. The password is sealed and write-only."""

    class Driver(models.TextChoices):
        IPMI = "ipmi", "IPMI 2.0"

    node = models.OneToOneField(Node, on_delete=models.CASCADE, related_name="bmc")
    driver = models.CharField(_("driver"), max_length=20, choices=Driver, default=Driver.IPMI)
    host = models.CharField(_("host"), max_length=120)
    port = models.PositiveIntegerField(
        _("port"), default=623, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    username = models.CharField(_("user name"), max_length=16)
    sealed_password = models.TextField(editable=False)
    min_interval_ms = models.PositiveIntegerField(
        _("least time between commands, in ms"), default=5000
    )
    last_command_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("BMC")
        verbose_name_plural = _("BMCs")

    def __str__(self) -> str:
        return f"BMC of {self.node}"

    @property
    def address(self) -> str:
        """What commands queue by: blades may share one."""
        return f"{self.host}:{self.port}"

    def set_password(self, password: str) -> None:
        """Seal `password` into the row; the caller saves."""
        self.sealed_password = secretbox.seal(password)

    def password(self) -> str:
        """The password in clear, for the driver alone."""
        return secretbox.unseal(self.sealed_password)
