"""Process 1 of a simulated node: makes the sandbox it lives in, then runs the scripts it is sent.

Run by path with ``python -I -S``; standard library only. It begins with the server's rights and
gives them up first: the host's uid, then the host's namespaces, then every capability.
"""
# ruff: noqa: D103, PTH101, PTH102, PTH110, PTH112, PTH114, PTH115, PTH123, PTH211
# The steps of one program are named for what they do, and pathlib would slow its start.

import contextlib
import ctypes
import fcntl
import json
import os
import resource
import select
import signal
import socket
import stat
import struct
import sys
from typing import Any

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE = 0x10000000 | 0x00020000 | 0x20000000 | 0x40000000 | 0x08000000 | 0x04000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT = 1, 2, 4, 32
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
MNT_DETACH = 2
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP = 1, 4, 24
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 36, 38
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41, "riscv64": 41}
SYSTEM = ("usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32")
DEVICES = ("null", "zero", "full", "random", "urandom")
SETTINGS = ("etc/alternatives", "etc/ld.so.cache")
HIDDEN = ("usr/local", "usr/src")  # where a server's own files may live
FACTS_LIMIT = 64 * 1024
HEAD = 4  # bytes of length before each message
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1


def check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def mount(source: str, target: str, kind: str, flags: int, data: str = "") -> None:
    raw = [text.encode() if text else None for text in (source, target, kind, data)]
    result = LIBC.mount(raw[0], raw[1], raw[2], ctypes.c_ulong(flags), raw[3])
    check(result, f"mount {target}")


def bind(source: str, target: str) -> None:
    """Show part of the host, read-only."""
    mount(source, target, "", MS_BIND | MS_REC)
    with contextlib.suppress(OSError):  # its owner is not us in any case
        mount("", target, "", MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)


def drop_user(uid: int) -> None:
    """Become that host user. Merely mapping root to it would leave us root to the host's files."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    LIBC.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)  # else our own /proc/self/uid_map is not ours


def yield_to_the_server() -> None:
    """Be the first to go when memory runs out, and the last to get the processor."""
    with contextlib.suppress(OSError):
        write("/proc/self/oom_score_adj", "1000")
    os.nice(10)


def enter_namespaces() -> None:
    uid, gid = os.getuid(), os.getgid()
    check(LIBC.unshare(CLONE), "unshare")
    for name, text in (("setgroups", "deny"), ("uid_map", f"0 {uid} 1"), ("gid_map", f"0 {gid} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)
    mount("", "/", "", MS_REC | MS_PRIVATE)


def build_root(size_mb: int, hostname: str) -> None:
    """A small root in memory: the host's programs read-only, everything else our own."""
    mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, f"size={size_mb}m,mode=755")  # noqa: S108 - a mount point that exists everywhere
    os.chdir("/tmp")  # noqa: S108 - the same
    for name in SYSTEM:
        if os.path.islink("/" + name):
            os.symlink(os.readlink("/" + name), name)
        elif os.path.isdir("/" + name):
            os.mkdir(name)
            bind("/" + name, name)
    for name in HIDDEN:
        if os.path.isdir(name):
            mount("tmpfs", name, "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV, "size=4k")
    for name in ("etc", "dev", "proc", "root", "run", "tmp", "var", "work"):
        os.mkdir(name)
    os.chmod("tmp", 0o1777)  # noqa: S103 - what /tmp is
    with contextlib.suppress(OSError):  # refused inside some containers; scripts go without
        mount("proc", "proc", "proc", MS_NOSUID | MS_NODEV)
    show_files()
    write("etc/passwd", "root:x:0:0:root:/work:/bin/sh\n")
    write("etc/group", "root:x:0:\n")
    write("etc/hosts", f"127.0.0.1 localhost {hostname}\n")


def show_files() -> None:
    for name in [f"dev/{device}" for device in DEVICES] + list(SETTINGS):
        if not os.path.exists("/" + name):
            continue
        if os.path.isdir("/" + name):
            os.mkdir(name)
        else:
            write(name, "")
        if name.startswith("dev/"):
            mount("/" + name, name, "", MS_BIND)
        else:
            bind("/" + name, name)
    for name, target in (("fd", "fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2")):
        os.symlink(f"/proc/self/{target}", f"dev/{name}")


def write(name: str, text: str) -> None:
    with open(name, "w") as file:
        file.write(text)


def change_root() -> None:
    number = PIVOT_ROOT.get(os.uname().machine)
    if number is None:
        raise OSError("pivot_root: this processor is not known here")
    check(LIBC.syscall(ctypes.c_long(number), b".", b"."), "pivot_root")
    check(LIBC.umount2(b".", MNT_DETACH), "leave the host's files")
    os.chdir("/")


def raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        request = struct.pack("16sH14s", b"lo", 0, b"")
        answer = fcntl.ioctl(probe, SIOCGIFFLAGS, request)
        flags = struct.unpack("16sH14s", answer)[1] | IFF_UP
        fcntl.ioctl(probe, SIOCSIFFLAGS, struct.pack("16sH14s", b"lo", flags, b""))


def drop_capabilities() -> None:
    """What is executed from here on has none, and gains none."""
    for capability in range(64):
        LIBC.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


def limit(limits: dict[str, int]) -> None:
    for name, value in limits.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(kind)[1]
        amount = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (amount, amount))


def isolate(config: dict[str, Any]) -> None:
    """Give up the host: user, namespaces, files, network. Returns in process 1 of the new ones."""
    drop_user(config["uid"])
    yield_to_the_server()
    enter_namespaces()
    child = os.fork()
    if child:
        os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 0xFF)
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    build_root(config["size_mb"], config["hostname"])
    change_root()
    raise_loopback()
    socket.sethostname(config["hostname"])
    with contextlib.suppress(OSError):  # no namespaces within: less of the kernel to attack
        write("/proc/sys/user/max_user_namespaces", "0")
    drop_capabilities()


class Init:
    """Runs one script at a time, reaps whatever ends, and dies with the connection."""

    def __init__(self, control: socket.socket, config: dict[str, Any]) -> None:
        self.control = control
        self.work = config["work"]
        self.limits = config["limits"]
        self.script = 0
        self.count = 0
        self.facts = ""
        self.alarm, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def serve(self) -> None:
        while True:
            ready, _, _ = select.select([self.control.fileno(), self.alarm], [], [])
            if self.alarm in ready:
                os.read(self.alarm, 4096)
                self.reap()
            if self.control.fileno() in ready and not self.take():
                return

    def take(self) -> bool:
        head, descriptors, _, _ = socket.recv_fds(self.control, HEAD, 1)
        if len(head) < HEAD:
            return False
        body = b""
        size = int.from_bytes(head, "big")
        while len(body) < size:
            piece = self.control.recv(size - len(body))
            if not piece:
                return False
            body += piece
        order = json.loads(body)
        if order.get("kill"):
            self.kill()
        else:
            self.start(order, descriptors[0])
            os.close(descriptors[0])
        return True

    def kill(self) -> None:
        if self.script:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.script, signal.SIGKILL)

    def start(self, order: dict[str, Any], output: int) -> None:
        self.count += 1
        name = f"{self.work}/.script-{self.count}"
        write(name, order["script"])
        os.chmod(name, 0o700)
        self.facts = f"{self.work}/.facts-{self.count}.json"
        environment = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": self.work,
            "LANG": "C.UTF-8",
            **order["env"],
            "FACTS_FILE": self.facts,
        }
        command = [name] if order["script"].startswith("#!") else ["/bin/sh", name]
        self.script = os.fork()
        if not self.script:
            self.execute(command, environment, output)

    def execute(self, command: list[str], environment: dict[str, str], output: int) -> None:
        try:
            os.setsid()
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)
            os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
            os.dup2(output, 1)
            os.dup2(output, 2)
            os.closerange(3, 1024)
            os.chdir(self.work)
            LIBC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
            limit(self.limits)
            os.execve(command[0], command, environment)  # noqa: S606 - a script is what it runs
        except BaseException as error:  # noqa: BLE001 - nothing may return from here
            os.write(2, f"the script could not be started: {error}\n".encode())
        finally:
            os._exit(126)

    def reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            if pid == self.script:
                self.script = 0
                code = os.waitstatus_to_exitcode(status)
                self.report(
                    {"exit_code": code if code >= 0 else 128 - code, "facts": self.read_facts()}
                )

    def read_facts(self) -> str:
        """The facts file's text, if it is a plain file of reasonable size."""
        try:
            found = os.open(self.facts, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
        except OSError:
            return ""
        with os.fdopen(found, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return ""
            raw = file.read(FACTS_LIMIT + 1)
        return raw.decode("utf-8", "replace") if len(raw) <= FACTS_LIMIT else ""

    def report(self, answer: dict[str, Any]) -> None:
        raw = json.dumps(answer).encode()
        self.control.sendall(len(raw).to_bytes(HEAD, "big") + raw)


def main() -> None:
    config = json.loads(sys.argv[1])
    control = socket.socket(fileno=int(sys.argv[2]))
    control.set_inheritable(False)
    init = None
    try:
        if config["isolated"]:
            isolate(config)
        else:
            drop_user(config["uid"])
            yield_to_the_server()
            LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        init = Init(control, config)
        init.report({"ready": True})
    except OSError as error:
        Init(control, config).report({"ready": False, "reason": str(error)})
        sys.exit(1)
    init.serve()
    if not config["isolated"]:
        init.kill()


if __name__ == "__main__":
    main()
