# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Payment Hub",
    "summary": "What payment providers say and what the ledger says, made equal",
    "version": "19.0.1.2.0",
    "license": "LGPL-3",
    "author": "Payment Hub contributors",
    "website": "https://github.com/payment-hub/payment_hub",
    "category": "Accounting/Accounting",
    "development_status": "Alpha",
    "application": True,
    "depends": ["account_payment", "queue_job"],
    "external_dependencies": {
        "python": ["certifi", "cryptography", "pyopenssl", "requests"]
    },
    "data": [
        "security/payment_hub_security.xml",
        "security/ir.model.access.csv",
        "data/queue_job_data.xml",
        "data/ir_cron_data.xml",
        "wizards/payment_hub_backfill_start_views.xml",
        "wizards/payment_hub_report_import_views.xml",
        "views/payment_hub_delivery_views.xml",
        "views/payment_hub_event_views.xml",
        "views/payment_hub_posting_views.xml",
        "views/payment_hub_exception_views.xml",
        "views/payment_hub_lookup_views.xml",
        "views/payment_hub_certificate_views.xml",
        "views/payment_hub_backfill_views.xml",
        "views/payment_hub_report_views.xml",
        "views/payment_hub_payment_views.xml",
        "views/payment_hub_payment_timeline.xml",
        "wizards/payment_hub_onboarding_views.xml",
        "views/payment_hub_connection_views.xml",
        "views/account_move_views.xml",
        "views/res_config_settings_views.xml",
        "views/payment_hub_menus.xml",
    ],
    "assets": {
        "web.assets_tests": ["payment_hub/static/tests/tours/**/*"],
    },
    "uninstall_hook": "uninstall_hook",
}
