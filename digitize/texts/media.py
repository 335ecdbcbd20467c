# SPDX-License-Identifier: Apache-2.0
"""Texts about sound, film and captions: refusals and failures, then doubts."""

from __future__ import annotations

_COPY_EN = "The file was probably cut off while copying or uploading: copy it again."
_COPY_ZH = "文件可能在复制或上传时被截断：请重新复制。"
_EXPORT_EN = "Export it again from its program."
_EXPORT_ZH = "请从制作软件中重新导出。"
_CONVERT_EN = "Convert it to a common form, such as FLAC or WAV for sound, H.264 in MP4 or FFV1 in Matroska for film."
_CONVERT_ZH = "请转换为常见格式，例如声音用 FLAC 或 WAV，影片用 MP4（H.264）或 Matroska（FFV1）。"
_SPLIT_EN = "Split the recording, or ask the administrator to raise the limit."
_SPLIT_ZH = "请拆分录音或影片，或请管理员调高限制。"
_KEPT_EN = "The original is kept."
_KEPT_ZH = "原件完整保留。"
_CUES_EN = "Mend it in a subtitle editor and submit it again."
_CUES_ZH = "请在字幕编辑软件中修正后重新提交。"

MEDIA: dict[str, dict[str, tuple[str, str]]] = {
    "media.broken": {
        "en": ("“{name}” is broken: {problem}.", _EXPORT_EN),
        "zh-hans": ("“{name}”已损坏：{problem}。", _EXPORT_ZH),
    },
    "media.checksum": {
        "en": ("A checksum in “{name}” is wrong: bytes were changed.", "Copy it again from where it is whole."),
        "zh-hans": ("“{name}”中的校验和不符：字节已被改变。", "请从完好的副本重新复制。"),
    },
    "media.truncated": {
        "en": ("“{name}” is cut short: its last sound second is {last} of {total}.", _COPY_EN),
        "zh-hans": ("“{name}”不完整：完好部分止于第 {last} 秒，全长 {total} 秒。", _COPY_ZH),
    },
    "media.cut": {
        "en": ("“{name}” is cut short: its last sound second is {last}.", _COPY_EN),
        "zh-hans": ("“{name}”不完整：完好部分止于第 {last} 秒。", _COPY_ZH),
    },
    "media.index-missing": {
        "en": ("“{name}” has no index (moov), which stands at its end: without it none of it can be played.", _COPY_EN),
        "zh-hans": ("“{name}”缺少位于末尾的索引（moov）：没有它，任何部分都无法播放。", _COPY_ZH),
    },
    "media.codec": {
        "en": ("“{name}” is coded as “{codec}”, which is not taken.", _CONVERT_EN),
        "zh-hans": ("“{name}”的编码“{codec}”不受支持。", _CONVERT_ZH),
    },
    "media.encrypted": {
        "en": ("“{name}” is encrypted.", "Submit it without copy protection."),
        "zh-hans": ("“{name}”已加密。", "请提交没有版权保护加密的文件。"),
    },
    "media.outside": {
        "en": ("“{name}” takes its sound or pictures from another file.", "Save it as one file that contains everything."),
        "zh-hans": ("“{name}”的声音或画面存于另一个文件。", "请另存为包含全部内容的单个文件。"),
    },
    "media.no-streams": {
        "en": ("“{name}” holds neither sound nor pictures.", _EXPORT_EN),
        "zh-hans": ("“{name}”中既没有声音也没有画面。", _EXPORT_ZH),
    },
    "media.too-long": {
        "en": ("“{name}” lasts {seconds} seconds; at most {limit} are taken.", _SPLIT_EN),
        "zh-hans": ("“{name}”长 {seconds} 秒；上限为 {limit} 秒。", _SPLIT_ZH),
    },
    "media.too-large-picture": {
        "en": ("The pictures of “{name}” have {width} × {height} pixels; {limit} in all are taken.", "Scale the film down."),
        "zh-hans": ("“{name}”的画面为 {width} × {height} 像素；总像素上限为 {limit}。", "请缩小画面。"),
    },
    "media.undecodable": {
        "en": ("“{name}” cannot be decoded: {problem}.", _EXPORT_EN),
        "zh-hans": ("无法解码“{name}”：{problem}。", _EXPORT_ZH),
    },
    "media.frames-lost": {
        "en": ("Of {stated} frames of “{name}” only {got} could be decoded: {problem}.", _COPY_EN),
        "zh-hans": ("“{name}”的 {stated} 帧中只有 {got} 帧可以解码：{problem}。", _COPY_ZH),
    },
    "media.no-ffmpeg": {
        "en": (
            "There is no ffmpeg on this machine, and “{name}” is {format}: without it only WAV is taken.",
            "Install ffmpeg (Debian and Ubuntu: apt install ffmpeg), or name the program by QILU_FFMPEG (a program file, not a script).",
        ),
        "zh-hans": (
            "本机没有 ffmpeg，而“{name}”是 {format}：没有它只能处理 WAV。",
            "请安装 ffmpeg（Debian 与 Ubuntu：apt install ffmpeg），或用 QILU_FFMPEG 指明该程序（须是程序文件，不能是脚本）。",
        ),
    },
    "media.ffmpeg-failed": {
        "en": ("ffmpeg ended with status {status}: {problem}.", "Report the step together with its recorded outcome."),
        "zh-hans": ("ffmpeg 以状态 {status} 结束：{problem}。", "请将该步骤及其记录的结果一并反馈。"),
    },
    "media.not-exact": {
        "en": ("The preservation copy of the {stream} does not decode to the original.", "Report the file: the copy was not kept."),
        "zh-hans": ("{stream} 的保存副本解码后与原件不一致。", "请反馈该文件：该副本未保留。"),
    },
    "media.streams-unused": {
        "en": ("{count} further streams are not used ({kinds}).", _KEPT_EN),
        "zh-hans": ("另有 {count} 个流未使用（{kinds}）。", _KEPT_ZH),
    },
    "media.duration-differs": {
        "en": ("The file states {stated} seconds, but holds {found}.", "Check that it is the whole recording."),
        "zh-hans": ("文件声明长 {stated} 秒，实际为 {found} 秒。", "请确认录音或影片完整。"),
    },
    "media.frames-differ": {
        "en": ("The file states {stated} frames; {got} were decoded, without an error.", "Check beginning and end."),
        "zh-hans": ("文件声明 {stated} 帧；解码得到 {got} 帧，未报错误。", "请检查开头和结尾。"),
    },
    "media.decoding-errors": {
        "en": ("{count} errors were met in decoding, the first: {problem}.", "Look at and listen to the result."),
        "zh-hans": ("解码时遇到 {count} 个错误，第一个：{problem}。", "请查看并试听结果。"),
    },
    "media.no-encoder": {
        "en": (
            "This machine’s ffmpeg has no encoder for {form}: there is no {role}.",
            "Install a full build of ffmpeg and digitize it again.",
        ),
        "zh-hans": ("本机的 ffmpeg 没有 {form} 编码器：未生成 {role}。", "请安装完整版 ffmpeg 后重新数字化。"),
    },
    "film.size-changes": {
        "en": ("The pictures of “{name}” change their size within the film.", "Split it where the size changes."),
        "zh-hans": ("“{name}”的画面尺寸在影片中途改变。", "请在尺寸改变处拆分。"),
    },
    "film.hdr": {
        "en": ("The film is coded for bright screens ({transfer}); the access copy takes its values as they are.", _KEPT_EN),
        "zh-hans": ("影片为高动态范围（{transfer}）；访问副本按原值转换，未作色调映射。", _KEPT_ZH),
    },
    "captions.invalid": {
        "en": ("“{name}” is not valid: {problem}.", _CUES_EN),
        "zh-hans": ("“{name}”无效：{problem}。", _CUES_ZH),
    },
    "captions.empty": {"en": ("“{name}” holds no captions.", _CUES_EN), "zh-hans": ("“{name}”中没有字幕。", _CUES_ZH)},
    "captions.too-many": {
        "en": ("“{name}” holds more than {limit} captions.", _CUES_EN),
        "zh-hans": ("“{name}”中的字幕超过 {limit} 条。", _CUES_ZH),
    },
    "captions.beyond-end": {
        "en": (
            "A caption of “{name}” ends at second {end}, but the recording at {duration}.",
            "Give the captions that belong to this recording.",
        ),
        "zh-hans": ("“{name}”有一条字幕止于第 {end} 秒，而录音或影片止于 {duration} 秒。", "请提供与之对应的字幕。"),
    },
    "captions.same-language": {
        "en": ("“{name}” and “{other}” are both captions in “{language}”.", "Name the language before the extension, such as film.zh.vtt."),
        "zh-hans": ("“{name}”与“{other}”都是“{language}”字幕。", "请在扩展名前写明语言，例如 film.zh.vtt。"),
    },
    "captions.shifted": {
        "en": (
            "The captions “{name}” would fit the sound better moved by {offset} s ({share} of their time has sound, then {better}).",
            "Watch a few captions; if they are early or late, shift the file and submit it again. Nothing was moved.",
        ),
        "zh-hans": (
            "字幕“{name}”移动 {offset} 秒后与声音更吻合（其时间内有声比例由 {share} 变为 {better}）。",
            "请核对几条字幕；如果偏早或偏晚，请调整后重新提交。未作任何移动。",
        ),
    },
    "captions.over-silence": {
        "en": ("Only {share} of the time of the captions “{name}” has sound.", "Check that they belong to this recording."),
        "zh-hans": ("字幕“{name}”的时间中只有 {share} 有声音。", "请确认它们属于这段录音或影片。"),
    },
    "captions.language-unknown": {
        "en": ("The name “{name}” does not say the language of the captions.", "Name it before the extension, such as film.zh.vtt."),
        "zh-hans": ("文件名“{name}”未说明字幕语言。", "请在扩展名前写明语言，例如 film.zh.vtt。"),
    },
    "captions.encoding-guessed": {
        "en": ("The letters of “{name}” were read as {encoding}; the file does not say.", "Look at the captions; save them as UTF-8."),
        "zh-hans": ("“{name}”未说明文字编码；已按 {encoding} 读取。", "请查看字幕，并另存为 UTF-8。"),
    },
    "captions.overlapping": {
        "en": ("{count} captions of “{name}” begin before the one before them ends.", _CUES_EN),
        "zh-hans": ("“{name}”有 {count} 条字幕在前一条结束之前开始。", _CUES_ZH),
    },
    "captions.brief": {
        "en": ("{count} captions of “{name}” stand for less than {limit} s.", _CUES_EN),
        "zh-hans": ("“{name}”有 {count} 条字幕显示不足 {limit} 秒。", _CUES_ZH),
    },
    "captions.long-lines": {
        "en": ("{count} lines of “{name}” are wider than {limit} letters (a Chinese one counts as two).", _CUES_EN),
        "zh-hans": ("“{name}”有 {count} 行宽于 {limit} 个字母（一个汉字算两个）。", _CUES_ZH),
    },
    "captions.too-fast": {
        "en": ("{count} captions of “{name}” must be read faster than {limit} letters a second (a Chinese one counts as two).", _CUES_EN),
        "zh-hans": ("“{name}”有 {count} 条字幕需以每秒超过 {limit} 个字母的速度阅读（一个汉字算两个）。", _CUES_ZH),
    },
    "captions.markup-dropped": {
        "en": ("Markup of “{name}” that WebVTT has not was left out ({what}).", _KEPT_EN),
        "zh-hans": ("“{name}”中 WebVTT 没有的标记已略去（{what}）。", _KEPT_ZH),
    },
}
