# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The senders, a process of its own: as many connections as told, each in a loop.

Run as a program: ``load.py HOST PORT``. Each line on stdin is a JSON list of path,
number of connections, number of requests and seed; each answer is one JSON line:
answers per second, and how often each answer came. The bodies are signed before the
clock starts. The first and the last tenth of the answers are not counted: while the
senders begin and end, fewer of them are at work, and one that the full queue of the
server turned away at first comes back seconds later.

Odoo's workers serve one request per connection. Werkzeug waits 10 ms for more after
its answer unless the other side hangs up, so that whoever waits for it to hang up
measures these 10 ms. The senders hang up when the answer is complete, as a reverse
proxy does.
"""

import hashlib
import hmac
import json
import queue
import re
import socket
import sys
import threading
import time
from collections import Counter

from books import SECRET
from messages import Stripe

TIMEOUT = 60  # seconds for one answer
LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")


def prepare(host, path, requests, seed):
    """Return the raw requests, no two alike: each the message of a capture."""
    stripe = Stripe(seed)
    return [
        _request(host, path, stripe.captured(f"INV/2026/{index:05d}", 11500).encode())
        for index in range(requests)
    ]


def _request(host, path, body):
    timestamp = int(time.time())
    signed = f"{timestamp}.".encode() + body
    digest = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    head = (
        f"POST {path} HTTP/1.1",
        f"Host: {host}",
        "Content-Type: application/json; charset=utf-8",
        f"Content-Length: {len(body)}",
        f"Stripe-Signature: t={timestamp},v1={digest}",
        "User-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "Connection: close",
    )
    return "\r\n".join((*head, "", "")).encode() + body


def exchange(address, request):
    """Send one request; return status and body of the answer as one text."""
    with socket.create_connection(address, TIMEOUT) as connection:
        connection.sendall(request)
        answer = b""
        while not _is_complete(answer):
            chunk = connection.recv(65536)
            if not chunk:
                raise ConnectionError("The answer was cut off.")
            answer += chunk
    head, _, body = answer.partition(b"\r\n\r\n")
    return f"{head[9:12].decode()} {body.decode()}".strip()


def _is_complete(answer):
    head, separator, body = answer.partition(b"\r\n\r\n")
    length = LENGTH.search(head)
    return separator and length and len(body) >= int(length[1])


def run(address, requests, connections):
    """Send all requests; return the answers per second and {answer: how often}."""
    todo = queue.SimpleQueue()
    for request in requests:
        todo.put(request)
    answers = []  # of (time, answer)

    def send():
        while True:
            try:
                request = todo.get_nowait()
            except queue.Empty:
                return
            try:
                answer = exchange(address, request)
            except OSError as error:
                answer = f"000 {error}"
            answers.append((time.perf_counter(), answer))

    threads = [threading.Thread(target=send) for _index in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return rate(sorted(moment for moment, _answer in answers)), Counter(
        answer for _moment, answer in answers
    )


def rate(moments):
    """Return how many came per second, without the first and the last tenth."""
    edge = len(moments) // 10
    inner = moments[edge : len(moments) - edge]
    return (len(inner) - 1) / (inner[-1] - inner[0])


def main(host, port):
    """Answer commands until stdin ends."""
    for line in sys.stdin:
        path, connections, number, seed = json.loads(line)
        requests = prepare(host, path, number, seed)
        print(json.dumps(run((host, int(port)), requests, connections)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
