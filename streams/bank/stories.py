"""Twelve customers written by hand; what each is for stands in seed.py."""

from streams.bank.people import Calendar, Person


def stories(day: Calendar) -> tuple[Person, ...]:
    """All of them, in the order of their numbers."""
    return (
        _three_cards(day),
        _charged_twice(day),
        _refund(day),
        _over_the_limit(day),
        _held(day),
        _due_soon(day),
        _on_its_way(day),
        _night(day),
        _elderly(day),
        _lost(day),
        Person(11, "冯雪", "13900000011", "basic"),
        _busy(day),
    )


def _three_cards(day: Calendar) -> Person:
    one = Person(1, "陈晓明", "13812341234", "gold")
    main = one.account("current", "活期账户", "8021", 1_234_50)
    savings = one.account("savings", "储蓄账户", "8039", 56_000_00)
    one.card("debit", "借记卡", "6021", main, ("wechat", "alipay"))
    one.card("debit", "储蓄卡", "6039", savings, ("alipay",))
    due = (day.day(12), 3_280_00, 328_00)
    one.card("credit", "金葵信用卡", "9518", bound=("wechat", "applepay"), due=due)
    one.moved(main, day.days_ago(9, "09:02"), 12_500_00, "星河科技有限公司", "salary")
    one.moved(main, day.days_ago(5, "19:41"), -268_00, "海底捞", "purchase")
    one.moved(main, day.days_ago(3, "08:15"), -10_000_00, "理财购买", "transfer")
    one.moved(main, day.days_ago(2, "12:30"), -36_50, "滴滴出行", "purchase")
    one.moved(
        main,
        day.minutes_ago(95),
        -5_000_00,
        "王芳",
        "transfer",
        "failed",
        "insufficient_funds",
    )
    return one


def _charged_twice(day: Calendar) -> Person:
    one = Person(2, "李静", "13712345678", "basic")
    main = one.account("current", "活期账户", "7710", 8_460_20)
    one.card("debit", "借记卡", "7745", main, ("wechat",))
    one.moved(main, day.days_ago(1, "08:31"), -38_00, "星巴克", "purchase")
    one.moved(main, day.days_ago(1, "08:32"), -38_00, "星巴克", "purchase")
    one.moved(main, day.days_ago(4, "20:05"), -159_00, "盒马鲜生", "purchase")
    one.moved(main, day.minutes_ago(150), -2_000_00, "张伟", "transfer", "failed", "wrong_account")
    return one


def _refund(day: Calendar) -> Person:
    one = Person(3, "John Smith", "13611112222", "gold", "en")
    main = one.account("current", "Current account", "3320", 15_780_00)
    one.card("debit", "Debit card", "3345", main, ("applepay",))
    one.moved(main, day.days_ago(6, "14:20"), -899_00, "Decathlon", "purchase")
    one.moved(main, day.days_ago(1, "10:12"), 899_00, "Decathlon", "refund", "pending", "merchant")
    one.moved(main, day.days_ago(3, "18:44"), -64_00, "Blue Frog", "purchase")
    one.moved(
        main, day.minutes_ago(200), -1_200_00, "Liu Yang", "transfer", "failed", "name_mismatch"
    )
    return one


def _over_the_limit(day: Calendar) -> Person:
    one = Person(4, "赵强", "13522223333", "platinum")
    main = one.account("current", "活期账户", "4410", 386_200_00)
    card = one.card("debit", "白金借记卡", "4438", main, ("alipay",))
    one.limit(card, "transfer", 50_000_00, 35_000_00)
    one.limit(card, "purchase", 60_000_00, 0, day.minutes_ago(-4 * 24 * 60))
    one.moved(main, day.days_ago(8, "11:00"), -30_000_00, "宏达建材", "transfer")
    one.moved(main, day.minutes_ago(300), -35_000_00, "宏达建材", "transfer")
    one.moved(main, day.minutes_ago(60), -30_000_00, "宏达建材", "transfer", "failed", "over_limit")
    return one


def _held(day: Calendar) -> Person:
    one = Person(5, "周敏", "13433334444", "basic")
    main = one.account("current", "活期账户", "5510", 23_900_00, held=8_000_00)
    one.card("debit", "借记卡", "5521", main, ("wechat", "alipay"), status="frozen")
    one.moved(main, day.days_ago(2, "16:20"), -420_00, "京东", "purchase")
    one.moved(main, day.days_ago(1, "22:48"), -8_000_00, "刘洋", "transfer", "failed", "risk_hold")
    return one


def _due_soon(day: Calendar) -> Person:
    one = Person(6, "Emily Clark", "13344445555", "gold", "en")
    main = one.account("current", "Current account", "6610", 42_050_00)
    one.account("loan", "Home loan", "6699", -1_240_000_00)
    one.card("debit", "Debit card", "6645", main)
    due = (day.day(3), 6_815_40, 681_54)
    card = one.card("credit", "Gold credit card", "6688", bound=("alipay",), due=due)
    one.limit(card, "purchase", 30_000_00, 1_299_00)
    one.moved(main, day.days_ago(28, "09:00"), -5_904_10, "Credit card 6688", "repayment")
    one.moved(main, day.days_ago(10, "09:00"), -7_350_00, "Home loan 6699", "repayment")
    one.moved(
        main,
        day.minutes_ago(110),
        -3_500_00,
        "Maria Garcia",
        "transfer",
        "failed",
        "recipient_bank",
    )
    return one


def _on_its_way(day: Calendar) -> Person:
    one = Person(7, "孙丽", "13255556666", "basic")
    main = one.account("current", "活期账户", "7110", 9_310_00, held=3_000_00)
    one.card("debit", "借记卡", "7145", main, ("wechat",))
    one.moved(main, day.days_ago(3, "02:14"), -600_00, "何平", "transfer", "failed", "maintenance")
    one.moved(main, day.minutes_ago(80), -3_000_00, "何平", "transfer", "pending", "recipient_bank")
    return one


def _night(day: Calendar) -> Person:
    one = Person(8, "吴刚", "13166667777", "basic")
    main = one.account("current", "活期账户", "8810", 5_600_00)
    one.card("debit", "借记卡", "8845", main, status="expired")
    one.card("debit", "借记卡（新）", "8846", main, status="inactive")
    one.order("card", "shipped", "新借记卡已寄出，顺丰快递", day.day(2))
    one.moved(
        main, day.days_ago(1, "23:35"), -1_500_00, "郭磊", "transfer", "failed", "night_batch"
    )
    return one


def _elderly(day: Calendar) -> Person:
    one = Person(9, "郑淑珍", "13077778888", "senior")
    main = one.account("savings", "养老金存折", "9010", 68_412_36)
    one.account("deposit", "三年定期", "9027", 200_000_00)
    one.card("debit", "社保卡", "9045", main)
    one.moved(main, day.days_ago(6, "09:30"), 4_218_00, "社会保障局", "salary")
    one.moved(main, day.days_ago(5, "10:05"), -1_000_00, "取款机 幸福路支行", "cash")
    one.moved(main, day.days_ago(5, "10:05"), -2_00, "跨行取现手续费", "fee")
    one.moved(main, day.minutes_ago(40), -20_000_00, "李主任", "transfer", "pending", "risk_hold")
    return one


def _lost(day: Calendar) -> Person:
    one = Person(10, "David Miller", "18888889999", "basic", "en")
    main = one.account("current", "Current account", "1010", 3_275_80)
    one.card("debit", "Debit card", "1045", main, ("wechat",), status="lost")
    one.card("debit", "Travel card", "1052", main, ("applepay",))
    one.order("card", "in_progress", "Replacement of the debit card ending 1045", day.day(6))
    one.moved(main, day.days_ago(2, "13:02"), -45_00, "Wagas", "purchase")
    one.moved(main, day.days_ago(2, "15:40"), -2_499_00, "Apple Store", "purchase")
    one.moved(main, day.days_ago(1, "21:17"), -88_00, "Steam", "purchase", "reversed")
    return one


def _busy(day: Calendar) -> Person:
    one = Person(12, "Sarah Lee", "18799990000", "platinum", "en")
    main = one.account("current", "Current account", "1210", 812_00)
    one.account("savings", "Savings account", "1228", 120_000_00)
    one.card("debit", "Debit card", "1245", main, ("wechat", "alipay", "applepay"))
    due = (day.day(-2), 18_240_00, 1_824_00)
    one.card("credit", "Platinum credit card", "1288", bound=("applepay",), due=due)
    one.order("fund", "in_progress", "Bond fund, 50,000.00", day.day(1))
    one.order("loan", "rejected", "Personal loan of 200,000.00")
    one.order("transfer", "done", "USD 2,000.00 to Singapore")
    one.moved(main, day.days_ago(7, "20:10"), -540_00, "Uniqlo", "purchase")
    one.moved(main, day.days_ago(7, "20:11"), -540_00, "Uniqlo", "purchase")
    one.moved(main, day.days_ago(6, "12:00"), 540_00, "Uniqlo", "refund")
    one.moved(main, day.days_ago(5, "03:20"), -120_00, "AWS", "purchase", currency="USD")
    one.moved(main, day.days_ago(4, "09:00"), -25_00, "Transfer abroad", "fee")
    one.moved(
        main,
        day.days_ago(2, "08:00"),
        -18_240_00,
        "Credit card 1288",
        "repayment",
        "failed",
        "insufficient_funds",
    )
    return one
