// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Bn254 } from "../libraries/Bn254.sol";
import { IVerifierRegistry } from "./IVerifierRegistry.sol";

/// @title A verifier of one Groth16 key
/// @notice False statements, malformed points and signals of r or more give false; nothing in them reverts.
interface IVerifier {
  /// @notice A verifying key, from the JSON of the same names. `ic` has one point more than there are signals.
  struct VerifyingKey {
    Bn254.G1 alpha;
    Bn254.G2 beta;
    Bn254.G2 gamma;
    Bn254.G2 delta;
    Bn254.G1[] ic;
  }

  /// @notice `ic` must have one point more than the circuit has signals that are words of their own.
  error WrongSignalCount(uint256 points);
  /// @notice Infinity, or words that are not a point of the group. `name` is the key's field.
  error BadKeyPoint(string name, uint256 index);
  /// @notice Gamma is delta or its negative (a key without a phase-2 contribution): anyone can forge with it.
  error ForgeableKey();
  error LengthsDiffer(uint256 signals, uint256 others);

  function circuit() external pure returns (IVerifierRegistry.Circuit);

  /// @notice Hash of all that the verifier judges by: `keccak256(abi.encode(key, tau))` of one that checks openings
  /// too, `keccak256(abi.encode(key, bases))` of one that takes a point for many signals.
  function keyHash() external view returns (bytes32);

  /// @notice Whether every proof proves its statement. Empty arrays give false.
  /// @param signals of each statement the words that the verifier's contract lists.
  function verifyBatch(uint256[][] calldata signals, uint256[8][] calldata proofs)
    external
    view
    returns (bool);
}

/// @title A verifier of one Groth16 key whose signals 1 and 2 are a point and a value of a committed polynomial
interface IOpeningVerifier is IVerifier {
  /// @notice `tau` is infinity, outside of G2, or the generator or its negative.
  error BadTau();

  /// @notice `[tau]_2`, in the order of EIP-197.
  function tau() external view returns (Bn254.G2 memory);

  /// @notice Whether `pi` opens `commitment` at `z` to `y`.
  function verifyOpening(Bn254.G1 calldata commitment, uint256 z, uint256 y, Bn254.G1 calldata pi)
    external
    view
    returns (bool);

  /// @notice Whether every proof proves its signals and every opening opens its commitment at its second signal
  /// to its third. Empty arrays give false.
  function verifyOpened(
    uint256[][] calldata signals,
    uint256[8][] calldata proofs,
    Bn254.G1[] calldata commitments,
    Bn254.G1[] calldata openings
  ) external view returns (bool);
}
