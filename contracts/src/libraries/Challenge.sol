// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Bn254 } from "./Bn254.sol";

/// @title The point at which a commitment is opened (docs/encodings.md, "Challenge")
/// @notice It binds chain, contract, task, round, sender, chunk, commitment, sponge and ciphertext, so that a proof
/// can be neither replayed nor taken over, and no one knows it before the witness is fixed by `h`.
library Challenge {
  bytes32 internal constant UPDATE = keccak256("murmuration/v1/challenge/update");
  bytes32 internal constant PROBE = keccak256("murmuration/v1/challenge/probe");
  bytes32 internal constant UPDATE_SUM = keccak256("murmuration/v1/challenge/update-sum");
  bytes32 internal constant PROBE_SUM = keccak256("murmuration/v1/challenge/probe-sum");

  /// @notice The challenge, below r. `address(this)` is the contract that verifies.
  /// @param tag one of the constants above.
  /// @param sender the account that proves.
  /// @param commitment of this chunk; for a sum the running sum that the contract keeps.
  /// @param h the sponge of the witness, below r.
  /// @param digest of the ciphertext, or of the published sum.
  function compute(
    bytes32 tag,
    uint256 task,
    uint256 round,
    address sender,
    uint256 chunk,
    Bn254.G1 memory commitment,
    uint256 h,
    bytes32 digest
  ) internal view returns (uint256) {
    return uint256(
      keccak256(
      abi.encode(
      tag, block.chainid, address(this), task, round, sender, chunk, commitment.x, commitment.y, h, digest
    )
    )
    ) % Bn254.R;
  }
}
