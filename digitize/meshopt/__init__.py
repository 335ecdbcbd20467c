# SPDX-License-Identifier: Apache-2.0
"""meshoptimizer's WebAssembly, run by wasmtime: no compiler, no Node, no system calls, a bound on memory."""
