import pytest

from community.project.server.accounts import find_place, remove_shared_place
from community.project.server.instance import Instance
from community.project.server.loop import Loop
from community.project.server.postgres import Postgres
from community.project.server.valkey import Valkey


@pytest.fixture
def data(tmp_path):
    """A data directory to be; what is put elsewhere for it goes with the test."""
    path = tmp_path / "data of a test"
    yield path
    remove_shared_place(Instance(path))


@pytest.fixture
def instance(data, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    made = Instance(data)
    made.prepare()
    return made


@pytest.fixture
def loop(instance):
    said = []
    made = Loop(instance, said.append)
    made.said = said
    yield made
    made.stop_all()


@pytest.fixture(scope="session")
def made_cluster(tmp_path_factory):
    """One cluster, made once: tests that only read it share it."""
    made = Instance(tmp_path_factory.mktemp("cluster") / "data")
    made.prepare()
    postgres = Postgres(made, find_place(made), made.port("postgres"), is_throwaway=True)
    postgres.create()
    yield postgres
    remove_shared_place(made)


@pytest.fixture
def postgres(made_cluster):
    """That cluster, running."""
    running = Loop(made_cluster.instance, lambda _line: None)
    made_cluster.forget_stale_pid_file()
    running.start(made_cluster.program(), supervised=True)
    assert running.wait_until(made_cluster.answers, seconds=20)
    yield made_cluster
    running.stop_all()


@pytest.fixture
def valkey(instance, loop):
    """A broker under supervision."""
    made = Valkey(instance, find_place(instance), instance.port("valkey"))
    child = loop.start(made.program(), supervised=True)
    assert loop.wait_until(made.answers, seconds=20)
    return made, child
