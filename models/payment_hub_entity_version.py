# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from .columns import LooseMany2one
from .payment_hub_version_mixin import KEPT

DECIDING = (
    "company_id",
    "connection_id",
    "legal_entity",
    "merchant_account",
    "store",
    "connected_account",
    "active",
    "journal_id",
    "analytic_distribution",
)
EVIDENCE = ("entity_id", *KEPT)


class PaymentHubEntityVersion(models.Model):
    """What a row of the entity mapping said from one change to the next."""

    _name = "payment.hub.entity.version"
    _inherit = "payment.hub.version.mixin"
    _description = "Version of an Entity Mapping"
    _order = "entity_id desc, number desc"

    _row_field = "entity_id"
    _deciding = DECIDING

    entity_id = LooseMany2one(
        "payment.hub.entity", string="Row", required=True, readonly=True, index=True
    )
    posting_ids = fields.One2many("payment.hub.posting", "entity_version_id")

    _once = models.UniqueIndex("(entity_id, number)")
