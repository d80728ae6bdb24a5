# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .mapping_treatments import (
    FEE_KINDS,
    POSTABLE,
    ROLES,
    effect_of,
    is_built_in,
    treatments_of,
)


class PaymentHubCoverage(models.Model):
    """Which types of event a row of the mapping decides about, by connection."""

    _name = "payment.hub.coverage"
    _description = "Coverage of the Account Mapping"
    _auto = False
    _order = "connection_id, event_type, fee_kind desc, currency"
    _rec_name = "event_type"
    _depends = {
        "payment.hub.connection": ["company_id", "state"],
        "payment.hub.event": [
            "connection_id",
            "type",
            "currency",
            "exponent",
            "amount_minor",
            "untreated_id",
        ],
        "payment.hub.mapping": [
            "active",
            "company_id",
            "connection_id",
            "event_type",
            "currency",
            "fee_kind",
            "specificity",
            "valid_from",
            "valid_to",
        ],
    }

    connection_id = fields.Many2one("payment.hub.connection", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    event_type = fields.Selection([(name, name) for name in POSTABLE], readonly=True)
    fee_kind = fields.Selection(
        FEE_KINDS,
        readonly=True,
        help="One that rows ask for. The line without a kind counts all events of the "
        "type.",
    )
    role = fields.Selection(ROLES, string="Account For", readonly=True)
    state = fields.Selection(
        [
            ("built_in", "Built In"),
            ("row", "Row"),
            ("partial", "In Part"),
            ("missing", "Missing"),
        ],
        readonly=True,
        help="Built In: needs no row. In Part: rows that ask for more (a fee kind, a "
        "scheme …) may leave some of these events out.",
    )
    currency = fields.Char(string="Currency Code", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    event_count = fields.Integer(string="Events Seen", readonly=True)
    waiting_count = fields.Integer(string="Events Waiting", readonly=True)
    waiting_amount = fields.Monetary(
        string="Amount Waiting", readonly=True, aggregator=None
    )

    @property
    def _table_query(self):
        return SQL(
            """
            WITH kind (event_type, number, role, is_built_in) AS (VALUES %(kinds)s),
            fee (fee_kind, number, counts) AS (VALUES (NULL, 0, 1), %(fees)s),
            seen AS (
                SELECT connection_id, type, currency,
                       COUNT(*) AS events,
                       COUNT(untreated_id) AS waiting,
                       SUM(amount_minor) FILTER (WHERE untreated_id IS NOT NULL)
                           / POWER(10, MAX(exponent)) AS amount
                  FROM payment_hub_event
                 GROUP BY connection_id, type, currency
            )
            SELECT ((connection.id::bigint * 100 + kind.number) * 100 + fee.number)
                       * 10000 + COALESCE(currency.id, 0) AS id,
                   connection.id AS connection_id,
                   connection.company_id,
                   kind.event_type,
                   fee.fee_kind,
                   kind.role,
                   seen.currency,
                   currency.id AS currency_id,
                   COALESCE(seen.events * fee.counts, 0) AS event_count,
                   COALESCE(seen.waiting * fee.counts, 0) AS waiting_count,
                   COALESCE(seen.amount * fee.counts, 0) AS waiting_amount,
                   CASE WHEN rows.for_all THEN 'row'
                        WHEN kind.is_built_in THEN 'built_in'
                        WHEN rows.for_all IS NOT NULL THEN 'partial'
                        ELSE 'missing' END AS state
              FROM payment_hub_connection AS connection
             CROSS JOIN kind
              JOIN fee ON fee.fee_kind IS NULL OR kind.role = 'fee'
              LEFT JOIN seen ON seen.connection_id = connection.id
                            AND seen.type = kind.event_type
              LEFT JOIN res_currency AS currency ON currency.name = seen.currency
              LEFT JOIN LATERAL (
                SELECT BOOL_OR(
                           mapping.specificity = 0
                               + (mapping.connection_id IS NOT NULL)::int
                               + (mapping.event_type IS NOT NULL)::int
                               + (mapping.currency IS NOT NULL
                                  AND seen.currency IS NOT NULL)::int
                               + (mapping.fee_kind IS NOT NULL
                                  AND fee.fee_kind IS NOT NULL)::int
                       ) AS for_all,
                       BOOL_OR(mapping.fee_kind IS NOT NULL) AS ask_for_kinds
                  FROM payment_hub_mapping AS mapping
                 WHERE mapping.active
                   AND mapping.company_id = connection.company_id
                   AND COALESCE(mapping.connection_id, connection.id) = connection.id
                   AND COALESCE(mapping.event_type, kind.event_type) = kind.event_type
                   AND (mapping.currency = seen.currency
                        OR mapping.currency IS NULL OR seen.currency IS NULL)
                   AND (mapping.fee_kind = fee.fee_kind
                        OR mapping.fee_kind IS NULL OR fee.fee_kind IS NULL)
                   AND COALESCE(mapping.valid_from, %(today)s) <= %(today)s
                   AND COALESCE(mapping.valid_to, %(today)s) >= %(today)s
              ) AS rows ON TRUE
             WHERE (connection.state != 'disabled' OR seen.events > 0)
               AND (fee.fee_kind IS NULL OR rows.ask_for_kinds)
            """,
            fees=SQL(", ").join(
                SQL("(%s, %s, 0)", name, number)
                for number, (name, _label) in enumerate(FEE_KINDS, 1)
            ),
            kinds=SQL(", ").join(SQL("(%s, %s, %s, %s)", *kind) for kind in _kinds()),
            today=fields.Date.context_today(self),
        )

    def action_open_rows(self):
        """Open the rows that decide; where none does, a new one."""
        self.ensure_one()
        rows = self.env["payment.hub.mapping"]
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_hub.payment_hub_mapping_action"
        )
        if self.state == "missing" and rows.has_access("create"):
            return action | {"views": [(False, "form")], "context": self._defaults()}
        return action | {
            "domain": Domain("company_id", "=", self.company_id.id)
            & Domain("connection_id", "in", [self.connection_id.id, False])
            & Domain("event_type", "in", [self.event_type, False])
            & (
                Domain("fee_kind", "in", [self.fee_kind, False])
                if self.fee_kind
                else Domain.TRUE
            ),
            "context": self._defaults(),
        }

    def _defaults(self):
        return {
            "default_company_id": self.company_id.id,
            "default_connection_id": self.connection_id.id,
            "default_event_type": self.event_type,
            "default_fee_kind": self.fee_kind,
            "default_treatment": treatments_of(self.event_type)[0],
        }


def _kinds():
    """Yield (type of event, number, role, whether it needs no row)."""
    for number, name in enumerate(POSTABLE):
        yield name, number, effect_of(name).role, is_built_in(name)
