# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A worker process inside Odoo that does what it is told, line by line.

Run as a program: ``agent.py CONFIG DATABASE``. Each line on stdin is a JSON list, the
name of a function below and its arguments; each answer is one JSON line on stdout.
Nothing is served and no job runs: the lane's own ``_drain`` is called as its queue job
calls it, in a transaction of its own for each batch.
"""

import json
import sys
import time
from contextlib import contextmanager

# What a webhook of Stripe leaves: the tests of the webhook show how it gets there.
ADDRESS = "127.0.0.1"


class Agent:
    """What the benchmarks ask for; each method is one command."""

    def __init__(self, registry):
        self._registry = registry

    @contextmanager
    def _transaction(self):
        from odoo import SUPERUSER_ID, api

        with self._registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"})

    def connections(self):
        """Return [(id, webhook token)] of the connections."""
        with self._transaction() as env:
            connections = env["payment.hub.connection"].search([], order="id")
            return [(item.id, item.token) for item in connections]

    def invoices(self):
        """Return [(id, name, total in cents)] of the open invoices."""
        with self._transaction() as env:
            moves = env["account.move"].search_fetch(
                [("move_type", "=", "out_invoice"), ("payment_state", "=", "not_paid")],
                ["name", "amount_total"],
                order="id",
            )
            return [
                (move.id, move.name, round(move.amount_total * 100)) for move in moves
            ]

    def store(self, connection_id, bodies):
        """Store deliveries as the webhook does, with its own statement."""
        with self._transaction() as env:
            from odoo.addons.payment_hub.engine import providers

            connection = env["payment.hub.connection"].browse(connection_id)
            provider = providers.get(connection.provider)
            secret_id = connection._active_secrets().id
            insert_sql = env["payment.hub.delivery"]._insert_sql
            for body in map(str.encode, bodies):
                envelope = provider.envelope(body)
                env.cr.execute(
                    insert_sql(connection_id, envelope, body, {}, ADDRESS, secret_id)
                )

    def drain(self, connection_id, batches=None):
        """Drain a lane to its end, or for some batches; return count and seconds."""
        done = 0
        started = time.perf_counter()
        while batches is None or batches > 0:
            with self._transaction() as env:
                connection = env["payment.hub.connection"].browse(connection_id)
                count = env["payment.hub.lane"]._drain(connection)
            done += count
            batches = None if batches is None else batches - 1
            if not count:
                break
        return done, time.perf_counter() - started

    def one_by_one(self, connection_id, invoice_ids):
        """Pay invoices in Odoo's own way, with a commit for each; return seconds."""
        with self._transaction() as env:
            journal = env["payment.hub.connection"].browse(connection_id).journal_id
            method_line_id = journal.inbound_payment_method_line_ids.filtered(
                "payment_account_id"
            )[:1].id
            env.cr.commit()
            started = time.perf_counter()
            for invoice in env["account.move"].browse(invoice_ids):
                self._pay(env, invoice, journal.id, method_line_id)
                env.cr.commit()
            return time.perf_counter() - started

    @staticmethod
    def _pay(env, invoice, journal_id, method_line_id):
        due = invoice.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        payment = env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": invoice.partner_id.id,
                "amount": invoice.amount_residual,
                "currency_id": invoice.currency_id.id,
                "date": invoice.invoice_date,
                "journal_id": journal_id,
                "payment_method_line_id": method_line_id,
                "destination_account_id": due.account_id.id,
                "memo": invoice.name,
            }
        )
        payment.action_post()
        paid = payment.move_id.line_ids.filtered(
            lambda line: line.account_id == due.account_id
        )
        (due | paid).reconcile()

    def paid(self, invoice_ids):
        """Return how many of these invoices are paid."""
        with self._transaction() as env:
            return env["account.move"].search_count(
                [("id", "in", invoice_ids), ("payment_state", "=", "paid")]
            )

    def left(self, connection_id):
        """Return how many deliveries of a lane are not done."""
        with self._transaction() as env:
            return env["payment.hub.delivery"].search_count(
                [("connection_id", "=", connection_id), ("state", "!=", "done")]
            )

    def settings(self):
        """Return PostgreSQL's settings that decide what a commit is worth."""
        with self._transaction() as env:
            names = ("fsync", "synchronous_commit", "full_page_writes")
            env.cr.execute(
                "SELECT name, setting FROM pg_settings WHERE name IN %s", [names]
            )
            return dict(env.cr.fetchall())

    def memory(self):
        """Return the resident memory of this process in bytes."""
        with open("/proc/self/status", encoding="ascii") as status:
            for line in status:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) * 1024
        raise RuntimeError("no VmRSS")


def main(config, database):
    """Answer commands until stdin ends."""
    from odoo.orm.registry import Registry
    from odoo.tools import config as options

    options.parse_config(["-c", config, "-d", database], setup_logging=True)
    agent = Agent(Registry(database))
    for line in sys.stdin:
        verb, *arguments = json.loads(line)
        print(json.dumps(getattr(agent, verb)(*arguments)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
