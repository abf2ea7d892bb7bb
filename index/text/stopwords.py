"""Words that ask rather than name: they are left out of what a question searches for.

Our own short lists. Documents keep them all, so the lists may change without a new index.
Chinese in folded (Simplified) form, English as written and again as stems by the caller.
"""

from __future__ import annotations

CHINESE = frozenset(
    """
    的 了 是 在 和 与 有 没 没有 也 都 就 而 及 或 被 把 对 为 以 于 之 其 这 那 你 我 他
    她 它 们 您 很 还 又 再 吗 呢 吧 啊 呀 嘛 么 什么 什 谁 哪 哪个 哪些 哪里 哪儿
    哪家 哪位 哪年 哪一 哪种 何 何时 何地 何人 何种 为何 为什么 什么时候 怎么 怎样 怎么样
    如何 多少 几 几个 几时 是否 是不是 有没有 有无 能否 可否 可以 请问 请 关于 对于 以及
    一个 这个 那个 这些 那些 我们 你们 他们 她们 它们 自己 从 向 到 由 因为 所以 如果 但
    但是 并 并且 时 时候 么样 了解 知道 告诉 应该 应当 能 会 要 想 让 给 吗 内容 哪本
    哪项 哪部 哪次 哪天 哪国 哪种 哪方 哪条
    这是 那是 就是 都是 不是 上 中 下 里 内 里面 本 该 此
    """.split()
)

ENGLISH = frozenset(
    """
    a an the and or but if of in on at to for from by with as into onto about than then so not
    no nor is are was were be been being am do does did doing done has have had having can could
    will would shall should may might must it its this that these those there here he she they
    them his her their we us our you your i me my who whom whose what which when where why how
    much many please tell explain give me know any some such also just only very s t
    """.split()
)
