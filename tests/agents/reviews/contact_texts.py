"""Texts with contact details or adverts by what they hold, and texts without any."""

CONTACTS = {
    "phone": """
        打我电话13800138000详谈
        联系138-0013-8000
        手机 138 0013 8000 王先生
        １３８００１３８０００ 全天在线
        ①③⑧⓪⓪①③⑧⓪⓪⓪ 随时
        一三八零零一三八零零零 找我拿货
        壹叁捌零零壹叁捌零零零
        幺三八零零幺三八零零零 咨询
        138零零138零零零 便宜
        +86 138 0013 8000
        call me at 415-555-2671
        text me (415) 555-2671 for price
        +44 7911 123456 any time
        固话 010-62345678 找老李
        电话:62345678
        1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣
        1.3.8.0.0.1.3.8.0.0.0
    """,
    "wechat": """
        加微信 abc12345 领券
        V信 goods888 有优惠
        加我 vx: deal_2026
        vx:13abc,加我 vx shop-66
        微信号：lowprice99
        wechat id: goodprice88
        WeChat: seller_01 for price
        加V 8899123 拿货
        薇信 kk20260 低价
        wx tuan5566 进群
        v❤芯 yy778899
        微.信 abc_777
    """,
    "qq": """
        QQ 12345678 有货
        加Q1234567
        扣扣：87654321
        企鹅号 1234567
        群号 887766554 进来领
        q群:765432198
        加群8757013咨询
        Q Q 1 2 3 4 5 6 7
    """,
    "email": """
        mail me at seller@example.com
        写信到 abc@qq.com
        john.smith at gmail dot com
        seller(at)shop.com
        seller [at] shop [dot] com
        abc艾特163点com
        deals @ gmail . com
    """,
    "url": """
        www.cheap-shoes.com 打折
        https://deal.example.org/abc 点击
        去 abc-shop.com 买更便宜
        cheapshoes点com 便宜
        goods.shop/abc 下单
        see bestdeal.ru now
    """,
    "telegram": """
        t.me/cheapdeals
        telegram @dealsking
        tg: king_2026
        电报 @heihuo88
        纸飞机 deals2026
    """,
    "whatsapp": """
        WhatsApp +1 415 555 2671
        wa.me/14155552671
        whatsapp me on 4155552671
    """,
    "account": """
        my instagram: john_doe99
        ig: @coolshop
        follow me on x @someone
        discord: trader_77
        line id: lucky7788
    """,
}
ADVERTS = {
    "promo_code": """
        use my code SAVE20 at checkout
        my referral code gets you ten dollars
        填我的邀请码 A8K2 领红包
    """,
    "job": """
        招兼职，手机就能做，日结
        日赚500，在家可做
        earn $500 per day from your phone
        make money online with me
    """,
    "loan": """
        无抵押贷款，当天放款
        急用钱网贷秒到账
        need a loan? we offer loans at 2%
        instant loan, no credit check, apply today
    """,
    "purchasing": """
        专业代购，联系我
        厂家直销，一手货源，加微拿货
        诚招代理
    """,
    "contact_me": """
        contact me for cheap followers
        dm me for price
        有需要的联系我
        私我，内部价
    """,
    "visit": """
        visit my website
        check out my channel
        link in bio
        来我的店铺看看
        淘宝搜：小王家女装
    """,
    "investment": """
        带你赚钱，跟单老师
        thanks to the recovery expert who got it back
        I recovered my lost funds
        股票群免费进
    """,
    "rebate": """
        扫码领返现
        加客服微信返现五元
    """,
}
INNOCENT = """
    订单号 13800138000 一直没发货
    运单 13912345678 查不到
    快递单号：15812345678901
    order 13800138000 never arrived
    订单20261120123456789有问题
    序列号 13700001111 无法激活
    版本 7.2.0 打不开
    iOS 17.1.2 crashes
    version 10.0.19045.3570
    IP 192.168.1.1 连不上
    价格 1299.00 太贵
    价格从12999降到9999
    尺码 38-40 偏小
    165/88A 合身
    身高175体重70穿L
    三围 90-60-90
    2026-11-20 下单
    2026年11月20日 到货
    09:30-18:00 营业
    营业时间10:00到22:00
    型号 WX500 好用
    VX9 引擎
    A1B2C3 型号
    RTX 4090 性能强
    i7-13700K 不错
    A55 手机壳
    1080p 120Hz
    3000mAh 电池
    5000 毫安 够用
    10000 步没压力
    1000000 像素
    用了 365 天
    第 123456 位顾客
    一二三四五六七 数数书
    零零七系列电影
    一九八四这本书
    二零二六年买的
    三三两两的人
    十一点才送到
    一千零一夜
    微信支付很方便
    微信付款失败
    用微信登录
    微信小程序打不开
    绑定微信失败了
    微信读书好用
    客服微信回复慢
    加了客服微信处理得很好
    微信 8.0 更新后卡
    WeChat Pay works great
    WeChat is my favourite app
    wechat payment failed twice
    my QQ was hacked
    QQ音乐会员 到期
    QQ飞车好玩
    QQ 邮箱登录不了
    QQ 2026 版本
    企鹅公仔可爱
    扣扣子容易
    群里人多
    加群失败
    telegram channel is fun
    Telegram stickers work
    tg 车间
    whatsapp notifications broken
    share to WhatsApp
    WhatsApp 2026 update
    instagram is better
    my instagram account is private
    Instagram login fails
    ig stories do not load
    follow me button is missing
    nobody can follow me
    follow us page is empty
    snap on lid
    snapchat is slow
    discord is better
    skype call quality
    signal is weak at home
    call quality is bad
    call me old but I like it
    phone 15 pro
    phone is 3 years old
    my phone number was rejected
    手机号收不到验证码
    手机 3000 块买的
    电话打不通
    打电话没人接
    打了三次电话
    客服电话难打
    联系客服三次
    联系不上卖家
    联系方式填错
    tel aviv trip
    hotel 5 stars
    email never arrived
    email support is slow
    邮箱收不到邮件
    bought at amazon.com
    booked on booking.com
    google.com works
    taobao.com 更便宜
    jd.com 买的
    Node.js tutorial
    e.g. this one
    3.5 stars
    U.S.A. made
    St. John's
    a.m. and p.m.
    look at the dot in the corner
    at home dot matrix printer
    the dot com bubble book
    price is $12.99
    100% cotton
    50% off
    #1 choice
    @ the counter they were rude
    rated 5/5
    9/10 would buy
    size 10.5
    12 x 15 cm
    4K 60fps
    USB 3.2 Gen 2
    the code is clean
    promo code did not work
    discount code expired
    coupon code rejected
    invite code never came
    验证码收不到
    优惠码用不了
    邀请码在哪里
    二维码扫不出来
    比代购便宜
    找朋友代购的
    代购的包真好
    厂家直销价格实惠
    批发市场买不到
    做兼职的室友推荐
    兼职赚的钱买的
    贷款买的车
    房贷压力大
    借款合同范本书
    贷款利息太高
    loan book for students
    the loan calculator is wrong
    I earn points every week
    work from home desk
    make money puzzle
    contact me if you need photos
    please contact me about the refund
    客服联系我了
    客服主动联系我,态度好
    有需要再来买
    便宜好用
    visit was great
    visit the museum nearby
    my page does not load
    my profile picture is gone
    click does not register
    the link is broken
    link in the email is broken
    链接打不开
    点击没反应
    subscribe button missing
    bitcoin book is dated
    crypto wallet is secure
    crypto is volatile
    股票书籍不错
    炒股软件卡
    返现没到账
    返现五元已收到
    返利网不返
    公众号领券太麻烦
    关注公众号才能用
    来这家店铺三次了
    淘宝也有卖
    稳稳的幸福
    ISBN 9787111111111
    编号 13811112222
    尾号 6789 的卡
    室温 25 度
    北纬 39.9042
    经度 116.4074
    邮编 100080
    房号 1203
    801 房间有味道
    乘坐 301 路
    地铁 10 号线
    G1234 次高铁
    CA1831 航班
    3 岁宝宝
    第一二三章好看
    0.618 黄金比例
    3.1415926535
    1/2 勺盐
    24*7 在线
    7x24 小时
    ❤❤❤
    👍👍👍
"""


def lines(texts: str) -> list[str]:
    """One text a line."""
    return [line.strip() for line in texts.strip().splitlines()]
