"""How likely is it that somebody wrote this text? Tells a right decoding from mojibake.

Costs are in nats a character, the lower the likelier: a unigram model by Zipf's law for the
common Han characters and by kind of character for all others. Read in a wrong
encoding, Chinese becomes rare Han, stray kana, accented letters and private-use characters.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from functools import cache

from opencc import OpenCC

from corpus.language.scripts import HAN, HAN_RUN

IMPOSSIBLE = 16.0
"""What a control character, an unassigned one or U+FFFD costs."""

# The 2,500 commonest Han characters, the commonest first, which make up 98 % of running text.
# Counted over the words of jieba's dictionary and their frequencies (dict.txt, MIT licence), each
# character folded to its Simplified form with OpenCC.
_COMMON_HAN = (
    "一是人了不在有大中国和为这上他个地年来我会以到时要出的生学说道民家子也成行下于们后就发自之对得主"
    "长可过天作分方用多你着部能市等业全里工公经本都而高政法面门动日进区事代那去心小同北定开产前其军还"
    "然起种所如现理机体表力好外与当文两实重新三么只山水关明从化平建又制南内西没此将员名手最东头者月间"
    "无安看见各城十相但已些正口通想度加第她合院物性战由位常点海意场武使次向二治因立数样身情入原问把路"
    "被并利石老教万知级量任江及应省资委务元美特期世湖回系比气汉总展电科金先声提品设或义王社很统处四首"
    "共马形己儿司太目基领队直计别女权话少流命至报米给打变果书清活几州华解议更称程今张决导术府才保交放"
    "管结师便走达族反再题色五京河接条规式县白它改风光运信受什组听布百济党指论强做干取技黄神选记斯真却"
    "职号界件花类何眼兵传带空农边据集联古广完质阳难增历史专官每住商即步台认车林必死游举线备言皇土团收"
    "考求德叫近争研非具李众连调感转笑革该持始英克士尔让拉思根格造较际亲单朝红型价校约器字段周亚深候则"
    "属功积快图火准千究往极育装许参半令吃观鱼精办像帝八复影告随远群包整构料划算象容示投势热值网夫望源"
    "息语股铁断派速怎需片爱律纪支早况病境证编越局推满且列觉服双未居除织乐企引标确初青志项率飞节球察龙"
    "响药站施均消客失轻存低甚般击曾防请离落显罗营足素视护副食创余照兴占巴虽洲村费易试星木宝黑左置跟央"
    "识采维六环底宫房音案批切斗富乡另倒若查按故突责严桥模仅胜杀围席态破承招杨负层须父供续状域细似依银"
    "范修找九致密终血旅钱赛独效玉冲获习医演镇毛尽弹脸楼艺航陆右协七攻检写苏宗章注阿抗弟坐验封紧劳户优"
    "财养适陈喜卫排射哥油刻留急降念云微伤例景拿绝阶座刘刚害印亿沙母酒助闻超审升待压送监策略限竟香配藏"
    "敌树呢差仍兰征温园简善波哪词岛止预怕继皮执味份角草男普答谁益船惊核街夏辑宣掌画剑田久著奇尼吧谈背"
    "免孩礼材愿洋春架筑括晚乱讲乎尚良友临激板刀夜室既敢邦挥昌胡欧叶福港苦担句岁荆娘贵守辖威宜衣错帮块"
    "堂额剧充欢够孙班呼阵销坚练脚退读测吴希宁换版异某顾曲楚朱典毒菜判救宋茶洪含顺啊败鲜货矿端兄归冷忙"
    "买险康评肉吗厂永哈沉散遗停笔假输牛洞松渐顶录训否述毕丰督控献姑爷忽钟互亮纳襄登咱伯臣雄季脑暗介鄂"
    "召饭扩祖齐蒙短烈赶牌恩诉移诗础露届静喝盘卖植授伊湾博痛减穿逐秘庭陵固禁票灵杂姓泽吸侧庆妈遇追甲馆"
    "补唐炮沿殿刺怪彩俄旧警索岸轮妇载靠附毫怀软骨探雷旁罪枪牙迎序慢盛恶雨墙谷顿危折稳熟酸概操诸佛绿荣"
    "针托宽野购付午肯库罢厚缺耳屋嘴末谢巨培页瓦款犯困店旗智拥雪翻圣戏吉婚奖岩疑币圆歌廷健卡烟烧析讨跑"
    "疗误仙舞亡闭汽伸脱秋姐繁侵川莫麻秀借寻私岗卷跳丽横驻套兼您君丁束纸夺袁灯坏坦丝径阴床瞧择墓宪峰遍"
    "鲁庙掉丹桃御舰避售怒课播拔奥延虚隐粮络遭摇潜庄灭吨混厅婆奴鼓赵访睡震予童徐韦殖抓拜扬址洛休纵逃纷"
    "染汇贸透蛋森仪塔距狐融郡缓聚盖拍迹忠润释粉涓孔岭抵搜坛紫虑促钢塞寺津液码虎珍硬梁累奔役偏迫锛凡损"
    "壁哭替税综伦冰盟挂竞韩乌尤弱铺妹秦尊竹珠迅脉泥纯鬼睛刑途隆潮幅杯握幸谋剂奉乘抱朋谓频崇壮泛骑纴恐"
    "享鸡虫绍铜呈械摆欲奶绩敬措爆暴签猛郭嘉障缩亦废搞胞埃曰撤暖寒订俗阻盐萨勒忘奏伙孝贴灰梅触玩默醒胸"
    "莲篇柱裁纺啦淡抢捕闹截讯朗誉雅忍梦勇峡徒丈尾迷唱泉泰贫佳残闪伍呀疾署剩缘贼冠倾豆申麦诺泪羊尖辈镜"
    "涉贡爹摩妻殊贝糖零映甘骂奋岳雕饮棉跃汗启冒渡赞努阁阅斤裂患伏池鹿洗劲晋倍圈媒箭沟锋胆凭挑抬闯隔弄"
    "旋汤曹苗迁叹贯唯储振彻桌祭符僧衡炸喊凤黎郎援肥磁辽忌赏祥董仁辛净瑞询敏毁浪貌昨巧腿亩抽荷陷焦弃腹"
    "乃湘滑狗冬宏尸皆番伟桂览恢龄绕趣晶坡魏摸伴浓墨绪舍蓝荡井鸿旦症惯扎鸟闲窗辞聘穷堰宇键荒递恨阔隶厉"
    "锅杜湿腰袭侍灾涨叔寨幕豪郑磨浮薄券赤腐译租氧戴邓煤肠牧孤诏妙旨堡册胖柳吹丘趋锦颜悬陶拳诚尺晓插蒋"
    "艇扑勤穴摄燕垂罚辆戒稀腾链粗袋绘炎氏肩枝狂泊估杭臂哲寡偷懂琴悲盾炒稍矛愈呆炼籍颁吐违亭眉撞贷刊巡"
    "屈堆曼烦饰碎滚悉污寄浜迟描辅魔鼻盗餐幼凉仗冈驾澳銆菌肚肃爸仰抚慈扶盆仿纲倘杰碗渔忧惜扫暂祝跨宾漫"
    "寿猪涌凝邻顷赴恰劝仇践赋悄莱拟贤愤姆乏轰粒逼昆傅陕溶葬燃魂挺腊耐犹辉乳陪颇棋斜殑熊俊浅沈姊返翼丧"
    "惨拖驱袖惠涂添牵咸纤详碰割糊侯柔档扇岂跪拒绣覆吓拼宿偶揭赖烤卢颗娃邮伐循弦衰凯羽枚帅锁疏搭俱帐镄"
    "胶赫夹埋蒸壳剉彼脏钻箱浙弯瓜挡拱筹疆肿膜刷杆凶债甜泡玄贾谱遣薪尘灌咬填廊丛狼牢脊熙卒碑漠躲削徽踏"
    "贺朵遵狠菲撒扰蛇锡炉纹匹亏鉴慕跌奸慌穆邀芳爬豫吾棒淮捷耕艘溪齿醉脂兽滴盈卵滋柴妃浠碍瓶辩遂怨拨肌"
    "俘挖恒鸣励肝腔偿秒拦允塑拆靖耗尝凌披胁烂吏纽垸辟厘耶艰佩敦疼荐匠柏悠壤拾乔轴喷妖掩璃孟轨歇猜晨坊"
    "桑堤畅瞎氨辨鞋昏恭畜浩迪丢雾咨飘擦窝洁捉搬奈肤愁砖辣幽扣嘛赢藕挤舒狮耀诊篮唤尿梯弥勾霍舌侠筋枢屏"
    "衙殷栏纠恋惧笼寸冶鹤晃吊叙哩稿娜剥欺榜囊汪逆骗堪猎棺胎俩郊掘匆缝乙藻携慧函辱扯嫩滩癌悟祸秉慰驰狱"
    "砍糕漏吞纬茅渠浑催踪叛牲杖鞭腺邪欣汝碳彭咐椒绳颈漆遥夷郁斑忆阀卑宴闷抑逻嫁扭胃仔恼贪兆抛庸疯屽僭"
    "驶侦鹰斩猴蜂瘦赐柄椅泄轿拓扮砂傻粘辐啥鏄伪碱玻昂玛侨圳吕吟仓刃饱冯钦哼庞儒叉臭艾蓉鼠祯捧舱坝芙瘤"
    "勃敲帽吻契舟夸葡剪抖霸艳宸聪仆躺瑶谦炭卧袍猫珊矩溜漂苍衔卜坑串浆碧巷咽铸迈押惩锐颤账疲滨履盒宅喀"
    "饿缠翁幻逢扁怜旱罕姻蓄磷惟槸帕掠稻劫撑姿肾胀慎哨摔谨鹅丑朴塘肺兑镑趁蜀贞哦禧葛仲惑蔡踢妥筒诞禀祀"
    "饼萄狭澶杩赔绵诱陀呵抹疫顽辰蓬摊倡浦翠煌茂畏劣氛廉鸭瓷唇戈秩弗拐悔尉挣芦鼎睁脾挨聊株纱枯冻幺溃茫"
    "哀氢芬锻轩蛮醇棍晕嫂宙酷郧欠稷鹏孕槽栖吩姚昭罐叠墩盼斋舆芒酬斥捐眠脆萧璋蚀皱卿淋卓翰钉棣丫宰阐翅"
    "哄沃霖爵涔衫逊铭戚硕旺擅嫌赌隋厌肖饶沪雇罩煎丐掷誓摘竴冤坤屁竭屾宛菱矮潭渊俺崖棚喇涵裕堵媳抄鍙怔"
    "蒂肢瑜泌甫檐寂颠撰逝霜羞铅佐帖硫蹈鍦瞬痕爽沧挽禅娶柯屯韵悦婴肴螺烛凑柜兹歼毅杉慨钧渗蜜遮窑谐厦匈"
    "喉愧栽扔苯谊肆霞吵屼笉夕壶赚谭尹窄弓饲盲勋窟俞嗣煮巾裤膨奠瞪珞愚姜膏喘膀蔬糟僚匾妄畴喂沔耻伞牺旭"
    "妨硅崩雌陛卸砸贩竖佸攀晒惹裹屠汁擒鳞佣刮渴浣叩龟雀掀泼僵唉璇亥屡钩瞒厮哊桐谅隙丞盯霉枣侄逸浸爪阙"
    "坟咳宠脖彪朕虹衍甸鳍讼虾芝涛巩熔峻怖嘿钬磕洒掏滞舅昔焕钖哑娱芯衷捞卦旬矣茨蜡喻挪婶琉厨枕娇豹傲腕"
    "巢氯燥焚"
)

_ZIPF_SHIFT = 10
_ZIPF_NORM = math.log(len(_COMMON_HAN) / _ZIPF_SHIFT + 1)
_PUNCTUATION = "，。、：；？！（）「」『』《》〈〉【】“”‘’…—·　"
_WESTERN = "§©®°±×÷½¼¾²³¶·«»€£™–—•¿¡" + "éèêëàâäáãçíìîïñóòôöõúùûüßøåæœšžÉÈÀÁÇÖÜÄÑÅØ"
_COMMON_HANGUL = (
    "이다는의에을를가고하지은한로도서사그인나어자대아기리시들해과정부수있으것니여일스면보게만오마우라제상전주"
    "장성조원연안공동문구국비위신소모법용학관세무방치회건물생유행미선했었던적화말없터트까요습때계중심실당결개"
    "금발분경할반체내단민재판산권청력입"
)
_EXACT = (
    {han: math.log(_ZIPF_NORM * (rank + _ZIPF_SHIFT)) for rank, han in enumerate(_COMMON_HAN)}
    | dict.fromkeys(_WESTERN, 8.5)
    | dict.fromkeys(_PUNCTUATION, 5.5)
    | dict.fromkeys("\n\r\t", 4.5)
    | dict.fromkeys(_COMMON_HANGUL, 5.5)
)
# First code point after the range, and what a character of the range costs.
_RANGES = (
    (0x00C0, 15.0),  # what is left of Latin-1's signs
    (0x0250, 13.0),  # accented letters
    (0x0400, 10.5),  # Greek
    (0x0430, 7.0),  # Cyrillic capitals
    (0x0450, 5.0),  # and small letters
    (0x0700, 10.5),  # Armenian, Hebrew, Arabic
    (0x2000, 12.0),
    (0x2070, 9.0),  # general punctuation
    (0x3000, 10.5),  # signs, arrows, enclosed numbers, box drawing
    (0x3040, 8.0),  # CJK punctuation
    (0x30A0, 7.0),  # hiragana
    (0x3100, 8.0),  # katakana
    (0x3400, 11.5),  # bopomofo, enclosed CJK
    (0x4E00, 15.0),  # extension A
    (0xA000, 12.5),  # Han that are not common
    (0xAC00, 15.0),
    (0xD7B0, 11.0),  # Hangul
    (0xFF00, 15.0),  # compatibility forms
    (0xFF5F, 8.0),  # full-width letters, digits and punctuation
    (0xFFA0, 15.0),  # half-width katakana
    (0x110000, 15.0),
)
_KIN = rf"{HAN}\u3000-\u30ff"
# A Han character or Cyrillic letter in a Latin word, and accent upon accent, look like mojibake.
_STRANGERS = re.compile(
    rf"[A-Za-z][{HAN}](?![{_KIN}])|(?<![{_KIN}])[{HAN}](?=[A-Za-z])"
    r"|[A-Za-z](?=[\u0400-\u045f])|[\u0400-\u045f](?=[A-Za-z])"
)
_ACCENTS_TOGETHER = re.compile(r"[\u0080-\u00ff](?=[\u0080-\u00ff])")


def cost(text: str) -> float:
    """The whole text's cost in nats: minus the logarithm of its likelihood."""
    folded = _simplified(text)
    single = sum(_of(character) * times for character, times in Counter(folded).items())
    strangers, accents = _STRANGERS.findall(folded), _ACCENTS_TOGETHER.findall(folded)
    return single + 6.0 * len(strangers) + 3.0 * len(accents)


@cache
def _of(character: str) -> float:
    if character in _EXACT:
        return _EXACT[character]
    code = ord(character)
    if " " <= character <= "~":
        return 3.0 if character == " " or character.islower() else 4.5
    if character == "\ufffd" or unicodedata.category(character) in {"Cc", "Cn", "Co", "Cs"}:
        return IMPOSSIBLE
    return next(price for stop, price in _RANGES if code < stop)


def _simplified(text: str) -> str:
    return _converter().convert(text) if HAN_RUN.search(text) else text


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")
