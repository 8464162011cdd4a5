"""A script's output on its way to the site: bounded, whole characters only, nothing twice."""

import codecs
import os
import threading

AHEAD = 1024 * 1024  # bytes read from the script and not yet accepted by the site
BATCH = 64 * 1024  # bytes in one message
PIECE = 32 * 1024


class OutputGapError(Exception):
    """The site asks for output from before what it has already accepted."""


class OutputBuffer:
    """Filled from a pipe by one thread, emptied in batches by another.

    Offsets count bytes of the UTF-8 stream. Bytes that are no UTF-8 become U+FFFD, and so does
    NUL, which no database column takes. When full, reading stops, and the script waits.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._held = bytearray()
        self._accepted = 0  # offset of the first held byte
        self._ended = False

    def fill(self, descriptor: int) -> None:
        """Read a pipe to its end (or until `end`), then close it."""
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        try:
            while raw := os.read(descriptor, PIECE):
                if not self._add(decoder.decode(raw)):
                    break
            self._add(decoder.decode(b"", final=True))
        except OSError:
            pass  # the pipe was torn down with the machine
        finally:
            os.close(descriptor)
            self.end()

    def end(self) -> None:
        """Nothing more comes."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def add_line(self, text: str) -> None:
        """A line of the agent's own."""
        self._add(text + "\n")

    @property
    def has_ended(self) -> bool:
        """Whether the pipe was read to its end."""
        return self._ended

    @property
    def is_empty(self) -> bool:
        """Whether the site has accepted all there is."""
        with self._changed:
            return not self._held

    def wait_for_batch(self, seconds: float) -> None:
        """Sleep until a whole batch is there, the output has ended, or the time is up."""
        with self._changed:
            self._changed.wait_for(lambda: self._ended or len(self._held) >= BATCH, seconds)

    def wait_for_end(self, seconds: float) -> bool:
        """Sleep until the pipe was read to its end; False when the time was up first."""
        with self._changed:
            return self._changed.wait_for(lambda: self._ended, seconds)

    def batch(self) -> tuple[int, str]:
        """The next offset and text to send; the text may be empty."""
        with self._changed:
            size = min(len(self._held), BATCH)
            while 0 < size < len(self._held) and self._held[size] & 0xC0 == 0x80:  # noqa: PLR2004 - inside a character
                size -= 1
            return self._accepted, self._held[:size].decode("utf-8")

    def accept_up_to(self, offset: int) -> None:
        """The site has everything before `offset`."""
        with self._changed:
            count = offset - self._accepted
            if not 0 <= count <= len(self._held):
                raise OutputGapError
            del self._held[:count]
            self._accepted = offset
            self._changed.notify_all()

    def _add(self, text: str) -> bool:
        raw = text.replace("\0", "\ufffd").encode()
        with self._changed:
            self._changed.wait_for(lambda: self._ended or len(self._held) < AHEAD)
            if self._ended:
                return False
            self._held += raw
            self._changed.notify_all()
            return True
