# SPDX-License-Identifier: Apache-2.0
"""What the pipelines refuse or fail at."""

from assets.errors import AssetsError


class PipelinesError(AssetsError):
    """An upload or run that cannot go on; same members as the catalogue's errors."""
