# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Only PayPal, and only for this webhook: everything else is refused."""

import base64
import subprocess
from datetime import timedelta

import paypal_signed
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from hypothesis import given
from hypothesis import strategies as st
from paypal_certificates import BEGINS, ENDS, issue, new_key, pem_of
from paypal_payloads import CREATED, iso, samples

from engine.errors import CertificateUnknown, EngineError, SignatureRefused
from engine.providers.base import Keys
from engine.providers.paypal import certificate, const
from engine.providers.paypal.signature import RETRIES, message, verify

NAME = "messageverificationcerts.paypal.com"
URL = "https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-1"
ID = "8PT597110X687430L"
OTHER_ID = "40L71081MK3756722"
BODY = samples()["PAYMENT.CAPTURE.COMPLETED"]
NOW = CREATED
ROOT_KEY, SUB_KEY, KEY = new_key(), new_key(), new_key()
ROOT = issue(ROOT_KEY, "Test Root", ROOT_KEY, None, is_ca=True)
SUB = issue(SUB_KEY, "Test Sub", ROOT_KEY, ROOT, is_ca=True)
LEAF = issue(KEY, NAME, SUB_KEY, SUB)
PEM = pem_of(LEAF, SUB)


@pytest.fixture(autouse=True)
def own_root(monkeypatch):
    """Trust the test's own root, and nothing else beside certifi's and PayPal's."""
    roots = (*certificate._ROOTS, pem_of(ROOT).encode())
    monkeypatch.setattr(certificate, "_ROOTS", roots)
    certificate._signer_of.cache_clear()
    yield
    certificate._signer_of.cache_clear()


def headers(body=BODY, webhook_id=ID, sent=NOW, key=KEY, **more):
    found = {
        const.ID_HEADER: "b5eb01d0-4e5c-11ef-8572-997c8c58ed96",
        const.TIME_HEADER: iso(sent),
        const.CERTIFICATE_HEADER: URL,
        const.ALGORITHM_HEADER: "SHA256withRSA",
    }
    text = message(found, webhook_id, body)
    signature = key.sign(text, padding.PKCS1v15(), hashes.SHA256())
    found[const.SIGNATURE_HEADER] = base64.b64encode(signature).decode()
    return found | {f"paypal-{name}": value for name, value in more.items()}


def accepted(given, body=BODY, secrets=(ID,), now=NOW, pem=PEM, url=URL):
    return verify(body, given, Keys(secrets, certificates={url: pem}), now)


def refusal(given, *arguments, **more):
    with pytest.raises(SignatureRefused) as refused:
        accepted(given, *arguments, **more)
    return refused.value.cause


# === PayPal itself ===


def test_paypals_own_message():
    keys = Keys(
        [paypal_signed.WEBHOOK_ID], certificates={paypal_signed.URL: paypal_signed.PEM}
    )
    sent = paypal_signed.SENT
    assert verify(paypal_signed.BODY, paypal_signed.HEADERS, keys, sent) == 0
    for other in (b"", paypal_signed.BODY + b" ", paypal_signed.BODY.upper()):
        with pytest.raises(SignatureRefused):
            verify(other, paypal_signed.HEADERS, keys, sent)
    for wrong in (keys._replace(secrets=[ID]), keys._replace(secrets=[])):
        with pytest.raises(SignatureRefused):
            verify(paypal_signed.BODY, paypal_signed.HEADERS, wrong, sent)


def test_paypals_certificate_without_its_issuer():
    keys = Keys(
        [paypal_signed.WEBHOOK_ID], certificates={paypal_signed.URL: paypal_signed.LEAF}
    )
    with pytest.raises(SignatureRefused):
        verify(paypal_signed.BODY, paypal_signed.HEADERS, keys, paypal_signed.SENT)
    path = "/DigiCertSHA2ExtendedValidationServerCA.crt"
    assert certificate.issuer_path(paypal_signed.LEAF) == path
    assert certificate.issuer_path(PEM) == ""
    assert certificate.issuer_path("no certificate") == ""


def test_simulator_is_refused_though_its_signature_is_right():
    """Everybody can have the simulator sign, so WEBHOOK_ID proves nothing."""
    given, body = paypal_signed.SIMULATOR_HEADERS, paypal_signed.SIMULATOR_BODY
    text = message(given, const.SIMULATOR_ID, body)
    certificate.signer_of(paypal_signed.PEM).key.verify(
        base64.b64decode(given[const.SIGNATURE_HEADER]),
        text,
        padding.PKCS1v15(),
        hashes.SHA256(),
    )
    for secrets in ([const.SIMULATOR_ID], [ID, const.SIMULATOR_ID]):
        assert (
            refusal(
                given,
                body,
                secrets,
                paypal_signed.SIMULATOR_SENT,
                paypal_signed.PEM,
                paypal_signed.URL,
            )
            == "signature_mismatch"
        )


# === other implementations ===


def crc(body):
    """CRC-32 (ISO 3309), bit by bit."""
    found = 0xFFFFFFFF
    for byte in body:
        found ^= byte
        for _bit in range(8):
            found = found >> 1 ^ (0xEDB88320 if found & 1 else 0)
    return found ^ 0xFFFFFFFF


@given(st.binary(max_size=50), st.from_regex(r"[A-Z0-9]{1,20}", fullmatch=True))
def test_string_to_sign(body, webhook_id):
    given_headers = {const.ID_HEADER: "a-b", const.TIME_HEADER: " 2026 "}
    text = message(given_headers, webhook_id, body).decode()
    assert text == f"a-b|2026|{webhook_id}|{crc(body)}"


def test_openssl_signs(tmp_path):
    given = headers()
    private = KEY.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (tmp_path / "key.pem").write_bytes(private)
    signature = subprocess.run(
        ["openssl", "dgst", "-sha256", "-sign", tmp_path / "key.pem"],
        input=message(given, ID, BODY),
        capture_output=True,
        check=True,
    ).stdout
    given[const.SIGNATURE_HEADER] = base64.b64encode(signature).decode()
    assert accepted(given) == 0


def test_openssl_verifies_what_we_accept(tmp_path):
    given = headers()
    assert accepted(given) == 0
    public = KEY.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    (tmp_path / "key.pem").write_bytes(public)
    signature = base64.b64decode(given[const.SIGNATURE_HEADER])
    (tmp_path / "signature").write_bytes(signature)
    subprocess.run(
        ["openssl", "dgst", "-sha256", "-verify", tmp_path / "key.pem"]
        + ["-signature", tmp_path / "signature"],
        input=message(given, ID, BODY),
        capture_output=True,
        check=True,
    )


# === messages ===


@given(st.binary(max_size=100))
def test_body_need_not_be_text(body):
    given = headers()
    text = message(given, ID, body)
    signature = KEY.sign(text, padding.PKCS1v15(), hashes.SHA256())
    given[const.SIGNATURE_HEADER] = base64.b64encode(signature).decode()
    assert accepted(given, body) == 0
    if body != BODY:
        assert refusal(given, body + b"x") == "signature_mismatch"


@pytest.mark.parametrize(
    ("name", "value", "cause"),
    [
        ("auth-algo", "SHA1withRSA", "signature_malformed"),
        ("auth-algo", "sha256withrsa", "signature_malformed"),
        ("auth-algo", "none", "signature_malformed"),
        ("transmission-sig", "AAAA", "signature_mismatch"),
        ("transmission-sig", "!", "signature_malformed"),
        ("transmission-sig", "A", "signature_malformed"),
        ("transmission-id", "c" * 36, "signature_mismatch"),
        ("transmission-id", "a|b", "signature_malformed"),
        ("transmission-time", iso(NOW + 1), "signature_mismatch"),
        ("transmission-time", f"{iso(NOW)}|", "signature_malformed"),
        ("transmission-time", str(NOW), "signature_malformed"),
        ("transmission-time", "2026-13-01T00:00:00Z", "signature_malformed"),
        ("transmission-time", "0001-01-01T00:00:00+23:59", "signature_malformed"),
    ],
)
def test_other_headers(name, value, cause):
    assert refusal(headers() | {f"paypal-{name}": value}) == cause


def test_blank_webhook_id_signs_nothing():
    assert refusal(headers(webhook_id=" "), secrets=[" "]) == "signature_mismatch"


def test_body_of_the_same_crc_is_not_told_apart():
    """What the signature cannot see: why facts about money are looked up as well."""
    body, other = b"plumless", b"buckeroo"  # a known pair
    assert accepted(headers(body), other) == 0


@pytest.mark.parametrize(
    ("seconds", "cause"),
    [
        (-301, "timestamp_future"),
        (-300, None),
        (0, None),
        (301, None),
        (RETRIES, None),
        (RETRIES + 300, None),
        (RETRIES + 301, "timestamp_stale"),
        (10_000_000, "timestamp_stale"),
    ],
)
def test_window(seconds, cause):
    given = headers()
    if cause:
        assert refusal(given, now=NOW + seconds) == cause
    else:
        assert accepted(given, now=NOW + seconds) == 0


def test_wrong_signature_says_nothing_about_time():
    given = headers(sent=NOW - 9 * RETRIES)
    assert refusal(given, secrets=[OTHER_ID]) == "signature_mismatch"


# === certificates ===


@pytest.mark.parametrize(
    "url",
    [
        URL.replace("https", "http"),
        URL.replace("https", "HTTPS"),
        URL.replace("api.paypal.com", "api.paypal.com:443"),
        URL.replace("api.paypal.com", "api.paypal.com."),
        URL.replace("api.paypal.com", "api.paypal.com.evil.example"),
        URL.replace("api.paypal.com", "evil.example"),
        URL.replace("api.paypal.com", "apixpaypal.com"),
        URL.replace("api.paypal.com", "www.paypal.com"),
        URL.replace("api.paypal.com", "user@api.paypal.com"),
        URL.replace("api.paypal.com", "api.paypal.com@evil.example"),
        URL.replace("api.paypal.com", "evil.example\\@api.paypal.com"),
        URL.replace("api.paypal.com", "evil.example#@api.paypal.com"),
        URL + "?x=1",
        URL + "#x",
        URL + "/",
        URL + "/../../evil",
        URL + "%2f..",
        URL + "\n",
        URL.replace("/certs/", "/certs/../"),
        URL.replace("/certs/", "//certs/"),
        URL.replace("notifications", "other"),
        "https://api.paypal.com/v1/notifications/certs/",
        "//api.paypal.com/v1/notifications/certs/CERT-1",
        "x",
    ],
)
def test_addresses_that_are_not_paypals(url):
    with pytest.raises(SignatureRefused):
        certificate.path_of(url)
    if not url.endswith("\n"):  # a header's blanks are dropped
        given = headers() | {const.CERTIFICATE_HEADER: url}
        assert refusal(given, url=url) == "signature_malformed"


@pytest.mark.parametrize("host", sorted(const.HOSTS))
def test_certificate_that_is_not_at_hand(host):
    url = URL.replace("api.paypal.com", host)
    given = headers() | {const.CERTIFICATE_HEADER: url}
    with pytest.raises(CertificateUnknown) as unknown:
        verify(BODY, given, Keys([ID]), NOW)
    assert unknown.value.url == url
    # Not for those who cannot be heard anyway.
    with pytest.raises(SignatureRefused):
        verify(BODY, given, Keys([]), NOW)


def test_certificate_that_expired_is_fetched_again():
    given = headers(sent=int(ENDS.timestamp()))
    for second, is_current in ((0, True), (1, False)):
        now = int(ENDS.timestamp()) + second
        if is_current:
            assert accepted(given, now=now) == 0
        else:
            with pytest.raises(CertificateUnknown):
                accepted(given, now=now)
    with pytest.raises(CertificateUnknown):
        accepted(given, now=int(BEGINS.timestamp()) - 1)


def test_issuer_that_expires_first():
    ends = BEGINS + timedelta(days=10)
    sub = issue(SUB_KEY, "Test Sub", ROOT_KEY, ROOT, is_ca=True, ends=ends)
    signer = certificate.signer_of(pem_of(LEAF, sub))
    assert certificate.is_current(signer, int(ends.timestamp()))
    assert not certificate.is_current(signer, int(ends.timestamp()) + 1)


@pytest.mark.parametrize("name", ["messageverificationcerts.sandbox.paypal.com", NAME])
def test_names_of_the_signer(name):
    leaf = issue(KEY, name, SUB_KEY, SUB)
    assert certificate.signer_of(pem_of(leaf, SUB))


def _others():
    stranger = new_key()
    fake_root = issue(stranger, "Test Root", stranger, None, is_ca=True)
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    curve = ec.generate_private_key(ec.SECP256R1())
    no_authority = issue(SUB_KEY, NAME, ROOT_KEY, ROOT)
    return {
        "nothing": "",
        "no certificate": PEM.replace("MI", "AA"),
        "not ASCII": PEM + "é",
        "too long": PEM + " " * certificate.MAX_PEM,
        "too many": pem_of(LEAF, SUB, *[ROOT] * certificate.MAX_CHAIN),
        "without its issuer": pem_of(LEAF),
        "in the wrong order": pem_of(SUB, LEAF),
        "self-signed": pem_of(issue(KEY, NAME, KEY, None)),
        "of a root with the same name": pem_of(
            issue(KEY, NAME, stranger, fake_root), fake_root
        ),
        "of an issuer with the same name": pem_of(
            LEAF, issue(stranger, "Test Sub", ROOT_KEY, ROOT, is_ca=True)
        ),
        "of one that may not issue": pem_of(
            issue(KEY, NAME, SUB_KEY, no_authority), no_authority
        ),
        "of another name": pem_of(issue(KEY, "api.paypal.com", SUB_KEY, SUB), SUB),
        "of a name that ends alike": pem_of(issue(KEY, "x" + NAME, SUB_KEY, SUB), SUB),
        "with a wildcard": pem_of(issue(KEY, "*.paypal.com", SUB_KEY, SUB), SUB),
        "without alternative name": pem_of(
            issue(KEY, NAME, SUB_KEY, SUB, san=False), SUB
        ),
        "of a short key": pem_of(issue(weak, NAME, SUB_KEY, SUB), SUB),
        "of a curve": pem_of(issue(curve, NAME, SUB_KEY, SUB), SUB),
    }


@pytest.mark.parametrize("name", sorted(_others()))
def test_certificates_that_are_not_trusted(name):
    pem = _others()[name]
    with pytest.raises(SignatureRefused):
        certificate.signer_of(pem)
    assert refusal(headers(), pem=pem) == "signature_mismatch"


def test_another_signer():
    assert refusal(headers(key=new_key())) == "signature_mismatch"


def test_test_root_is_not_trusted_otherwise(monkeypatch):
    monkeypatch.setattr(certificate, "_ROOTS", (const.SIGNERS_ROOT,))
    certificate._signer_of.cache_clear()
    assert refusal(headers()) == "signature_mismatch"


def test_pinned_root_is_the_one_that_is_named():
    root = x509.load_pem_x509_certificate(const.SIGNERS_ROOT)
    assert root.fingerprint(hashes.SHA256()).hex().upper() == (
        "7431E5F4C3C1CE4690774F0B61E05440883BA9A01ED00BA6ABD7806ED3B118CF"
    )
    assert root.subject == root.issuer


@given(
    st.dictionaries(
        st.sampled_from(sorted(headers())),
        st.text() | st.sampled_from(sorted(headers().values())),
    ),
    st.binary(max_size=50),
    st.sampled_from([PEM, PEM[:-100], PEM.replace("A", "B"), "x", ""]) | st.text(),
)
def test_raises_nothing_else(changes, body, pem):
    with pytest.raises(EngineError):
        accepted(headers() | changes, body, pem=pem)
