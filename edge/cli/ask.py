"""`groundswell-edge ask`: a question about a patient."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from edge.cli.opening import HOST, Access, Place, access, gateway_options

if TYPE_CHECKING:
    from edge.consult import Answer, Draft, Gateway
    from edge.vault import Vault
    from schemas.records import Line

_WHY = {
    "no consent": "not sent; this is what the record says · 未发送，以下为本机病历内容",
    "refused": "the gateway gave no answer: try again later, or check --token-file"
    " · 网关未给出回答：请稍后再试，或检查令牌",
    "unreachable": "nobody answered in time · 网络不通或超时，未得到回答",
    "strange": "what answered is no gateway · 对方不是网关",
}
_NUMBER = re.compile("[0-9]{1,4}")
_CHOICE = (
    "send exactly this? y/N, or numbers to remove or put back"
    " · 确认只发送以上内容？y/N，或输入编号去除、恢复"
)


@click.command()
@click.argument("question")
@click.option("--patient", metavar="ID", required=True, help="About whom; never sent.")
@click.option(
    "--send", is_flag=True, help="Offer to ask outside: shows what would leave, asks y/N."
)
@gateway_options
@click.option(
    "--remove",
    "numbers",
    metavar="N",
    type=click.IntRange(min=1),
    multiple=True,
    help="Remove what is marked <N? ...> as perhaps an identifier; also at the prompt.",
)
@access
def ask(
    access: Access,
    question: str,
    patient: str,
    send: bool,
    place: Place,
    numbers: tuple[int, ...],
) -> None:
    """Answer QUESTION from the record; general knowledge may be asked outside, if you agree.

    A QUESTION of `-` is read from standard input, unseen by other programs. Nothing leaves without
    --send and a yes to the very words shown. What may be an identifier is marked <1? ...>: nothing
    of it is removed but by you.
    """
    from edge.consult import hide
    from edge.device import Device
    from edge.errors import Unfit
    from edge.judging import current

    gateway = place.gateway(access.home)
    if send and gateway is None:
        raise Unfit("请用 --gateway 指定网关地址", "say where to ask: --gateway https://...")
    with access.open() as vault:
        if question == "-":
            question = click.get_text_stream("stdin").readline().strip()
        device = Device(vault, current(access.home), HOST)
        draft = device.draft(question, patient, "zh")
        if draft.body:
            draft = hide(draft, frozenset(one - 1 for one in numbers))
        _show(draft)
        if gateway is not None and send and draft.body:
            _tell(_asked(draft, gateway, vault, patient))


def _asked(draft: Draft, gateway: Gateway, vault: Vault, patient: str) -> Answer:
    from edge.consult import Consent, ask

    agreed, draft = _agreed(draft)
    by_hand = f"by-hand:{len(draft.hidden)}"
    consent = Consent(draft) if agreed else None
    return ask(
        draft, consent, gateway, lambda digest: vault.audit.add("asked", patient, digest, by_hand)
    )


def _agreed(draft: Draft) -> tuple[bool, Draft]:
    """A yes or none, and to which draft: each number removes a doubt or puts it back."""
    from edge.consult import hide
    from edge.errors import Unfit

    if not draft.doubts:
        asked = "send exactly this? · 确认只发送以上内容？"
        return click.confirm(asked, default=False, err=True), draft
    while True:
        said = click.prompt(_CHOICE, default="n", show_default=False, err=True).lower().split()
        if said in (["y"], ["yes"], ["n"], ["no"]):
            return said[0][0] == "y", draft
        if not all(_NUMBER.fullmatch(one) for one in said):
            continue
        try:
            draft = hide(draft, draft.hidden ^ {int(one) - 1 for one in said})
        except Unfit as error:
            click.echo(error, err=True)
            continue
        _show_leaving(draft)


def _show(draft: Draft) -> None:
    topics = ", ".join(draft.intent.topics) or "-"
    click.echo(f"# {draft.intent.scope}: {topics}")
    for line in draft.lines:
        click.echo(_line(line))
    if not draft.lines:
        click.echo("nothing in the record answers it · 病历中没有相关内容")
    if draft.body:
        _show_leaving(draft)


def _show_leaving(draft: Draft) -> None:
    click.echo("\nwould leave · 将发送：")
    click.echo(f"  {draft.body.decode()}")
    for one in draft.taken:
        click.echo(f"  taken out or moved · 已去除：{one.kind}: {one.words}")
    if draft.doubts:
        click.echo("perhaps an identifier, marked here only · 可能是个人信息，仅在此标出：")
        click.echo(f"  {_marked(draft)}")


def _marked(draft: Draft) -> str:
    """The text with the number of each doubt: <1? words>, and <1: mark> once it is removed."""
    from edge.consult import pieces, visible

    text = ""
    for words, number in pieces(draft):
        sign = ":" if number in draft.hidden else "?"
        text += words if number is None else f"<{number + 1}{sign} {words}>"
    return visible(text).replace("\n", " ")


def _line(line: Line) -> str:
    from edge.consult import visible

    places = " ".join(f"{one.document}:{one.span.start}-{one.span.end}" for one in line.sources)
    mark = f"  [{line.mark}]" if line.mark else ""
    detail = f"  {line.detail}" if line.detail else ""
    return visible(f"{line.date or '-'}  {line.text}{detail}{mark}  ({places})").replace("\n", " ")


def _tell(answer: Answer) -> None:
    if answer.outcome in _WHY:
        click.echo(_WHY[answer.outcome], err=True)
        return
    click.echo("\nanswered outside; it does not know the patient · 外部回答，不了解患者：")
    click.echo(answer.text)
    for source in answer.sources:
        click.echo(f"  · {source}")
