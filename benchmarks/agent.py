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
SHOP_SECRET = "whsec_" + "c2VjcmV0" * 4  # of a database that lives for one run


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

    def connect_shop(self, granularity):
        """Make a connection of another system, with a rule for fees; return its id."""
        with self._transaction() as env:
            company = env.ref("base.main_company")
            env = env(context={**env.context, "allowed_company_ids": company.ids})
            connection = env["payment.hub.connection"].create(
                {
                    "name": "Shop",
                    "provider": "generic",
                    "company_id": company.id,
                    "tz": "UTC",
                    "granularity": granularity,
                    "secret_ids": [(0, 0, {"value": SHOP_SECRET})],
                }
            )
            connection.action_set_up_ledger()
            connection.action_activate()
            account = env["account.account"].search(
                [("account_type", "=", "expense"), ("company_ids", "in", company.ids)],
                limit=1,
            )
            env["payment.hub.mapping"].create(
                {
                    "company_id": company.id,
                    "event_type": "fee.charged",
                    "account_id": account.id,
                }
            )
            return connection.id

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
        """Store deliveries as the webhook does, in one transaction."""
        with self._transaction() as env:
            for statement in self._insert_statements(env, connection_id, bodies):
                env.cr.execute(statement)

    def insert(self, connection_id, bodies):
        """Store deliveries with a commit for each; return the seconds it took."""
        with self._transaction() as env:
            statements = self._insert_statements(env, connection_id, bodies)
            env.cr.commit()
            started = time.perf_counter()
            for statement in statements:
                env.cr.execute(statement)
                env.cr.commit()
            return time.perf_counter() - started

    @staticmethod
    def _insert_statements(env, connection_id, bodies):
        """Return the webhook's own statement for each body."""
        from odoo.addons.payment_hub.engine import providers

        connection = env["payment.hub.connection"].browse(connection_id)
        provider = providers.get(connection.provider)
        secret_id = connection._active_secrets().id
        insert_sql = env["payment.hub.delivery"]._insert_sql
        return [
            insert_sql(
                connection_id, provider.envelope(body, {}), body, {}, ADDRESS, secret_id
            )
            for body in map(str.encode, bodies)
        ]

    def drain(self, connection_id, batches=None):
        """Drain a lane to its end, or for some batches.

        :return: of each batch the number of deliveries and the seconds
        """
        done = []
        while batches is None or len(done) < batches:
            started = time.perf_counter()
            with self._transaction() as env:
                connection = env["payment.hub.connection"].browse(connection_id)
                count = env["payment.hub.lane"]._drain(connection)
            if not count:
                break
            done.append((count, time.perf_counter() - started))
        return done

    def pay(self, connection_id, invoice_ids, at_once):
        """Pay invoices with Odoo's own methods; return seconds.

        :param at_once: how many in one batch; each batch is committed
        """
        with self._transaction() as env:
            connection = env["payment.hub.connection"].browse(connection_id)
            method_line = connection.balance_ids.inbound_method_line_id
            invoices = env["account.move"].browse(invoice_ids)
            env.cr.commit()
            started = time.perf_counter()
            for start in range(0, len(invoices), at_once):
                self._pay(invoices[start : start + at_once], method_line)
                env.cr.commit()
            return time.perf_counter() - started

    def _pay(self, invoices, method_line):
        """Create, post and reconcile a payment for each of the invoices."""
        payments = invoices.env["account.payment"].create(
            [self._payment_vals(invoice, method_line) for invoice in invoices]
        )
        payments.action_post()
        invoices.env["account.move.line"]._reconcile_plan(
            [
                self._receivable(invoice) | self._receivable(payment.move_id)
                for invoice, payment in zip(invoices, payments, strict=True)
            ]
        )

    def _payment_vals(self, invoice, method_line):
        return {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": invoice.partner_id.id,
            "amount": invoice.amount_residual,
            "currency_id": invoice.currency_id.id,
            "date": invoice.invoice_date,
            "journal_id": method_line.journal_id.id,
            "payment_method_line_id": method_line.id,
            "destination_account_id": self._receivable(invoice).account_id.id,
            "memo": invoice.name,
        }

    @staticmethod
    def _receivable(move):
        return move.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )

    def transactions(self, count):
        """Make transactions of Odoo's own Stripe addon, as the portal does.

        :return: [(reference, amount in cents)], each for an open invoice
        """
        with self._transaction() as env:
            invoices = env["account.move"].search(
                [("move_type", "=", "out_invoice"), ("payment_state", "=", "not_paid")],
                order="id",
                limit=count,
            )
            provider = env.ref("payment.payment_provider_stripe")
            method = env.ref("payment.payment_method_card")
            transactions = env["payment.transaction"].create(
                [
                    {
                        "provider_id": provider.id,
                        "payment_method_id": method.id,
                        "reference": invoice.name,
                        "amount": invoice.amount_total,
                        "currency_id": invoice.currency_id.id,
                        "partner_id": invoice.partner_id.id,
                        "operation": "online_direct",
                        "invoice_ids": [(4, invoice.id)],
                    }
                    for invoice in invoices
                ]
            )
            return [(item.reference, round(item.amount * 100)) for item in transactions]

    def confirmed(self):
        """Return how many of the transactions are done."""
        with self._transaction() as env:
            return env["payment.transaction"].search_count([("state", "=", "done")])

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
        return _of_process("VmRSS")

    def peak(self):
        """Return the most resident memory that this process ever had, in bytes."""
        return _of_process("VmHWM")


def _of_process(name):
    with open("/proc/self/status", encoding="ascii") as status:
        for line in status:
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) * 1024
    raise RuntimeError(f"no {name}")


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
