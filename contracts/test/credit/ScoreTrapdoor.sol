// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IVerifier } from "../../src/interfaces/IVerifier.sol";
import { Bn254 } from "../../src/libraries/Bn254.sol";
import { Trapdoor } from "../verifiers/Trapdoor.sol";

/// @title A key of the statement `score` whose secrets are known, and with it a prover of any nine signals
contract ScoreTrapdoor is Trapdoor {
  using Bn254 for Bn254.G1;

  function scoreKey(uint256 shape) external view returns (IVerifier.VerifyingKey memory made) {
    made.alpha = Bn254.generator1().mul(secret("alpha"));
    made.beta = point("beta");
    made.gamma = Bn254.generator2();
    made.delta = point("delta");
    made.ic = new Bn254.G1[](10);
    for (uint256 i; i < 10; ++i) {
      made.ic[i] = Bn254.generator1().mul(_scoreIc(shape, i));
    }
  }

  function proveScore(uint256 shape, uint256[9] memory signals) external view returns (uint256[8] memory) {
    uint256 l = _scoreIc(shape, 0);
    for (uint256 i; i < 9; ++i) {
      l = addmod(l, mulmod(signals[i], _scoreIc(shape, i + 1), Bn254.R), Bn254.R);
    }
    return _close(7, l);
  }

  function _scoreIc(uint256 shape, uint256 index) private pure returns (uint256) {
    return uint256(keccak256(abi.encode("score ic", shape, index))) % Bn254.R;
  }
}
