# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""PayPal's words and the hub's words for them."""

CODE = "paypal"

ID_HEADER = "paypal-transmission-id"
TIME_HEADER = "paypal-transmission-time"
SIGNATURE_HEADER = "paypal-transmission-sig"
CERTIFICATE_HEADER = "paypal-cert-url"
ALGORITHM_HEADER = "paypal-auth-algo"
ALGORITHM = "SHA256withRSA"

# PayPal's simulator signs with this in place of a webhook's id. Everybody can have it
# sign, so a message signed like this proves nothing about who sent it.
SIMULATOR_ID = "WEBHOOK_ID"

# PayPal's hosts: is it the live environment?
HOSTS = {
    "api.paypal.com": True,
    "api-m.paypal.com": True,
    "api.sandbox.paypal.com": False,
    "api-m.sandbox.paypal.com": False,
}

# The names that the certificates of live and sandbox messages are issued to.
SIGNERS = {
    "messageverificationcerts.paypal.com",
    "messageverificationcerts.sandbox.paypal.com",
}

# PayPal serves the signer's certificate without the one that issued it; the signer's
# names an address here.
ISSUERS_HOST = "cacerts.digicert.com"

# DigiCert High Assurance EV Root CA, valid to 2031-11-10, SHA-256 fingerprint
# 7431E5F4C3C1CE4690774F0B61E05440883BA9A01ED00BA6ABD7806ED3B118CF: every certificate
# of PayPal's signer seen so far (2015 to March 2026) ends here. Browsers dropped the
# root in 2026 for its age, and so did certifi; PayPal's messages are no web pages.
SIGNERS_ROOT = b"""\
-----BEGIN CERTIFICATE-----
MIIDxTCCAq2gAwIBAgIQAqxcJmoLQJuPC3nyrkYldzANBgkqhkiG9w0BAQUFADBs
MQswCQYDVQQGEwJVUzEVMBMGA1UEChMMRGlnaUNlcnQgSW5jMRkwFwYDVQQLExB3
d3cuZGlnaWNlcnQuY29tMSswKQYDVQQDEyJEaWdpQ2VydCBIaWdoIEFzc3VyYW5j
ZSBFViBSb290IENBMB4XDTA2MTExMDAwMDAwMFoXDTMxMTExMDAwMDAwMFowbDEL
MAkGA1UEBhMCVVMxFTATBgNVBAoTDERpZ2lDZXJ0IEluYzEZMBcGA1UECxMQd3d3
LmRpZ2ljZXJ0LmNvbTErMCkGA1UEAxMiRGlnaUNlcnQgSGlnaCBBc3N1cmFuY2Ug
RVYgUm9vdCBDQTCCASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBAMbM5XPm
+9S75S0tMqbf5YE/yc0lSbZxKsPVlDRnogocsF9ppkCxxLeyj9CYpKlBWTrT3JTW
PNt0OKRKzE0lgvdKpVMSOO7zSW1xkX5jtqumX8OkhPhPYlG++MXs2ziS4wblCJEM
xChBVfvLWokVfnHoNb9Ncgk9vjo4UFt3MRuNs8ckRZqnrG0AFFoEt7oT61EKmEFB
Ik5lYYeBQVCmeVyJ3hlKV9Uu5l0cUyx+mM0aBhakaHPQNAQTXKFx01p8VdteZOE3
hzBWBOURtCmAEvF5OYiiAhF8J2a3iLd48soKqDirCmTCv2ZdlYTBoSUeh10aUAsg
EsxBu24LUTi4S8sCAwEAAaNjMGEwDgYDVR0PAQH/BAQDAgGGMA8GA1UdEwEB/wQF
MAMBAf8wHQYDVR0OBBYEFLE+w2kD+L9HAdSYJhoIAu9jZCvDMB8GA1UdIwQYMBaA
FLE+w2kD+L9HAdSYJhoIAu9jZCvDMA0GCSqGSIb3DQEBBQUAA4IBAQAcGgaX3Nec
nzyIZgYIVyHbIUf4KmeqvxgydkAQV8GK83rZEWWONfqe/EW1ntlMMUu4kehDLI6z
eM7b41N5cdblIZQB2lWHmiRk9opmzN6cN82oNLFpmyPInngiK3BD41VHMWEZ71jF
hS9OMPagMRYjyOfiZRYzy78aG6A9+MpeizGLYAiJLQwGXFK3xPkKmNEVX58Svnw2
Yzi9RKR/5CYrCsSXaQ3pjOLAEFe4yHYSkVXySGnYvCoCWw9E1CAx2/S6cCZdkGCe
vEsXCS+0yx5DaMkHJ8HSXPfqIbloEpw8nL+e/IBcm2PN7EeqJSdnoDfzAIJ9VNep
+OkuE6N36B9K
-----END CERTIFICATE-----"""

# https://developer.paypal.com/api/rest/reference/currency-codes/: no decimals allowed.
EXPONENTS = {"HUF": 0, "JPY": 0, "TWD": 0}

_REFUND = ("refund.succeeded", "refund.requested", "refund.failed", "refund.canceled")

# https://developer.paypal.com/api/rest/webhooks/event-names/. Subscribed to; the last
# types where the message alone does not tell which.
EVENTS_SOURCE = "https://developer.paypal.com/api/rest/webhooks/event-names/"
EVENTS: dict[str, tuple[str, ...]] = {
    "CHECKOUT.CHECKOUT.BUYER-APPROVED": ("payment.pending",),
    "CHECKOUT.ORDER.APPROVED": ("payment.pending",),
    "CHECKOUT.ORDER.COMPLETED": (
        "payment.captured",
        "payment.pending",
        "payment.failed",
        "payment.authorized",
        "payment.voided",
    ),
    "CHECKOUT.ORDER.PROCESSED": ("payment.pending",),
    "CHECKOUT.PAYMENT-APPROVAL.REVERSED": ("payment.voided",),
    "CUSTOMER.DISPUTE.CREATED": ("dispute.opened", "dispute.inquiry_opened"),
    "CUSTOMER.DISPUTE.UPDATED": (
        "dispute.opened",
        "dispute.inquiry_opened",
        "dispute.won",
        "dispute.lost",
        "dispute.canceled",
    ),
    "CUSTOMER.DISPUTE.RESOLVED": (
        "dispute.won",
        "dispute.lost",
        "dispute.canceled",
        "dispute.opened",
        "dispute.inquiry_opened",
    ),
    "PAYMENT.AUTHORIZATION.CREATED": ("payment.authorized",),
    "PAYMENT.AUTHORIZATION.VOIDED": ("payment.voided",),
    "PAYMENT.CAPTURE.COMPLETED": ("payment.captured",),
    "PAYMENT.CAPTURE.DECLINED": ("payment.failed",),
    "PAYMENT.CAPTURE.DENIED": ("payment.failed",),
    "PAYMENT.CAPTURE.PENDING": ("payment.pending",),
    "PAYMENT.CAPTURE.REFUNDED": _REFUND,
    "PAYMENT.CAPTURE.REVERSED": ("payment.charge_reversed",),
    "PAYMENT.ORDER.CANCELLED": ("payment.voided",),
    "PAYMENT.ORDER.CREATED": ("payment.pending",),
    "PAYMENT.PAYOUTS-ITEM.BLOCKED": ("payout.scheduled",),
    "PAYMENT.PAYOUTS-ITEM.CANCELED": ("payout.in_transit", "payout.reversed"),
    "PAYMENT.PAYOUTS-ITEM.DENIED": ("external.info",),
    "PAYMENT.PAYOUTS-ITEM.FAILED": ("external.info",),
    "PAYMENT.PAYOUTS-ITEM.HELD": ("payout.scheduled",),
    "PAYMENT.PAYOUTS-ITEM.REFUNDED": ("payout.in_transit", "payout.reversed"),
    "PAYMENT.PAYOUTS-ITEM.RETURNED": ("payout.in_transit", "payout.reversed"),
    "PAYMENT.PAYOUTS-ITEM.SUCCEEDED": ("payout.in_transit", "payout.paid"),
    "PAYMENT.PAYOUTS-ITEM.UNCLAIMED": ("payout.in_transit",),
    "PAYMENT.PAYOUTSBATCH.DENIED": ("external.info",),
    "PAYMENT.PAYOUTSBATCH.PROCESSING": ("external.info",),
    "PAYMENT.PAYOUTSBATCH.SUCCESS": ("external.info",),
    "PAYMENT.REFERENCED-PAYOUT-ITEM.COMPLETED": ("external.info",),
    "PAYMENT.REFERENCED-PAYOUT-ITEM.FAILED": ("external.info",),
    "PAYMENT.SALE.COMPLETED": ("payment.captured",),
    "PAYMENT.SALE.DENIED": ("payment.failed",),
    "PAYMENT.SALE.PENDING": ("payment.pending",),
    "PAYMENT.SALE.REFUNDED": _REFUND,
    "PAYMENT.SALE.REVERSED": ("payment.charge_reversed", "external.info"),
    "PAYMENTS.PAYMENT.CREATED": ("payment.pending",),
    "RISK.DISPUTE.CREATED": ("dispute.opened", "dispute.inquiry_opened"),
}

# Documented there too, and nothing about money that no other message tells.
OTHER_EVENTS = frozenset(
    (
        "BILLING.PLAN.ACTIVATED BILLING.PLAN.CREATED BILLING.PLAN.DEACTIVATED "
        "BILLING.PLAN.PRICING-CHANGE.ACTIVATED BILLING.PLAN.UPDATED "
        "BILLING.SUBSCRIPTION.ACTIVATED BILLING.SUBSCRIPTION.CANCELLED "
        "BILLING.SUBSCRIPTION.CREATED BILLING.SUBSCRIPTION.EXPIRED "
        "BILLING.SUBSCRIPTION.PAYMENT.FAILED BILLING.SUBSCRIPTION.RE-ACTIVATED "
        "BILLING.SUBSCRIPTION.SUSPENDED BILLING.SUBSCRIPTION.UPDATED "
        "BILLING_AGREEMENTS.AGREEMENT.CANCELLED BILLING_AGREEMENTS.AGREEMENT.CREATED "
        "CATALOG.PRODUCT.CREATED CATALOG.PRODUCT.UPDATED "
        "CUSTOMER.ACCOUNT-LIMITATION.ADDED CUSTOMER.ACCOUNT-LIMITATION.ESCALATED "
        "CUSTOMER.ACCOUNT-LIMITATION.LIFTED CUSTOMER.ACCOUNT-LIMITATION.UPDATED "
        "CUSTOMER.MANAGED-ACCOUNT.ACCOUNT-CREATED "
        "CUSTOMER.MANAGED-ACCOUNT.ACCOUNT-STATUS-CHANGED "
        "CUSTOMER.MANAGED-ACCOUNT.ACCOUNT-UPDATED "
        "CUSTOMER.MANAGED-ACCOUNT.CREATION-FAILED "
        "CUSTOMER.MANAGED-ACCOUNT.NEGATIVE-BALANCE-DEBIT-INITIATED "
        "CUSTOMER.MANAGED-ACCOUNT.NEGATIVE-BALANCE-NOTIFIED "
        "CUSTOMER.MANAGED-ACCOUNT.RISK-ASSESSED "
        "CUSTOMER.MERCHANT-INTEGRATION.CAPABILITY-UPDATED "
        "CUSTOMER.MERCHANT-INTEGRATION.PRODUCT-SUBSCRIPTION-UPDATED "
        "CUSTOMER.MERCHANT-INTEGRATION.SELLER-ALREADY-INTEGRATED "
        "CUSTOMER.MERCHANT-INTEGRATION.SELLER-CONSENT-GRANTED "
        "CUSTOMER.MERCHANT-INTEGRATION.SELLER-EMAIL-CONFIRMED "
        "CUSTOMER.MERCHANT-INTEGRATION.SELLER-ONBOARDING-INITIATED "
        "IDENTITY.AUTHORIZATION-CONSENT.REVOKED INVOICING.INVOICE.CANCELLED "
        "INVOICING.INVOICE.CREATED INVOICING.INVOICE.PAID INVOICING.INVOICE.REFUNDED "
        "INVOICING.INVOICE.SCHEDULED INVOICING.INVOICE.UPDATED "
        "MERCHANT.ONBOARDING.COMPLETED MERCHANT.PARTNER-CONSENT.REVOKED "
        "VAULT.CREDIT-CARD.CREATED VAULT.CREDIT-CARD.DELETED VAULT.CREDIT-CARD.UPDATED "
        "VAULT.PAYMENT-TOKEN.CREATED VAULT.PAYMENT-TOKEN.DELETED "
        "VAULT.PAYMENT-TOKEN.DELETION-INITIATED"
    ).split()
)

# dispute_life_cycle_stage (in lower case a stage of the hub's), then
# dispute_outcome.outcome_code and reason:
# https://developer.paypal.com/docs/api/customer-disputes/v1/#definition-dispute
STAGES = {
    "INQUIRY": ("dispute.inquiry_opened", "inquiry_opened"),
    "CHARGEBACK": ("dispute.opened", "opened"),
    "PRE_ARBITRATION": ("dispute.opened", "pre_arbitration"),
    "ARBITRATION": ("dispute.opened", "arbitration"),
}
OUTCOMES = {
    "RESOLVED_BUYER_FAVOUR": ("dispute.lost", "lost"),
    "RESOLVED_SELLER_FAVOUR": ("dispute.won", "won"),
    # PayPal paid the buyer out of its own pocket.
    "RESOLVED_WITH_PAYOUT": ("dispute.won", "won"),
    "CANCELED_BY_BUYER": ("dispute.canceled", "canceled"),
    # PayPal accepted or denied what the buyer claims.
    "ACCEPTED": ("dispute.lost", "lost"),
    "DENIED": ("dispute.won", "won"),
    # Another dispute about the same transaction took its place.
    "NONE": ("dispute.canceled", "canceled"),
}
DISPUTE_REASONS = {
    "MERCHANDISE_OR_SERVICE_NOT_RECEIVED": "not_received",
    "MERCHANDISE_OR_SERVICE_NOT_AS_DESCRIBED": "not_as_described",
    "UNAUTHORISED": "fraud",
    "CREDIT_NOT_PROCESSED": "credit_not_processed",
    "DUPLICATE_TRANSACTION": "duplicate",
    "INCORRECT_AMOUNT": "processing_error",
    "PAYMENT_BY_OTHER_MEANS": "processing_error",
    "CANCELED_RECURRING_BILLING": "subscription_canceled",
}
OTHER_REASON = "general"

T_CODES_SOURCE = "https://developer.paypal.com/docs/reports/reference/tcodes/"
_T_CODES = {
    "payment.captured": "T0000 T0002 T0003 T0004 T0005 T0006 T0007 T0008 T0009 T0010 "
    "T0011 T0012 T0013 T0014 T0017 T0018 T0019 T3000",
    "payout.in_transit": "T0001 T0015 T0105 T0108 T0109 T0110 T0400 T0401 T0402 T0403 "
    "T0600 T1700 T1701",
    "adjustment.debit": "T0016 T0500 T0501 T0502 T0503 T0504 T0505 T1000 T1100 T1103 "
    "T1112 T1117 T1203 T2109",
    "fee.charged": "T0100 T0101 T0102 T0103 T0104 T0106 T0107 T0111 T0112 T0113",
    "fx.converted": "T0200 T0201 T0202",
    "topup.succeeded": "T0300 T0301 T0302 T0303 T0700 T0701",
    "adjustment.credit": "T0800 T0801 T0802 T0803 T0804 T0805 T0806 T0807 T0808 T0900 "
    "T0901 T0902 T0903 T0904 T0905 T1102 T1200 T1204 T1400 T1900 T2110 T9700",
    "payout.failed": "T1101",
    "topup.reversed": "T1104",
    "hold.released": "T1105 T1116 T2102 T2106 T2108",
    "payment.charge_reversed": "T1106 T1118 T1119",
    "refund.succeeded": "T1107 T1113",
    "fee.refunded": "T1108 T1109",
    "dispute.funds_withdrawn": "T1110 T1201",
    "dispute.funds_reinstated": "T1111 T1202 T1205",
    "payout.reversed": "T1114 T1115",
    "dispute.lost": "T1207",
    "dispute.canceled": "T1208",
    "payment.authorized": "T1300",
    "payment.authorization_adjusted": "T1301",
    "payment.voided": "T1302",
    "hold.placed": "T1500 T1501 T1502 T1503 T2101 T2105 T2107 T2113",
    "advance.disbursed": "T1600 T1601 T1602 T1603 T2004 T9701",
    "advance.repaid": "T1800 T1801 T9702",
    "transfer.created": "T2000 T2002 T2003 T2201 T5000 T5001",
    "settlement.batch_closed": "T2001",
    "reserve.held": "T2103",
    "reserve.released": "T2104",
    "payment.pending": "T2111",
    "balance.available": "T2112",
    "tax.withheld": "T2114 T2301",
    "external.info": "T9800",
    "unknown": "T9900",
}
# The event of each T-code, as the direction it is named for.
T_CODES = {code: name for name, codes in _T_CODES.items() for code in codes.split()}

_ADDS = (
    "payment.captured topup.succeeded adjustment.credit payout.failed payout.reversed "
    "hold.released reserve.released fee.refunded dispute.funds_reinstated "
    "advance.disbursed"
).split()
_TAKES = (
    "payout.in_transit adjustment.debit fee.charged topup.reversed refund.succeeded "
    "payment.charge_reversed dispute.funds_withdrawn hold.placed reserve.held "
    "advance.repaid transfer.created tax.withheld"
).split()
# Does the event add to the balance, or take from it? The others do not tell.
IS_CREDIT = {**dict.fromkeys(_ADDS, True), **dict.fromkeys(_TAKES, False)}

_INVERSE = {
    "fee.charged": "fee.refunded",
    "hold.placed": "hold.released",
    "reserve.held": "reserve.released",
    "dispute.funds_withdrawn": "dispute.funds_reinstated",
    "advance.disbursed": "advance.repaid",
    "topup.succeeded": "topup.reversed",
}
_INVERSE |= {inverse: name for name, inverse in _INVERSE.items()}
# What these are when money goes with them, out and in: a chargeback that is upheld or
# withdrawn, a balance that is gathered in another account.
MOVED = {
    "dispute.lost": ("dispute.funds_withdrawn", "dispute.funds_reinstated"),
    "dispute.canceled": ("dispute.funds_withdrawn", "dispute.funds_reinstated"),
    "settlement.batch_closed": ("transfer.created", "adjustment.credit"),
}
# What it is when the money goes the other way: "T-codes can be either a credit, or
# debit", as a payment of the merchant's own (T0000, DR).
OTHER_WAY = {
    name: _INVERSE.get(name, "adjustment.debit" if is_credit else "adjustment.credit")
    for name, is_credit in IS_CREDIT.items()
}
