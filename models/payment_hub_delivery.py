# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import hashlib
import json
from urllib.parse import parse_qsl

from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.orm.models import NO_ACCESS
from odoo.tools import SQL

from ..engine import providers, strict_json
from ..engine.errors import EngineError
from ..engine.providers.base import Envelope
from ..engine.providers.bodies import digest_key, unpacked
from .columns import LooseMany2one
from .evidence import protect_evidence

EVIDENCE = (
    "connection_id",
    "dedupe_key",
    "provider_event_id",
    "event_type",
    "body",
    "body_sha256",
    "api_version",
    "source",
    "stream",
    "headers",
    "remote_address",
    "secret_id",
    "received_at",
)


FORM = "application/x-www-form-urlencoded"
MAX_SHOWN = 500_000  # characters; a browser shows no more in one field


class PaymentHubDelivery(models.Model):
    """One message as received, byte for byte, with its headers and verdict.

    The inbox is the set of deliveries. The columns of EVIDENCE are never changed
    (a database trigger refuses it); the others say what is left to do, and they,
    never a queue job, are the truth about that.
    """

    _name = "payment.hub.delivery"
    _description = "Delivery"
    _order = "id desc"
    _rec_name = "dedupe_key"

    connection_id = LooseMany2one(
        "payment.hub.connection", required=True, readonly=True
    )
    company_id = fields.Many2one(related="connection_id.company_id")
    dedupe_key = fields.Char(required=True, readonly=True)
    provider_event_id = fields.Char(string="Provider's Event", readonly=True)
    event_type = fields.Char(string="Provider's Type", readonly=True)
    api_version = fields.Char(
        string="API Version",
        readonly=True,
        help="The provider's version that the message was made with.",
    )
    source = fields.Selection(
        [
            ("webhook", "Webhook"),
            ("api", "Provider's API"),
            ("report", "Settlement Report"),
        ],
        required=True,
        readonly=True,
        default="webhook",
    )
    stream = fields.Char(
        string="List or Report",
        readonly=True,
        help="Which of the provider's lists or reports it is a part of.",
    )
    stream_label = fields.Char(compute="_compute_stream_label")
    body = fields.Binary(attachment=False, readonly=True, groups=NO_ACCESS)
    body_text = fields.Text(
        string="Message",
        compute="_compute_body_text",
        groups="payment_hub.group_operator,payment_hub.group_auditor",
    )
    body_sha256 = fields.Char(string="SHA-256 of the Message", readonly=True)
    headers = fields.Json(string="Kept Headers", readonly=True)
    headers_text = fields.Text(string="Headers", compute="_compute_headers_text")
    remote_address = fields.Char(readonly=True)
    secret_id = LooseMany2one(
        "payment.hub.secret", string="Verified With", readonly=True
    )
    received_at = fields.Datetime(string="Received", required=True, readonly=True)

    state = fields.Selection(
        [
            ("pending", "Pending"),
            ("waiting", "Waiting"),
            ("done", "Done"),
            ("exception", "Exception"),
        ],
        required=True,
        readonly=True,
        default="pending",
    )
    attempts = fields.Integer(readonly=True, default=0)
    next_at = fields.Datetime(
        string="Next Try", readonly=True, help="A waiting delivery is due then."
    )
    processed_at = fields.Datetime(string="Processed", readonly=True)
    attestation_ids = fields.One2many("payment.hub.attestation", "delivery_id")
    exception_ids = fields.One2many("payment.hub.exception", "delivery_id")
    all_exception_ids = fields.Many2many(
        "payment.hub.exception",
        string="Exceptions",
        compute="_compute_all_exception_ids",
        help="About the delivery, and about the events that it attests.",
    )
    backfill_ids = fields.Many2many(
        "payment.hub.backfill",
        "payment_hub_backfill_delivery_rel",
        "delivery_id",
        "backfill_id",
        string="Backfills",
        readonly=True,
    )
    report_ids = fields.Many2many(
        "payment.hub.report",
        "payment_hub_report_delivery_rel",
        "delivery_id",
        "report_id",
        string="Reports",
        readonly=True,
    )
    lookup_ids = fields.One2many("payment.hub.lookup", "delivery_id")

    _dedupe = models.UniqueIndex("(connection_id, dedupe_key)")
    # What is left to do is small, the table is not.
    _todo = models.Index("(connection_id, id) WHERE state IN ('pending', 'waiting')")
    _received = models.Index("(connection_id, received_at)")

    def init(self):
        protect_evidence(self.env.cr, self._table, EVIDENCE)

    @api.depends("stream", "source", "connection_id")
    def _compute_stream_label(self):
        for delivery in self:
            provider = providers.PROVIDERS.get(delivery.connection_id.provider)
            known = {}
            if provider:
                is_report = delivery.source == "report"
                known = provider.reports if is_report else provider.streams
            stream = known.get(delivery.stream)
            delivery.stream_label = stream.label if stream else delivery.stream

    @api.depends("dedupe_key", "stream_label")
    def _compute_display_name(self):
        for delivery in self:
            delivery.display_name = delivery.dedupe_key
            if delivery.stream:
                delivery.display_name = f"{delivery.stream_label} #{delivery.id}"

    @api.depends(
        "exception_ids",
        "attestation_ids.event_id.exception_ids",
        "attestation_ids.event_id.untreated_id",
    )
    def _compute_all_exception_ids(self):
        for delivery in self:
            events = delivery.attestation_ids.event_id
            delivery.all_exception_ids = (
                delivery.exception_ids | events.exception_ids | events.untreated_id
            )

    def _compute_body_text(self):
        for delivery in self:
            body = bytes(delivery.sudo().with_context(bin_size=False).body or b"")
            delivery.body_text = _readable(body, delivery.headers or {})

    def _compute_headers_text(self):
        for delivery in self:
            headers = delivery.headers or {}
            delivery.headers_text = "\n".join(
                f"{name}: {value}" for name, value in sorted(headers.items())
            )

    def _insert_sql(
        self,
        connection_id,
        envelope,
        body,
        headers,
        address,
        secret_id,
        source="webhook",
        stream=None,
    ):
        """Statement that stores a delivery once: no row comes back for a duplicate.

        :param envelope: what the provider's ``envelope()`` read from the body
        :param bytes body: the message as received
        :param dict headers: the headers worth keeping, without credentials
        """
        # clock_timestamp: the moment of the insert, not of the request's first query
        return SQL(
            """
            INSERT INTO payment_hub_delivery (
                connection_id, dedupe_key, provider_event_id, event_type, api_version,
                body, body_sha256, headers, remote_address, secret_id, source, stream,
                received_at, state, attempts, create_date, write_date
            ) VALUES (
                %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,
                clock_timestamp() AT TIME ZONE 'UTC', 'pending', 0,
                now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
            )
            ON CONFLICT (connection_id, dedupe_key) DO NOTHING RETURNING id
            """,
            connection_id,
            envelope.dedupe_key,
            envelope.event_id or None,
            envelope.event_type or None,
            envelope.api_version or None,
            body,
            hashlib.sha256(body).hexdigest(),
            Json(headers),
            address,
            secret_id,
            source,
            stream,
        )

    @api.model
    def _store_pulled(self, connection, source, stream, body):
        """Store a page of the provider's API, or a part of a report, and wake the lane.

        :param stream: a name of the provider's ``streams`` or ``reports``
        :return: the delivery, and whether it is new: the same may be stored already
        """
        envelope = Envelope("", stream, f"{source}:{stream}:{digest_key(body)}")
        statement = self._insert_sql(
            connection.id, envelope, body, {}, None, None, source, stream
        )
        # The statement holds the message: it must not get into the log.
        self.env.cr.execute(statement, log_exceptions=False)
        if row := self.env.cr.fetchone():
            self.env["payment.hub.lane"]._wake_after_commit(connection.id)
            return self.browse(row[0]), True
        return self.search(
            [
                ("connection_id", "=", connection.id),
                ("dedupe_key", "=", envelope.dedupe_key),
            ]
        ), False

    def _is_stuck(self):
        """Whether a person has to do with it, or with an event that it tells of.

        The provider's answer to a lookup is another delivery's.
        """
        exceptions = self.exception_ids | self.attestation_ids.event_id.exception_ids
        return any(one._holds() and not one.lookup_id for one in exceptions)

    def _is_looked_up(self):
        """Whether it is an object that was asked for because a message named it."""
        streams = providers.get(self.connection_id.provider).streams
        return self.source == "api" and not streams[self.stream].is_pulled

    def _translate(self):
        """Return what the message says, as the engine's Translations.

        Raises EngineError for a body that cannot be taken apart.
        """
        self.ensure_one()
        provider = providers.get(self.connection_id.provider)
        body = bytes(self.with_context(bin_size=False).body)
        options = self.connection_id.options or {}
        if self.source == "api":
            return provider.streams[self.stream].translate(body, options)
        if self.source == "report":
            return provider.reports[self.stream].translate(body, options)
        return provider.translate(body, self.headers or {}, options)

    def action_process_again(self):
        """Process deliveries anew; what was posted already is not posted again."""
        self.check_access("read")
        self.env["payment.hub.exception"]._check_operator()
        return self.env["payment.hub.lane"]._process_now(self)


def _readable(body, headers):
    """The message for a person: unpacked, and JSON indented, a form line by line."""
    try:
        body = unpacked(body)
    except EngineError:
        pass  # damaged: as it is
    try:
        text = json.dumps(strict_json.loads(body), indent=2, ensure_ascii=False)
    except EngineError:
        text = body.decode("utf-8", "backslashreplace").replace("\x00", "\\x00")
        if headers.get("content-type", "").startswith(FORM):
            pairs = parse_qsl(text, keep_blank_values=True)
            text = "\n".join(f"{name} = {value}" for name, value in pairs)
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}\n[…]"
