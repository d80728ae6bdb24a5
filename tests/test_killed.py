# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Real processes are killed in the middle of a backfill; another one goes on."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from unittest.mock import patch

from odoo import SUPERUSER_ID, sql_db
from odoo.api import Environment
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import config

from ..models.payment_hub_backfill import PaymentHubBackfill
from . import fake_provider as fake
from . import stripe_messages as stripe

DEATHS = 3
TIMEOUT = 60  # seconds
PAGES = {
    "": fake.page(stripe.captured(1, 100), cursor="a"),
    "a": fake.page(stripe.captured(2, 100), cursor="b"),
    "b": fake.page(stripe.captured(3, 100)),
}
# Boots Odoo once; what it forks then are the processes that die.
SCRIPT = """
import sys
from odoo.tools import config
config.parse_config(["--config", sys.argv[1], "--database", sys.argv[2]])
from odoo.addons.payment_hub.tests import test_killed
test_killed.die_of_a_page(sys.argv[2], int(sys.argv[3]))
"""


class Pages:
    """An API that gives each page as often as it is asked for."""

    def __call__(self, *_arguments):
        return self

    def page(self, _stream, _since, _until, cursor):
        return PAGES[cursor]


@contextmanager
def backfill_on(database, backfill_id):
    """Give the backfill in a transaction that is committed."""
    with fake.registered(Pages()), Registry(database).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        yield env["payment.hub.backfill"].browse(backfill_id)


def die_of_a_page(database, backfill_id):
    """Fork processes that are killed between storing a page and the commit."""
    Registry(database)
    sql_db.close_all()  # a connection must not be shared
    for _death in range(DEATHS):
        if child := os.fork():
            print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
            continue
        with (
            patch.object(PaymentHubBackfill, "_count", _be_killed),
            backfill_on(database, backfill_id) as backfill,
        ):
            backfill._job_pull()
        os._exit(0)


def _be_killed(backfill, delivery, is_new):
    backfill.env.flush_all()
    assert delivery and is_new
    os.kill(os.getpid(), signal.SIGKILL)


@tagged("post_install", "-at_install")
class TestKilled(BaseCase):
    def setUp(self):
        super().setUp()
        self.database = get_db_name()
        with Registry(self.database).cursor() as cr:
            cr.execute(
                "INSERT INTO payment_hub_connection"
                " (name, provider, environment, company_id, state, tz, token,"
                " granularity)"
                " SELECT 'Killed', 'fake', 'test', min(id), 'draft', 'UTC', 'killed',"
                " 'event'"
                " FROM res_company RETURNING id"
            )
            (self.connection_id,) = cr.fetchone()
            cr.execute(
                "INSERT INTO payment_hub_backfill"
                " (connection_id, stream, since, until, state)"
                " VALUES (%s, 'events', '2026-01-01', '2026-01-02', 'running')"
                " RETURNING id",
                [self.connection_id],
            )
            (self.backfill_id,) = cr.fetchone()
        self.addCleanup(self.delete)

    def delete(self):
        """Delete what was committed; evidence too, which triggers would refuse."""
        with self.backfill() as backfill:
            backfill.exception_ids.unlink()  # with its messages
        with Registry(self.database).cursor() as cr:
            cr.execute("SET LOCAL lock_timeout = '10s'")
            cr.execute("ALTER TABLE payment_hub_delivery DISABLE TRIGGER USER")
            for statement in (
                "DELETE FROM payment_hub_backfill WHERE connection_id = %s",
                "DELETE FROM payment_hub_delivery WHERE connection_id = %s",
                "DELETE FROM payment_hub_attempt WHERE connection_id = %s",
                "DELETE FROM payment_hub_connection WHERE id = %s",
                "DELETE FROM queue_job WHERE identity_key = 'payment_hub.drain.' || %s",
            ):
                cr.execute(statement, [self.connection_id])
            cr.execute(
                "DELETE FROM queue_job"
                " WHERE identity_key = 'payment_hub.backfill.' || %s",
                [self.backfill_id],
            )
            cr.execute("ALTER TABLE payment_hub_delivery ENABLE TRIGGER USER")

    def backfill(self):
        return backfill_on(self.database, self.backfill_id)

    def run_processes_that_die(self):
        result = subprocess.run(
            [
                sys.executable,
                "-c",
                SCRIPT,
                config["config"],
                self.database,
                str(self.backfill_id),
            ],
            timeout=TIMEOUT,
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(
            result.stdout.split(), [str(-signal.SIGKILL)] * DEATHS, result.stderr
        )

    def deliveries(self, backfill):
        """All stored pages, also such as the backfill would know nothing of."""
        mine = [("connection_id", "=", self.connection_id)]
        return backfill.env["payment.hub.delivery"].search(mine, order="id")

    def test_killed_in_the_middle_and_resumed(self):
        with self.backfill() as backfill:
            backfill._job_pull()
        self.run_processes_that_die()
        with self.backfill() as backfill:
            self.assertEqual(
                (backfill.state, backfill.cursor, backfill.page_count, backfill.turn),
                ("running", "a", 1, 1),
            )
            self.assertEqual(self.deliveries(backfill), backfill.delivery_ids)
            self.assertEqual(len(backfill.delivery_ids), 1)
        with self.backfill() as backfill:
            backfill._job_pull()
        with self.backfill() as backfill:
            self.assertEqual((backfill.state, backfill.page_count), ("failed", 1))
            self.assertIn("3 attempts", backfill.last_error)
            exception = backfill.exception_ids
            self.assertEqual(
                (exception.cause, exception.state), ("backfill_failed", "open")
            )
            exception.action_retry()
        for _page in range(2):
            with self.backfill() as backfill:
                backfill._job_pull()
        with self.backfill() as backfill:
            self.assertEqual((backfill.state, backfill.page_count), ("done", 3))
            self.assertFalse(backfill.known_count)
            deliveries = self.deliveries(backfill)
            self.assertEqual(deliveries, backfill.delivery_ids.sorted("id"))
            self.assertEqual(
                [
                    bytes(one.with_context(bin_size=False).body)
                    for one in deliveries.sudo()
                ],
                [page.body for page in PAGES.values()],
            )
            self.assertEqual(backfill.exception_ids.state, "resolved")
