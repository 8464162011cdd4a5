"""A tiny site: just enough HTTP for nodes to boot from and for agents to work for."""

import contextlib
import json
import socket
import threading
import time
import uuid
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Work:
    script: str
    deadline_s: float = 60
    env: dict = field(default_factory=dict)
    shipped: bool = False
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    output: bytearray = field(default_factory=bytearray)
    posts: int = 0
    result: dict | None = None
    results: int = 0
    cancel: bool = False
    done: threading.Event = field(default_factory=threading.Event)

    def as_json(self):
        names = ("id", "script", "env", "deadline_s", "shipped")
        return {name: getattr(self, name) for name in names}

    @property
    def text(self):
        return self.output.decode()


class StubSite:
    def __init__(self):
        self.token = "t0ken"
        self.works: list[Work] = []
        self.hellos: list[dict] = []
        self.paths: list[str] = []
        self.boots: list[str] = []
        self.boot_status = 200
        self.drop_next = 0  # connections to break after having stored the output
        self.refuse_next = 0  # connections to break before having stored anything
        self.revoked = False
        self.polls = 0
        self.lock = threading.Condition()
        self.start()

    def start(self, port=0):
        site = self

        class Handler(_Handler):
            pass

        Handler.site = site
        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.server.block_on_close = False
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def restart(self, pause):
        port = self.port
        self.stop()
        time.sleep(pause)
        self.start(port)

    @property
    def port(self):
        return self.server.server_address[1]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def give(self, script, **options):
        work = Work(script, **options)
        with self.lock:
            self.works.append(work)
            self.lock.notify_all()
        return work

    def next_work(self, seconds):
        with self.lock:
            self.polls += 1
            ends_at = time.monotonic() + seconds
            while True:
                for work in self.works:
                    if work.result is None:
                        return work
                left = ends_at - time.monotonic()
                if left <= 0 or self.revoked:
                    return None
                self.lock.wait(min(left, 0.2))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: StubSite

    def log_message(self, *args):
        pass

    def handle(self):
        with contextlib.suppress(OSError):
            super().handle()

    def answer(self, status, body, kind="application/json"):
        raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def break_off(self):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def is_allowed(self):
        if self.site.revoked or self.headers["Authorization"] != f"Bearer {self.site.token}":
            self.answer(401, {})
            return False
        return True

    def do_GET(self):
        site = self.site
        site.paths.append(self.path)
        if self.path == "/boot/ipxe":
            self.answer(200, "#!ipxe\nchain /boot/${serial}.ipxe\n", "text/plain")
        elif self.path.startswith("/boot/"):
            site.boots.append(self.path)
            order = f"kernel /boot/images/vmlinuz quiet site={site.url} node=n1 token={site.token}"
            status = site.boot_status
            text = f"#!ipxe\n{order}\ninitrd /boot/images/initrd\nboot\n" if status == 200 else ""
            self.answer(status, text, "text/plain")
        elif self.path.startswith("/api/v1/agent/work/") and self.is_allowed():
            work = site.next_work(float(self.path.partition("wait=")[2]))
            if site.revoked:
                self.answer(410, {})
            else:
                self.answer(200, {"work": work and work.as_json(), "cancel": []})

    def do_POST(self):
        site = self.site
        site.paths.append(self.path)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.is_allowed():
            return
        if self.path.endswith("/hello/"):
            site.hellos.append(body["inventory"])
            self.answer(200, {})
            return
        number, verb = self.path.split("/")[-3:-1]
        work = next(item for item in site.works if item.id == number)
        if verb == "result":
            self.take_result(work, body)
        else:
            self.take_output(work, body)

    def take_result(self, work, body):
        work.results += 1
        if self.site.drop_next:
            self.site.drop_next -= 1
            self.break_off()
            return
        work.result = body
        self.answer(200, {})
        work.done.set()

    def take_output(self, work, body):
        site = self.site
        work.posts += 1
        if site.refuse_next:
            site.refuse_next -= 1
            self.break_off()
            return
        if body["offset"] != len(work.output):
            self.answer(409, {"offset": len(work.output)})
            return
        work.output += body["text"].encode()
        if site.drop_next and body["text"]:
            site.drop_next -= 1
            self.break_off()
            return
        self.answer(200, {"offset": len(work.output), "cancel": work.cancel})
