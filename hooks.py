# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from .models.evidence import drop_evidence_triggers


def uninstall_hook(env):
    """Drop what the ORM does not know of; ledger entries stay untouched."""
    drop_evidence_triggers(env.cr)
