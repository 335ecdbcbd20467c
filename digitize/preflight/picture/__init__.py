# SPDX-License-Identifier: Apache-2.0
"""Pictures by their structure: one module per format, each from the first byte to the last, nothing decoded."""
