"""The encrypted records of a device.

`Vault.create(home, user, passphrase, host)` or `Vault.open(...)`, then its nouns: `patients`,
`documents`, `items`, `search(words)`, `reminders`, `preferences`, `audit`. Every error is one of
`edge.errors`; any use of a vault that has locked itself raises `Locked`.
"""

from edge.vault.audit import Head, Verdict
from edge.vault.backup import restore
from edge.vault.chain import Action, Entry
from edge.vault.documents import MOST_ORIGINAL, Added, Known, Listed
from edge.vault.keys import Cost
from edge.vault.search import Hit
from edge.vault.vault import IDLE_MS, Vault

__all__ = [
    "IDLE_MS",
    "MOST_ORIGINAL",
    "Action",
    "Added",
    "Cost",
    "Entry",
    "Head",
    "Hit",
    "Known",
    "Listed",
    "Vault",
    "Verdict",
    "restore",
]
