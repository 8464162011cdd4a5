"""What can go wrong between us and a BMC, each with a sentence for people and a code for programs.

A sentence names the controller's address and never a user's password: it is stored with the
power command and shown on pages.
"""


class DriverError(Exception):
    """A command to a BMC did not succeed.

    ``sentence`` is plain English for a person, ``code`` a stable lower-case word for programs and
    ``retryable`` says whether asking again, unchanged and later, makes sense.
    """

    def __init__(self, sentence: str, *, retryable: bool, code: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.retryable = retryable
        self.code = code

    def __reduce__(self) -> tuple[object, ...]:
        """Survive pickling between a worker and its broker."""
        return (_rebuild, (type(self), self.sentence, self.retryable, self.code))


class BmcUnreachableError(DriverError):
    """Nothing answers at the controller's address."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, retryable=True, code="bmc_unreachable")


class BmcTimeoutError(DriverError):
    """The controller was reached, then did not finish within the deadline: outcome unknown."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, retryable=True, code="bmc_timeout")


class BmcAuthenticationError(DriverError):
    """The controller refuses the credentials. Never repeated: an iDRAC blocks after a few."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, retryable=False, code="bmc_authentication")


class BmcRefusedError(DriverError):
    """The controller answered, and the answer was no."""

    def __init__(self, sentence: str, *, retryable: bool = False) -> None:
        super().__init__(sentence, retryable=retryable, code="bmc_refused")


class BmcAddressError(DriverError):
    """The controller's host name does not resolve."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, retryable=False, code="bmc_address")


class UnknownDriverError(DriverError):
    """No driver goes by that name."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, retryable=False, code="unknown_driver")


def _rebuild(kind: type[DriverError], sentence: str, retryable: bool, code: str) -> DriverError:  # noqa: FBT001 - pickle passes by position
    error = kind.__new__(kind)
    DriverError.__init__(error, sentence, retryable=retryable, code=code)
    return error
