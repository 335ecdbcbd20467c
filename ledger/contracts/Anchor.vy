# SPDX-License-Identifier: Apache-2.0
# pragma version 0.4.3
# pragma evm-version paris
"""
@title Anchor: the newest head of each transparency log, for anyone to compare
@notice A log's head may only grow. What was anchored stays in the chain's events. There is no upgrade and no way to remove a head.
"""

event Anchored:
    log_id: indexed(bytes32)
    size: uint64
    root: bytes32

event OwnerProposed:
    owner: indexed(address)

event OwnerChanged:
    owner: indexed(address)

struct Head:
    size: uint64
    root: bytes32

owner: public(address)
proposed: public(address)
heads: HashMap[bytes32, Head]


@deploy
def __init__():
    """
    @notice The deployer owns the contract until another owner accepts.
    """
    self.owner = msg.sender


@external
def anchor(log_id: bytes32, size: uint64, root: bytes32):
    """
    @notice Anchor a head; it must be larger than the one before.
    @param log_id The SHA-256 of the log's verifier key
    @param size The number of entries
    @param root The Merkle root over them (RFC 9162)
    """
    assert msg.sender == self.owner, "not the owner"
    assert size > self.heads[log_id].size, "not larger"
    self.heads[log_id] = Head(size=size, root=root)
    log Anchored(log_id=log_id, size=size, root=root)


@external
@view
def head(log_id: bytes32) -> Head:
    """
    @notice Give the newest head of a log; size 0 where none was anchored.
    """
    return self.heads[log_id]


@external
def propose(owner: address):
    """
    @notice Propose a new owner, who must accept.
    """
    assert msg.sender == self.owner, "not the owner"
    self.proposed = owner
    log OwnerProposed(owner=owner)


@external
def accept():
    """
    @notice Accept to be the owner.
    """
    assert msg.sender == self.proposed, "not proposed"
    self.owner = msg.sender
    self.proposed = empty(address)
    log OwnerChanged(owner=msg.sender)
