import pytest
from django.core.management import call_command

from deploylab.labsim.lab import prepare_lab
from deploylab.models import Bmc, Node
from deploylab.services.enrolment import enroll_simulated
from deploylab.services.inventory import compare_inventory, store_inventory
from tests.factories.community import ChapterFactory
from tests.factories.deploylab import NodeFactory

pytestmark = pytest.mark.django_db


def test_simulated_nodes_are_entered_and_kept_up_to_date(tmp_path, settings):
    chapter = ChapterFactory()
    machines = prepare_lab(tmp_path / "labsim", 2)
    assert enroll_simulated(machines, chapter=chapter) == 2
    node = Node.objects.get(name="c6100-1")
    assert (node.health, node.provision_state, node.is_simulated) == ("good", "available", True)
    assert node.bmc.password() == machines[0].password
    assert machines[0].password not in node.bmc.sealed_password
    Node.objects.update(health="maintenance")
    settings.DATA_DIR = tmp_path
    call_command("labsim", "enroll")
    node.refresh_from_db()
    assert node.health == "maintenance"  # what an organizer said stays
    assert Bmc.objects.count() == 2


def test_the_operator_sees_the_controllers(tmp_path, settings, capsys):
    settings.DATA_DIR = tmp_path
    (machine,) = prepare_lab(tmp_path / "labsim", 1)
    call_command("labsim", "list", "--json")
    import json

    (row,) = json.loads(capsys.readouterr().out)
    assert row == {
        "node": "c6100-1", "bmc_host": machine.bmc_host, "bmc_port": machine.bmc_port,
        "username": machine.username, "password": machine.password,
    }  # fmt: skip


def test_differences_are_named_and_what_was_not_entered_is_not():
    node = NodeFactory(memory_mb=49152, cpu_count=None, macs=["02:00:00:00:00:01"])
    said = {"serial": node.service_tag, "memory_mb": 49152, "cpu_count": 8,
            "nics": [{"name": "eth0", "mac": "02:00:00:00:00:01"}]}  # fmt: skip
    store_inventory(node, said)
    node.refresh_from_db()
    assert compare_inventory(node) == []
    store_inventory(node, said | {"memory_mb": 24576, "nics": [], "serial": "OTHER"})
    node.refresh_from_db()
    assert compare_inventory(node) == [
        f"service tag: entered {node.service_tag}, reported OTHER",
        "memory in MB: entered 49152, reported 24576",
        "no interface with 02:00:00:00:00:01",
    ]
