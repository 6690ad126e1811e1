"""What stands behind the assistant: a bank that is asked on behalf of one customer at a time."""

from typing import Protocol, TypeAlias

from schemas.tools import (
    Account,
    Card,
    Limit,
    Order,
    Profile,
    ReadCall,
    Receipt,
    Transaction,
    WriteCall,
)

Found: TypeAlias = (
    Profile
    | tuple[Account, ...]
    | tuple[Transaction, ...]
    | tuple[Card, ...]
    | tuple[Limit, ...]
    | Order
)
"""What a read gives, by its call: profile, accounts, transactions, cards, limits, order."""


class CoreBank(Protocol):
    """A bank. Implementations look at `customer` in every statement: what is not theirs is
    `not_found`, no matter what the call names."""

    async def read(self, tenant: str, customer: str, call: ReadCall) -> Found:
        """Facts of this customer. Raises BankAway, BankRefused."""

    async def write(self, tenant: str, customer: str, call: WriteCall, key: str) -> Receipt:
        """One effect for one key, however often it is called, and the same receipt each time.

        Raises BankAway (whether it happened is unknown), BankRefused (it did not happen; also
        with code `key_reused` if the key came with another call or from another customer).
        """
