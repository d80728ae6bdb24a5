# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One balance for each currency, and postings that know their own lines."""

# The clearing account stood on the connection, and held every currency as it was.
BALANCES = """
    INSERT INTO payment_hub_balance
           (connection_id, company_id, currency_id, currency, clearing_account_id)
    SELECT connection.id, company.id, currency.id, currency.name,
           connection.clearing_account_id
      FROM payment_hub_connection connection
      JOIN res_company company ON company.id = connection.company_id
      JOIN res_currency currency
        ON currency.id = company.currency_id
        OR currency.name IN (SELECT posting.currency FROM payment_hub_posting posting
                              WHERE posting.connection_id = connection.id)
     WHERE connection.clearing_account_id IS NOT NULL
ON CONFLICT DO NOTHING
"""
POSTINGS = """
    UPDATE payment_hub_posting posting
       SET moved_minor = CASE WHEN posting.kind IN ('capture', 'refund_failure')
                              THEN posting.amount_minor
                              ELSE -posting.amount_minor END,
           moved_currency = posting.currency,
           moved_exponent = posting.exponent,
           is_on_balance = TRUE,
           is_reversed = FALSE,
           treatment = 'post',
           due_date = posting.date,
           journal_id = move.journal_id,
           entity_company_id = move.company_id,
           near_account_id = near.account_id,
           near_line_id = near.id,
           value = near.balance,
           far_account_id = far.account_id,
           far_line_id = far.id,
           partner_id = far.partner_id
      FROM payment_hub_connection connection, account_move move,
           account_move_line near, account_move_line far
      JOIN account_account account ON account.id = far.account_id
     WHERE connection.id = posting.connection_id
       AND move.id = posting.move_id
       AND near.move_id = move.id
       AND near.id <> far.id
       AND far.move_id = move.id
       AND account.account_type = 'asset_receivable'
       AND posting.near_line_id IS NULL
"""


def migrate(cr, version):
    """Fill what 19.0.1.2.0 did not have."""
    cr.execute(BALANCES)
    cr.execute(POSTINGS)
