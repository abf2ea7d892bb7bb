"""Messages that ask nothing: thanks, 好的, ok, good morning, who are you.

They are answered without passages: whatever a search found for them would be chance.
"""

from __future__ import annotations

import re

from index.text.normalize import fold_term

LONGEST = 60
"""Folded characters of a greeting; whatever is longer says something."""

_CHINESE = (
    "你好(?:吗)?|您好|大家好|各位好|哈喽|哈罗|嗨|喂|hello|hi|在吗|在不在|有人吗"
    "|早(?:上好|安|晨|上)?|早上好|上午好|中午好|下午好|晚上好|晚安|午安"
    "|(?:非常|十分|太|多|好|真的|万分)?(?:感谢|谢谢|多谢|感恩|谢了|谢啦|谢过|唔该晒?"
    "|唔该|多谢晒|辛苦(?:了|晒|你了|您了)?|麻烦(?:了|晒|你了|您了))(?:你|您|大家|晒|哦"
    "|喔|啦|了|呀|啊|帮忙|支持)*"
    "|不客气|不用谢|唔使客气|没事(?:了)?|冇事|没关系|好(?:的|了|吧|啊|呀|嘅|滴|嘞|哒"
    "|喇)?|好的好的|好好好?|行(?:吧|了)?|可以(?:了)?|得(?:了|啦|喇)?|没问题|冇问题"
    "|收到|明白(?:了|晒)?|知道(?:了|啦)?|了解(?:了)?|懂(?:了)?|原来如此|嗯+|哦+|噢+|喔+"
    "|啊+|ok|okay|是(?:的|啊)?|对(?:的|啊)?|系(?:嘅|呀)?|不是|不(?:用|要)?(?:了)?"
    "|唔使(?:啦|喇)?"
    "|再见|拜拜|下次见|回头见|先这样|就这样|厉害|不错|很好|太好了|太棒了|真棒|棒|赞|正|劲"
    "|你(?:是|系)(?:谁|边个|什么|咩人|机器人|机器人吗|ai|人工智能|真人吗)(?:呀|啊|吗)?"
    "|你叫什么(?:名字)?|你(?:会|能|可以|识)(?:做|干|帮我做)?(?:什么|啲咩|咩"
    "|哪些事)(?:呀|啊|呢|事|事情)?"
    "|你有什么(?:功能|用|本事)|怎么用(?:你)?|点用|使用方法|帮助|测试(?:一下)?|试试|test"
)
_ENGLISH = (
    "hi|hello|hey|hiya|howdy|yo|good (?:morning|afternoon|evening|night|day)|morning"
    "|evening|greetings"
    "|(?:many |much |ok(?:ay)?,? |great,? )?(?:thanks?|thank you|thx|ty|tks"
    "|cheers)(?: (?:you|a lot|so much|very much|again|all|a million|for (?:your"
    "|the) help|mate|bot|pincite))*"
    "|much appreciated|appreciate it|appreciated|you(?:'re| are) welcome|no problem|no worries|np"
    "|ok(?:ay)?|k|kk|sure|yes|yep|yeah|yup|no|nope|nah|fine|great|good|nice|cool"
    "|perfect|awesome|excellent|wonderful|got it|i see|understood|noted|right|alright"
    "|all right|will do|done|that'?s all|that is all|never ?mind|nothing"
    "|(?:good)?bye|bye bye|see you(?: later| soon| tomorrow)?|see ya|take care|cya"
    "|who are you|what are you|what(?:'s| is) your name|are you (?:a |an )?(?:bot|robot"
    "|human|ai|real|there)|what can you do|what do you do|how do you work"
    "|how are you(?: doing)?(?: today)?|how(?:'s| is) it going|what'?s up|sup"
    "|help(?: me)?|test(?:ing)?|ping|lol|haha+|hmm+|wow|oh|please|sorry|excuse me"
    "|welcome"
)
_NAME = r"(?: there| all| team| everyone| pincite| bot| sir| madam)?"
_GREETING = re.compile(rf"(?:(?:{_CHINESE}|(?:{_ENGLISH}){_NAME})[\W_]*)+")


def is_greeting(text: str) -> bool:
    """Whether a message greets, thanks, agrees or asks who answers, and asks nothing else.

    Emoji and signs alone are none: they hold no word.
    """
    folded = " ".join(fold_term(text[: 4 * LONGEST]).split()).strip()
    folded = re.sub(r"^[\W_]+", "", folded)
    if not 0 < len(folded) <= LONGEST or len(text) > 4 * LONGEST:
        return False
    return _GREETING.fullmatch(folded) is not None
