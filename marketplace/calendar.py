# SPDX-License-Identifier: Apache-2.0
"""Months on the calendar."""

from __future__ import annotations

import calendar
from datetime import date, datetime, time

from django.utils import timezone


def add_months(day: date, months: int) -> date:
    """Give the same day so many months later, or the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def start_of(day: date) -> datetime:
    """Give the moment at which a day begins in the site's time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))
