# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The demonstration: a company, a trading day at Stripe, and Odoo to look at it.

``PORT`` in the environment is the port to serve on, 8069 by default. With ``EXIT=1``
the server stops once the day is over. The last line on standard output is a JSON
object with the day's numbers; all else goes to standard error.
"""

import fcntl
import json
import os
import secrets
import signal
import sys
import time
from contextlib import contextmanager

import demo_database
import demo_report
from demo_day import Day, play
from demo_server import Server, check_port
from paths import WORK
from player import Order, Sender
from steps import SetupError, report, say, step

DEFAULT_PORT = 8069
FIRST_PAGE = "/web/login"
WORKING_DAY = 8 * 3600  # seconds
DAY = 86_400


def main():
    """Run the demonstration; return the exit code."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        run(chosen_port(), is_on("EXIT"))
    except (SetupError, OSError) as error:
        return report(error)
    except KeyboardInterrupt:
        say("\nInterrupted.")
        return 130
    return 0


def run(port, stop_after_day):
    """Set up, serve, play the day and tell what came of it."""
    started = time.monotonic()
    with only_one():
        check_port(port)
        demo_database.prepare()
        secret = f"whsec_{secrets.token_hex(16)}"
        server = Server(demo_database.DATABASE, port)
        company = demo_database.open_day(server.url, secret)
        with server:
            with step("Starting Odoo with two workers and the job runner"):
                server.wait_for_page(FIRST_PAGE)
            say(f"[{time.monotonic() - started:5.1f}s] First page served since start")
            outcome = play_day(server, company, secret)
            outcome.show()
            where_to_look(server)
            print(json.dumps(outcome.numbers()), flush=True)
            if not stop_after_day:
                outcome_is_checked = serve(server, outcome)
            else:
                outcome_is_checked = False
                with step("Stopping Odoo"):
                    server.stop()
    if not outcome_is_checked:
        outcome.check()


def play_day(server, company, secret):
    """Send the day's messages and wait until they are processed."""
    orders = [Order(**order) for order in company["orders"]]
    now = int(time.time())
    opening = max(now - WORKING_DAY, now - now % DAY)
    day = Day(orders, company["credit_note"], opening, now)
    messages = day.write()
    url = f"{server.url}/payment_hub/webhook/{company['token']}"
    sender = Sender(url, secret)
    with step(f"Playing the day: {len(messages)} messages of Stripe"):
        answers = play(messages, sender)
    with step("Waiting until the job runner has processed them"):
        demo_report.wait_until_processed(server)
    return demo_report.Report(sender, day.account, answers)
