# SPDX-License-Identifier: Apache-2.0
"""Writers of what visitors' devices read: GLB, GLB with Draco, USDZ; equal meshes give equal bytes."""
