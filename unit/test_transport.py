# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whatever a server does, a client gets an answer or an EngineError, and in time."""

import socket
import threading
import time
from contextlib import contextmanager

import pytest
from recorded import Answer, api

from engine.providers import client
from engine.providers.client import (
    ProviderError,
    RateLimited,
    Transport,
    Unauthorized,
    Unavailable,
)

HEAD = b"HTTP/1.1 200 OK\r\n"
SECRET = "rk_live_Secret"


@contextmanager
def server(start, then=b""):
    """Answer with ``start`` and then, byte by byte, with ``then``; give the address."""
    ended = threading.Event()

    def serve():
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            threading.Thread(target=talk, args=(connection,), daemon=True).start()

    def talk(connection):
        with connection:
            try:
                connection.recv(65536)
                connection.sendall(start)
                for byte in then:
                    if ended.wait(0.05):
                        return
                    connection.sendall(bytes([byte]))
            except OSError:
                pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            ended.set()
            listener.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    "start",
    [
        HEAD + b"X: ",
        HEAD + b"Content-Length: 1000\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n1000\r\n",
    ],
)
def test_one_byte_now_and_then(start, monkeypatch):
    monkeypatch.setattr(client, "DEADLINE", 0.3)
    with server(start, b"x" * 100) as url:
        begun = time.monotonic()
        with pytest.raises(Unavailable, match="within"):
            Transport(url).get("/")
        assert time.monotonic() - begun < 2


@pytest.mark.parametrize(
    "start",
    [
        HEAD + b"Content-Length: 50\r\n\r\nshort",
        HEAD + b"Content-Length: 5, 6\r\n\r\nabcde",
        HEAD + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nabcde",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabcde",
        b"HTTP/1.1 ?\r\n\r\n",
        b"garbage",
        b"HTTP/1.1 302 Found\r\nLocation: http://[::1\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://\xff/\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_odd_answers(start):
    with server(start) as url, pytest.raises(ProviderError):
        Transport(url).get("/")


@pytest.mark.parametrize("status", [200, 302, 404])
def test_too_much(status, monkeypatch):
    """The body of a redirect is no exception."""
    monkeypatch.setattr(client, "MAX_ANSWER", 10)
    answer = Answer(b"x" * 11, status, {"Location": "http://127.0.0.1:1/"})
    with api({"GET /": answer}) as recorded:
        with pytest.raises(Unavailable, match="ContentDecodingError"):
            Transport(recorded.url).get("/")
    assert len(recorded.asked) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_is_followed(status):
    with api({}) as other:
        answer = Answer(b"", status, {"Location": f"{other.url}/"})
        with api({"GET /": answer, "POST /": answer}) as recorded:
            for call in (Transport(recorded.url).get, Transport(recorded.url).post):
                with pytest.raises(ProviderError, match=str(status)):
                    call("/")
    assert not other.asked


@pytest.mark.parametrize("status", [502, 503, 504])
def test_only_reading_is_tried_again(status):
    answers = [Answer({}, status, {"Retry-After": "9"}), Answer({"told": 1})]
    with api({"GET /": answers, "POST /": answers}) as recorded:
        assert Transport(recorded.url).get("/") == b'{"told": 1}'
        with pytest.raises(Unavailable):
            Transport(recorded.url).post("/", json={})
    assert [asked.method for asked in recorded.asked] == ["GET", "GET", "POST"]


def test_writing_is_not_tried_again_when_the_line_breaks():
    with api({"POST /": Answer(None)}) as recorded:
        with pytest.raises(Unavailable):
            Transport(recorded.url).post("/", json={})
    assert len(recorded.asked) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 1),
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "99999999"}, client.MAX_PAUSE),
        ({"Retry-After": "Mon, 01 Jan 2020 00:00:09 GMT"}, 0),
        ({"Retry-After": "Mon, 01 Jan 2020 00:00:00 +99999999999999999999"}, 1),
        ({"Retry-After": "-1"}, 1),
        ({"Retry-After": "soon"}, 1),
    ],
)
def test_when_to_come_back(headers, seconds):
    with api({"GET /": Answer({}, 429, headers)}) as recorded:
        with pytest.raises(RateLimited) as refused:
            Transport(recorded.url).get("/")
    assert refused.value.retry_after == seconds
    assert len(recorded.asked) == 1


@pytest.mark.parametrize("key", [f"{SECRET}\r\nX: y", f"{SECRET}\n", f"{SECRET}\u2603"])
def test_credentials_that_cannot_be_sent(key):
    with api({}) as recorded:
        transport = Transport(recorded.url, {"Authorization": f"Bearer {key}"})
        with pytest.raises(Unauthorized) as refused:
            transport.get("/")
    assert SECRET not in str(refused.value)
    assert not recorded.asked


@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 429, 500])
def test_credentials_are_in_no_error(status):
    with api({"GET /": Answer({"error": "no"}, status)}) as recorded:
        transport = Transport(recorded.url, auth=("user", SECRET))
        with pytest.raises(ProviderError) as refused:
            transport.get("/", {"key": SECRET})
    assert SECRET not in str(refused.value)


def test_credentials_are_in_no_error_without_answer():
    with pytest.raises(Unavailable) as refused:
        Transport("http://127.0.0.1:1", auth=("user", SECRET)).get("/", {"k": SECRET})
    assert SECRET not in str(refused.value)


def test_what_the_server_told_can_be_stored():
    with api({"GET /": Answer(b"a\0b\x1b[1m\xff" + b"x" * 900, 400)}) as recorded:
        with pytest.raises(ProviderError) as refused:
            Transport(recorded.url).get("/")
    told = str(refused.value)
    assert "a b [1m" in told and "\0" not in told and len(told) < 400


def test_the_machine_has_no_say(monkeypatch, tmp_path):
    """Neither a .netrc nor a proxy of the environment comes between."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login evil password evil\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")
    with api({"GET /": Answer({})}) as recorded:
        Transport(recorded.url, {"Authorization": "Bearer x"}).get("/")
    assert recorded.asked[0].headers["authorization"] == "Bearer x"
