import pytest

from tests.labsim.lab_thread import LabThread
from tests.labsim.stub_site import StubSite


@pytest.fixture
def site():
    stub = StubSite()
    yield stub
    stub.stop()


@pytest.fixture
def lab(tmp_path, site):
    """Two simulated nodes that boot from the stub site."""
    running = LabThread(tmp_path, site=site.url)
    yield running
    running.close()
