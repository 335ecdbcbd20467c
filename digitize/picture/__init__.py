# SPDX-License-Identifier: Apache-2.0
"""Pictures: thumbnails of meshes by ray casting, derivatives of photographs."""
