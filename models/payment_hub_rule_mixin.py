# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine.mapping import Rule, Rules, ties

JOURNAL_TYPES = ("bank", "general")


class PaymentHubRuleMixin(models.AbstractModel):
    """A row of a table in which the most specific row decides, and never two at once.

    A model that inherits it has ``company_id``, ``journal_id``, an analytic
    distribution, and names in ``_rule_keys`` the fields by which its rows tell events
    apart. ``version_id`` is the newest of ``version_ids``; ``_decided_field`` of a
    posting is the one that decided.
    """

    _name = "payment.hub.rule.mixin"
    _inherit = "mail.thread"
    _description = "Row of a Rule Table"
    _check_company_auto = True

    # Field by the name under which the engine knows what it asks for.
    _rule_keys = {}
    # Further fields that may break a tie.
    _rank_fields = ()
    # By which a posting names the version that decided.
    _decided_field = ""

    active = fields.Boolean(default=True, tracking=True)
    specificity = fields.Integer(
        compute="_compute_specificity",
        store=True,
        help="How much the row asks for: the more, the nearer it is to an event.",
    )

    @api.depends(lambda self: tuple(self._rule_keys.values()))
    def _compute_specificity(self):
        for row in self:
            row.specificity = len(row._criteria())

    def _criteria(self):
        """What the row asks for: value by the engine's key, ids for connections."""
        values = {key: self[field] for key, field in self._rule_keys.items()}
        return {
            key: value.id if isinstance(value, models.BaseModel) else value
            for key, value in values.items()
            if value
        }

    def _to_rule(self):
        """The row as the engine's Rule; its id is the record's."""
        return Rule(self.id, self._criteria())

    # === asking ===

    @api.model
    def _rules(self, company):
        """The engine's Rules of one company, built once in a transaction.

        Kept with the transaction, not the process: another transaction may see other
        rows.
        """
        tables = self.env.cr.cache.setdefault(self._name, {})
        if company.id not in tables:
            rows = self.sudo().search(
                [*self._scope_domain(company), ("active", "=", True)]
            )
            tables[company.id] = Rules(row._to_rule() for row in rows)
        return tables[company.id]

    def _forget_rules(self):
        self.env.cr.cache.pop(self._name, None)

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        self._forget_rules()
        rows._keep_version()
        return rows

    def write(self, vals):
        result = super().write(vals)
        self._forget_rules()
        if vals.keys() & {*self.version_id._deciding}:
            self._keep_version()
        return result

    def unlink(self):
        result = super().unlink()
        self._forget_rules()
        return result

    def copy_data(self, default=None):
        """A copy ties with its original: it counts once it was changed."""
        return super().copy_data({"active": False, **(default or {})})

    # === versions ===

    def _keep_version(self):
        """Make a version of each row whose decision is not that of its newest one."""
        versions = self.version_id.sudo()
        for version in versions._make(self):
            version[version._row_field].sudo().version_id = version

    def _is_used(self):
        """Whether a posting was decided by a version of one of these rows."""
        postings = self.env["payment.hub.posting"].sudo()
        decided = (self._decided_field, "in", self.version_ids.ids)
        return bool(postings.search_count([decided], limit=1))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for row in self:
            if row._is_used():
                raise UserError(
                    self.env._(
                        "“%s” has decided on postings. Archive it instead.",
                        row.display_name,
                    )
                )

    # === ties ===

    def _scope(self):
        """The company within whose rows this one competes."""
        return self.company_id

    @api.model
    def _scope_domain(self, company):
        return [("company_id", "=", company.id)]

    def _tie_fields(self):
        names = (*self._rule_keys.values(), *self._rank_fields)
        return [*names, "company_id", "active"]

    @api.constrains(lambda self: self._tie_fields())
    def _check_ties(self):
        """Only rows as specific as those that changed can tie with them."""
        for company, rows in (
            self.filtered("active").grouped(lambda row: row._scope()).items()
        ):
            rivals = self.sudo().search(
                [
                    *self._scope_domain(company),
                    ("active", "=", True),
                    ("specificity", "in", rows.mapped("specificity")),
                ]
            )
            for one, other in ties(row._to_rule() for row in rivals):
                raise ValidationError(self._tie_text(one.id, other.id))

    def _tie_text(self, *ids):
        one, other = (row.display_name for row in self.browse(ids))
        names = (*self._rule_keys.values(), *self._rank_fields)
        return self.env._(
            "“%(one)s” and “%(other)s” tie: an event may fit both, and neither row is "
            "nearer to it. Change one of them in one of these fields, or archive it: "
            "%(fields)s.",
            one=one,
            other=other,
            fields=", ".join(self._label(name) for name in names),
        )

    # === what both tables check ===

    def _check_still_usable(self):
        """Check again what others may have changed since the row was saved."""
        self._check_company()
        self._check_journal()
        self._check_analytic()

    @api.constrains("journal_id", "active")
    def _check_journal(self):
        for row in self.filtered(lambda row: row.active and row.journal_id):
            journal = row.journal_id
            if not journal.active:
                row._refuse(
                    "journal_id",
                    self.env._(
                        "the journal is archived. Unarchive it or choose another."
                    ),
                )
            if journal.type not in JOURNAL_TYPES:
                row._refuse(
                    "journal_id",
                    self.env._("choose a miscellaneous or a bank journal."),
                )

    @api.constrains("analytic_distribution", "company_id", "active")
    def _check_analytic(self):
        """A distribution is no link: Odoo neither keeps nor checks what it names."""
        for row in self.filtered("active"):
            ids = row._get_analytic_account_ids_from_distributions(
                row.analytic_distribution
            )
            named = self.env["account.analytic.account"].sudo().browse(ids)
            fitting = named._check_company_domain(row.company_id)
            if named.exists().filtered_domain(fitting) != named:
                row._refuse(
                    "analytic_distribution",
                    self.env._(
                        "one of its accounts was deleted, or belongs to another "
                        "company. Choose others."
                    ),
                )

    def _refuse(self, field, text):
        """Raise an error that names the row and the field to mend."""
        value = self._fields[field].convert_to_export(self[field], self)
        named = f"{self._label(field)} ({value})" if value else self._label(field)
        raise ValidationError(
            self.env._(
                "“%(row)s”, %(field)s: %(text)s",
                row=self.display_name,
                field=named,
                text=text,
            )
        )

    @api.model
    def _label(self, field):
        return self._fields[field]._description_string(self.env)

    def _criteria_names(self):
        """What the row asks for, in words, in the order of the keys."""
        return [
            str(self._fields[field].convert_to_export(self[field], self))
            for field in self._rule_keys.values()
            if self[field]
        ]
