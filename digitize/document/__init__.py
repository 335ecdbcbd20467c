# SPDX-License-Identifier: Apache-2.0
"""Documents: pages rendered one by one, with the text that lies in them or beside them."""
