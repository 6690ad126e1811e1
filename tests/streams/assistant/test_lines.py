"""Sessions side by side, a session in order, not too many of either."""

import asyncio

from streams.assistant.lines import Lines


async def _settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def test_a_line_is_walked_in_order_and_others_beside_it() -> None:
    async def main() -> None:
        gate = asyncio.Event()
        done: list[str] = []

        async def work(one: str) -> None:
            if one.startswith("a"):
                await gate.wait()
            done.append(one)

        lines = Lines(work, side_by_side=2, most=100)
        assert [lines.put("a", f"a{n}") for n in range(4)] == [True, True, True, False]
        assert lines.put("b", "b0")
        await _settle()
        assert done == ["b0"]
        assert (lines.working, lines.waiting) == (1, 2)
        gate.set()
        await _settle()
        assert done == ["b0", "a0", "a1", "a2"]
        assert (lines.working, lines.waiting) == (0, 0)
        assert lines.put("a", "a9")
        await _settle()
        assert done[-1] == "a9"

    asyncio.run(main())


def test_bounds() -> None:
    async def main() -> None:
        gate = asyncio.Event()
        most = 0
        lines: Lines[int]

        async def work(_: int) -> None:
            nonlocal most
            most = max(most, lines.working)
            await gate.wait()

        lines = Lines(work, side_by_side=3, most=10)
        taken = [lines.put(n, n) for n in range(12)]
        assert taken == [True] * 10 + [False] * 2
        await _settle()
        assert (lines.working, lines.waiting, most) == (3, 7, 3)
        gate.set()
        await _settle()
        assert lines.put("x", 1)

    asyncio.run(main())


def test_those_that_have_not_begun_can_be_taken_out() -> None:
    async def main() -> None:
        gate = asyncio.Event()
        done: list[int] = []

        async def work(one: int) -> None:
            await gate.wait()
            done.append(one)

        lines = Lines(work, side_by_side=1, most=10)
        for n in range(3):
            lines.put("a", n)
        await _settle()
        assert lines.take_out(lambda one: one == 1) == [1]
        gate.set()
        await _settle()
        assert done == [0, 2]
        assert (lines.working, lines.waiting) == (0, 0)

    asyncio.run(main())


def test_how_long_the_next_one_would_wait() -> None:
    async def main() -> None:
        now = [0.0]

        async def work(_: int) -> None:
            now[0] += 0.1
            await asyncio.sleep(0)

        lines = Lines(work, side_by_side=1, most=1000, clock=lambda: now[0])
        assert lines.patience_s == 0
        for n in range(300):
            lines.put(n, n)
        while lines.waiting > 100:
            await asyncio.sleep(0)
        assert 8 < lines.patience_s < 11
        while lines.waiting or lines.working:
            await asyncio.sleep(0)
        assert lines.patience_s == 0

    asyncio.run(main())
