// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IVerifier } from "../interfaces/IVerifier.sol";
import { IVerifierRegistry } from "../interfaces/IVerifierRegistry.sol";
import { Bn254 } from "../libraries/Bn254.sol";
import { OpeningVerifier } from "./OpeningVerifier.sol";

/// @title A chunk of an update, or of a probe, is well formed and bounded
/// @notice | signal | name | what it is |
/// | --- | --- | --- |
/// | 0 | h | sponge of the packed lanes and the blinding, kind `update` |
/// | 1 | gamma | the challenge, which the caller computes itself (`Challenge.compute`) |
/// | 2 | y | `f(gamma)`, opened by the commitment |
/// | 3 | normBound | bound on the coordinates' sum of squares, which the caller takes from the task's policy |
contract UpdateVerifier is OpeningVerifier {
  constructor(VerifyingKey memory key, Bn254.G2 memory tau_) OpeningVerifier(key, 4, tau_) { }

  /// @inheritdoc IVerifier
  function circuit() external pure override(IVerifier) returns (IVerifierRegistry.Circuit) {
    return IVerifierRegistry.Circuit.Update;
  }
}
