# SPDX-License-Identifier: Apache-2.0
"""Records of the demo's assets in Chinese and English. Field names are the catalogue's own; years are astronomical (0 is 1 BC)."""

from __future__ import annotations

from dataclasses import dataclass

ZH, EN = "zh-hans", "en"
METHOD = "generated"
FREE = "https://creativecommons.org/licenses/by-nc/4.0/"


@dataclass(frozen=True)
class Text:
    """What a record says in one language."""

    title: str
    culture: str
    date_label: str
    materials: str
    dimensions: str
    story: str
    picture_alt: str


@dataclass(frozen=True)
class Rights:
    """Who may decide about the digital model, why, and what everybody may do."""

    holder_zh: str
    holder_en: str
    basis: str = "own-work"
    statement: str = FREE
    note: str = "合成示例，非商业使用免费 / Synthetic example, free for non-commercial use"
    consent: bool = False


@dataclass(frozen=True)
class Offer:
    """What may be licensed, for how much: months, fen, shares in basis points."""

    use: str
    medium: str
    territory: str
    term_months: int
    price_fen: int
    holder_bp: int
    bearers_bp: int
    platform_bp: int
    terms_zh: str
    terms_en: str


@dataclass(frozen=True)
class Note:
    """What is said of one place of the model: position and outward direction in metres, as in its file, upward y."""

    position: tuple[float, float, float]
    normal: tuple[float, float, float]
    title_zh: str
    body_zh: str
    title_en: str
    body_en: str


@dataclass(frozen=True)
class Record:
    """An asset of the demo; `originals` are names for `cms.demo.originals.make`."""

    key: str
    originals: tuple[str, ...]
    kind: str
    institution: str
    place: str
    accession_number: str
    date_edtf: str
    date_earliest: int
    date_latest: int
    texts: dict[str, Text]
    rights: Rights
    offers: tuple[Offer, ...]
    sensitivity: str = "open"
    synthetic: bool = True
    notes: tuple[Note, ...] = ()


_RIZHAO = Rights("示例博物馆（日照）", "Demo Museum (Rizhao)")
_QINGZHOU = Rights("示例博物馆（青州）", "Demo Museum (Qingzhou)")


def _goods(price_fen: int, bearers_bp: int = 0) -> Offer:
    return Offer(
        "product", "goods", "CN", 12, price_fen, 9000 - bearers_bp, bearers_bp, 1000,
        "可将本资产用于文化创意实物产品；须注明「齐鲁合成示例」，不得转授权，不得暗示为真实藏品。",
        'May be used on cultural and creative goods; credit "Qilu synthetic example"; no sublicensing; never to be passed off as a real object.',
    )  # fmt: skip


def _print(price_fen: int, bearers_bp: int = 0) -> Offer:
    return Offer(
        "publication", "print", "world", 24, price_fen, 9000 - bearers_bp, bearers_bp, 1000,
        "可在一种出版物的各版次中使用本资产的图像；须注明出处与「合成示例」。",
        'Pictures of the asset may appear in all editions of one publication; credit the source and the words "synthetic example".',
    )  # fmt: skip


def _film(price_fen: int) -> Offer:
    return Offer(
        "advertising", "film", "CN", 6, price_fen, 9000, 0, 1000,
        "可在一部宣传片中使用本资产的三维模型；不得用于烟草、酒类与医疗广告。",
        "The 3D model may be used in one promotional film; not for tobacco, alcohol or medical advertising.",
    )  # fmt: skip


CUP = Record(
    key="cup",
    originals=("cup",),
    kind="object",
    institution="demo-museum-rizhao",
    place="donghaiyu",
    accession_number="DEMO-RZ-0001",
    date_edtf="-2399~/-1999~",
    date_earliest=-2399,
    date_latest=-1999,
    texts={
        ZH: Text(
            "蛋壳黑陶高柄杯", "龙山文化", "约前2400—前2000年", "细泥黑陶", "通高226毫米，口径92毫米，壁厚约0.4毫米",
            "胎薄如蛋壳，通体漆黑光亮。敞口深腹，快轮拉坯，壁厚不足半毫米；细柄中段鼓起，镂刻竖条与圆孔，内藏一粒陶丸，轻摇有声。"
            "龙山先民以渗碳烧成乌黑，再细细磨光，这样的杯多见于大墓，应是礼器。本件为齐鲁平台程序生成的合成示例，仿其形制，并非真实文物。",
            "一只漆黑光亮的细高柄陶杯，喇叭形口，柄部中段鼓起并有成排竖孔",
        ),
        EN: Text(
            "Eggshell black pottery stem cup", "Longshan culture", "about 2400–2000 BC", "Fine black earthenware", "Height 226 mm, mouth 92 mm, wall about 0.4 mm",
            "The wall is thinner than half a millimetre and shines like lacquer. The deep bowl was thrown on a fast wheel; halfway down, the slender stem swells "
            "into a cage pierced with slits and round holes, in which a loose pellet of clay rattles when the cup is moved. Longshan potters smoked such cups black "
            "in the kiln after burnishing them, and laid them in the richest graves, probably as ritual vessels. This model is a synthetic example made by Qilu's own "
            "generator after the known type; it is not a scan of a real object.",
            "A slender, lustrous black stem cup with a flaring mouth and a swelling, pierced stem",
        ),
    },
    rights=_RIZHAO,
    offers=(_goods(120_000), _print(36_000)),
)  # fmt: skip

DING = Record(
    key="ding",
    originals=("ding",),
    kind="object",
    institution="demo-museum-qingzhou",
    place="sufutun",
    accession_number="DEMO-QZ-0001",
    date_edtf="-1249~/-1045~",
    date_earliest=-1249,
    date_latest=-1045,
    texts={
        ZH: Text(
            "兽面纹青铜圆鼎", "商代晚期", "约前1250—前1046年", "青铜", "通高244毫米，口径209毫米",
            "圆腹折沿，双立耳，三柱足。腹部一周饰三组兽面纹，以云雷纹衬地，双目圆突，角端内卷，六道扉棱将纹饰分开。"
            "器底留有烟炱，绿锈间夹杂蓝色与赭红锈斑，仿佛刚自土中取出。鼎为烹煮与祭祀之器，也是身份的标志。"
            "本件为齐鲁平台程序生成的合成示例，纹饰系自行绘制，并非真实文物。",
            "一件布满绿锈的三足青铜圆鼎，腹部饰有兽面纹带，口沿上有两只立耳",
        ),
        EN: Text(
            "Bronze ding with beast masks", "Late Shang dynasty", "about 1250–1046 BC", "Bronze", "Height 244 mm, mouth 209 mm",
            "A round bowl with an everted rim stands on three columnar legs and carries two upright handles. Three beast masks circle the belly on a ground of square "
            "spirals: round staring eyes, horns that curl inwards, and six notched flanges that divide the band. Soot still blackens the underside, and blue and red "
            "corrosion breaks through the green. Such vessels cooked the meat of sacrifices and marked the rank of their owners. This model is a synthetic example made "
            "by Qilu's generator, its ornament drawn anew; it is not a real object.",
            "A green-patinated bronze tripod with a band of beast masks and two upright handles",
        ),
    },
    rights=_QINGZHOU,
    offers=(_goods(180_000), _film(520_000)),
    notes=(
        Note(
            (-0.0004, 0.1454, 0.1005), (0.0, 0.06, 1.0),
            "兽面纹", "扉棱为鼻，两侧双目圆突，角端内卷；三组兽面绕腹一周。纹饰由程序绘制，是合成示例。",
            "Beast mask", "The flange is its nose; the round eyes stare to both sides and the horns curl inwards. Three masks circle the belly. Drawn by a generator: a synthetic example.",
        ),
        Note(
            (0.0961, 0.2404, 0.0003), (1.0, -0.1, 0.0),
            "立耳", "口沿上一对立耳，可穿杠抬举。", "Upright handle", "One of a pair on the rim, through which a pole was put to carry the vessel.",
        ),
        Note(
            (0.0603, 0.0203, 0.0448), (-0.18, -0.05, 0.98),
            "柱足", "三足鼎立，足底着火处色深。", "Leg", "It stands on three; where they reached into the fire they are darker.",
        ),
    ),
)  # fmt: skip

RELIEF = Record(
    key="relief",
    originals=("relief",),
    kind="object",
    institution="demo-museum-qingzhou",
    place="dai-temple",
    accession_number="DEMO-QZ-0002",
    date_edtf="0025/0220",
    date_earliest=25,
    date_latest=220,
    texts={
        ZH: Text(
            "车马出行画像石", "东汉", "25—220年", "石灰岩", "宽1000毫米，高520毫米，厚120毫米",
            "画面分上下两层。上层正中为厅堂宴饮，主人端坐，宾客执笏跪拜；左侧树下系马，猎人张弓射鸟；右侧建鼓高立，舞者长袖翻飞。"
            "下层骑吏持幡戟前导，两辆轺车随行，车盖如伞。右上榜题刻「車馬出行」四字。四周饰菱形、三角与水波纹。"
            "本件为齐鲁平台程序生成的合成示例，构图与文字均自行绘制，并非真实文物。",
            "一块灰色石刻，上层刻厅堂、树下射鸟和鼓舞，下层刻骑马与马车队列，右上有四个汉字",
        ),
        EN: Text(
            "Carved stone with a procession of chariots", "Eastern Han dynasty", "AD 25–220", "Limestone", "Width 1000 mm, height 520 mm, depth 120 mm",
            "Two scenes are carved one above the other. Above, a host receives a kneeling guest in a pillared hall; to the left an archer aims at birds around a great tree, "
            "to the right a dancer swings long sleeves beside a standing drum. Below, riders with banner and halberd lead two light carriages under parasols. "
            "A cartouche reads 車馬出行, chariots and horses set out; lozenges, triangles and waves frame the whole. This model is a synthetic example made by Qilu's "
            "generator, its composition our own; it is not a real object.",
            "A grey stone slab carved with a hall, a tree with an archer and a drum dance above a row of riders and carriages",
        ),
    },
    rights=_QINGZHOU,
    offers=(_goods(150_000), _print(42_000)),
    notes=(
        Note(
            (0.056, 0.3, 0.0625), (0.0, 0.0, 1.0),
            "厅堂宴饮", "主人端坐堂中，宾客执笏跪拜；檐下悬鱼，屋脊立鸟。构图为合成示例。",
            "Feast in the hall", "The host sits in state, a guest kneels before him; fish hang from the eaves and birds sit on the roof. The composition is a synthetic example.",
        ),
        Note(
            (0.224, 0.3, 0.0625), (0.0, 0.0, 1.0),
            "建鼓舞", "建鼓高立，舞者长袖翻飞，鼓手相向击鼓。", "Drum dance", "A dancer swings long sleeves beside a standing drum while a drummer beats it.",
        ),
        Note(
            (0.414, 0.367, 0.0625), (0.0, 0.0, 1.0),
            "榜题", "自上而下刻「車馬出行」四字。", "Cartouche", "Four characters from top to bottom: 車馬出行, chariots and horses set out.",
        ),
    ),
)  # fmt: skip

TILE = Record(
    key="tile",
    originals=("tile",),
    kind="object",
    institution="demo-museum-qingzhou",
    place="lu-city",
    accession_number="DEMO-QZ-0003",
    date_edtf="-0201/0008",
    date_earliest=-201,
    date_latest=8,
    texts={
        ZH: Text(
            "云纹圆瓦当", "西汉", "前202—公元8年", "灰陶", "直径160毫米，厚约29毫米",
            "圆形灰陶瓦当，边轮宽平，中心圆突饰八瓣小花，双线将当面分为四区，每区一组卷云纹，由中央升起，向两侧回旋。"
            "左下边轮有磕缺，纹饰间残留土锈。瓦当护檐遮雨，也使屋檐成列生辉，云纹是汉代最常见的题材。"
            "本件为齐鲁平台程序生成的合成示例，纹样自行绘制，并非真实文物。",
            "一枚灰色圆形瓦当，四组卷云纹围绕中心圆突",
        ),
        EN: Text(
            "Round eave tile end with cloud scrolls", "Western Han dynasty", "202 BC – AD 8", "Grey earthenware", "Diameter 160 mm, thickness about 29 mm",
            "A broad flat rim encloses four fields parted by double lines. In each, a pair of cloud scrolls rises from the centre and curls to either side; an eight-petalled "
            "flower sits on the boss. The rim is chipped at the lower left, and soil clings to the hollows. Tile ends kept rain from the rafters and gave the eaves a "
            "rhythm of their own; clouds were the favourite motif of Han builders. This model is a synthetic example made by Qilu's generator; it is not a real object.",
            "A round grey tile end with four pairs of cloud scrolls around a boss",
        ),
    },
    rights=_QINGZHOU,
    offers=(_goods(60_000),),
)  # fmt: skip

PAPERCUT = Record(
    key="papercut",
    originals=("papercut", "scissors"),
    kind="practice",
    institution="demo-museum-rizhao",
    place="yantai",
    accession_number="DEMO-RZ-0002",
    date_edtf="2026",
    date_earliest=2026,
    date_latest=2026,
    texts={
        ZH: Text(
            "喜鹊登梅剪纸", "胶东剪纸", "2026年设计", "红色宣纸", "400毫米见方",
            "一把剪刀，一张红纸，对折之后左右成双：两只喜鹊相向立于梅枝，尾羽修长，胸前密排月牙纹与锯齿纹。外圈花瓣环绕，四角饰以团花。"
            "胶东一带逢年过节，人们把剪纸贴上窗棂，喜鹊与梅花谐音「喜上眉梢」。随图附一段合成声音，模拟剪刀开合与弦音。"
            "图样与声音均由齐鲁平台程序生成，为合成示例，不取自任何传承人作品。",
            "红色圆形剪纸，两只喜鹊相对立在梅枝上，四周是花瓣与锯齿纹",
        ),
        EN: Text(
            "Paper-cut: magpies on plum branches", "Jiaodong paper-cutting", "designed 2026", "Red paper", "400 mm square",
            "One pair of scissors, one sheet of red paper, folded so that the left half answers the right: two magpies face each other on plum branches, their breasts filled "
            "with crescent and saw-tooth cuts. Petals ring the scene and flowers fill the corners. At New Year people of the Jiaodong peninsula paste such papers on their "
            "windows; magpie and plum together sound like the wish for joy. A generated sound imitates scissors and strings. Design and sound are synthetic examples made "
            "by Qilu's generator and copy no artist's work.",
            "A round red paper-cut of two magpies facing each other on plum branches, ringed with petals",
        ),
    },
    rights=Rights("示例博物馆（日照）", "Demo Museum (Rizhao)", consent=True),
    offers=(_goods(80_000, bearers_bp=2000), _print(20_000, bearers_bp=2000)),
)  # fmt: skip

DANCE = Record(
    key="dance",
    originals=("dance",),
    kind="practice",
    institution="demo-museum-rizhao",
    place="taian",
    accession_number="DEMO-RZ-0003",
    date_edtf="2026",
    date_earliest=2026,
    date_latest=2026,
    texts={
        ZH: Text(
            "皮影武生的步法", "泰山皮影", "2026年生成", "动作数据（BVH）", "约八秒，三十帧每秒",
            "皮影艺人以竹签操纵影人：武生出场先亮相，抬腿、云手、翎子轻颤，再踏着锣鼓点左右游走。泰山一带的皮影戏由一人兼顾操纵、说唱与伴奏，"
            "素有「十不闲」之称。动作捕捉让这样的步法可以逐帧细看：拖动时间、放慢速度、转到身后，看关节怎样依次带动。"
            "这段动作由齐鲁平台程序生成，为合成示例，不取自任何传承人的表演。",
            "一具骨架人形抬腿挥袖，正在起舞",
        ),
        EN: Text(
            "Steps of a shadow-play warrior", "Shadow play of Mount Tai", "generated 2026", "Motion data (BVH)", "about eight seconds at thirty frames a second",
            "A shadow puppet lives at the end of rods: the warrior strikes a pose, lifts a knee, rolls his hands, lets the plumes tremble, then walks to and fro on the beat of the gongs. "
            "Around Mount Tai one player moves the figures, speaks, sings and plays the instruments, all at once. Captured motion lets such steps be studied frame by frame: hold a "
            "moment, slow it down, walk around it, and see which joint leads. This dance is a synthetic example made by Qilu's generator and copies no artist's performance.",
            "A jointed figure lifting a knee and swinging its sleeves in dance",
        ),
    },
    rights=Rights("示例博物馆（日照）", "Demo Museum (Rizhao)", consent=True),
    offers=(_goods(60_000, bearers_bp=2000),),
)  # fmt: skip

RECORDS: tuple[Record, ...] = (CUP, DING, RELIEF, TILE, PAPERCUT, DANCE)
