#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The one program of Qilu: `python3 manage.py demo` starts it on a machine that has nothing but Python."""

import sys

# Any Python must be able to read this file, so that an old one says what is missing instead of a syntax error.
if not (3, 11) <= sys.version_info[:2] <= (3, 12):
    found = ".".join(str(part) for part in sys.version_info[:2])
    sys.stderr.write(
        "manage.py: Qilu needs Python 3.11 or 3.12, this is " + found + ". Mend: install one, then: python3.12 manage.py ...\n"
    )
    sys.exit(70)

if __name__ == "__main__":
    from cms.bootstrap.entry import main

    sys.exit(main(sys.argv))
