from agents.detect.rules import DetectRules


def test_a_product_has_its_own_rules_or_those_of_all() -> None:
    quiet = DetectRules(sensitivity="low", mute=("login",))
    rules = DetectRules(own={"wallet": quiet})
    assert rules.for_product("wallet") is quiet
    assert rules.for_product("video") is rules
