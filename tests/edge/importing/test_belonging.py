"""Never guessed: by number, or by name and whole birth date."""

from collections.abc import Sequence

import pytest

from edge.importing.belonging import agrees, learnt, whose
from edge.importing.errors import Unsure
from edge.importing.imported import Person
from schemas.records import Patient

WANG = Patient("p1", "王测试", "male", "1961-03-02", "007")
LI = Patient("p2", "李四")
NAMESAKE = Patient("p3", "王测试", "male", "1975-01-01")


class Known:
    """As the vault finds them: by number, or by name and births that do not differ."""

    def __init__(self, *patients: Patient) -> None:
        self._patients = patients

    def alike(self, name: str, *, birth: str = "", number: str = "") -> Sequence[Patient]:
        return [
            one
            for one in self._patients
            if (number and one.number == number)
            or (one.name == name and (one.birth.startswith(birth) or birth.startswith(one.birth)))
        ]


@pytest.mark.parametrize(
    ("person", "patient"),
    [
        (Person("王测试", number="007"), WANG),
        (Person(number="007"), WANG),
        (Person("王 测试", "male", "1961-03-02", "007"), WANG),
        (Person("王测试", birth="1961-03-02"), WANG),
        (Person("王测试", birth="1975-01-01"), NAMESAKE),
        (Person("赵六"), None),
        (Person("赵六", "female", "1990-01-01", "9"), None),
        (Person("王测试", birth="1999-09-09"), None),
    ],
)
def test_sure(person: Person, patient: Patient | None) -> None:
    assert whose(person, Known(WANG, LI, NAMESAKE)) == patient


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        (Person(), "nobody"),
        (Person(sex="male", birth="1961-03-02"), "nobody"),
        (Person(number="999"), "nobody"),
        (Person("王测试"), "namesake"),
        (Person("王测试", birth="1961"), "namesake"),
        (Person("李四", birth="1980-01-01"), "namesake"),
        # Another hospital's number, or another person.
        (Person("王测试", birth="1961-03-02", number="008"), "namesake"),
        (Person("王测试", "female", "1961-03-02"), "namesake"),
        (Person("李四", number="007"), "conflict"),
        (Person("王测试", birth="1962-01-01", number="007"), "conflict"),
    ],
)
def test_unsure(person: Person, reason: str) -> None:
    with pytest.raises(Unsure) as unsure:
        whose(person, Known(WANG, LI, NAMESAKE))
    assert unsure.value.reason == reason


def test_two_with_one_number() -> None:
    with pytest.raises(Unsure):
        whose(Person(number="007"), Known(WANG, Patient("p9", "王测试", number="007")))


def test_agrees() -> None:
    assert agrees(Person(), WANG)
    assert agrees(Person("王测试", birth="1961"), WANG)
    assert not agrees(Person("李四"), WANG)
    assert not agrees(Person(sex="female"), WANG)


def test_learns_only_what_was_not_known() -> None:
    person = Person("李四", "female", "1980-05-06", "9")
    assert learnt(LI, person) == Patient("p2", "李四", "female", "1980-05-06", "9")
    assert learnt(WANG, Person("王测试", "unknown", "1961", "")) == WANG
