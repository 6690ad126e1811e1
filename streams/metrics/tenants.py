"""Names of tenants as labels, a bounded number of them."""

MOST = 50
OTHER = "other"


class Tenants:
    """The first so many keep their names, all others share one: a label a token may choose must
    not grow without bound.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: set[str] = set()

    def label(self, tenant: str) -> str:
        """What a series of this tenant is called."""
        if tenant not in self._known:
            if len(self._known) >= self._most:
                return OTHER
            self._known.add(tenant)
        return tenant
