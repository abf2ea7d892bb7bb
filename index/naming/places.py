"""What places are called in English: a court's place chooses its cases in either language.

Taiwan's places are spelt as their courts spell them, which no romanisation gives by rule.
"""

from __future__ import annotations

from functools import cache

_TABLE = """
台北 taipei, taibei|新北 new taipei|桃园 taoyuan|台中 taichung, taizhong|台南 tainan
高雄 kaohsiung|基隆 keelung, jilong|新竹 hsinchu, xinzhu|苗栗 miaoli|彰化 changhua, zhanghua
南投 nantou|云林 yunlin|嘉义 chiayi, jiayi|屏东 pingtung, pingdong|宜兰 yilan, ilan
花莲 hualien, hualian|台东 taitung, taidong|澎湖 penghu|金门 kinmen, jinmen
连江 lienchiang, matsu|士林 shilin|桥头 ciaotou, qiaotou|板桥 banqiao|香港 hong kong
澳门 macau, macao|北京 beijing, peking|上海 shanghai|天津 tianjin|重庆 chongqing
广州 guangzhou, canton|深圳 shenzhen|珠海 zhuhai|佛山 foshan|东莞 dongguan|中山 zhongshan
惠州 huizhou|汕头 shantou|南京 nanjing, nanking|苏州 suzhou|无锡 wuxi|常州 changzhou
南通 nantong|徐州 xuzhou|扬州 yangzhou|杭州 hangzhou|宁波 ningbo|温州 wenzhou|绍兴 shaoxing
嘉兴 jiaxing|金华 jinhua|台州 taizhou|合肥 hefei|芜湖 wuhu|福州 fuzhou|厦门 xiamen, amoy
泉州 quanzhou|漳州 zhangzhou|南昌 nanchang|济南 jinan|青岛 qingdao|烟台 yantai|潍坊 weifang
临沂 linyi|郑州 zhengzhou|洛阳 luoyang|武汉 wuhan|宜昌 yichang|襄阳 xiangyang|长沙 changsha
株洲 zhuzhou|湘潭 xiangtan|南宁 nanning|桂林 guilin|柳州 liuzhou|海口 haikou|三亚 sanya
成都 chengdu|绵阳 mianyang|贵阳 guiyang|遵义 zunyi|铜仁 tongren|昆明 kunming|大理 dali
拉萨 lhasa|西安 xi'an, xian|宝鸡 baoji|兰州 lanzhou|西宁 xining|银川 yinchuan|乌鲁木齐 urumqi
呼和浩特 hohhot|包头 baotou|石家庄 shijiazhuang|唐山 tangshan|保定 baoding|太原 taiyuan
大同 datong|沈阳 shenyang|大连 dalian|长春 changchun|吉林 jilin|哈尔滨 harbin|大庆 daqing
河北 hebei|山西 shanxi|辽宁 liaoning|黑龙江 heilongjiang|江苏 jiangsu|浙江 zhejiang|安徽 anhui
福建 fujian|江西 jiangxi|山东 shandong|河南 henan|湖北 hubei|湖南 hunan|广东 guangdong
海南 hainan|四川 sichuan|贵州 guizhou|云南 yunnan|陕西 shaanxi|甘肃 gansu|青海 qinghai
广西 guangxi|宁夏 ningxia|新疆 xinjiang|内蒙古 inner mongolia|西藏 tibet
"""


@cache
def _places() -> dict[str, tuple[str, ...]]:
    rows = (row.strip() for line in _TABLE.strip().splitlines() for row in line.split("|"))
    names = (row.split(" ", 1) for row in rows)
    return {place: tuple(name.strip() for name in english.split(",")) for place, english in names}


def english_names(place: str) -> tuple[str, ...]:
    """The English names, in small letters, of a folded Chinese place; none if it has none here."""
    return _places().get(place, ())
