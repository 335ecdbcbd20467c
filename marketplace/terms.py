# SPDX-License-Identifier: Apache-2.0
"""The standard terms of an ordinary licence, in both languages. They are an honest draft, not legal advice; an institution brings its own."""

from __future__ import annotations

from django.utils.translation import override

from marketplace.enums import Medium, Territory, Use

ZH = """\
一、许可范围：{use}；载体：{medium}；地域：{territory}。本许可为普通许可，权利人可以向他人作同样的许可。
二、期限自支付完成之日起算，至收据所载截止日（不含当日）终止。
三、被许可人得到该资产所载版本的原始数据。原始数据不得转让、转售、公开传播，也不得作为数字藏品发行。
四、使用时应当注明收藏单位和资产名称，不得歪曲、贬损该资产及其所属社群。
五、违反本条款、权利人失去许可权或者传承人撤回同意的，许可可以撤销；撤销记入公开日志，任何人可以查验。
六、本许可的效力以齐鲁日志的记录为准，收据可以脱机查验。
"""
EN = """\
1. Scope: {use}; media: {medium}; territory: {territory}. The licence is ordinary: the holder may license the same to others.
2. The term begins on the day of payment and ends before the end date that the receipt states.
3. The licensee receives the original data of the version named in the receipt. Original data must not be passed on, resold or published, nor issued as a digital collectible.
4. Name the holding institution and the asset wherever it is used. Do not distort or demean the asset or the community it belongs to.
5. The licence may be revoked where these terms are broken, where the holder loses the right to license, or where the bearers withdraw their consent. Revocation is written to the public log, where anyone can check it.
6. What the log of Qilu records decides whether the licence holds; the receipt can be checked offline.
"""


def standard_terms(*, use: str, medium: str, territory: str) -> dict[str, str]:
    """Write the standard terms for a scope.

    Returns
    -------
    dict[str, str]
        Language code to text.
    """
    texts = {}
    for language, form in (("zh-hans", ZH), ("en", EN)):
        with override(language):
            texts[language] = form.format(use=Use(use).label, medium=Medium(medium).label, territory=Territory(territory).label)
    return texts
