"""Articles for tests."""


def written(
    id: str = "fees",  # noqa: A002
    lang: str = "en",
    body: str = "## Price {#price}\n\nA card costs ¥10.\n",
    **head: str,
) -> str:
    """A right article; `head`: further lines of the front matter, as TOML, `""` for none."""
    lines = {
        "id": f'"{id}"',
        "title": '"What a card costs"' if lang == "en" else '"银行卡收费"',
        "lang": f'"{lang}"',
        "product": '"card"',
        "intents": '["fees"]',
        "valid_from": "2026-01-01",
        "updated": "2026-01-01",
        **head,
    }
    top = "\n".join(f"{key} = {value}" for key, value in lines.items() if value)
    return f"+++\n{top}\n+++\n\n{body}"
