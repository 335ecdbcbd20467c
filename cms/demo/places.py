# SPDX-License-Identifier: Apache-2.0
"""The seven pilot regions and well-known sites in them; positions are rounded by hand to 0.01 or 0.1 degree, WGS-84."""

from __future__ import annotations

from dataclasses import dataclass

DATUM = "WGS-84"
PRECISION = "approximate"


@dataclass(frozen=True)
class Place:
    """A region, or a site whose `parent` is a region's slug; degrees, WGS-84."""

    slug: str
    kind: str
    parent: str | None
    name_zh: str
    name_en: str
    note_zh: str
    note_en: str
    latitude: float
    longitude: float
    datum: str = DATUM
    precision: str = PRECISION


def _region(slug: str, names: tuple[str, str], at: tuple[float, float], notes: tuple[str, str]) -> Place:
    return Place(slug, "region", None, *names, *notes, *at)


def _site(region: str, slug: str, names: tuple[str, str], at: tuple[float, float], notes: tuple[str, str]) -> Place:
    return Place(slug, "site", region, *names, *notes, *at)


REGIONS: tuple[Place, ...] = (
    _region("yantai", ("烟台", "Yantai"), (37.46, 121.45), ("胶东半岛北岸的港口城市，1861年开埠。", "A port on the north coast of the Jiaodong peninsula, opened to foreign trade in 1861.")),
    _region("taian", ("泰安", "Tai'an"), (36.20, 117.09), ("位于泰山脚下；泰山于1987年列入世界遗产名录。", "It lies at the foot of Mount Tai, on the World Heritage List since 1987.")),
    _region("rizhao", ("日照", "Rizhao"), (35.42, 119.53), ("黄海之滨，境内有多处龙山文化遗址，出土蛋壳黑陶。", "On the Yellow Sea coast; several Longshan sites here have yielded eggshell black pottery.")),
    _region("qufu", ("曲阜", "Qufu"), (35.58, 116.99), ("周代鲁国都城，孔子故里；孔庙、孔林、孔府1994年列入世界遗产名录。", "Capital of the Zhou state of Lu and home of Confucius; his temple, cemetery and family mansion joined the World Heritage List in 1994.")),
    _region("laoshan", ("崂山", "Laoshan"), (36.17, 120.60), ("山海相连的道教名山，主峰海拔约1133米。", "A Daoist mountain by the sea, its main peak about 1,133 metres high.")),
    _region("qingzhou", ("青州", "Qingzhou"), (36.69, 118.48), ("古九州之一；1996年在龙兴寺遗址发现窖藏佛教造像四百余尊。", "One of the nine provinces of antiquity; a hoard of more than 400 Buddhist sculptures was found at the Longxing Temple site in 1996.")),
    _region("taierzhuang", ("台儿庄", "Taierzhuang"), (34.56, 117.73), ("京杭大运河畔的古城，1938年台儿庄战役发生地。", "An old town on the Grand Canal and the scene of the battle of 1938.")),
)  # fmt: skip

SITES: tuple[Place, ...] = (
    _site("yantai", "penglai-pavilion", ("蓬莱阁", "Penglai Pavilion"), (37.82, 120.75), ("丹崖山上的临海楼阁，始建于北宋嘉祐六年（1061年）。", "A pavilion above the sea on Danya Hill, first built in 1061.")),
    _site("yantai", "yantai-hill", ("烟台山", "Yantai Hill"), (37.55, 121.39), ("明代设烽火台，烟台由此得名。", "A beacon tower of the Ming dynasty stood here and gave the city its name.")),
    _site("yantai", "suochengli", ("所城里", "Suochengli"), (37.53, 121.40), ("明洪武三十一年（1398年）所设奇山守御千户所的旧城。", "The old town of the Qishan garrison, set up in 1398 under the Ming.")),
    _site("taian", "mount-tai", ("泰山", "Mount Tai"), (36.26, 117.10), ("五岳之首，主峰玉皇顶海拔1532.7米。", "First of the five great mountains; its summit stands at 1,532.7 metres.")),
    _site("taian", "dai-temple", ("岱庙", "Dai Temple"), (36.19, 117.12), ("历代祭祀泰山神的庙宇，藏有碑刻与汉画像石。", "The temple of the god of Mount Tai, with its steles and Han carved stones.")),
    _site("taian", "dawenkou", ("大汶口遗址", "Dawenkou site"), (35.95, 117.08), ("1959年发掘，大汶口文化由此命名。", "Excavated in 1959; it gave the Dawenkou culture its name.")),
    _site("rizhao", "donghaiyu", ("东海峪遗址", "Donghaiyu site"), (35.3, 119.4), ("新石器时代遗址，出土龙山文化蛋壳黑陶高柄杯。", "A Neolithic site that has yielded Longshan eggshell stem cups.")),
    _site("rizhao", "liangchengzhen", ("两城镇遗址", "Liangchengzhen site"), (35.6, 119.6), ("龙山文化大型聚落遗址，1936年首次发掘。", "A large Longshan settlement, first excavated in 1936.")),
    _site("rizhao", "yaowangcheng", ("尧王城遗址", "Yaowangcheng site"), (35.3, 119.4), ("大汶口文化晚期至龙山文化时期的城址。", "A walled settlement of the late Dawenkou and Longshan periods.")),
    _site("qufu", "temple-of-confucius", ("孔庙", "Temple of Confucius"), (35.60, 116.99), ("祭祀孔子的庙宇，大成殿前有雕龙石柱。", "The temple in honour of Confucius; carved dragon pillars stand before its main hall.")),
    _site("qufu", "lu-city", ("鲁国故城", "City site of Lu"), (35.61, 117.00), ("周代鲁国都城遗址，汉代沿用。", "Site of the capital of Lu under the Zhou, still used under the Han.")),
    _site("qufu", "cemetery-of-confucius", ("孔林", "Cemetery of Confucius"), (35.63, 116.99), ("孔子及其后裔的家族墓地。", "Burial ground of Confucius and his descendants.")),
    _site("laoshan", "taiqing-palace", ("太清宫", "Taiqing Palace"), (36.14, 120.67), ("崂山规模最大的道观，背山面海。", "The largest Daoist temple of Laoshan, between mountain and sea.")),
    _site("laoshan", "jufeng", ("巨峰", "Jufeng"), (36.18, 120.62), ("崂山主峰，海拔约1133米。", "The main peak of Laoshan, about 1,133 metres.")),
    _site("qingzhou", "longxing-temple", ("龙兴寺遗址", "Longxing Temple site"), (36.69, 118.47), ("1996年发现北魏至北宋佛教造像窖藏。", "A hoard of sculptures from the Northern Wei to the Northern Song came to light here in 1996.")),
    _site("qingzhou", "sufutun", ("苏埠屯墓地", "Sufutun cemetery"), (36.8, 118.6), ("商代晚期贵族墓地，出土“亚醜”铭青铜器。", "A late Shang noble cemetery, known for bronzes inscribed Ya Chou.")),
    _site("qingzhou", "yunmen-hill", ("云门山", "Yunmen Hill"), (36.64, 118.46), ("有隋唐石窟造像与明代巨幅“寿”字石刻。", "It has Sui and Tang cave sculptures and a giant Ming carving of the character for long life.")),
    _site("taierzhuang", "taierzhuang-town", ("台儿庄古城", "Taierzhuang old town"), (34.56, 117.74), ("明清因运河漕运兴盛，战后废墟上复建。", "It prospered by canal transport under the Ming and Qing and was rebuilt over the ruins of war.")),
    _site("taierzhuang", "taierzhuang-canal", ("京杭大运河台儿庄段", "Grand Canal at Taierzhuang"), (34.55, 117.73), ("明代开凿泇运河后成为漕运要道。", "Part of the main transport route after the Jia Canal was cut under the Ming.")),
)  # fmt: skip

PLACES: tuple[Place, ...] = REGIONS + SITES
