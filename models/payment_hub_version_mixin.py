# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from .columns import LooseMany2one
from .evidence import protect_evidence

KEPT = (
    "company_id",
    "number",
    "name",
    "snapshot",
    "changes",
    "create_uid",
    "create_date",
)


class PaymentHubVersionMixin(models.AbstractModel):
    """What a row of a rule table said from one change to the next; never changed.

    It outlives its row: a row that decided on nothing can be deleted. A model that
    inherits it has the field ``_row_field`` with the row, and names in ``_deciding``
    the fields of which each change makes a version.
    """

    _name = "payment.hub.version.mixin"
    _description = "Version of a Row"

    _row_field = ""
    _deciding = ()

    company_id = LooseMany2one("res.company", required=True, readonly=True, index=True)
    number = fields.Integer(string="Version", required=True, readonly=True)
    name = fields.Char(string="Asks For", required=True, readonly=True)
    snapshot = fields.Json(
        readonly=True, required=True, help="By field: the value, and how it read."
    )
    snapshot_text = fields.Text(string="Says", compute="_compute_snapshot_text")
    changes = fields.Text(string="What Changed", required=True, readonly=True)

    def init(self):
        if not self._abstract:
            protect_evidence(self.env.cr, self._table, (self._row_field, *KEPT))

    @api.depends("name", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = f"{version.name} (v{version.number})"

    @api.depends("snapshot")
    def _compute_snapshot_text(self):
        for version in self:
            version.snapshot_text = "\n".join(
                f"{self._label(name)}: {said['text']}"
                for name, said in version.snapshot.items()
                if said["text"]
            )

    @api.model
    def _make(self, rows):
        """Make the first or the next version of each row that says something new."""
        vals_list = []
        for row in rows:
            last = row.version_id
            snapshot = self._snapshot(row)
            changes = self._changes(last.snapshot or {}, snapshot)
            if changes:
                vals_list.append(
                    {
                        self._row_field: row.id,
                        "company_id": row.company_id.id,
                        "number": last.number + 1,
                        "name": row.display_name,
                        "snapshot": snapshot,
                        "changes": changes,
                    }
                )
        return self.create(vals_list)

    @api.model
    def _snapshot(self, row):
        """Return {field: {"value", "text"}} of all that decides."""
        return {
            name: {"value": _raw(row, name), "text": self._text(row, name)}
            for name in self._deciding
        }

    @api.model
    def _text(self, row, name):
        if name == "analytic_distribution":
            return self._analytic_text(row.analytic_distribution or {})
        field = row._fields[name]
        if field.type == "boolean":
            return self.env._("Yes") if row[name] else self.env._("No")
        return str(field.convert_to_export(row[name], row) or "")

    @api.model
    def _analytic_text(self, distribution):
        accounts = self.env["account.analytic.account"]
        return ", ".join(
            "{} {}%".format(
                " + ".join(
                    accounts.browse(map(int, ids.split(","))).mapped("display_name")
                ),
                percentage,
            )
            for ids, percentage in distribution.items()
        )

    @api.model
    def _changes(self, old, new):
        """One line for each field that says something else; "" when none does."""
        empty = {"value": False, "text": ""}
        changed = {
            name: (old.get(name, empty)["text"] or "–", said["text"] or "–")
            for name, said in new.items()
            if said["value"] != old.get(name, empty)["value"]
        }
        return "\n".join(
            f"{self._label(name)}: {was} → {now}"
            if old
            else f"{self._label(name)}: {now}"
            for name, (was, now) in changed.items()
        )

    @api.model
    def _label(self, name):
        rows = self.env[self._fields[self._row_field].comodel_name]
        field = rows._fields.get(name)
        return field._description_string(self.env) if field else name


def _raw(row, name):
    """The value as JSON keeps it; of many records, in the order of their ids."""
    value = row[name]
    if isinstance(value, models.BaseModel):
        is_many = row._fields[name].type == "many2many"
        return sorted(value.ids) or False if is_many else value.id
    return fields.Date.to_string(value) if row._fields[name].type == "date" else value
