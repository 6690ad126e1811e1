"""Amounts as people read them; minor units inside."""

_SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$"}


def money(minor: int, currency: str = "CNY") -> str:
    """The amount in words of its currency.

    >>> money(-123450)
    '-¥1,234.50'
    >>> money(100, "SEK")
    'SEK 1.00'
    """
    sign = _SIGNS.get(currency, f"{currency} ")
    whole, rest = divmod(abs(minor), 100)
    return f"{'-' if minor < 0 else ''}{sign}{whole:,}.{rest:02}"
