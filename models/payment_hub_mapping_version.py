# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from .columns import LooseMany2one
from .payment_hub_version_mixin import KEPT

DECIDING = (
    "company_id",
    "event_type",
    "connection_id",
    "provider_code",
    "method",
    "scheme",
    "currency",
    "country_id",
    "fee_kind",
    "dispute_stage",
    "connected_account",
    "valid_from",
    "valid_to",
    "priority",
    "active",
    "treatment",
    "account_id",
    "journal_id",
    "tax_ids",
    "partner_rule",
    "partner_id",
    "analytic_distribution",
    "date_rule",
    "granularity",
)
EVIDENCE = ("mapping_id", *KEPT)


class PaymentHubMappingVersion(models.Model):
    """What a row of the account mapping said from one change to the next."""

    _name = "payment.hub.mapping.version"
    _inherit = "payment.hub.version.mixin"
    _description = "Version of an Account Mapping"
    _order = "mapping_id desc, number desc"

    _row_field = "mapping_id"
    _deciding = DECIDING

    mapping_id = LooseMany2one(
        "payment.hub.mapping", string="Row", required=True, readonly=True, index=True
    )
    posting_ids = fields.One2many("payment.hub.posting", "mapping_version_id")

    _once = models.UniqueIndex("(mapping_id, number)")
