import datetime as dt

import factory

from community.core import clock
from deploylab.models import Bmc, Node
from deploylab.services.blueprints import save_blueprint
from deploylab.services.deployments import start_deployment
from deploylab.services.reservations import Wish, reserve_nodes
from deploylab.states import Health, Provision
from tests.factories.community import ChapterFactory, participant


class NodeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Node
        skip_postgeneration_save = True

    chapter = factory.SubFactory(ChapterFactory)
    name = factory.Sequence(lambda n: f"node-{n}")
    model = "PowerEdge C6100"
    service_tag = factory.Sequence(lambda n: f"TAG{n}")
    provision_state = Provision.AVAILABLE
    health = Health.GOOD
    bmc = factory.RelatedFactory(
        "tests.factories.deploylab.BmcFactory", factory_related_name="node"
    )


class BmcFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Bmc

    host = "127.0.0.1"
    port = factory.Sequence(lambda n: 10000 + n)
    username = "root"
    min_interval_ms = 0

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        bmc = model_class(*args, **kwargs)
        bmc.set_password("canary-password")
        bmc.save()
        return bmc


def hours_from_now(hours):
    return clock.now() + dt.timedelta(hours=hours)


def reserve(by=None, **wish):
    """An active reservation of all nodes there are, or as `wish` says."""
    by = by or participant()
    if not wish.keys() & {"names", "count"}:
        wish["names"] = list(Node.objects.values_list("name", flat=True))
    return reserve_nodes(wish=Wish(ends_at=hours_from_now(2), **wish), by=by)


TWO_STEPS = """
slug: two-steps
title: Two steps
steps:
  - {name: one, kind: power, action: "on", deadline_s: 60}
  - {name: two, kind: power, action: "off", deadline_s: 60, after: [one]}
"""


def deploy(reservation=None, source=TWO_STEPS, **parameters):
    """A deployment of `source` by the reservation's holder."""
    reservation = reservation or reserve()
    version = save_blueprint(source)
    return start_deployment(
        reservation=reservation,
        blueprint_slug=version.blueprint.slug,
        parameters=parameters,
        by=reservation.holder,
        is_public=False,
    )
