"""What the mail server hands in, by LMTP, SMTP or a pipe: accepted only once it has been dealt with."""

from __future__ import annotations

import asyncio
import os
import signal
import smtplib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, make_url

from tests.mail.post import NOW, Post
from tests.mail.test_bounces import about, sample
from tests.support.ports import free_port
from tracker.mail.bounces import MOST_BYTES
from tracker.mail.listener import Inlet, Listener
from tracker.mail.models import Mail, MailState

ROOT = Path(__file__).resolve().parents[2]
FOR = "plan@example.com"


class _Running:
    """A listener on a thread of its own, as it would be in a process."""

    def __init__(self, inlet: Inlet, *, lmtp: bool) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        self.listener = self._do(self._made(inlet, lmtp=lmtp))
        self.port: int = self._do(self.listener.start("127.0.0.1", 0))

    async def _made(self, inlet: Inlet, *, lmtp: bool) -> Listener:
        return Listener(inlet, lmtp=lmtp)

    def _do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout=40)

    def stop(self) -> None:
        self._do(self.listener.stop())

    def end(self) -> None:
        self.stop()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(timeout=10)
        self.loop.close()


Listening = Callable[..., AbstractContextManager[_Running]]


@pytest.fixture
def listening(post: Post) -> Listening:
    @contextmanager
    def running(engine: Engine | None = None, *, lmtp: bool = True) -> Iterator[_Running]:
        one = _Running(Inlet(engine or post.engine, lambda: NOW), lmtp=lmtp)
        try:
            yield one
        finally:
            one.end()

    return running


@pytest.fixture
def sent(post: Post) -> Mail:
    """A letter that the server accepted."""
    post.queue("reader@example.com", words="Her er en opgave.")
    post.turn()
    return post.mail("reader@example.com")


def hand_in(port: int, content: bytes, *, sender: str = "", kind: type[smtplib.SMTP] = smtplib.LMTP) -> str:
    """What a mail server is answered after the message."""
    with kind("127.0.0.1", port, timeout=30) as line:
        line.ehlo_or_helo_if_needed()
        assert line.mail(sender)[0] == 250
        assert line.rcpt(FOR)[0] == 250
        code, text = line.data(content)
    return f"{code} {text.decode()}"


@pytest.mark.both_databases
@pytest.mark.parametrize("name", ["postfix", "exchange", "gmail"])
def test_a_bounce_is_committed_before_it_is_accepted(
    post: Post, sent: Mail, listening: Listening, name: str
) -> None:
    with listening() as listener:
        assert hand_in(listener.port, about(sent, name)) == "250 2.0.0 undeliverable"
        assert post.state(sent.address) is MailState.undeliverable
        assert hand_in(listener.port, about(sent, name)) == "250 2.0.0 known"


@pytest.mark.both_databases
def test_noise_is_accepted_and_forgotten(post: Post, sent: Mail, listening: Listening) -> None:
    with listening() as listener:
        for name in ("out-of-office", "read-receipt", "delivered"):
            assert hand_in(listener.port, about(sent, name)) == "250 2.0.0 ignored"
        assert hand_in(listener.port, sample("postfix")) == "250 2.0.0 ignored"
        assert hand_in(listener.port, about(sent), sender="a@example.com") == "250 2.0.0 ignored"
    assert post.state(sent.address) is MailState.sent


def test_a_server_that_speaks_smtp_can_hand_in_too(post: Post, sent: Mail, listening: Listening) -> None:
    with listening(lmtp=False) as listener:
        assert hand_in(listener.port, about(sent), kind=smtplib.SMTP) == "250 2.0.0 undeliverable"
    assert post.state(sent.address) is MailState.undeliverable


@pytest.mark.both_databases
def test_while_the_database_is_away_the_mail_server_keeps_the_message(
    post: Post, sent: Mail, listening: Listening, tmp_path: Path
) -> None:
    url = make_url(post.engine.url)
    away = (
        url.set(database=str(tmp_path / "no" / "such.db"))
        if url.drivername == "sqlite"
        else url.set(host="127.0.0.1", port=free_port())
    )
    engine = create_engine(away)
    with listening(engine) as listener:
        answer = hand_in(listener.port, about(sent))
    engine.dispose()
    assert answer == "451 4.3.0 the database does not answer; try again later"
    assert post.state(sent.address) is MailState.sent
    with listening() as listener:
        assert hand_in(listener.port, about(sent)) == "250 2.0.0 undeliverable"


@pytest.mark.both_databases
def test_a_bounce_that_overtakes_the_answer_to_its_letter_comes_again(
    post: Post, sent: Mail, listening: Listening
) -> None:
    with post.sessions.begin() as session:
        session.get_one(Mail, sent.id).state = MailState.sending
    with listening() as listener:
        assert hand_in(listener.port, about(sent)).startswith(
            "451 4.3.0 the letter is just being handed over"
        )
        with post.sessions.begin() as session:
            session.get_one(Mail, sent.id).state = MailState.sent
        assert hand_in(listener.port, about(sent)) == "250 2.0.0 undeliverable"


def test_a_message_that_is_too_large_is_refused(sent: Mail, listening: Listening) -> None:
    with listening() as listener:
        answer = hand_in(listener.port, about(sent) + b"x" * 70 + b"\r\n" * (MOST_BYTES // 2))
        assert answer.startswith("552 ")
        assert hand_in(listener.port, about(sent)) == "250 2.0.0 undeliverable"


def test_lmtp_answers_for_each_recipient(sent: Mail, listening: Listening) -> None:
    with listening() as listener, socket.create_connection(("127.0.0.1", listener.port), 30) as line:
        for command in (
            "LHLO mx",
            "MAIL FROM:<>",
            "RCPT TO:<a@example.com>",
            "RCPT TO:<b@example.com>",
            "DATA",
        ):
            line.sendall(command.encode() + b"\r\n")
            time.sleep(0.05)
        line.sendall(about(sent).replace(b"\n", b"\r\n") + b"\r\n.\r\nQUIT\r\n")
        said = b"".join(iter(lambda: line.recv(4096), b"")).decode()
    assert said.count("250 2.0.0 undeliverable\r\n") == 2


def test_a_message_in_hand_is_finished_when_the_listener_ends(
    post: Post, sent: Mail, listening: Listening
) -> None:
    answers: list[str] = []
    with listening() as listener:
        with post.sessions.begin() as session:  # on SQLite this keeps the other writer waiting
            session.get_one(Mail, sent.id).last_error = "held"
            session.flush()
            waiting = threading.Thread(target=lambda: answers.append(hand_in(listener.port, about(sent))))
            waiting.start()
            until = time.monotonic() + 10
            while not listener.listener._busy and time.monotonic() < until:
                time.sleep(0.01)
            stopping = threading.Thread(target=listener.stop)
            stopping.start()
            time.sleep(0.2)
            assert stopping.is_alive()
        waiting.join(timeout=30)
        stopping.join(timeout=30)
    assert answers == ["250 2.0.0 undeliverable"]


# --- the commands ---------------------------------------------------------------------------------


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    """The settings of an installation, as its operator gives them."""
    return {
        **os.environ,
        "TRACKER_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz",
        "TRACKER_BASE_URL": "http://127.0.0.1:5000",
        "TRACKER_MAIL_SENDER": FOR,
        "TRACKER_DATABASE_URL": database_url,
        "TRACKER_DATA_FOLDER": str(tmp_path),
    }


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "wsgi", "tracker", "mail", *words]


def bounce(content: bytes, environment: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        command("bounce"), input=content, env=environment, cwd=ROOT, capture_output=True, check=False
    )
    return done.returncode, (done.stdout if done.returncode == 0 else done.stderr).decode().strip()


@pytest.mark.both_databases
def test_a_pipe_can_hand_in_too(post: Post, sent: Mail, environment: dict[str, str]) -> None:
    code, said = bounce(about(sent), environment)
    assert (code, said.split(":")[0]) == (0, f"undeliverable letter {sent.id}")
    assert post.state(sent.address) is MailState.undeliverable
    assert bounce(sample("vacation"), environment) == (0, "ignored: it is an automatic answer")


def test_a_pipe_keeps_the_message_while_the_database_is_away(sent: Mail, environment: dict[str, str]) -> None:
    environment["TRACKER_DATABASE_URL"] = f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/away"
    code, said = bounce(about(sent), environment)
    assert code == 75
    assert said.splitlines()[-1].startswith("try again later: OperationalError: ")


def test_a_pipe_keeps_the_message_while_a_setting_is_missing(environment: dict[str, str]) -> None:
    del environment["TRACKER_MAIL_SENDER"]
    code, said = bounce(sample("postfix"), environment)
    assert code == 75
    assert said.splitlines()[-1].startswith("try again later: ")


@pytest.mark.both_databases
def test_the_listener_runs_until_it_is_told_to_end(
    post: Post, sent: Mail, environment: dict[str, str]
) -> None:
    words = command("listen", "--port", "0")
    with subprocess.Popen(words, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            first = process.stdout.readline()
            assert first.startswith("Listening for LMTP on 127.0.0.1 port ")
            assert hand_in(int(first.split()[-1].rstrip(".")), about(sent)) == "250 2.0.0 undeliverable"
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) == 0
        finally:
            process.kill()
    assert post.state(sent.address) is MailState.undeliverable
