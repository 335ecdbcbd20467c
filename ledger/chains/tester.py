# SPDX-License-Identifier: Apache-2.0
"""An EVM inside this process (eth-tester): shows the whole way of an anchor, and proves nothing once the process ends."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from ledger.chains.base import Receipt, contract
from ledger.errors import LedgerError


@contextmanager
def _recursion_limit_kept() -> Iterator[None]:
    """Undo what py-evm does when it is imported: it lets this process recurse 100,000 deep, so that nested JSON could crash it."""
    limit = sys.getrecursionlimit()
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


class TesterChain:
    """A chain of its own for each process, with the contract deployed at first use."""

    @cached_property
    def _web3(self) -> Any:  # web3 is imported late, so its types are not at hand
        """Start the chain."""
        with _recursion_limit_kept():
            from web3 import EthereumTesterProvider, Web3

            return Web3(EthereumTesterProvider())

    @cached_property
    def _contract(self) -> Any:  # see _web3
        """Deploy the contract."""
        built = contract()
        factory = self._web3.eth.contract(abi=built["abi"], bytecode=built["bytecode"])
        receipt = self._mined(factory.constructor())
        return self._web3.eth.contract(address=receipt["contractAddress"], abi=built["abi"])

    def _mined(self, call: Any) -> Any:  # see _web3
        """Send a transaction and wait until it is in a block.

        Raises
        ------
        LedgerError
            `anchor.failed`.
        """
        from eth_tester.exceptions import TransactionFailed
        from web3.exceptions import Web3Exception

        try:
            sent = call.transact({"from": self._web3.eth.accounts[0]})
            return self._web3.eth.wait_for_transaction_receipt(sent)
        except (TransactionFailed, Web3Exception) as error:
            raise LedgerError("anchor.failed", reason=str(error)[:200]) from None

    def submit(self, log_id: bytes, size: int, root: bytes) -> Receipt:
        """Anchor a head.

        Raises
        ------
        LedgerError
            `anchor.failed` where the contract refuses.
        """
        mined = self._mined(self._contract.functions.anchor(log_id, size, root))
        return Receipt(
            chain_id=str(self._web3.eth.chain_id),
            genesis=self._web3.eth.get_block(0)["hash"].to_0x_hex(),
            contract=self._contract.address,
            transaction=mined["transactionHash"].to_0x_hex(),
            block_number=mined["blockNumber"],
            block_hash=mined["blockHash"].to_0x_hex(),
            ephemeral=True,
        )

    def newest(self, log_id: bytes) -> tuple[int, bytes]:
        """Ask the contract for the newest head of a log."""
        size, root = self._contract.functions.head(log_id).call()
        return size, bytes(root)
