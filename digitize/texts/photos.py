# SPDX-License-Identifier: Apache-2.0
"""Texts about sets of photographs: why one should be taken again, what a set lacks."""

from __future__ import annotations

_AGAIN_EN, _AGAIN_ZH = "Take it again from the same place.", "请在同一位置重新拍摄。"
_MORE_EN, _MORE_ZH = "Take more photographs between these and the others.", "请在这些照片与其他照片之间补拍。"
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
}
