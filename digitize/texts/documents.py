# SPDX-License-Identifier: Apache-2.0
"""Texts of documents and colour targets: refusals, then doubts."""

from __future__ import annotations

_COPY_EN = "Copy or export the file again."
_COPY_ZH = "请重新复制或导出该文件。"

DOCUMENTS: dict[str, dict[str, tuple[str, str]]] = {
    "pdf.broken": {
        "en": ("The PDF “{name}” is broken: {problem}.", "Open it in its program and save it again."),
        "zh-hans": ("PDF“{name}”已损坏：{problem}。", "请在制作软件中打开并重新保存。"),
    },
    "pdf.cut": {
        "en": ("The PDF “{name}” ends too early; {pages} pages can be found in what is there.", _COPY_EN),
        "zh-hans": ("PDF“{name}”过早结束；现存部分中可找到 {pages} 页。", _COPY_ZH),
    },
    "pdf.encrypted": {
        "en": ("The PDF “{name}” is encrypted.", "Save it without a password and without restrictions."),
        "zh-hans": ("PDF“{name}”已加密。", "请在无密码、无权限限制的情况下重新保存。"),
    },
    "pdf.active-content": {
        "en": (
            "The PDF holds what could act by itself: {names}; none of it is run, none is in a derivative.",
            "The original keeps it: mind who opens it.",
        ),
        "zh-hans": ("PDF 含有可自行执行的内容：{names}；均未运行，也未进入衍生文件。", "原件中仍保留：请注意打开者。"),
    },
    "document.too-many-pages": {
        "en": ("“{name}” has more than {limit} pages.", "Split it into volumes."),
        "zh-hans": ("“{name}”超过 {limit} 页。", "请分册提交。"),
    },
    "document.page": {
        "en": ("Page {page} of “{name}” cannot be rendered.", "Save the page again from its program."),
        "zh-hans": ("“{name}”的第 {page} 页无法呈现。", "请从制作软件中重新保存该页。"),
    },
    "document.count-mismatch": {
        "en": ("“{name}” opens with {read} pages, but states {stated}.", _COPY_EN),
        "zh-hans": ("“{name}”打开后有 {read} 页，但声明为 {stated} 页。", _COPY_ZH),
    },
    "document.text-pages": {
        "en": (
            "The text “{name}” has {parts} pages, what it belongs to has {pages}.",
            "Part its pages by form feeds, one text for each page.",
        ),
        "zh-hans": ("文本“{name}”有 {parts} 页，所属文件有 {pages} 页。", "请用换页符分页，每页一段。"),
    },
    "document.text-encoding": {
        "en": ("The text “{name}” is not UTF-8.", "Save it as UTF-8."),
        "zh-hans": ("文本“{name}”不是 UTF-8 编码。", "请存为 UTF-8。"),
    },
    "document.order-supposed": {
        "en": ("The order of the {count} pages was taken from their names.", "Look through the pages; number the files where it is wrong."),
        "zh-hans": ("{count} 页的顺序取自文件名。", "请逐页核对；如有错误，请为文件编号。"),
    },
    "document.without-text": {
        "en": ("{count} of {pages} pages have no text layer.", "Give a text beside the pages, if they are to be searched."),
        "zh-hans": ("{pages} 页中有 {count} 页没有文字层。", "如需检索，请随页面提供文本。"),
    },
    "target.invalid": {
        "en": ("The colour target “{name}” cannot be used: {problem}.", "Mend its text."),
        "zh-hans": ("色卡文件“{name}”无法使用：{problem}。", "请修正其内容。"),
    },
    "target.several": {
        "en": ("There are several colour targets: {names}.", "Give the one that is in the picture."),
        "zh-hans": ("有多个色卡文件：{names}。", "请只提供图中的那一个。"),
    },
}
