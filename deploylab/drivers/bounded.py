"""Run a call that may never return, and give up on it at a deadline."""

import queue
import threading
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


def run_within(call: Callable[[], Result], seconds: float) -> Result:
    """Return what `call` returns or raise what it raises; after `seconds`, raise TimeoutError.

    A call given up on goes on in its own daemon thread until it ends by itself; whoever gives up
    takes care that what it does then is harmless.
    """
    outcome: queue.SimpleQueue[tuple[Result | None, BaseException | None]] = queue.SimpleQueue()

    def work() -> None:
        try:
            outcome.put((call(), None))
        except BaseException as error:  # noqa: BLE001 - handed to the caller, whatever it is
            outcome.put((None, error))

    threading.Thread(target=work, name="bmc-call", daemon=True).start()
    try:
        result, error = outcome.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if error is not None:
        raise error
    return result  # type: ignore[return-value] # None only when the call itself returns None
