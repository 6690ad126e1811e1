"""What is said when the assistant did not answer in time, or could not be asked."""

from schemas.turns import Action, Lang, Reply, Status, Turn

_TEXTS: dict[Lang, str] = {
    "zh": "抱歉，现在没能及时答复您。请稍后再问一次，或者致电客服热线。",
    "en": "Sorry, I could not answer in time. Please ask again in a moment, or call our hotline.",
}
_LABELS: dict[Lang, str] = {"zh": "致电客服热线", "en": "Call the hotline"}
DEGRADED = ("template", "hand_over")


def late_reply(turn: Turn, hotline: str, status: Status = "late") -> Reply:
    """A reply that can be acted on; `hotline`: the link to it."""
    lang = turn.lang or _language(turn.text)
    call = Action(kind="hand_over", id="hotline", label=_LABELS[lang], link=hotline)
    return Reply(
        session=turn.session,
        turn=turn.turn,
        status=status,
        lang=lang,
        text=_TEXTS[lang],
        actions=(call,),
        degraded=DEGRADED,
    )


def _language(text: str) -> Lang:
    """Whoever writes no Chinese but something else is answered in English."""
    if any("\u4e00" <= character <= "\u9fff" for character in text):
        return "zh"
    return "en" if any(character.isalpha() for character in text) else "zh"
