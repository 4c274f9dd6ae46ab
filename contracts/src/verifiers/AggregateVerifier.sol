// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IVerifier } from "../interfaces/IVerifier.sol";
import { IVerifierRegistry } from "../interfaces/IVerifierRegistry.sol";
import { Bn254 } from "../libraries/Bn254.sol";
import { OpeningVerifier } from "./OpeningVerifier.sol";

/// @title A chunk of a round's sum, of updates or of probes, is what the running commitment commits to
/// @notice | signal | name | what it is |
/// | --- | --- | --- |
/// | 0 | h | sponge of the packed sums and the summed blinding, kind `aggregate` |
/// | 1 | gamma | the challenge, which the caller computes itself (`Challenge.compute`) |
/// | 2 | y | `f(gamma)`, opened by the running commitment that the caller keeps |
contract AggregateVerifier is OpeningVerifier {
  constructor(VerifyingKey memory key, Bn254.G2 memory tau_) OpeningVerifier(key, 3, tau_) { }

  /// @inheritdoc IVerifier
  function circuit() external pure override(IVerifier) returns (IVerifierRegistry.Circuit) {
    return IVerifierRegistry.Circuit.Aggregate;
  }
}
