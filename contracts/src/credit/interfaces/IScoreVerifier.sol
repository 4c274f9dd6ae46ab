// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

/// @title A verifier of the statement `score` for one shape of its circuit
interface IScoreVerifier {
  /// @notice Whether `proof` proves `signals` (`ICredentials`). A signal of r or more, a point that is none, and a false
  /// statement give false; nothing in them reverts.
  /// @param proof `A.x, A.y, B.x.imaginary, B.x.real, B.y.imaginary, B.y.real, C.x, C.y`.
  function verify(uint256[9] calldata signals, uint256[8] calldata proof) external view returns (bool);

  /// @notice `keccak256(abi.encode(key))` of the verifying key.
  function keyHash() external view returns (bytes32);
}
