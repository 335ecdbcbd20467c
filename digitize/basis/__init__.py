# SPDX-License-Identifier: Apache-2.0
"""KTX2 textures of Basis Universal: written by its encoder, an outside program, read by its transcoder, a WebAssembly module."""
