from agents.assistant.knowledge.terms import pieces, stemmed, terms


def test_english_words_lose_their_endings() -> None:
    same = (("card", "cards"), ("charge", "charged", "charging"), ("activate", "activation"))
    for group in (*same, ("fee", "fees"), ("copy", "copies"), ("lose", "lost"), ("pay", "paid")):
        assert len({stemmed(word) for word in group}) == 1, group
    assert stemmed("business") == "business"
    assert stemmed("address") == "address"
    assert stemmed("pin") == "pin"


def test_synonyms_are_one_term() -> None:
    assert terms("block the card") == terms("freeze my card")
    assert terms("遗失") == terms("丢失")
    assert terms("ATM") == terms("取款机")


def test_what_every_question_says_is_no_term() -> None:
    assert terms("请问怎么办呢") == terms("how do I do this please") == []


def test_misspelt_words_share_pieces() -> None:
    right, wrong, other = set(pieces("withdrawal")), set(pieces("withdrawl")), set(pieces("loan"))
    assert len(right & wrong) > len(right) / 2
    assert not right & other
