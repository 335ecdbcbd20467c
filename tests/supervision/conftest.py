# SPDX-License-Identifier: Apache-2.0
"""A licence to look at."""

from __future__ import annotations

import pytest

from assets.models import Asset, User
from marketplace import domain
from marketplace.models import Licence


@pytest.fixture
def licence(published_asset: Asset, creator: User) -> Licence:
    offer = domain.create_offer(asset=published_asset, use="education", medium="any", territory="world", term_months=12, price_fen=0)
    domain.pay(order=domain.place_order(user=creator, offer=offer, key="k"), user=creator)
    return Licence.objects.get()
