# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What can happen to a provider account: episodes, told at the same time.

An episode is a generator that ends each of its steps with a yield.
"""

from collections import Counter
from dataclasses import replace
from typing import NamedTuple

from hypothesis import strategies as st
from provider_account import BALANCES, EXPONENTS, Account

# === payments ===


class Payment(NamedTuple):
    """What the customer pays in ``seen`` reaches the balance in ``kept``."""

    ref: str
    seen: str
    kept: str

    def money(self, account, minor, sign):
        """Give an amount, and what it does to the balance: any rate will do."""
        felt = minor if self.seen == self.kept else account.amount()
        return (minor, self.seen), (sign * felt, self.kept)


def payment(after):
    """Give the episode in which a customer pays, and what comes of it."""
    return lambda account: _pay(account, after)


def _pay(account, after):
    kept = account.pick(*BALANCES)
    seen = account.pick(kept, kept, *EXPONENTS)
    paid = Payment(account.name("pi"), seen, kept)
    for _number in range(account.pick(1, 1, 2)):
        yield from _charge(account, paid, after)


def _charge(account, paid, after):
    charge, minor = account.name("ch"), account.amount()
    own = {"payment_ref": paid.ref}
    if account.happens():
        account.note("payment.authorized", charge, **own)
        account.step()
        yield
    if account.pick(1, 1, 1, 0):
        _capture(account, paid, charge, minor)
    else:
        account.note("payment.failed", charge, **own)
        account.step()
        return
    account.step()
    yield
    if after:
        yield from after(account, paid, charge, minor)


def _capture(account, paid, charge, minor):
    """Take the money; the rest of what was authorised may go back at once."""
    money, (felt, kept) = paid.money(account, minor, 1)
    fee = account.draw(st.integers(0, felt))
    rest = account.amount() if account.pick(0, 0, 1) else 0
    own = {"payment_ref": paid.ref}
    captured = "payment.captured"
    if rest:
        account.feel(kept, felt)
        account.book("receivable", paid.seen, -minor)
        told = account.make(
            captured, charge, money, settlement=account.settle(felt + rest, kept), **own
        )
        nothing = account.make(
            captured,
            account.name("txn"),
            (0, paid.seen),
            object_type="balance_entry",
            leg="partial_capture_reversal",
            parent=charge,
            settlement=account.settle(-rest, kept),
            **own,
        )
        account.facts += account.pick([told, nothing], [nothing, told])
    else:
        account.move(captured, charge, "receivable", money, (felt, kept), fee, **own)


def _refunds(account, paid, charge, left):
    for _number in range(account.pick(1, 2, 3)):
        if left:
            left -= yield from _refund(account, paid, charge, left)


def _refund(account, paid, charge, left):
    """Refund a part of what is left; return how much of it stays refunded."""
    refund, minor = account.name("re"), account.amount(left)
    own = {"payment_ref": paid.ref, "parent": charge}
    end = account.pick("stays", "stays", "refund.failed", "refund.reversed", "stopped")
    if end == "stopped":
        # It never left the balance.
        event_type = account.pick("refund.failed", "refund.canceled")
        never = account.make(event_type, refund, (minor, paid.seen), **own)
        account.facts.append(never)
        account.step()
        yield
        return 0
    money, gained = paid.money(account, minor, -1)
    fee = account.pick(0, 0, account.amount())
    account.move("refund.succeeded", refund, "receivable", money, gained, fee, **own)
    account.step()
    yield
    if end == "stays":
        return minor
    money, gained = paid.money(account, minor, 1)
    account.move(end, refund, "receivable", money, gained, **own)
    account.step()
    yield
    return 0


def _return(account, paid, charge, minor):
    """Return a direct debit, and perhaps collect it again in vain."""
    back = ("payment.charge_reversed", charge, "receivable")
    own = {"payment_ref": paid.ref}
    money, gained = paid.money(account, minor, -1)
    account.move(*back, money, gained, account.pick(0, account.amount()), **own)
    account.step()
    yield
    if account.happens():
        money, gained = paid.money(account, minor, 1)
        again = {"leg": "capture:2", **own}
        account.move("payment.captured", charge, "receivable", money, gained, **again)
        account.step()
        yield
        money, gained = paid.money(account, minor, -1)
        account.move(*back, money, gained, leg="charge_reversed:2", **own)
        account.step()
        yield


# === disputes ===


def _disputes(account, paid, charge, minor):
    """Dispute a charge, in parts or again and again."""
    rest = minor
    # The books name the charge in place of the dispute: then there is one of it only.
    for in_books in account.pick([True], [False], [False, False]):
        if rest:
            disputed = account.amount(rest)
            rest -= disputed
            dispute = account.name("dp")
            case = Dispute(account, paid, dispute, charge if in_books else dispute)
            yield from case.run(disputed)


class Dispute:
    """A dispute by its two names: of its messages and of its money."""

    def __init__(self, account, paid, name, book_name):
        self.account = account
        # The money may be in another currency than the payment.
        self.paid = paid._replace(seen=account.pick(paid.seen, paid.seen, paid.kept))
        self.is_foreign = self.paid != paid
        self.name = name
        self.book_name = book_name
        self.legs = Counter()

    def run(self, minor):
        pick = self.account.pick
        if pick(0, 1):
            yield from self.say("dispute.inquiry_opened")
        yield from self.say("dispute.opened")
        if pick(0, 0, 0, 1):
            # It ends before any money has moved.
            yield from self.say(pick("dispute.prevented", "dispute.canceled"))
            return
        yield from self.withdraw("dispute.funds_withdrawn", minor)
        while pick(0, 0, 1):
            yield from self.reinstate(minor)
            yield from self.say("dispute.won")
            yield from self.withdraw("dispute.escalated", minor)
        back = pick(0, 0, minor, self.account.amount(minor))
        if back:
            yield from self.reinstate(back)
        if back == minor:
            yield from self.say("dispute.won")
        else:
            yield from self.lose(minor - back)

    def lose(self, minor):
        """Lose the rest; perhaps get it back when nobody expected it."""
        kinds = ["dispute.lost", "dispute.accepted"]
        if self.name == self.book_name:
            kinds.append("dispute.expired")
        self.write_off(minor)
        yield from self.say(self.account.pick(*kinds))
        if self.account.pick(0, 0, 1):
            late = self.account.amount(minor)
            self.write_off(-late)
            yield from self.reinstate(late)

    def write_off(self, minor):
        self.account.book("dispute_hold", self.paid.seen, -minor)
        self.account.book("dispute_loss", self.paid.seen, minor)

    def say(self, event_type):
        more = {"payment_ref": self.paid.ref, "leg": self.leg(event_type)}
        self.account.note(event_type, self.name, **more)
        self.account.step()
        yield

    def withdraw(self, event_type, minor):
        yield from self.move(event_type, minor, -1, self.account.pick(0, 1500))

    def reinstate(self, minor):
        yield from self.move("dispute.funds_reinstated", minor, 1, 0)

    def move(self, event_type, minor, sign, fee):
        money, gained = self.paid.money(self.account, minor, sign)
        more = {"payment_ref": self.paid.ref, "leg": self.leg(event_type)}
        more["is_settled"] = self.is_foreign
        role = "dispute_hold"
        self.account.move(event_type, self.book_name, role, money, gained, fee, **more)
        self.account.step()
        yield

    def leg(self, event_type):
        self.legs[event_type] += 1
        return f"{event_type.partition('.')[2]}:{self.legs[event_type]}"


# === the bank ===


def payout(account, minor=0, kept=""):
    """Pay out, by one attempt or several; what is given is paid out without a fee."""
    fee = 0 if minor else account.pick(0, account.amount())
    kept, minor = kept or account.pick(*BALANCES), minor or account.amount()
    name, turn = account.name("po"), 1
    for end in account.pick([], [], ["failed"], ["canceled", "failed"], ["reversed"]):
        leg = f":{turn}" if turn > 1 else ""
        yield from _transfer(account, "payout.in_transit", name, -minor, kept, fee, leg)
        yield from _transfer(account, f"payout.{end}", name, minor, kept, 0, leg)
        # It is paid again as the same object or as another one.
        name, turn = account.pick((name, turn + 1), (account.name("po"), 1))
    leg = f":{turn}" if turn > 1 else ""
    yield from _transfer(account, "payout.in_transit", name, -minor, kept, fee, leg)
    account.note("payout.paid", name, payment_ref="")
    account.step()


def _transfer(account, event_type, name, gained, kept, fee=0, suffix=""):
    more = {"leg": event_type.partition(".")[2] + suffix}
    role = "topup_transit" if event_type.startswith("topup") else "payout_transit"
    money = (abs(gained), kept)
    account.move(event_type, name, role, money, (gained, kept), fee, **more)
    account.bank[kept] -= gained
    account.step()
    yield


def debit(account, minor=0, kept=""):
    """Take money from the merchant's bank, as a payout of its own that brings money."""
    kept, minor = kept or account.pick(*BALANCES), minor or account.amount()
    name = account.name("po")
    yield from _transfer(account, "payout.reversed", name, minor, kept)


def declined_payout(account):
    """Fail to pay out: the money never left."""
    money = account.amount(), account.pick(*BALANCES)
    event_type = account.pick("payout.failed", "payout.canceled")
    account.facts.append(account.make(event_type, account.name("po"), money))
    account.step()
    yield


def topup(account):
    """Bring money from the bank; perhaps the bank takes it back."""
    kept, minor, name = account.pick(*BALANCES), account.amount(), account.name("tu")
    yield from _transfer(account, "topup.succeeded", name, minor, kept)
    if account.happens():
        yield from _transfer(account, "topup.reversed", name, -minor, kept)


# === within the balance, and the rest ===


def reserve(account):
    """Keep something back, and release it: the provider owes it all the time."""
    group, kept = account.pick("reserve", "hold"), account.pick(*BALANCES)
    minor, name = account.amount(), account.name("rs")
    parts = [minor]
    if minor > 1 and account.happens():
        parts = [1, minor - 1]
    placed = "placed" if group == "hold" else "held"
    for number, part in enumerate([-minor, *parts]):
        event_type = f"{group}.{placed if part < 0 else 'released'}"
        account.balances[kept] -= part  # which ``move`` adds
        money, more = (abs(part), kept), {"leg": f"{number}"}
        account.move(event_type, name, "reserve", money, (part, kept), **more)
        account.step()
        yield


def disclosed_hold(account):
    """Hold a part of what the provider owes anyway, and release it."""
    money, name = (account.amount(), account.pick(*BALANCES)), account.name("hd")
    for event_type in ("hold.placed", "hold.released"):
        bare = account.make(event_type, name, money)
        unmoved = replace(bare, settlement=account.settle(0, money[1]))
        account.facts += account.pick([bare], [unmoved], [bare, unmoved])
        account.step()
        yield


def conversion(account):
    """Change money of one balance into another."""
    given, taken = account.draw(st.permutations(BALANCES))[:2]
    for minor, kept in ((-account.amount(), given), (account.amount(), taken)):
        account.move(
            "fx.converted",
            account.name("fx"),
            "conversion",
            (abs(minor), kept),
            (minor, kept),
        )
    account.step()
    yield


# Fact, account on the other side, what the balance gains; the fact that takes it back.
_ALONE = (
    ("transfer.created", "connected_payable", -1, "transfer.reversed"),
    ("transfer.created", "connected_payable", -1, "transfer.failed"),
    ("application_fee.earned", "platform_revenue", 1, "application_fee.refunded"),
    ("advance.disbursed", "loan", 1, "advance.repaid"),
    ("adjustment.credit", "suspense", 1, "adjustment.debit"),
    ("fee.charged", "fee", -1, "fee.refunded"),
    ("tax.charged", "fee_tax", -1, ""),
    ("tax.withheld", "tax_withheld", -1, ""),
)


def alone(account):
    """Move money that belongs to no payment."""
    event_type, role, sign, back = account.pick(*_ALONE)
    kept, minor, name = account.pick(*BALANCES), account.amount(), account.name("x")
    money = (minor, kept)
    account.move(event_type, name, role, money, (sign * minor, kept))
    account.step()
    yield
    if back and account.happens():
        # Who repays a loan may pay interest with it.
        fee = account.pick(0, account.amount()) if back == "advance.repaid" else 0
        account.move(back, name, role, money, (-sign * minor, kept), fee)
        account.step()
        yield


STORIES = {
    "payments": (payment(None), payment(_refunds), payment(_return)),
    "disputes": (payment(_disputes),),
    "bank": (payout, payout, debit, declined_payout, topup),
    "balance": (reserve, reserve, disclosed_hold, conversion, *[alone] * 4),
}
EPISODES = tuple(episode for story in STORIES.values() for episode in story)


@st.composite
def accounts(draw, episodes=EPISODES):
    """Give an account at the end of its story: what is left then is paid out."""
    account = Account(draw)
    chosen = draw(st.lists(st.sampled_from(episodes), min_size=1, max_size=6))
    running = [episode(account) for episode in chosen]
    while running:
        one = draw(st.sampled_from(running))
        if next(one, "over") == "over":
            running.remove(one)
    for kept in BALANCES:
        left = account.balances[kept]
        if left:
            last = payout if left > 0 else debit
            for _step in last(account, abs(left), kept):
                pass
    return account
