# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The provider's senders: each delivery is sent again until it is acknowledged."""

import http.client
import queue
import threading
import time
from collections import Counter
from dataclasses import dataclass

from base import Connection
from tools import odoo_server, player, steps
from world import Message

SENDERS = 8
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0  # seconds between two attempts
ATTEMPTS = 20  # of a copy in a crowd
NO_ANSWER = 0
TOLERATED = {NO_ANSWER, http.client.OK, http.client.SERVICE_UNAVAILABLE}


@dataclass(frozen=True)
class Delivery:
    """One message on its way through one connection."""

    connection: Connection
    message: Message


@dataclass(frozen=True)
class Answer:
    """What one attempt got, and from when to when (monotonic seconds) it took."""

    begun: float
    ended: float
    status: int
    retry_after: str | None


class Senders:
    """Threads that deliver; a context manager.

    :param port: of the server on the loopback interface
    """

    def __init__(self, port):
        self._port = port
        self._todo = queue.Queue()
        self._over = threading.Event()
        self.sent = set()
        self.acknowledged = set()
        self.answers = []
        self._threads = [threading.Thread(target=self._work) for _ in range(SENDERS)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_failure):
        self._over.set()
        for thread in self._threads:
            thread.join()

    def spread(self, deliveries, seconds):
        """Have these delivered, evenly over some seconds."""
        now = time.monotonic()
        for number, delivery in enumerate(deliveries):
            self._todo.put((now + seconds * number / len(deliveries), delivery))

    def wait(self, seconds):
        """Wait until all is acknowledged; raise when it takes longer."""
        deadline = time.monotonic() + seconds
        while self._todo.unfinished_tasks:
            if time.monotonic() > deadline:
                left = self._todo.unfinished_tasks
                raise steps.SetupError(f"{left} not acknowledged after {seconds} s.")
            time.sleep(0.05)

    def is_idle(self):
        """Tell whether all is acknowledged."""
        return not self._todo.unfinished_tasks

    def statuses(self):
        """Return {HTTP status: how often}; status 0 is no answer at all."""
        return dict(sorted(Counter(answer.status for answer in self.answers).items()))

    def answers_between(self, begin, end):
        """Return the answers of the attempts that lie within a span of time."""
        return [
            answer
            for answer in list(self.answers)
            if begin <= answer.begun and answer.ended <= end
        ]

    def deliver_at_once(self, delivery, copies):
        """Deliver copies of one message at the same time; return their last answers.

        What the kernel turns away, because Odoo lets 16 wait for two workers, is sent
        again; what the server has answered is not.
        """
        answers = []
        barrier = threading.Barrier(copies)

        def deliver():
            barrier.wait()
            for _attempt in range(ATTEMPTS):
                answer = self.attempt(delivery)
                if answer.status != NO_ANSWER:
                    break
            answers.append(answer)

        threads = [threading.Thread(target=deliver) for _ in range(copies)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers

    def attempt(self, delivery):
        """Deliver once; return the answer."""
        self.sent.add(delivery)
        begun = time.monotonic()
        status, retry_after = self._post(delivery.connection, delivery.message.body)
        answer = Answer(begun, time.monotonic(), status, retry_after)
        self.answers.append(answer)
        if status == http.client.OK:
            self.acknowledged.add(delivery)
        return answer

    def _work(self):
        while not self._over.is_set():
            try:
                due, delivery = self._todo.get(timeout=0.1)
            except queue.Empty:
                continue
            self._over.wait(max(0, due - time.monotonic()))
            self._deliver(delivery)
            self._todo.task_done()

    def _deliver(self, delivery):
        pause = FIRST_PAUSE
        while self.attempt(delivery).status != http.client.OK:
            if self._over.wait(pause):
                return
            pause = min(2 * pause, LONGEST_PAUSE)

    def _post(self, connection, body):
        exchange = http.client.HTTPConnection(
            odoo_server.HOST, self._port, timeout=player.TIMEOUT
        )
        try:
            headers = player.signed(body, connection.secret)
            exchange.request("POST", connection.path, body, headers)
            answer = exchange.getresponse()
            answer.read()
            return answer.status, answer.headers["Retry-After"]
        except (OSError, http.client.HTTPException):
            return NO_ANSWER, None
        finally:
            exchange.close()
