# SPDX-License-Identifier: Apache-2.0
"""Pages of the admin that Wagtail does not bring: uploads, runs, withdrawal, history."""
