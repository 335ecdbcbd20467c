# SPDX-License-Identifier: Apache-2.0
"""The marketplace: offers, orders, licences and their receipts."""
