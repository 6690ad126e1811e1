from agents.llm.breaker import REST_MS, Breaker


def _broken() -> Breaker:
    breaker = Breaker()
    for _ in range(5):
        assert breaker.allows(0)
        breaker.failed(0)
    return breaker


def _state(breaker: Breaker) -> str:
    return breaker.state


def test_five_failures_in_a_row_open_it() -> None:
    breaker = Breaker()
    for _ in range(4):
        breaker.failed(0)
    breaker.succeeded()
    for _ in range(4):
        breaker.failed(0)
    assert _state(breaker) == "closed"
    breaker.failed(0)
    assert _state(breaker) == "open"
    assert not breaker.allows(REST_MS - 1)


def test_more_failures_than_answers_open_it() -> None:
    breaker = Breaker()
    for n in range(18):
        breaker.succeeded() if n % 2 else breaker.failed(0)
    breaker.failed(0)
    breaker.failed(0)
    assert _state(breaker) == "open"


def test_half_of_them_do_not() -> None:
    breaker = Breaker()
    for n in range(100):
        breaker.succeeded() if n % 2 else breaker.failed(0)
    assert _state(breaker) == "closed"


def test_one_at_a_time_tries_whether_it_is_better() -> None:
    breaker = _broken()
    assert breaker.allows(REST_MS)
    assert _state(breaker) == "trying"
    assert not breaker.allows(REST_MS + 1)
    breaker.failed(REST_MS + 2)
    assert _state(breaker) == "open"
    assert not breaker.allows(2 * REST_MS - 1)
    assert breaker.allows(2 * REST_MS)
    breaker.succeeded()
    assert _state(breaker) == "closed"
    breaker.failed(2 * REST_MS)
    assert breaker.allows(2 * REST_MS), "what was before is forgotten"


def test_a_try_that_is_given_up_does_not_block_the_next() -> None:
    breaker = _broken()
    assert breaker.allows(REST_MS)
    assert breaker.allows(2 * REST_MS)


def test_those_in_flight_that_fail_later_do_not_prolong_the_rest() -> None:
    breaker = _broken()
    breaker.failed(REST_MS // 2)
    assert breaker.allows(REST_MS)


def test_its_rest_is_its_owners() -> None:
    breaker = Breaker(rest_ms=50)
    for _ in range(5):
        breaker.failed(0)
    assert not breaker.allows(49)
    assert breaker.allows(50)
