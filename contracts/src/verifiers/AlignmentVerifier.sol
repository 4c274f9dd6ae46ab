// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IVerifier } from "../interfaces/IVerifier.sol";
import { IVerifierRegistry } from "../interfaces/IVerifierRegistry.sol";
import { Groth16Verifier } from "./Groth16Verifier.sol";

/// @title How a chunk of an update points along the summed probe
/// @notice | signal | name | what it is |
/// | --- | --- | --- |
/// | 0 | hUpdate | sponge of the trainer's accepted update, kind `update`, which the caller has kept |
/// | 1 | hReference | sponge of the proven probe sum, kind `aggregate`, which the caller has kept |
/// | 2 | score | `<u, p>`; a negative one is `r - |score|`, read by `Scores.readScore` |
/// | 3 | norm | `<u, u>` |
contract AlignmentVerifier is Groth16Verifier {
  constructor(VerifyingKey memory key) Groth16Verifier(key, keccak256(abi.encode(key))) { }

  /// @inheritdoc IVerifier
  function circuit() external pure override returns (IVerifierRegistry.Circuit) {
    return IVerifierRegistry.Circuit.Alignment;
  }
}
