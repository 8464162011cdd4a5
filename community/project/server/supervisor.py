"""`script/server`: everything the site needs, started in order and stopped in reverse."""

import json
import time

from community.project.server.console import complain, say
from community.project.server.errors import ServerError, StopRequestedError
from community.project.server.instance import Instance, port_is_free, write_private
from community.project.server.loop import Loop
from community.project.server.ready import ReadyProbe, base_url, probe_host
from community.project.server.services import Services, start_services
from community.project.server.site import Site, SitePrograms, site_environment
from community.project.server.stamp import lab_digest, preparation_stamp

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
READY_WITHIN = 300.0
LAB_CHECK_EVERY = 5.0
SIGN_INS = ("organizer", "member", "second", "participant")
SIGN_IN_PASSWORD = "stackers-2012"  # noqa: S105 the demo's public one


class Supervisor:
    """One run of the server."""

    def __init__(self, instance: Instance, site: Site) -> None:
        self.instance = instance
        self.site = site
        self.url = base_url(site.host, site.port)
        self._lab_file = instance.data / "labsim" / "labsim.json"

    def run(self) -> int:
        """Serve until asked to stop; the exit status."""
        self.instance.lock("server", on_wait=say)
        loop = Loop(self.instance, complain)
        try:
            self._serve(loop)
        except StopRequestedError:
            say("Stopping …")
        finally:
            loop.stop_all()
            self.instance.env_file.unlink(missing_ok=True)
            self.instance.unlock()
        say("Stopped.")
        return 0

    def _serve(self, loop: Loop) -> None:
        began = time.monotonic()
        say(f"Starting in {self.instance.data} …")
        services = start_services(loop, progress=say)
        env = site_environment(self.instance, services, self.site, self.url)
        write_private(self.instance.env_file, json.dumps(env))
        programs = SitePrograms(self.instance, self.site, env)
        if self.site.nodes:
            loop.start(programs.labsim(), supervised=True)
        self._prepare(loop, programs, services)
        say("Starting the site …")
        worker = loop.start(programs.worker(), supervised=True)
        for program in (programs.beat(), programs.web()):
            loop.start(program, supervised=True)
        # the site may still believe in the worker of the last run, so it is asked as well
        loop.wait_until(lambda: worker.is_up, seconds=60)
        self._await_ready(loop)
        say(f"Ready: {self.url}/")
        self._say_sign_ins()
        complain(f"(after {time.monotonic() - began:.1f} s; Ctrl-C stops everything)")
        self._stay(loop, programs)

    def _prepare(self, loop: Loop, programs: SitePrograms, services: Services) -> None:
        if self.site.nodes and not self._lab_file.exists():
            say("Starting the simulated lab …")
            if not loop.wait_until(self._lab_file.exists, seconds=60):
                raise ServerError(
                    f"The simulated lab did not come up; see {self.instance.logs / 'labsim.log'}.",
                    1,
                )
        state = self.instance.state()
        stamp = preparation_stamp(self.instance, self.site)
        if not services.is_new_database and state.get("prepared") == stamp:
            return
        load_demo = self.site.is_demo and not state.get("demo_loaded")
        say("Preparing the database" + (" and the demo season" if load_demo else "") + " …")
        code, last_lines = loop.run(programs.prepare(load_demo=load_demo))
        if code != 0:
            words = last_lines[-1].removeprefix("CommandError: ") if last_lines else "no reason"
            raise ServerError(f"The site could not be prepared: {words}")
        self.instance.remember(prepared=preparation_stamp(self.instance, self.site))
        if load_demo:
            self.instance.remember(demo_loaded=True)

    def _await_ready(self, loop: Loop) -> None:
        probe = ReadyProbe(probe_host(self.site.host), self.site.port)
        began = time.monotonic()
        while not loop.wait_until(probe.ask, seconds=30):
            complain(f"Not ready yet: {probe.last_answer}")
            if time.monotonic() - began > READY_WITHIN:
                raise ServerError(f"The site did not become ready: {probe.last_answer}", 1)

    def _say_sign_ins(self) -> None:
        if not self.site.is_demo:
            return
        say(f"Demo sign-ins, password {SIGN_IN_PASSWORD} each:")
        for name in SIGN_INS:
            say(f"  {name}@example.org")
        say(f"Every mail sent: {self.url}/outbox/")

    def _stay(self, loop: Loop, programs: SitePrograms) -> None:
        """Serve; enrol the simulated nodes again when their addresses have changed."""
        known, check_at = lab_digest(self._lab_file), time.monotonic() + LAB_CHECK_EVERY
        if self.site.nodes and self.instance.state().get("prepared") != preparation_stamp(
            self.instance, self.site
        ):
            known = ""
        while True:
            loop.turn(1.0)
            if not self.site.nodes or time.monotonic() < check_at:
                continue
            check_at = time.monotonic() + LAB_CHECK_EVERY
            found = lab_digest(self._lab_file)
            if found and found != known:
                known = found
                code, _ = loop.run(programs.enroll())
                if code == 0:
                    self.instance.remember(prepared=preparation_stamp(self.instance, self.site))


def check_port(host: str, port: int) -> None:
    """Refuse a port that another program has, before anything is made or started."""
    if not port_is_free(host, port):
        raise ServerError(
            f"Port {port} on {host} is in use or not ours to take; name another one with --port."
        )


def choose_demo(instance: Instance, *, is_empty: bool, host: str) -> bool:
    """Whether this run is a demo; refuses to show one to the network."""
    is_demo = bool(instance.state().get("demo_loaded")) or not is_empty
    if is_demo and host not in LOOPBACK:
        raise ServerError(
            f"The demo has public passwords and is served on loopback only, not on {host}; "
            "start with --empty in a new data directory."
        )
    return is_demo
