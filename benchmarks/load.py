# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The senders to a server, a process of its own with a thread for each connection.

Run as a program: ``load.py HOST PORT``. Each line on stdin is a JSON list, the name of
a function below and its arguments; each answer is one JSON line. The bodies are signed
as Stripe signs them, before the clock starts.

Odoo's workers serve one request per connection. Werkzeug waits 10 ms for more after
its answer unless the other side hangs up, so that whoever waits for it to hang up
measures these 10 ms. The senders hang up when the answer is complete, as a reverse
proxy does.

With more connections than Odoo's queue holds, the kernel can drop a request that a
worker then waits for in vain, and hangs up on. It is sent again, as providers do; had
it been stored the first time, the answer would differ.
"""

import json
import queue
import re
import socket
import sys
import threading
import time
from collections import Counter

from books import SECRET
from tools import player

TIMEOUT = 60  # seconds for one answer
ATTEMPTS = 4  # of a request that is not answered
POOL = 32  # senders of a steady stream: more than ever wait for an answer at once
LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")


def _request(host, path, body):
    headers = player.signed(body, SECRET) | {
        "Host": host,
        "Content-Length": len(body),
        "Connection": "close",
    }
    head = [f"POST {path} HTTP/1.1"]
    head += [f"{name}: {value}" for name, value in headers.items()]
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


def fast(send, requests, connections):
    """Send as fast as answers come; return answers per second and {answer: how often}.

    The first and the last tenth of the answers are not counted: while the senders
    begin and end, fewer of them are at work, and one that the full queue of the
    server turned away at first comes back seconds later.
    """
    answers = []  # of (answer, time)
    _share(
        requests,
        lambda request: answers.append((send(request), time.perf_counter())),
        connections,
    )
    edge = len(answers) // 10
    inner = sorted(moment for _answer, moment in answers)[edge : len(answers) - edge]
    rate = (len(inner) - 1) / (inner[-1] - inner[0])
    return rate, Counter(answer for answer, _moment in answers)


def steady(send, requests, per_second):
    """Send each request when it is due, whatever became of those before it.

    :return: for each request the answer, the seconds from when it was due to its
        answer, and when that came by the clock that all processes share
    """
    begin = time.monotonic() + 0.1
    answers = [None] * len(requests)

    def take(numbered):
        index, request = numbered
        due = begin + index / per_second
        time.sleep(max(0, due - time.monotonic()))
        answer = send(request)
        now = time.monotonic()
        answers[index] = (answer, now - due, now)

    _share(enumerate(requests), take, POOL)
    return answers


def _share(tasks, take, threads):
    """Have the tasks, in their order, taken by some threads; return when all are."""
    todo = queue.SimpleQueue()
    for task in tasks:
        todo.put(task)

    def work():
        while True:
            try:
                task = todo.get_nowait()
            except queue.Empty:
                return
            take(task)

    workers = [threading.Thread(target=work) for _index in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def main(host, port):
    """Answer commands until stdin ends."""

    def send(request):
        for _attempt in range(ATTEMPTS):
            try:
                return exchange((host, int(port)), request)
            except OSError as error:
                failure = f"000 {error}"
        return failure

    for line in sys.stdin:
        verb, path, bodies, pace = json.loads(line)
        requests = [_request(host, path, body.encode()) for body in bodies]
        verbs = {"fast": fast, "steady": steady}
        print(json.dumps(verbs[verb](send, requests, pace)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
