# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ..engine.events import EVENT_TYPES

AT_ONCE = 1000  # events
FOLDED = ("payment.hub.payout", "payment.hub.dispute")


class PaymentHubFoldedMixin(models.AbstractModel):
    """An object of the provider, derived by folding the events about it.

    Nothing in it is a source: it can be dropped, and rebuilt from the events.
    """

    _name = "payment.hub.folded.mixin"
    _inherit = "payment.hub.money.mixin"
    _description = "Folded from Events"
    _rec_name = "provider_ref"

    _events_field = None  # of an event: the link to its object
    _event_group = None  # of the events that make an object, and its usual type

    connection_id = fields.Many2one(
        "payment.hub.connection", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True
    )
    provider_ref = fields.Char(required=True, readonly=True)
    object_type = fields.Char(readonly=True)
    posting_ids = fields.Many2many(
        "payment.hub.posting", compute="_compute_posting_ids", string="Postings"
    )
    entry_count = fields.Integer(
        compute="_compute_posting_ids", string="Journal Entries"
    )

    @api.depends("event_ids.posting_ids.move_id")
    def _compute_posting_ids(self):
        for record in self:
            record.posting_ids = record.event_ids.posting_ids
            record.entry_count = len(record._entries())

    # === fold ===

    @api.model
    def _keep_all(self, connection, events):
        """Fold all objects anew that these events of ``connection`` are about."""
        for name in FOLDED:
            self.env[name]._keep(connection, events)

    @api.model
    def _keep(self, connection, events):
        """Fold the objects anew that these events of ``connection`` are about."""
        own = events.filtered(self._is_about)
        self._link(connection, own)
        own[self._events_field]._fold()

    def _fold(self):
        """Derive the fields from the events."""
        raise NotImplementedError

    @api.model
    def _is_about(self, event):
        """Whether the event is about such an object; a fee names its object's type."""
        group = EVENT_TYPES[event.type].group
        return self._event_group in (group, event.object_type)

    @api.model
    def _link(self, connection, events):
        """Give each event its object, made where it is not there yet."""
        loose = events.filtered(lambda event: not event[self._events_field])
        by_object = loose.grouped(lambda event: (event.object_type, event.object_id))
        if not by_object:
            return
        found = self.search(
            [
                ("connection_id", "=", connection.id),
                ("object_type", "!=", False),
                ("provider_ref", "in", [object_id for _type, object_id in by_object]),
            ]
        )
        records = {(one.object_type, one.provider_ref): one for one in found}
        missing = [key for key in by_object if key not in records]
        made = self.create(
            [
                {
                    "connection_id": connection.id,
                    "object_type": object_type,
                    "provider_ref": object_id,
                }
                for object_type, object_id in missing
            ]
        )
        records |= zip(missing, made, strict=True)
        for key, of_object in by_object.items():
            of_object[self._events_field] = records[key]

    def _write_changed(self, vals):
        changed = {name: value for name, value in vals.items() if self[name] != value}
        if changed:
            self.write(changed)

    def _money_vals(self, prefix, money):
        """Values of the fields of one amount: the engine's Money, or None."""
        minor, currency, exponent = money or (0, False, 0)
        return {
            f"{prefix}amount_minor": minor,
            f"{prefix}currency": currency,
            f"{prefix}exponent": exponent,
        }

    @api.model
    def _rebuild(self, connections):
        """Drop what there is of ``connections``, and fold it anew from the events."""
        self.search([("connection_id", "in", connections.ids)]).unlink()
        types = [
            name for name, one in EVENT_TYPES.items() if one.group == self._event_group
        ]
        Event = self.env["payment.hub.event"]
        for connection in connections:
            ids = Event.search(
                [
                    ("connection_id", "=", connection.id),
                    "|",
                    ("type", "in", types),
                    ("object_type", "=", self._event_group),
                ],
                order="object_id, id",
            ).ids
            for start in range(0, len(ids), AT_ONCE):
                self._keep(connection, Event.browse(ids[start : start + AT_ONCE]))

    # === actions ===

    def _entries(self):
        """The journal entries of the object."""
        return self.posting_ids.move_id

    def action_open_entries(self):
        """Open the journal entries of the object."""
        moves = self._entries()
        if len(moves) == 1:
            return moves.get_formview_action()
        return self._entries_action(
            self.env._("Journal Entries"), [("id", "in", moves.ids)]
        )

    @api.model
    def _entries_action(self, name, domain):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "account.move",
            "views": [
                (self.env.ref("account.view_move_tree").id, "list"),
                (False, "form"),
            ],
            "domain": domain,
            "context": {"create": False},
        }
