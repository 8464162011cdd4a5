"""Running power commands: one at a time for each BMC address, read back until it is true.

Who runs an address's queue holds a PostgreSQL advisory lock on it for as long as its connection
lives. A worker that is killed loses the lock with its connection, so the next one sees at once
that a command still marked running has nobody behind it.
"""

import datetime as dt
import logging
import random
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import F

from community.core import clock, queue
from deploylab.drivers.base import BmcDriver, BmcTarget, BootDevice
from deploylab.drivers.errors import DriverError
from deploylab.drivers.registry import driver_for
from deploylab.events import lock_deployment
from deploylab.models import Bmc, Node, PowerCommand, Reservation
from deploylab.services.outcomes import Outcome, settle_command_step
from deploylab.services.tickets import await_boot_anew, boot_has_begun
from deploylab.states import POWER_COMMAND, CommandState, Power, PowerAction, ReservationState

log = logging.getLogger(__name__)
_LOCK_CLASS = 0x424D43  # "BMC", so that these locks meet no others
_POLL_S = 0.4
_BACK_OFF_S = (2.0,)  # so many retries, with about this long between them
_REPEATABLE = frozenset({PowerAction.ON, PowerAction.OFF, PowerAction.SOFT_OFF})
_EXPECTED = {
    PowerAction.ON: Power.ON,
    PowerAction.OFF: Power.OFF,
    PowerAction.SOFT_OFF: Power.OFF,
    PowerAction.RESET: Power.ON,
    PowerAction.CYCLE: Power.ON,
}


@contextmanager
def bmc_lock(address: str) -> Iterator[bool]:
    """Whether this connection got the right to speak to the BMC at `address`."""
    key = zlib.crc32(address.encode()) - 2**31
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK_CLASS, key])
        (got,) = cursor.fetchone()
    try:
        yield got
    finally:
        if got:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK_CLASS, key])


def _queued(address: str) -> bool:
    return PowerCommand.objects.filter(bmc_address=address, state=CommandState.QUEUED).exists()


def run_power_queue(address: str) -> int:
    """Run what is queued for the BMC at `address`, unless another worker is at it.

    Returns how many commands were run. What is queued in the moment between the last look and
    the unlock is seen by the look after it.
    """
    done = 0
    while _queued(address):
        with bmc_lock(address) as got:
            if not got:
                return done
            _recover(address)
            while (command := _claim_next(address)) is not None:
                _run(command)
                done += 1
    return done


def recover_dead_commands() -> int:
    """Take up commands whose worker has died, and queues nobody runs; returns how many."""
    from deploylab.tasks import run_power_queue as task  # tasks sit below, called back by address

    addresses = PowerCommand.objects.filter(
        state__in=[CommandState.QUEUED, CommandState.RUNNING]
    ).values_list("bmc_address", flat=True)
    found = 0
    for address in set(addresses):
        with bmc_lock(address) as got:
            if got:
                found += _recover(address)
        if got:
            queue.enqueue(task, address)
    return found


def _recover(address: str) -> int:
    """Settle commands marked running; the caller holds the lock, so nobody runs them."""
    dead = PowerCommand.objects.filter(bmc_address=address, state=CommandState.RUNNING)
    count = 0
    for command in dead:
        count += 1
        if command.action in _REPEATABLE or command.may_restart:
            log.warning("command %s: its worker died, queued again", command.pk)
            state = POWER_COMMAND.next(command.state, "requeue").target
            PowerCommand.objects.filter(pk=command.pk).update(state=state)
        else:
            _finish(
                command,
                "fail",
                Outcome.failure(
                    "worker_died",
                    f"The worker died while it sent “{command.action}” to {command.node.name}; "
                    "whether the BMC got it is not known.",
                    "Look at the node's power state, then ask again.",
                ),
            )
    return count


def _claim_next(address: str) -> PowerCommand | None:
    command = (
        PowerCommand.objects.filter(bmc_address=address, state=CommandState.QUEUED)
        .select_related("node__bmc", "step")
        .order_by("created_at")
        .first()
    )
    if command is None:
        return None
    claimed = PowerCommand.objects.filter(pk=command.pk, state=CommandState.QUEUED).update(
        state=CommandState.RUNNING, started_at=clock.now(), attempts=F("attempts") + 1
    )
    command.state = CommandState.RUNNING
    return command if claimed == 1 else None


def _has_right(command: PowerCommand) -> bool:
    """Whether the right to power the node still holds, at this very moment."""
    if command.reservation_id is None:
        return True
    return Reservation.objects.filter(
        pk=command.reservation_id, epoch=command.epoch or 0, state=ReservationState.ACTIVE
    ).exists()


def _run(command: PowerCommand) -> None:
    if not _has_right(command):
        _finish(
            command,
            "abort",
            Outcome.failure(
                "right_ended",
                f"The reservation of {command.node.name} ended before the command ran.",
                "Reserve the node again.",
            ),
        )
        return
    try:
        observed = _drive_patiently(command)
    except DriverError as error:
        log.warning("%s %s: %s", command.action, command.node.name, error.code)
        _finish(command, "fail", _failure(command.node, error))
        return
    expected = _EXPECTED[PowerAction(command.action)]
    if observed == expected:
        _finish(command, "complete", Outcome.success(f"Power is {observed}."), observed)
    else:
        _finish(
            command,
            "fail",
            Outcome.failure(
                "power_not_reached",
                f"The BMC of {command.node.name} took “{command.action}”, but the power is still "
                f"{observed}.",
                "Ask an organizer to look at the node.",
            ),
            observed,
        )


def _failure(node: Node, error: DriverError) -> Outcome:
    """The driver's error for a member's eyes: no addresses, and what to do."""
    said = {
        "bmc_authentication": "refused the password stored for it",
        "bmc_unreachable": "does not answer",
        "bmc_timeout": "stopped answering",
    }.get(error.code, "refused the command")
    return Outcome.failure(
        error.code,
        f"The BMC of {node.name} {said}.",
        "Try another node, and tell an organizer."
        if error.retryable
        else "Tell an organizer: its settings need mending.",
    )


def _drive_patiently(command: PowerCommand) -> str:
    """Try again where that makes sense: never a wrong password, never what may act twice."""
    repeatable = command.action in _REPEATABLE or command.may_restart
    for wait in _BACK_OFF_S:
        try:
            return _drive(command)
        except DriverError as error:
            late = clock.now() + clock.seconds(wait) >= command.deadline_at
            if late or not (error.retryable and repeatable):
                raise
            time.sleep(wait * random.uniform(0.5, 1.5))  # noqa: S311 - spreads retries, no secret
    return _drive(command)


def _drive(command: PowerCommand) -> str:
    """Send the command and read back until the power is as asked or the time is over."""
    bmc = command.node.bmc
    _keep_interval(bmc)
    target = BmcTarget(bmc.host, bmc.port, bmc.username, bmc.password())
    try:
        with driver_for(bmc.driver)(target) as driver:
            if command.may_restart and not _make_way_for_boot(command, driver):
                return _read_back(driver, Power.ON, command.deadline_at)
            action = _effective_action(command, driver)
            if command.boot_device:
                driver.set_boot_device(BootDevice(command.boot_device), once=True)
            if action is not None:
                driver.set_power(action)
            return _read_back(driver, _EXPECTED[PowerAction(command.action)], command.deadline_at)
    finally:
        Bmc.objects.filter(pk=bmc.pk).update(last_command_at=clock.now())


def _make_way_for_boot(command: PowerCommand, driver: BmcDriver) -> bool:
    """Turn a running host off, so that it boots anew; False where it already boots as asked.

    A worker may have died after the power went on: the node may be anywhere in its boot. Has it
    fetched its script, it must not be restarted, for a second fetch would revoke its token. Has
    it not, a new boot is awaited while it is off and cannot fetch.
    """
    if str(driver.power_state()) != Power.ON:
        return True
    if command.step is not None and boot_has_begun(command.step):
        return False
    driver.set_power(PowerAction.OFF)
    _read_back(driver, Power.OFF, command.deadline_at)
    if command.step is not None:
        await_boot_anew(command.step)
    return True


def _effective_action(command: PowerCommand, driver: BmcDriver) -> str | None:
    """What to send: nothing where the power already is as asked; "on" never cycles a host."""
    present = str(driver.power_state())
    if command.action == PowerAction.ON and present == Power.ON:
        return PowerAction.CYCLE if command.may_restart else None
    if command.action in {PowerAction.OFF, PowerAction.SOFT_OFF} and present == Power.OFF:
        return None
    return command.action


def _keep_interval(bmc: Bmc) -> None:
    if bmc.last_command_at is None:
        return
    gap = bmc.min_interval_ms / 1000 - (clock.now() - bmc.last_command_at).total_seconds()
    if gap > 0:
        time.sleep(min(gap, 30.0))


def _read_back(driver: BmcDriver, expected: str, deadline_at: dt.datetime) -> str:
    """The power as read, once it is as `expected` or the time is over."""
    while True:
        observed = str(driver.power_state())
        if observed == expected or clock.now() >= deadline_at:
            return observed
        time.sleep(_POLL_S)


def _finish(command: PowerCommand, event: str, outcome: Outcome, observed: str = "") -> None:
    """Write how it ended: the command, what was seen, and the step that waits for it."""
    with transaction.atomic():
        if command.step is not None:
            lock_deployment(command.step.deployment_id)
        PowerCommand.objects.filter(pk=command.pk).update(
            state=POWER_COMMAND.next(CommandState.RUNNING, event).target,
            observed=observed,
            error_code=outcome.code,
            error_sentence="" if outcome.is_good else outcome.sentence,
            ended_at=clock.now(),
        )
        if observed:
            Node.objects.filter(pk=command.node_id).update(
                power_state=observed, power_observed_at=clock.now()
            )
        if command.step_id is not None:
            settle_command_step(command.step_id, outcome)
