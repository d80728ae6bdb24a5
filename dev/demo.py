# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The demonstration: a company, a trading day at three providers, and Odoo to see it.

``PORT`` in the environment is the port to serve on, 8069 by default. With ``EXIT=1``
the server stops once the day is over. The last line on standard output is a JSON
object with the day's numbers; all else goes to standard error.
"""

import fcntl
import json
import os
import signal
import sys
import time
from contextlib import contextmanager

import demo_clerk
import demo_database
import demo_days
import demo_report
import demo_server
import player_paypal_api
from paths import WORK
from steps import SetupError, report, say, step

DEFAULT_PORT = 8069
FIRST_PAGE = "/web/login"
WORKING_DAY = 8 * 3600  # seconds
DAY = 86_400
WHERE_TO_LOOK = """
Look at it: {url}   user: admin   password: admin
  Payment Hub > Exceptions: what waits for a person. Open the payment without an
    invoice, choose the suggested one, retry, and the drift is gone.
  Payment Hub > Payments: each with its way from the message to the invoice.
  Payment Hub > Payouts: Adyen's leads from gross to bank; each bar opens its entries.
    Adyen has one journal entry for each settlement; each of its lines opens the
    postings that it is made of.
  Payment Hub > Disputes: how far each has gone, and until when to answer it.
  Payment Hub > Connections: the webhook's URL, its secret and a test event.
Ctrl-C stops the demonstration."""


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
    with (
        only_one(),
        player_paypal_api.Api() as api,
        demo_server.Server(demo_database.DATABASE, port, api.url) as server,
    ):
        demo_database.prepare()
        identities = demo_days.identities()
        *_signer, root = identities["paypal"]
        demo_server.ROOT_CERTIFICATE.write_bytes(root)
        company = demo_database.open_day(
            server.url, demo_days.secrets_of(identities, api)
        )
        with step("Starting Odoo with two workers and the job runner"):
            server.start()
            server.wait_until_served(FIRST_PAGE)
        say(f"[{time.monotonic() - started:5.1f}s] from the start to the first page")
        outcome = play_day(server, company, identities, api)
        outcome.show()
        print(json.dumps(outcome.numbers()), flush=True)
        if stop_after_day:
            with step("Stopping Odoo"):
                server.stop()
            outcome.check()
        else:
            serve(server, outcome)


def play_day(server, company, identities, api):
    """Send the day's messages and wait until they are processed."""
    credit_note = company["credit_note"]
    now = int(time.time())
    opening = max(now - WORKING_DAY, now - now % DAY)
    days = demo_days.write(
        server.url, company, identities, api, credit_note["amount"], opening, now
    )
    for day in days:
        with step(f"The morning: {len(day.morning)} messages of {day.provider}"):
            day.play_morning()
    demo_report.wait_until_processed(server)
    with step("At noon a clerk posts the credit note for goods returned"):
        demo_clerk.post_document(server.url, credit_note["id"])
    for day in days:
        with step(f"The afternoon: {len(day.afternoon)} messages of {day.provider}"):
            day.play_afternoon()
    demo_report.wait_until_processed(server)
    for day in days:
        if day.report:
            with step(f"In the evening she imports {day.provider}'s settlement report"):
                demo_clerk.import_report(server.url, day.code, day.report)
    demo_report.wait_until_processed(server)
    return demo_report.Report(days)


def serve(server, outcome):
    """Tell where to look, and keep serving until somebody says stop."""
    try:
        outcome.check()
    except SetupError as error:
        report(error)
    try:
        say(WHERE_TO_LOOK.format(url=server.url))
        server.wait()
    except KeyboardInterrupt:
        say("")
        with step("Stopping Odoo"):
            server.stop()


@contextmanager
def only_one():
    """Refuse a second demonstration, which would drop the first one's database."""
    path = WORK / "lock" / "demo"
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            handle.seek(0)
            pid = handle.read().strip()
            raise SetupError(
                f"A demonstration is running already, as process {pid}.",
                f"Stop it with Ctrl-C where it runs, or with: kill -INT {pid}",
            ) from error
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


def chosen_port():
    """Return the port to serve on."""
    text = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65_536):
        raise SetupError(
            f"PORT={text} is no port.", "Choose a number: make demo PORT=8070"
        )
    return int(text)


def is_on(name):
    """Tell whether a switch in the environment is on."""
    return os.environ.get(name, "").lower() not in ("", "0", "false", "no")


def _interrupt(_number, _frame):
    """Treat the end of the terminal, or a kill, as Ctrl-C: all is cleaned up."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
