"""A wire to the site that can be cut; a browser's own offline mode lets some things through."""

import contextlib
import socket
import threading


class Wire:
    """Forwards a port of its own to `port` of this machine while it is not cut."""

    def __init__(self, port):
        self.to = ("127.0.0.1", port)
        self.is_cut = False
        self.ends = set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        self.is_cut = True
        for end in list(self.ends):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self):
        self.is_cut = False

    def close(self):
        self.cut()
        self.listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):  # the listener is closed at the end
            while True:
                near, _ = self.listener.accept()
                if self.is_cut:
                    near.close()
                    continue
                far = socket.create_connection(self.to)
                for source, target in ((near, far), (far, near)):
                    threading.Thread(target=self._pump, args=(source, target), daemon=True).start()

    def _pump(self, source, target):
        self.ends.add(source)
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                if self.is_cut:
                    break
                target.sendall(piece)
        self.ends.discard(source)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
