# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Short ways to read what any provider brings."""


def read_report(report, body, options=()):
    """Give the translations of a whole report."""
    return [
        translation
        for part in report.split(body)
        for translation in report.translate(part, dict(options))
    ]


def events_of(translations):
    """Give the facts of translations, of which none may have a fault."""
    for translation in translations:
        if translation.fault:
            raise translation.fault
    return [event for translation in translations for event in translation.events]
