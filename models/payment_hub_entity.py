# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from odoo import api, fields, models


class PaymentHubEntity(models.Model):
    """Whose business an event is: which company, journal and analytic account.

    The connection is the provider's account, which may hold several legal entities,
    merchant accounts, stores or connected accounts; each belongs to the connection's
    company or to one of its branches.
    """

    _name = "payment.hub.entity"
    _inherit = ["payment.hub.rule.mixin", "analytic.mixin"]
    _description = "Entity Mapping"
    _order = "connection_id, specificity desc, id"

    _rule_keys = {
        "connection": "connection_id",
        "legal_entity": "legal_entity",
        "merchant_account": "merchant_account",
        "store": "store",
        "connected_account": "connected_account",
    }
    _decided_field = "entity_version_id"

    connection_id = fields.Many2one(
        "payment.hub.connection",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="The provider's account. Empty: every connection of the company.",
    )
    legal_entity = fields.Char(
        tracking=True,
        help="As the provider writes it, where its messages name one.",
    )
    merchant_account = fields.Char(
        tracking=True, help="As the provider writes it in its messages."
    )
    store = fields.Char(tracking=True, help="As the provider writes it.")
    connected_account = fields.Char(
        tracking=True, help="The provider's id of an account of your platform."
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        tracking=True,
        help="The connection's company, or one of its branches.",
    )
    journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        ondelete="restrict",
        tracking=True,
        domain="[('type', 'in', ('bank', 'general'))]",
        help="Empty: as the account mapping says, else the connection's journal.",
    )
    version_id = fields.Many2one(
        "payment.hub.entity.version",
        string="Version",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    version_ids = fields.One2many(
        "payment.hub.entity.version", "entity_id", string="Versions"
    )

    @api.depends(*_rule_keys.values())
    def _compute_display_name(self):
        for row in self:
            row.display_name = " · ".join(row._criteria_names()) or row.company_id.name

    # === asking ===

    @api.model
    def _entity_for(self, connection, traits):
        """The row that says whose business an event is; empty when none does.

        :param dict traits: the event's legal_entity, merchant_account, store and
            connected_account, where known; others are not looked at
        """
        rules = self._rules(connection.company_id)
        criteria = {**traits, "connection": connection.id}
        rule = rules.choose(criteria, date.min)
        return self.browse(rule and rule.id)

    def _scope(self):
        return self.company_id.root_id

    @api.model
    def _scope_domain(self, company):
        return [("company_id", "child_of", company.id)]

    # === saving ===

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([_stripped(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(_stripped(vals))

    @api.constrains("company_id", *_rule_keys.values())
    def _check_asks_for_something(self):
        for row in self:
            if not row._criteria():
                row._refuse(
                    "connection_id",
                    self.env._(
                        "enter at least a connection, a legal entity, a merchant "
                        "account, a store or a connected account."
                    ),
                )

    @api.constrains("company_id", "connection_id")
    def _check_company_of_connection(self):
        for row in self.filtered("connection_id"):
            company = row.connection_id.company_id
            if row.company_id not in self.env["res.company"].search(
                [("id", "child_of", company.id)]
            ):
                row._refuse(
                    "company_id",
                    self.env._(
                        "choose %s, the connection's company, or one of its branches.",
                        company.display_name,
                    ),
                )


def _stripped(vals):
    names = ("legal_entity", "merchant_account", "store", "connected_account")
    clean = {name: vals[name].strip() or False for name in names if vals.get(name)}
    return {**vals, **clean}
