"""Invented people: names put together from lists, and identity numbers with real area codes and a valid check digit."""
import datetime as dt
from dataclasses import dataclass, field

from stdnum.iso7064.mod_11_2 import calc_check_digit

SURNAMES = ("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜戚谢邹喻柏苏潘葛范彭鲁韦马苗凤方任袁柳鲍史唐费薛雷贺倪汤"
            "滕罗毕郝安常乐于傅皮卞齐康伍余顾孟黄穆萧尹姚邵汪祁毛米贝明臧戴宋庞熊纪舒屈项祝董梁杜阮蓝闵季贾江童郭梅盛林钟徐邱骆高夏蔡田"
            "胡凌霍万柯管卢莫房丁邓洪左石崔龚程邢裴陆荣翁仇单解曾查区朴")
DOUBLE = ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "令狐")
FIRST = "文子思明嘉若雨晓志建国春秋景海云天佳敏立永少书清锦望舒知修承怀静婉立德宗启仲伯叔鸿亦以希元朝松竹兰墨乐安宁昭瑾"
SECOND = "华强军伟芳丽娟杰涛磊洋勇艳超霞平刚桂英玲辉鹏飞燕琳倩波宇浩然轩怡琪涵妍博睿航哲岚溪峰川舟筠衡彦棠鸣皓臻岳桐"
AREAS = ("110105", "110108", "120101", "130102", "140105", "210102", "220102", "230103", "310104", "310115", "320102", "320106", "330106", "340104",
         "350102", "360102", "370102", "410105", "420106", "420111", "430104", "440106", "450103", "500103", "510104", "520103", "530102", "610113")


@dataclass
class Identity:
    """Who somebody is: what goes into Person, beyond the ways to reach him."""
    name: str
    document_number: str
    document_type: str = "01"
    more: dict = field(default_factory=dict)


def invented(rng, taken, born=None):
    """A new person whose number is not among `taken`; three in a hundred have a surname of two characters."""
    surname = rng.choice(DOUBLE) if rng.random() < 0.03 else rng.choice(SURNAMES)
    given = rng.choice(SECOND) if rng.random() < 0.15 else rng.choice(FIRST) + rng.choice(SECOND)
    return Identity(surname + given, number(rng, taken, born))


def number(rng, taken, born=None, area=None):
    """An invented 18-digit number; areas 81 to 83 give the number of a residence permit."""
    while True:
        born_on = born or dt.date(rng.randrange(1976, 1995), rng.randrange(1, 13), rng.randrange(1, 29))
        body = f"{area or rng.choice(AREAS)}{born_on:%Y%m%d}{rng.randrange(1, 400):03d}"
        found = body + calc_check_digit(body)
        if found not in taken:
            taken.add(found)
            return found
