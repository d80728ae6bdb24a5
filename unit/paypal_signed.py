# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Requests that PayPal itself signed, as others published them, byte for byte.

One of a live webhook (reader-dict/website, tests/payloads.py), and one of PayPal's
simulator; the certificate is what PayPal served at the address then, without the one
that issued it.
"""

URL = "https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-b0d12406"
WEBHOOK_ID = "40L71081MK3756722"
SENT = 1_743_885_164  # 2025-04-05T20:32:44Z


def _headers(transmission, time, signature):
    return {
        "paypal-transmission-id": transmission,
        "paypal-transmission-time": time,
        "paypal-transmission-sig": signature,
        "paypal-cert-url": URL,
        "paypal-auth-algo": "SHA256withRSA",
    }


_SIGNATURE = (
    "Dss1lP9Y8D+ZXQ5VIbW/91wykhEpH06KUSEOmIGceJlSd33AE1nBT/UiNxz/i4/6EP31a7Sx44Cj"
    "LOQtkJ+LYWK5aA4YkVu/e+CZ/nMLB1FW6lJXEflt0DGRusNaBDpq7WrfCHNiScquRMh3E4eUODfT"
    "SowvsiPf2UWkfbk0e/ELMky8YaFTS6gIhUdaRh1U8lUbv+IXi7v5pSGQOTtmrHR28fvPc+D8fSsl"
    "0tBfakpRPUNskNmRwJYYngQ0NzAO7cNAzCf3Es5yEAiJW9FgjawHmOkeoWSjWIXH7SKO7q1tqCRC"
    "E/+iu3jtK3q+wmq6iVq1luglzndgqNKTw+DwaQ=="
)
HEADERS = _headers(
    "212a639d-125d-11f0-8798-c5d6de2737a0", "2025-04-05T20:32:44Z", _SIGNATURE
)
_TEXT = (
    '{"id":"WH-1F78928319310462G-18R51787X87914712","event_version":"1.0","create'
    '_time":"2025-04-05T20:32:40.508Z","resource_type":"sale","event_type":"PAYME'
    'NT.SALE.PENDING","summary":"Payment pending for € 10.0 EUR","resource":{"id"'
    ':"10H81276XF6353701","state":"completed","amount":{"total":"10.00","currency'
    '":"EUR","details":{"subtotal":"10.00"}},"payment_mode":"INSTANT_TRANSFER","p'
    'rotection_eligibility":"ELIGIBLE","protection_eligibility_type":"ITEM_NOT_RE'
    'CEIVED_ELIGIBLE,UNAUTHORIZED_PAYMENT_ELIGIBLE","payment_hold_status":"HELD",'
    '"payment_hold_reasons":["PAYMENT_HOLD"],"transaction_fee":{"value":"0.64","c'
    'urrency":"EUR"},"invoice_number":"","billing_agreement_id":"I-YSW93404E5CF",'
    '"create_time":"2025-04-05T20:32:35Z","update_time":"2025-04-05T20:32:35Z","l'
    'inks":[{"href":"https://api.paypal.com/v1/payments/sale/10H81276XF6353701","'
    'rel":"self","method":"GET"},{"href":"https://api.paypal.com/v1/payments/sale'
    '/10H81276XF6353701/refund","rel":"refund","method":"POST"}],"soft_descriptor'
    '":"PAYPAL *READERDICT"},"links":[{"href":"https://api.paypal.com/v1/notifica'
    'tions/webhooks-events/WH-1F78928319310462G-18R51787X87914712","rel":"self","'
    'method":"GET"},{"href":"https://api.paypal.com/v1/notifications/webhooks-eve'
    'nts/WH-1F78928319310462G-18R51787X87914712/resend","rel":"resend","method":"'
    'POST"}]}'
)
BODY = _TEXT.encode()

_SIMULATOR_SIGNATURE = (
    "De1vvm+9LQDFQgKZ7leyYaVaAbkuXzYJOmH5FuHFxUFF+BP3DUiNwF7IF/tWhdC0SQ1EZgsRmGml"
    "O9+5uk6UWP5i7O7jaiwNOdHbb878uOhTKL0KhWMillfQi096lrM7oZL6R/HmSZcKfBfnkH0TN2g0"
    "gHcw8NhM82tBdRsc9lbzhmIlWXoz5lZc5N9YVcaC62hQNLPCJFPYMTE4qE3qQB8jOFDW2/QGOnM4"
    "FvwwL+6rfIOdNPSqarsw3Wgh3ByIFrkBO5kbxo7uyd4Rvce4lyHmkqnschdRtFdScjxiQrmf7akm"
    "X1qWv2Y68ht69j/De7De/MOVZ/JA1t9RP+ysIA=="
)
SIMULATOR_HEADERS = _headers(
    "0f14627d-cc41-11f0-9ad0-21cf84660aee",
    "2025-11-28T10:00:24Z",
    _SIMULATOR_SIGNATURE,
)
SIMULATOR_SENT = 1_764_324_024
_SIMULATOR_TEXT = (
    '{"id":"WH-58D329510W468432D-8HN650336L201105X","event_version":"1.0","create'
    '_time":"2019-02-14T21:50:07.940Z","resource_type":"capture","resource_versio'
    'n":"2.0","event_type":"PAYMENT.CAPTURE.COMPLETED","summary":"Payment complet'
    'ed for $ 30.0 USD","resource":{"id":"12A34567BC123456S","amount":{"currency_'
    'code":"USD","value":"30.00"},"final_capture":true,"seller_protection":{"stat'
    'us":"ELIGIBLE","dispute_categories":["ITEM_NOT_RECEIVED","UNAUTHORIZED_TRANS'
    'ACTION"]},"disbursement_mode":"INSTANT","seller_receivable_breakdown":{"gros'
    's_amount":{"currency_code":"USD","value":"30.00"},"paypal_fee":{"currency_co'
    'de":"USD","value":"1.54"},"platform_fees":[{"amount":{"currency_code":"USD",'
    '"value":"2.00"},"payee":{"merchant_id":"ABCDEFGHIJKL1"}}],"net_amount":{"cur'
    'rency_code":"USD","value":"26.46"}},"invoice_id":"5840243-146","status":"COM'
    'PLETED","supplementary_data":{"related_ids":{"order_id":"1AB234567A1234567"}'
    '},"create_time":"2022-08-23T18:29:50Z","update_time":"2022-08-23T18:29:50Z",'
    '"links":[{"href":"https://api.paypal.com/v2/payments/captures/12A34567BC1234'
    '56S","rel":"self","method":"GET"},{"href":"https://api.paypal.com/v2/payment'
    's/captures/12A34567BC123456S/refund","rel":"refund","method":"POST"},{"href"'
    ':"https://api.paypal.com/v2/checkout/orders/1AB234567A1234567","rel":"up","m'
    'ethod":"GET"}]},"links":[{"href":"https://api.paypal.com/v1/notifications/we'
    'bhooks-events/WH-58D329510W468432D-8HN650336L201105X","rel":"self","method":'
    '"GET"},{"href":"https://api.paypal.com/v1/notifications/webhooks-events/WH-5'
    '8D329510W468432D-8HN650336L201105X/resend","rel":"resend","method":"POST"}]}'
)
SIMULATOR_BODY = _SIMULATOR_TEXT.encode()

LEAF = """\
-----BEGIN CERTIFICATE-----
MIIHXTCCBkWgAwIBAgIQDki0JdJMoAIx2jGAwTcTiTANBgkqhkiG9w0BAQsFADB1
MQswCQYDVQQGEwJVUzEVMBMGA1UEChMMRGlnaUNlcnQgSW5jMRkwFwYDVQQLExB3
d3cuZGlnaWNlcnQuY29tMTQwMgYDVQQDEytEaWdpQ2VydCBTSEEyIEV4dGVuZGVk
IFZhbGlkYXRpb24gU2VydmVyIENBMB4XDTI1MDEzMTAwMDAwMFoXDTI2MDMwMzIz
NTk1OVowgdsxEzARBgsrBgEEAYI3PAIBAxMCVVMxGTAXBgsrBgEEAYI3PAIBAhMI
RGVsYXdhcmUxHTAbBgNVBA8MFFByaXZhdGUgT3JnYW5pemF0aW9uMRAwDgYDVQQF
EwczMDE0MjY3MQswCQYDVQQGEwJVUzETMBEGA1UECBMKQ2FsaWZvcm5pYTERMA8G
A1UEBxMIU2FuIEpvc2UxFTATBgNVBAoTDFBheVBhbCwgSW5jLjEsMCoGA1UEAxMj
bWVzc2FnZXZlcmlmaWNhdGlvbmNlcnRzLnBheXBhbC5jb20wggEiMA0GCSqGSIb3
DQEBAQUAA4IBDwAwggEKAoIBAQCKsBDJSiEyFRDXhgYqSqGcRSlZ44O7iVHNjd3P
QiBc00kI4YwT4bZIGEa08QGRB+5xRLQDtmvTnQkz60YOFxwPaSZVdUEjybUCbbTu
TNJ117mK2V6G3KrMsXo4OZIv/oG8ayf9T6+ocRFB4s1IDHGGZJcbjgFjkq+5+3+N
aLATY9RHF3/qkq2RMFxCPqVQ/LSFdsEdkN4Q6FKWMYPTlScdTP1dg2YY6RdBXABP
M6DFEC0c+plO0RG4UsrATsnLQ0b4gN2cTb4JOwZaJsG2BSlpQCJWoX4gCP3Pkl2I
eLxjpaUDsfkdOMY78kUugZ60CPu29WYHlrLCBs5tSJ+rCHYxAgMBAAGjggOAMIID
fDAfBgNVHSMEGDAWgBQ901Cl1qCt7vNKYApl0yHU+PjWDzAdBgNVHQ4EFgQUIeCu
2GrxDXFuVkmB3JWC2psKP7swLgYDVR0RBCcwJYIjbWVzc2FnZXZlcmlmaWNhdGlv
bmNlcnRzLnBheXBhbC5jb20wSgYDVR0gBEMwQTALBglghkgBhv1sAgEwMgYFZ4EM
AQEwKTAnBggrBgEFBQcCARYbaHR0cDovL3d3dy5kaWdpY2VydC5jb20vQ1BTMA4G
A1UdDwEB/wQEAwIFoDAdBgNVHSUEFjAUBggrBgEFBQcDAQYIKwYBBQUHAwIwdQYD
VR0fBG4wbDA0oDKgMIYuaHR0cDovL2NybDMuZGlnaWNlcnQuY29tL3NoYTItZXYt
c2VydmVyLWczLmNybDA0oDKgMIYuaHR0cDovL2NybDQuZGlnaWNlcnQuY29tL3No
YTItZXYtc2VydmVyLWczLmNybDCBiAYIKwYBBQUHAQEEfDB6MCQGCCsGAQUFBzAB
hhhodHRwOi8vb2NzcC5kaWdpY2VydC5jb20wUgYIKwYBBQUHMAKGRmh0dHA6Ly9j
YWNlcnRzLmRpZ2ljZXJ0LmNvbS9EaWdpQ2VydFNIQTJFeHRlbmRlZFZhbGlkYXRp
b25TZXJ2ZXJDQS5jcnQwDAYDVR0TAQH/BAIwADCCAX0GCisGAQQB1nkCBAIEggFt
BIIBaQFnAHYADleUvPOuqT4zGyyZB7P3kN+bwj1xMiXdIaklrGHFTiEAAAGUu81a
zwAABAMARzBFAiEA4FRk0fnMLk50tTYCr1yXMwBDP1/7VZ/8xAALIYpW7WwCICYM
e99wI7JAzkzMyzoqwJm5/vFOrb1VKQqpyWpFHquKAHYAZBHEbKQS7KeJHKICLgC8
q08oB9QeNSer6v7VA8l9zfAAAAGUu81a9gAABAMARzBFAiEA217qTUrcveLoXTGe
LeI8glW2dalUr2GzbPnfwycRE4wCIAXNh7RdTW50P2zHQGkmak7NYJ7ZxvPBkiNj
Fz2RGtY9AHUASZybad4dfOz8Nt7Nh2SmuFuvCoeAGdFVUvvp6ynd+MMAAAGUu81b
DQAABAMARjBEAiA0YxvSEpLzpohHg6zH1RC15xXTYn0Ik2SZ+R+v1XRScgIgfo5x
Og2qNi101qUvcuYUl9fFFol2aurZ/K23bWWUr50wDQYJKoZIhvcNAQELBQADggEB
AJDE7+ZogRtnY/SyNPOQDKSoowrDN6PE8eVXf2AIROyMdayOIaX74FRf2bTrUxIc
J3Dkdk1aFY/sqCq52ACB15iBAiDvamS4XuYYy0mbbZX8iQeQ0uvuPA/D2sH4gpEv
sBHHcLTfmkxL3BUTRh0JaTWhuGY9OSf5Vtl+Vt6JKEARw8br7SSc0SIz03NH9aKc
S3fVuCsbw1tbiqMtBHgPJ60EHWbbWzae9bqFPfTCAXvDpCi33vj4l1Am6i0kOmp4
2/CV4XomE/7JPPm+5odijca0+/6jQpVg9z/W12mOn08ykrL7lS7IpaSjiC3xMeeR
DMCtxZDITPKCPnbzgzl2Q/I=
-----END CERTIFICATE-----
"""
# DigiCert SHA2 Extended Validation Server CA, valid to 2028-10-22.
ISSUER = """\
-----BEGIN CERTIFICATE-----
MIIEtjCCA56gAwIBAgIQDHmpRLCMEZUgkmFf4msdgzANBgkqhkiG9w0BAQsFADBs
MQswCQYDVQQGEwJVUzEVMBMGA1UEChMMRGlnaUNlcnQgSW5jMRkwFwYDVQQLExB3
d3cuZGlnaWNlcnQuY29tMSswKQYDVQQDEyJEaWdpQ2VydCBIaWdoIEFzc3VyYW5j
ZSBFViBSb290IENBMB4XDTEzMTAyMjEyMDAwMFoXDTI4MTAyMjEyMDAwMFowdTEL
MAkGA1UEBhMCVVMxFTATBgNVBAoTDERpZ2lDZXJ0IEluYzEZMBcGA1UECxMQd3d3
LmRpZ2ljZXJ0LmNvbTE0MDIGA1UEAxMrRGlnaUNlcnQgU0hBMiBFeHRlbmRlZCBW
YWxpZGF0aW9uIFNlcnZlciBDQTCCASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoC
ggEBANdTpARR+JmmFkhLZyeqk0nQOe0MsLAAh/FnKIaFjI5j2ryxQDji0/XspQUY
uD0+xZkXMuwYjPrxDKZkIYXLBxA0sFKIKx9om9KxjxKws9LniB8f7zh3VFNfgHk/
LhqqqB5LKw2rt2O5Nbd9FLxZS99RStKh4gzikIKHaq7q12TWmFXo/a8aUGxUvBHy
/Urynbt/DvTVvo4WiRJV2MBxNO723C3sxIclho3YIeSwTQyJ3DkmF93215SF2AQh
cJ1vb/9cuhnhRctWVyh+HA1BV6q3uCe7seT6Ku8hI3UarS2bhjWMnHe1c63YlC3k
8wyd7sFOYn4XwHGeLN7x+RAoGTMCAwEAAaOCAUkwggFFMBIGA1UdEwEB/wQIMAYB
Af8CAQAwDgYDVR0PAQH/BAQDAgGGMB0GA1UdJQQWMBQGCCsGAQUFBwMBBggrBgEF
BQcDAjA0BggrBgEFBQcBAQQoMCYwJAYIKwYBBQUHMAGGGGh0dHA6Ly9vY3NwLmRp
Z2ljZXJ0LmNvbTBLBgNVHR8ERDBCMECgPqA8hjpodHRwOi8vY3JsNC5kaWdpY2Vy
dC5jb20vRGlnaUNlcnRIaWdoQXNzdXJhbmNlRVZSb290Q0EuY3JsMD0GA1UdIAQ2
MDQwMgYEVR0gADAqMCgGCCsGAQUFBwIBFhxodHRwczovL3d3dy5kaWdpY2VydC5j
b20vQ1BTMB0GA1UdDgQWBBQ901Cl1qCt7vNKYApl0yHU+PjWDzAfBgNVHSMEGDAW
gBSxPsNpA/i/RwHUmCYaCALvY2QrwzANBgkqhkiG9w0BAQsFAAOCAQEAnbbQkIbh
hgLtxaDwNBx0wY12zIYKqPBKikLWP8ipTa18CK3mtlC4ohpNiAexKSHc59rGPCHg
4xFJcKx6HQGkyhE6V6t9VypAdP3THYUYUN9XR3WhfVUgLkc3UHKMf4Ib0mKPLQNa
2sPIoc4sUqIAY+tzunHISScjl2SFnjgOrWNoPLpSgVh5oywM395t6zHyuqB8bPEs
1OG9d4Q3A84ytciagRpKkk47RpqF/oOi+Z6Mo8wNXrM9zwR4jxQUezKcxwCmXMS1
oVWNWlZopCJwqjyBcdmdqEU79OX2olHdx3ti6G8MdOu42vi/hw15UJGQmxg7kVkn
8TUoE6smftX3eg==
-----END CERTIFICATE-----
"""
PEM = LEAF + ISSUER
