"""Questions to the casefile in three languages: the true ones are answered, the others are not."""

from __future__ import annotations

import pytest

from corpus.models import Scope
from index.search import Searcher

TRUE = [
    ("why did the appeal reverse?", "prudent|审慎|審慎|sensible"),
    ("二审为什么改判?", "审慎|審慎|prudent"),
    ("上訴為何逆轉?", "審慎|审慎|prudent"),
    ("how much did the first court award?", "250,000|25万|25萬|26万|26萬"),
    ("一审判赔多少?", "25万|25萬|250,000"),
    ("一審判賠多少錢?", "25萬|25万|250,000|26萬"),
    ("when was the appeal judgment given?", "June 2019|2019年6月"),
    ("二審判決日期是哪一天?", "2019年6月|June 2019"),
    ("who is Wang Qian?", "Wang Qian|王遷"),
    ("王迁是谁?", "王遷|王迁|Wang Qian"),
    ("王遷在哪裡任教?", "華東政法|华东政法|East China"),
    ("what did Wang Qian compare the provider to?", "flat|公寓"),
    ("王迁打了什么比方?", "公寓|flat"),
    ("王遷把業者比作什麼?", "公寓|flat"),
    ("who is Li Wei?", "Li Wei|李衛"),
    ("李卫怎么看阿里云的业务?", "電信|电信|telecommunications"),
    ("李衛怎麼說?", "李衛|Li Wei"),
    ("what did the support ticket say?", "ticket|工单|工單"),
    ("客服工单有什么问题?", "工单|工單|ticket"),
    ("what did the e-mail contain?", "e-mail|电子邮件|電子郵件"),
    ("电子邮件写了什么?", "电子邮件|電子郵件|e-mail"),
    ("what did the letters ask for?", "letter|信函"),
    ("兩封信函要求什麼?", "信函|letter"),
    ("信函是什么时候寄出的?", "10月10日|October 2015"),
    ("why were the notices not qualified?", "notice|通知"),
    ("通知为什么不合格?", "通知|notice"),
    ("通知缺了什麼?", "通知|notice"),
    ("what recorded the game's traffic?", "Wireshark"),
    ("用什么工具抓取数据包?", "Wireshark"),
    ("公證時用了什麼工具?", "Wireshark"),
    ("who produced the animation?", "Qicai|七彩"),
    ("动画是谁创作的?", "七彩|Qicai"),
    ("動畫出自哪家工作室?", "七彩|Qicai"),
    ("which website offered the game?", "callmt"),
    ("哪个网站提供下载?", "callmt"),
    ("哪個網站掛出遊戲?", "callmt"),
    ("what damages did Locojoy claim?", "1,000,000|100万|100萬"),
    ("原告请求赔偿多少?", "100万|100萬|1,000,000"),
    ("what does Article 36 of the Tort Liability Law deal with?", "36|三十六"),
    ("侵权责任法第三十六条管什么?", "三十六|36"),
    ("侵權責任法第36條", "三十六|36"),
    ("which articles of the Civil Code apply now?", "119|Civil Code|民法典"),
    ("民法典哪几条规定网络侵权?", "民法典|119|Civil Code"),
    ("what are necessary measures?", "measure|措施"),
    ("什么是必要措施?", "措施|measure"),
    ("必要措施包括什麼?", "措施|measure"),
    ("can the lessor delete single items on the server?", "single|item|单独|個別|delete"),
    ("出租人能不能删除服务器里的内容?", "删除|刪|delete"),
    ("停机为什么过重?", "停机|停機|shut"),
    ("how long did Alibaba Cloud take no step?", "eight months|八个月|八個月|8"),
    ("阿里云多久没有采取措施?", "八个月|八個月|eight"),
    ("what is forwarding the notice?", "forward|轉通知|转通知"),
    ("转通知是不是必要措施?", "转通知|轉通知|forward|转交"),
    ("轉通知是什麼?", "轉通知|转通知|forward"),
    ("which four services does the Regulation cover?", "four|四"),
    ("条例规定了哪四种服务?", "四|four"),
    ("避風港是什麼?", "避風港|避风港|safe harbour"),
    ("which court heard the first instance?", "Shijingshan|石景山"),
    ("一审法院是哪家?", "石景山|Shijingshan"),
    ("二審是哪個法院?", "知識產權法院|知识产权法院|智慧財產權法院|Intellectual Property Court"),
    ("(2017)京73民终1194号", "1194"),
    ("what should a complete notice hold?", "notice|通知"),
]
OFF_TOPIC = [
    "asdf qwer",
    "what is the weather in Paris tomorrow?",
    "今天天氣怎麼樣",
    "今天天气怎么样?",
    "如何做紅燒肉",
    "怎么做红烧肉?",
    "🍕 how do I bake 🍕 pizza?",
    "😀😀 lol",
    "qwertyuiop",
    "Who won the World Cup in 2018?",
    "今晚吃什么",
    "What is the capital of France?",
    "how do I reset my password?",
    "明天會下雨嗎",
    "hello",
    "谢谢",
    "how to cook rice",
    "xyzzy plugh",
    "How many planets are there?",
    "天空为什么是蓝的",
    "write me a poem about love",
    "what is the minimum wage in Germany?",
    "股票今天涨了吗",
    "贷款利率是多少",
    "Who is the president of the United States?",
    "推荐一部电影",
    "dfgh 撒旦飞 ;;",
]


@pytest.mark.parametrize(("question", "told"), TRUE)
def test_what_the_casefile_tells_is_answered(casefile: Searcher, question: str, told: str) -> None:
    """By one of the first three passages."""
    answer = casefile.answer(question, scope=Scope.all())
    assert answer.answered
    wanted = told.split("|")
    assert any(one in hit.text + hit.title for hit in answer.hits for one in wanted)


@pytest.mark.parametrize("question", OFF_TOPIC)
def test_what_it_does_not_tell_is_refused(casefile: Searcher, question: str) -> None:
    """With a reason, and with the nearest passages where there are any."""
    answer = casefile.answer(question, scope=Scope.all())
    assert answer.refusal
    assert str(answer.refusal)
