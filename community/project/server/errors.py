"""What may go wrong before or while the server runs, and how it is told."""


class ServerError(Exception):
    """A sentence for the person at the terminal; the command ends with `exit_code`."""

    def __init__(self, sentence: str, exit_code: int = 2) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code


class StopRequestedError(Exception):
    """Ctrl-C or SIGTERM arrived; raised from the event loop, never from a signal handler."""
