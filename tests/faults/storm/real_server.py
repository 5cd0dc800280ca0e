"""Once through a real mail server: Postfix, with a configuration and a queue of its own, on loopback.

Letters to `good` pass on to the scripted server, so that its file is the judge here too; `later` is deferred
until the server is told otherwise; `gone` is accepted and comes back as a report to the product's listener.
"""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from tests.faults.oracle import Verdict
from tests.faults.scene import Scene
from tests.faults.storm.grounds import Grounds
from tests.faults.storming import wait_until
from tests.mail.post import NOW
from tests.support.ports import free_port
from tracker.accounts.models import Person
from tracker.mail.listener import Inlet, Listener
from tracker.mail.models import Mail, MailState

POSTFIX = Path("/usr/sbin/postfix")
NOTHING = Verdict(*(frozenset[str](),) * 5)
EACH = 10  # people at each of the three places


def through_postfix(grounds: Grounds) -> Verdict:
    """Accepted, deferred and then accepted, and bounced back to our own listener."""
    missing = _missing()
    if missing:
        print(f"  not done: {missing}", flush=True)
        return NOTHING
    with grounds.scene("postgresql") as scene, ExitStack() as running:
        owners = _people(scene)
        inlet = running.enter_context(_listening(scene.engine))
        server = running.enter_context(_postfix(delivers_to=scene.peer.port, reports_to=inlet))
        scene.job = replace(scene.job, port=server.port)
        scene.tick(NOW)
        wait_until("the good letters", lambda: len(scene.peer.accepted) == EACH)
        assert _states(scene.engine, "later") == {MailState.queued}
        wait_until("reports", lambda: _states(scene.engine, "gone") == {MailState.undeliverable}, seconds=60)
        server.defer_no_more()
        scene.tick(NOW + timedelta(minutes=10))
        wait_until("the deferred letters", lambda: len(scene.peer.accepted) == 2 * EACH)
        assert _states(scene.engine, "later") == {MailState.sent}
        print(f"  accepted {EACH}, deferred and then accepted {EACH}, bounced {EACH}", flush=True)
        return scene.judge([owner for owner in owners if "@gone." not in owner])


def _people(scene: Scene) -> list[str]:
    """Ten at each place."""
    scene.people(3 * EACH)
    found = []
    with Session(scene.engine) as session, session.begin():
        for number, person_id in enumerate(scene.job.people):
            address = f"owner{number}@{('good', 'later', 'gone')[number % 3]}.example.com"
            session.execute(update(Person).where(Person.id == person_id).values(email=address))
            found.append(address)
    return found


def _states(engine: Engine, place: str) -> set[MailState]:
    with Session(engine) as session:
        found = select(Mail.state).where(Mail.address.like(f"%@{place}.example.com"))
        return set(session.scalars(found.where(Mail.kind == "reminders")))


def _missing() -> str:
    """Why this cannot be done here, in one sentence; installs Postfix where that is possible."""
    if os.geteuid() != 0:
        return "Postfix is started by root alone, and this is not root."
    if not POSTFIX.exists():
        if shutil.which("apt-get") is None:
            return "Postfix is not installed, and this is not Debian."
        _install()
    return "" if POSTFIX.exists() else "Postfix is not installed, and apt-get could not install it."


def _install() -> None:
    answer = b"postfix postfix/main_mailer_type select No configuration\n"
    _quietly(["debconf-set-selections"], answer)
    _quietly(["apt-get", "update", "-q"])
    _quietly(["apt-get", "install", "-y", "-q", "--no-install-recommends", "postfix"])


def _quietly(command: list[str], said: bytes | None = None) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, input=said, env=environment, capture_output=True, check=False)


# --- Postfix ---------------------------------------------------------------------------------------


class Postfix:
    """A running Postfix. Its programs but the first run as the user `postfix`."""

    def __init__(self, home: Path, *, delivers_to: int, reports_to: int) -> None:
        self.home = home
        self.port = free_port()
        self._config = home / "config"
        self._config.mkdir()
        for name in ("queue", "data"):
            (home / name).mkdir()
        user = pwd.getpwnam("postfix")
        os.chown(home / "data", user.pw_uid, user.pw_gid)
        self._deliveries = (
            f"good.example.com=smtp:[127.0.0.1]:{delivers_to}, "
            f"later.example.com=smtp:[127.0.0.1]:{delivers_to}, "
            "gone.example.com=error:5.1.1 nobody has this address, "
            f"example.com=lmtp:inet:127.0.0.1:{reports_to}"
        )
        self._write(deferring=True)
        (self._config / "master.cf").write_text(_MASTER.format(port=self.port))

    def _write(self, *, deferring: bool) -> None:
        later = "check_recipient_access inline:{ {later.example.com=450 4.2.0 come again later} }, "
        pairs = ", ".join(f"{{{one}}}" for one in self._deliveries.split(", "))
        (self._config / "main.cf").write_text(
            _MAIN.format(home=self.home, deliveries=pairs, later=later if deferring else "")
        )

    def defer_no_more(self) -> None:
        self._write(deferring=False)
        self.run("reload")
        time.sleep(1)  # a reload is noticed by the next process

    def run(self, word: str) -> None:
        done = subprocess.run(
            [POSTFIX, "-c", self._config, word], check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, f"postfix {word}: {done.stdout}{done.stderr}{self.log()}"

    def log(self) -> str:
        file = self.home / "log"
        return file.read_text() if file.exists() else ""


@contextmanager
def _postfix(*, delivers_to: int, reports_to: int) -> Iterator[Postfix]:
    with tempfile.TemporaryDirectory(prefix="tracker-postfix-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        server = Postfix(home, delivers_to=delivers_to, reports_to=reports_to)
        server.run("start")
        try:
            yield server
        finally:
            server.run("stop")


_MAIN = """compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {home}/log
maillog_file_prefixes = {home}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.example.com
mydestination =
local_recipient_maps =
alias_maps =
mynetworks = 127.0.0.0/8
smtpd_recipient_restrictions = {later}permit_mynetworks, reject
smtpd_relay_restrictions = permit_mynetworks, reject
transport_maps = inline:{{ {deliveries} }}
default_transport = error:5.7.1 nothing leaves this machine
disable_dns_lookups = yes
smtp_tls_security_level = none
smtpd_tls_security_level = none
"""

_MASTER = """127.0.0.1:{port} inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
"""


@contextmanager
def _listening(engine: Engine) -> Iterator[int]:
    """The product's listener for what comes back, in a thread; its port."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    listener = Listener(Inlet(engine, lambda: NOW + timedelta(minutes=1)))
    try:
        yield asyncio.run_coroutine_threadsafe(listener.start("127.0.0.1", 0), loop).result(10)
    finally:
        asyncio.run_coroutine_threadsafe(listener.stop(), loop).result(40)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
