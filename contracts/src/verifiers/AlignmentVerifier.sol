// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IVerifier } from "../interfaces/IVerifier.sol";
import { IVerifierRegistry } from "../interfaces/IVerifierRegistry.sol";
import { Groth16Verifier } from "./Groth16Verifier.sol";

/// @title How a chunk of an update points along the round's references
/// @notice | word | name | what it is |
/// | --- | --- | --- |
/// | 0 | hUpdate | sponge of the trainer's accepted update, kind `update`, which the caller has kept |
/// | 1 | before | 0 for the first chunk, else `out` of the chunk before it: the caller compares |
/// | 2 | out | what the next chunk takes as `before`; of the last chunk the figures, read by `Figures` |
/// | 3, 4 | x, y | the references' point: what validators voted for, which the caller has kept |
/// @dev The point stands for the signals of which `bases` are the points of the key's `ic`; nobody needs them on chain,
/// but a key with other ones is another key.
contract AlignmentVerifier is Groth16Verifier {
  /// @param bases `keccak256(abi.encode(Bn254.G1[]))` of the points of `ic` that do not stand in `key`.
  constructor(VerifyingKey memory key, bytes32 bases)
    Groth16Verifier(key, 3, true, keccak256(abi.encode(key, bases)))
  { }

  /// @inheritdoc IVerifier
  function circuit() external pure override returns (IVerifierRegistry.Circuit) {
    return IVerifierRegistry.Circuit.Alignment;
  }
}
