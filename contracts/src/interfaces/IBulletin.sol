// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

/// @title Bulletin: where parties announce the digests of what they put into the content store
/// @notice Key shares, sealed secrets, decryption shares and peers' addresses travel through the content store; the
/// transaction that announces one is its author's signature, its place in time, and evidence in a dispute. Anyone may
/// post about any task: readers look only at the posts of the accounts that they expect.
interface IBulletin {
  /// @param topic what it is about, `keccak256(abi.encode(kind, number))`: see docs/encodings.md, "Announcements".
  /// @param digest SHA-256 of the content.
  event Posted(uint256 indexed task, address indexed sender, bytes32 indexed topic, bytes32 digest);

  /// @notice Announces a digest. Nothing is stored.
  function post(uint256 task, bytes32 topic, bytes32 digest) external;
}
