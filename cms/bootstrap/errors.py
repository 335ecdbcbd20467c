# SPDX-License-Identifier: Apache-2.0
"""What a machine may lack, named in one line with the mend."""

from __future__ import annotations

import os

EXIT_USAGE, EXIT_OWN_FAULT = 64, 70
USAGE = frozenset({"settings.invalid", "command.unknown", "extra.unknown"})

MESSAGES: dict[str, dict[str, tuple[str, str]]] = {
    "system.venv": {
        "en": ("Python's venv module cannot make an environment here (ensurepip is missing).", "apt install python3-venv"),
        "zh": ("此处的 Python 缺少 ensurepip，无法建立虚拟环境。", "apt install python3-venv"),
    },
    "system.disk": {
        "en": (
            "Only {free} GB are free where {folder} lies; {needed} GB are needed.",
            "free some space, or move the checkout to a larger disk",
        ),
        "zh": ("{folder} 所在磁盘只剩 {free} GB，需要 {needed} GB。", "请清理空间，或把代码移到更大的磁盘"),
    },
    "system.read-only": {
        "en": ("{folder} cannot be written to.", "run as the owner of the checkout, or copy it to a folder of yours"),
        "zh": ("{folder} 不可写。", "请以代码所有者的身份运行，或复制到自己的文件夹"),
    },
    "registry.python": {
        "en": (
            "The Python package registry cannot be reached: {reason}",
            "check the network, or name a mirror in PIP_INDEX_URL; then run the command again, what is there is kept",
        ),
        "zh": ("连不上 Python 软件仓库：{reason}", "请检查网络，或用 PIP_INDEX_URL 指定镜像；再次运行即可，已下载的会保留"),
    },
    "registry.npm": {
        "en": (
            "The npm registry cannot be reached: {reason}",
            "check the network, or name a mirror in NPM_CONFIG_REGISTRY; then run the command again, what is there is kept",
        ),
        "zh": ("连不上 npm 仓库：{reason}", "请检查网络，或用 NPM_CONFIG_REGISTRY 指定镜像；再次运行即可，已下载的会保留"),
    },
    "settings.invalid": {
        "en": ("A setting cannot be read: {reason}.", "docs/settings.md names every setting with its type"),
        "zh": ("有一项设置读不懂：{reason}。", "docs/settings.md 列出了每一项设置及其类型"),
    },
    "command.unknown": {
        "en": ("There is no command “{name}”.", "python3 manage.py help names those there are"),
        "zh": ("没有「{name}」这个命令。", "python3 manage.py help 会列出全部命令"),
    },
    "extra.unknown": {
        "en": ("There is no extra “{name}”.", "those there are: {known}"),
        "zh": ("没有「{name}」这个可选组件。", "现有可选组件：{known}"),
    },
    "extra.own-environment": {
        "en": (
            "This environment is your own, and its packages are left alone; the extra {name} is not in it.",
            "pip install --require-hashes -r {lock}",
        ),
        "zh": ("当前是您自己的虚拟环境，程序不会改动其中的软件包；其中没有可选组件 {name}。", "pip install --require-hashes -r {lock}"),
    },
    "install.failed": {
        "en": ("{what} could not be installed: {reason}", "read {log}, then run the command again"),
        "zh": ("{what} 安装失败：{reason}", "请查看 {log}，然后再次运行"),
    },
}


def spoken_language() -> str:
    """Give `zh` where the shell speaks Chinese, else `en`."""
    spoken = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return "zh" if spoken.lower().startswith("zh") else "en"


class MissingError(Exception):
    """Name a piece that the machine lacks, and the mend.

    Parameters
    ----------
    code
        A key of `MESSAGES`.
    retryable
        Whether the same command may succeed later without a change to the machine.
    **params
        What the texts' placeholders stand for.
    """

    def __init__(self, code: str, *, retryable: bool = False, **params: object) -> None:
        message, hint = MESSAGES[code][spoken_language()]
        super().__init__(message.format(**params))
        self.code = code
        self.message = message.format(**params)
        self.hint = hint.format(**params)
        self.retryable = retryable

    @property
    def exit(self) -> int:
        """Give the exit that fits: 64 where the caller's words are wrong, 70 where the machine lacks something."""
        return EXIT_USAGE if self.code in USAGE else EXIT_OWN_FAULT

    def line(self) -> str:
        """Give the one line for people."""
        return f"{self.message} {'解决办法：' if spoken_language() == 'zh' else 'Mend: '}{self.hint}"

    def as_object(self) -> dict[str, object]:
        """Give the object for scripts, in the form of every command's refusal."""
        return {"code": self.code, "message": self.message, "hint": self.hint, "retryable": self.retryable, "at": None}
