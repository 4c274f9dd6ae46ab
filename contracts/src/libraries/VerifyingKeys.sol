// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IVerifier } from "../interfaces/IVerifier.sol";
import { Bn254 } from "./Bn254.sol";

/// @title What a Groth16 verifying key must be, before a contract is made of it
library VerifyingKeys {
  using Bn254 for Bn254.G1;

  /// @notice Reverts with an error of `IVerifier` for a key of another number of signals, with a point that is none, or with
  /// which anyone can forge.
  /// @dev A point of `ic` at infinity would leave its signal free.
  function check(IVerifier.VerifyingKey memory key, uint256 signals) internal view {
    if (key.ic.length != signals + 1) revert IVerifier.WrongSignalCount(key.ic.length);
    if (key.alpha.isInfinity() || !key.alpha.isOnCurve()) revert IVerifier.BadKeyPoint("alpha", 0);
    if (Bn254.isInfinity(key.beta) || !Bn254.isInG2(key.beta)) revert IVerifier.BadKeyPoint("beta", 0);
    if (Bn254.isInfinity(key.gamma) || !Bn254.isInG2(key.gamma)) revert IVerifier.BadKeyPoint("gamma", 0);
    if (Bn254.isInfinity(key.delta) || !Bn254.isInG2(key.delta)) revert IVerifier.BadKeyPoint("delta", 0);
    for (uint256 i; i <= signals; ++i) {
      if (key.ic[i].isInfinity() || !key.ic[i].isOnCurve()) revert IVerifier.BadKeyPoint("ic", i);
    }
    // Points with the same x are equal or each other's negatives.
    if (key.gamma.xReal == key.delta.xReal && key.gamma.xImaginary == key.delta.xImaginary) {
      revert IVerifier.ForgeableKey();
    }
  }
}
