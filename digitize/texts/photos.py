# SPDX-License-Identifier: Apache-2.0
"""Texts about sets of photographs: why one should be taken again, what a set lacks."""

from __future__ import annotations

_AGAIN_EN, _AGAIN_ZH = "Take it again from the same place.", "请在同一位置重新拍摄。"
_MORE_EN, _MORE_ZH = "Take more photographs between these and the others.", "请在这些照片与其他照片之间补拍。"
_MARKERS_EN, _MARKERS_ZH = (
    "docs/digitizing.md describes markers.json; mend it, or leave it out.",
    "markers.json 的写法见 docs/digitizing.md；请修正或去掉它。",
)
_SAME_EN, _SAME_ZH = "Keep camera, lens and settings the same for one object.", "拍摄同一对象时，请保持相机、镜头与设置不变。"

PHOTOS: dict[str, dict[str, tuple[str, str]]] = {
    "photo.blurred": {
        "en": ("Blurred: its edges are {blur} pixels soft where {usual} is usual in this set.", _AGAIN_EN),
        "zh-hans": ("模糊：边缘模糊度为 {blur} 像素，本组通常为 {usual}。", _AGAIN_ZH),
    },
    "photo.no-detail": {
        "en": ("It shows no detail at all.", _AGAIN_EN),
        "zh-hans": ("画面没有任何细节。", _AGAIN_ZH),
    },
    "photo.overexposed": {
        "en": ("Overexposed: {percent} % of it is plain white; {stops} stops against the set.", _AGAIN_EN),
        "zh-hans": ("曝光过度：{percent} % 为纯白；与本组相差 {stops} 档。", _AGAIN_ZH),
    },
    "photo.underexposed": {
        "en": ("Underexposed: {percent} % of it is plain black; {stops} stops against the set.", _AGAIN_EN),
        "zh-hans": ("曝光不足：{percent} % 为纯黑；与本组相差 {stops} 档。", _AGAIN_ZH),
    },
    "photo.duplicate": {
        "en": ("It shows the same as {other}, from the same place.", "It may be left out."),
        "zh-hans": ("与 {other} 内容和机位相同。", "可以不使用。"),
    },
    "photos.few": {
        "en": ("Only {count} photographs are good; {least} are needed at least.", "Photograph the object from all sides."),
        "zh-hans": ("合格照片只有 {count} 张；至少需要 {least} 张。", "请从各个方向拍摄对象。"),
    },
    "photos.reshoot": {
        "en": ("{count} photographs should be taken again: {names}.", _AGAIN_EN),
        "zh-hans": ("有 {count} 张照片需要重拍：{names}。", _AGAIN_ZH),
    },
    "photos.gaps": {
        "en": ("By estimate the set falls into {groups} groups; these {count} do not overlap with the rest: {names}.", _MORE_EN),
        "zh-hans": ("据估计，照片分为 {groups} 组；以下 {count} 张与其余照片没有重叠：{names}。", _MORE_ZH),
    },
    "photos.weak": {
        "en": ("By estimate these {count} hang on the others by little: {names}.", _MORE_EN),
        "zh-hans": ("据估计，以下 {count} 张与其他照片的重叠较少：{names}。", _MORE_ZH),
    },
    "photos.not-placed": {
        "en": ("The reconstruction could not place {count} photographs: {names}.", _MORE_EN),
        "zh-hans": ("三维重建未能定位 {count} 张照片：{names}。", _MORE_ZH),
    },
    "photos.gap": {
        "en": (
            "Nothing was taken over {degrees}° around the object, between {after} and {before}.",
            "Take {more} more there, a step of some 15° apart.",
        ),
        "zh-hans": ("围绕对象在 {after} 与 {before} 之间有 {degrees}° 没有拍摄。", "请在此处补拍 {more} 张，每隔约 15° 一张。"),
    },
    "photos.one-side": {
        "en": (
            "The object was photographed from one side only: nothing was taken over {degrees}° around it, from {after} on to {before}.",
            "Go on around it: {more} more, some 15° apart. Where there is no behind, as of a wall, this may stay so.",
        ),
        "zh-hans": (
            "只拍摄了对象的一侧：从 {after} 绕到 {before} 之间有 {degrees}° 没有拍摄。",
            "请继续环绕拍摄：补拍 {more} 张，每隔约 15° 一张。若对象没有背面（如墙面），可以不补拍。",
        ),
    },
    "photos.one-height": {
        "en": (
            "All photographs were taken from about one height ({heights} above the horizontal): top and underside are hardly seen.",
            "Go around once more, some 30° higher or lower.",
        ),
        "zh-hans": (
            "所有照片几乎在同一高度拍摄（高出水平面 {heights}）：对象的顶部和底部很少被拍到。",
            "请在高或低约 30° 的位置再环绕拍摄一圈。",
        ),
    },
    "photos.exposure-varies": {
        "en": ("Brightness varies by {stops} stops within the set.", _SAME_EN),
        "zh-hans": ("组内亮度相差 {stops} 档。", _SAME_ZH),
    },
    "photos.sizes-differ": {
        "en": ("The photographs differ in size: {sizes}.", "Do not crop or scale photographs for measuring."),
        "zh-hans": ("照片尺寸不一：{sizes}。", "用于测量的照片请勿裁剪或缩放。"),
    },
    "photos.small": {
        "en": ("{count} photographs have fewer than {least} megapixels.", "Use the camera’s full resolution."),
        "zh-hans": ("有 {count} 张照片不足 {least} 百万像素。", "请使用相机的最高分辨率。"),
    },
    "photos.cameras-differ": {
        "en": ("The photographs come from different cameras: {names}.", _SAME_EN),
        "zh-hans": ("照片来自不同的相机：{names}。", _SAME_ZH),
    },
    "photos.focal-varies": {
        "en": ("The focal length varies from {least} to {most} mm.", _SAME_EN),
        "zh-hans": ("焦距从 {least} 到 {most} 毫米不等。", _SAME_ZH),
    },
    "photos.no-focal": {
        "en": ("{count} photographs do not say their focal length.", "Give the camera’s own files, with their EXIF."),
        "zh-hans": ("有 {count} 张照片没有焦距信息。", "请提供带有 EXIF 的相机原始文件。"),
    },
    "photos.no-reconstruction": {
        "en": (
            "No cameras and no point cloud were reconstructed: {extra} is not installed.",
            "python3 manage.py extras photos installs it; then digitize the photographs again.",
        ),
        "zh-hans": ("未重建相机位置和点云：没有安装 {extra}。", "请运行 python3 manage.py extras photos 安装，然后重新数字化这组照片。"),
    },
    "photos.reconstruction-failed": {
        "en": ("No two photographs gave a first model: there are no cameras and no point cloud.", _MORE_EN),
        "zh-hans": ("没有任何两张照片能够建立初始模型：没有相机位置和点云。", _MORE_ZH),
    },
    "photos.models": {
        "en": ("The photographs gave {count} separate models; the largest is shown.", _MORE_EN),
        "zh-hans": ("照片重建为 {count} 个互不相连的模型；仅展示最大的一个。", _MORE_ZH),
    },
    "markers.invalid": {
        "en": ("What is said of the printed markers cannot be used: {problem}.", _MARKERS_EN),
        "zh-hans": ("关于标记点的说明无法使用：{problem}。", _MARKERS_ZH),
    },
    "markers.no-detector": {
        "en": (
            "The printed markers were not looked for: the extra {extra} is not installed.",
            "python3 manage.py extras {extra} installs it; then digitize the photographs again.",
        ),
        "zh-hans": ("未查找标记点：没有安装可选组件 {extra}。", "请运行 python3 manage.py extras {extra} 安装，然后重新数字化这组照片。"),
    },
    "markers.none": {
        "en": (
            "No photograph shows a marker of the dictionary {dictionary}.",
            "Check the dictionary’s name; a marker needs a white margin and some 30 pixels of its side.",
        ),
        "zh-hans": (
            "没有一张照片拍到 {dictionary} 字典的标记点。",
            "请核对字典名称；标记点四周需留白边，在照片中的边长至少约 30 像素。",
        ),
    },
    "markers.twice": {
        "en": ("A marker is shown more than once and was left out there: {names}.", "Lay out each number only once."),
        "zh-hans": ("同一标记点在照片中出现多次，已在该处忽略：{names}。", "每个编号请只放置一个。"),
    },
    "markers.not-placed": {
        "en": (
            "No marker could be placed: none is shown alike by {least} placed photographs.",
            "See to it that several photographs from different sides show each marker, and that none is moved.",
        ),
        "zh-hans": (
            "无法定位任何标记点：没有标记点被至少 {least} 张已定位的照片一致拍到。",
            "请让每个标记点出现在多张不同方向的照片中，拍摄期间不要移动。",
        ),
    },
    "markers.lost": {
        "en": (
            "Distances to the markers {names} were not used: fewer than {least} placed photographs show them alike.",
            "Take more photographs that show them.",
        ),
        "zh-hans": ("标记点 {names} 的距离未被采用：一致拍到它们的已定位照片不足 {least} 张。", "请补拍能看到这些标记点的照片。"),
    },
    "markers.vague": {
        "en": (
            "Known lengths that the photographs show to no better than {percent} % were not used: {names}.",
            "Print larger markers, or lay them further apart.",
        ),
        "zh-hans": ("照片中测量误差超过 {percent} % 的已知长度未被采用：{names}。", "请打印更大的标记点，或把它们放得更远。"),
    },
    "photos.no-scale": {
        "en": (
            "The numbers of the point cloud and the cameras have a unit of their own, for nothing of known length was photographed.",
            "Lay printed markers beside the object and give markers.json; docs/digitizing.md describes it.",
        ),
        "zh-hans": (
            "点云和相机的数值采用自身的任意单位，因为照片中没有已知长度。",
            "请在对象旁放置打印的标记点，并附上 markers.json；写法见 docs/digitizing.md。",
        ),
    },
}
