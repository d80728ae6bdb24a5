# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
import random
import time

import psycopg2
from psycopg2 import errors
from werkzeug.exceptions import HTTPException, abort

from odoo import http
from odoo.http import Dispatcher, request
from odoo.tools import SQL

from .. import failpoints
from ..engine import providers
from ..engine.errors import CertificateUnknown, SignatureRefused
from ..engine.providers.base import Keys
from ..models import vault

_logger = logging.getLogger(__name__)

MAX_BODY = 1024 * 1024
# Beside the signature, which is evidence; nothing that could hold a credential.
KEPT_HEADERS = ("content-encoding", "content-type", "user-agent")
# Ours, whatever the sender says: for messages that nothing else tells apart.
RECEIVED_HEADER = "x-payment-hub-received"
UNAUTHORIZED_DETAIL = (
    "The signature of this request was refused. Check the signing secret of the "
    "webhook and the clock of the sender."
)
# What the winner of a race, a lock or a full disk may raise. Never a reason to lose
# the message: the provider is asked to send it again.
CONCURRENT = (
    errors.SerializationFailure,
    errors.LockNotAvailable,
    errors.UniqueViolation,
)


class WebhookDispatcher(Dispatcher):
    """Hands the request on untouched: no form parsing, no session, no CSRF token.

    Odoo's own HTTP dispatcher reads form bodies, after which the raw bytes that were
    signed are gone. Errors are answered as problem+json (RFC 9457), without internals.
    """

    routing_type = "payment_hub"

    @classmethod
    def is_compatible_with(cls, request):
        return True

    def dispatch(self, endpoint, args):
        self.request.params = dict(args)
        if self.request.db:
            return self.request.registry["ir.http"]._dispatch(endpoint)
        return endpoint(**args)

    def handle_error(self, exc):
        if isinstance(exc, HTTPException) and exc.code:
            return problem(exc.code, exc.name)
        _logger.error("Webhook request failed", exc_info=exc)
        return unavailable()


class PaymentHubController(http.Controller):
    @http.route(
        "/payment_hub/webhook/<string:token>",
        type="payment_hub",
        auth="none",
        save_session=False,
        readonly=False,
    )
    def webhook(self, token):
        """Receive one message: authenticate, store, answer.

        200 only after COMMIT; 401 refused signature; 404 unknown or disabled token;
        405 any method but POST; 411 and 413 length; 503 with Retry-After when it
        could not be stored.
        """
        if request.httprequest.method != "POST":
            return problem(405, "Method Not Allowed", headers=[("Allow", "POST")])
        if not request.db:
            return unavailable()
        try:
            return self._receive(token)
        except (psycopg2.Error, vault.VaultError) as error:
            _logger.exception("Delivery not stored, the provider will send it again")
            # Raised, so that Odoo does not go on to commit on a broken connection.
            abort(unavailable())
            raise AssertionError from error  # unreachable: abort raises

    def _receive(self, token):
        connection = _connection_by_token(token)
        if not connection:
            return problem(404, "Not Found")
        body, refusal = _read_body()
        if refusal:
            return _refuse(connection, *refusal)
        provider = providers.get(connection["provider"])
        now = int(time.time())
        headers = {name.lower(): value for name, value in request.httprequest.headers}
        headers[RECEIVED_HEADER] = str(now)
        try:
            index = _verify(provider, body, headers, connection, now)
        except SignatureRefused as refused:
            return _refuse(
                connection, 401, refused.cause, "Unauthorized", UNAUTHORIZED_DETAIL
            )
        except CertificateUnknown as unknown:
            request.env["payment.hub.certificate"]._fetch_soon(
                connection["id"], unknown.url
            )
            return unavailable()
        if index is None and request.env["payment.hub.lookup"]._is_full(
            connection["id"]
        ):
            return unavailable()
        failpoints.reach("receive.verified")
        stored = _store(connection, provider, body, headers, index)
        failpoints.reach("receive.stored")
        if stored:
            request.env["payment.hub.lane"]._wake_after_commit(connection["id"])
        if provider.answer is not None:
            return request.make_response(
                provider.answer, [("Content-Type", "text/plain; charset=utf-8")]
            )
        return request.make_json_response(
            {"status": "accepted" if stored else "duplicate"}
        )


def _verify(provider, body, headers, connection, now):
    """Return the index of the secret that signed it; None if nothing is signed."""
    secrets = [vault.decrypt(ciphertext) for ciphertext in connection["ciphertexts"]]
    keys = Keys(secrets, connection["url"])
    try:
        return provider.verify(body, headers, keys, now)
    except CertificateUnknown as unknown:
        pem = request.env["payment.hub.certificate"]._pem(unknown.url)
        if not pem:
            raise
        keys = keys._replace(certificates={unknown.url: pem})
        return provider.verify(body, headers, keys, now)


def _connection_by_token(token):
    """Return what the model payment.hub.token finds."""
    # PostgreSQL takes no NUL character
    return request.env["payment.hub.token"]._find(token if token.isprintable() else "")


def _read_body():
    """Return (body, None), or (None, refusal) when the length is not right.

    Without Content-Length a body above the limit would arrive cut off, and nobody
    would notice.
    """
    length = request.httprequest.content_length
    if length is None:
        return None, (411, "length_required", "Length Required", "")
    if length > MAX_BODY:
        return None, (413, "too_large", "Content Too Large", "")
    # Werkzeug answers 400 when less arrives than was announced.
    return request.httprequest.get_data(cache=False), None


def _store(connection, provider, body, headers, index):
    """Insert the delivery; return False for one that is stored already.

    Under REPEATABLE READ the insert of a duplicate fails when the winner committed
    after our snapshot, or a drain changed the winner's row; a new snapshot sees it.
    """
    cr = request.env.cr
    envelope = provider.envelope(body, headers)
    statement = request.env["payment.hub.delivery"]._insert_sql(
        connection["id"],
        envelope,
        body,
        {
            name: headers[name]
            for name in (*provider.kept_headers, *KEPT_HEADERS)
            if name in headers
        },
        request.httprequest.remote_addr,
        None if index is None else connection["secret_ids"][index],
    )
    durable = SQL("SET LOCAL synchronous_commit = on; SET LOCAL lock_timeout = '2s';")
    for last in (False, True):
        try:
            # The statement holds the message: it must not get into the log.
            cr.execute(SQL("%s %s", durable, statement), log_exceptions=False)
            return bool(cr.fetchone())
        except CONCURRENT:
            cr.rollback()
            if _is_stored(connection["id"], envelope.dedupe_key):
                return False
            if last:
                raise


def _is_stored(connection_id, dedupe_key):
    deliveries = request.env["payment.hub.delivery"].sudo()
    return bool(
        deliveries.search_count(
            [("connection_id", "=", connection_id), ("dedupe_key", "=", dedupe_key)],
            limit=1,
        )
    )


def _refuse(connection, status, cause, title, detail):
    request.env["payment.hub.refusal"]._record(
        connection["id"], cause, request.httprequest.remote_addr
    )
    return problem(status, title, detail)


def problem(status, title, detail="", headers=()):
    """An RFC 9457 answer that reveals nothing of the inside."""
    body = {"type": "about:blank", "title": title, "status": status}
    if detail:
        body["detail"] = detail
    response = request.make_json_response(body, headers=list(headers), status=status)
    response.headers["Content-Type"] = "application/problem+json"
    return response


def unavailable():
    """503: nothing was stored, send it again; jitter spreads the senders."""
    return problem(
        503,
        "Service Unavailable",
        headers=[("Retry-After", str(random.randint(15, 60)))],
    )
