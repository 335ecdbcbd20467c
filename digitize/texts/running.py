# SPDX-License-Identifier: Apache-2.0
"""Texts of running steps: recipes, limits, crashes, isolation."""

from __future__ import annotations

_LIMIT_EN = "Split or simplify the input, or raise this limit for the machine."
_LIMIT_ZH = "请拆分或简化输入文件，或为本机调高此项限制。"

STEPS: dict[str, dict[str, tuple[str, str]]] = {
    "step.crashed": {
        "en": ("The step “{step}” crashed ({signal}).", "The file may be broken in a way not yet known; keep it and report the step."),
        "zh-hans": ("步骤“{step}”崩溃（{signal}）。", "文件可能存在尚未识别的损坏；请保留文件并反馈该步骤。"),
    },
    "step.killed": {
        "en": ("The step “{step}” was killed from outside ({signal}).", "Start again: finished steps are kept."),
        "zh-hans": ("步骤“{step}”被外部终止（{signal}）。", "请重新开始：已完成的步骤会保留。"),
    },
    "step.memory": {
        "en": ("The step “{step}” needed more than {limit} bytes of memory.", _LIMIT_EN),
        "zh-hans": ("步骤“{step}”所需内存超过 {limit} 字节。", _LIMIT_ZH),
    },
    "step.cpu-time": {
        "en": ("The step “{step}” used more than {limit} seconds of processor time.", _LIMIT_EN),
        "zh-hans": ("步骤“{step}”占用处理器时间超过 {limit} 秒。", _LIMIT_ZH),
    },
    "step.wall-time": {
        "en": ("The step “{step}” was not done after {limit} seconds.", "The machine may be busy: start again, or raise this limit."),
        "zh-hans": ("步骤“{step}”在 {limit} 秒内未完成。", "机器可能繁忙：请重新开始，或调高此项限制。"),
    },
    "step.file-size": {
        "en": ("The step “{step}” tried to write a file of more than {limit} bytes.", _LIMIT_EN),
        "zh-hans": ("步骤“{step}”试图写入超过 {limit} 字节的文件。", _LIMIT_ZH),
    },
    "step.processes": {
        "en": ("The step “{step}” started more than {limit} threads or processes.", "Report the step: it should not need so many."),
        "zh-hans": ("步骤“{step}”启动的线程或进程超过 {limit} 个。", "请反馈该步骤：它不应需要这么多。"),
    },
    "step.failed": {
        "en": ("The step “{step}” failed: {error}.", "Report the step together with its recorded outcome."),
        "zh-hans": ("步骤“{step}”失败：{error}。", "请将该步骤及其记录的结果一并反馈。"),
    },
    "step.no-result": {
        "en": ("The step “{step}” ended without a result (exit status {status}).", "Report the step together with its recorded outcome."),
        "zh-hans": ("步骤“{step}”结束但没有结果（退出状态 {status}）。", "请将该步骤及其记录的结果一并反馈。"),
    },
    "step.bad-result": {
        "en": ("The step “{step}” returned something that cannot be used: {error}.", "Report the step: its answer breaks the contract."),
        "zh-hans": ("步骤“{step}”返回了无法使用的结果：{error}。", "请反馈该步骤：其返回内容不符合约定。"),
    },
    "step.no-isolation": {
        "en": (
            "This machine cannot isolate the step “{step}” as demanded: {missing} is missing.",
            "Run on a system that offers it, or demand less in the settings.",
        ),
        "zh-hans": ("本机无法按要求隔离步骤“{step}”：缺少 {missing}。", "请在支持该功能的系统上运行，或在设置中降低要求。"),
    },
    "recipe.unknown": {
        "en": ("There is no recipe “{name}”.", "Recipes known: {known}."),
        "zh-hans": ("没有名为“{name}”的配方。", "现有配方：{known}。"),
    },
    "recipe.no-levels": {
        "en": ("The recipe “{name}” makes no levels of triangles.", "Leave the number of triangles out, or name a recipe for meshes."),
        "zh-hans": ("配方“{name}”不生成三角面层级。", "请不要指定三角面数，或改用网格配方。"),
    },
    "output.taken": {
        "en": ("“{name}” is not empty.", "Name a folder that is empty or does not exist yet."),
        "zh-hans": ("“{name}”不是空的。", "请指定一个空文件夹或尚不存在的文件夹。"),
    },
    "output.unwritable": {
        "en": ("“{name}” cannot be written: {problem}.", "Name a place that you may write to."),
        "zh-hans": ("无法写入“{name}”：{problem}。", "请指定您有写入权限的位置。"),
    },
    "recipe.invalid": {
        "en": ("The recipe “{name}” is not valid: {problem}.", "Mend the recipe's file."),
        "zh-hans": ("配方“{name}”无效：{problem}。", "请修正配方文件。"),
    },
}
