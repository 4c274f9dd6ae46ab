// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IVerifier } from "../interfaces/IVerifier.sol";
import { Bn254 } from "../libraries/Bn254.sol";
import { VerifyingKeys } from "../libraries/VerifyingKeys.sol";
import { IScoreVerifier } from "./interfaces/IScoreVerifier.sol";

/// @title Groth16 over BN254 for the statement `score` and its nine signals (Groth: EUROCRYPT 2016, section 3.2)
/// @notice `e(A, B) = e(alpha, beta) e(L, gamma) e(C, delta)`, `L = ic_0 + sum_j s_j ic_j`. One proof at a time: who shows a
/// credential shows one.
/// @dev The key sits in immutables, as that of `Groth16Verifier` does: it is part of the code, and reading it costs nothing.
contract ScoreVerifier is IScoreVerifier {
  using Bn254 for Bn254.G1;

  uint256 private constant SIGNALS = 9;

  /// @inheritdoc IScoreVerifier
  bytes32 public immutable keyHash;

  uint256 private immutable ALPHA_X;
  uint256 private immutable ALPHA_Y;
  uint256 private immutable BETA_X_IMAGINARY;
  uint256 private immutable BETA_X_REAL;
  uint256 private immutable BETA_Y_IMAGINARY;
  uint256 private immutable BETA_Y_REAL;
  uint256 private immutable GAMMA_X_IMAGINARY;
  uint256 private immutable GAMMA_X_REAL;
  uint256 private immutable GAMMA_Y_IMAGINARY;
  uint256 private immutable GAMMA_Y_REAL;
  uint256 private immutable DELTA_X_IMAGINARY;
  uint256 private immutable DELTA_X_REAL;
  uint256 private immutable DELTA_Y_IMAGINARY;
  uint256 private immutable DELTA_Y_REAL;
  uint256 private immutable IC0_X;
  uint256 private immutable IC0_Y;
  uint256 private immutable IC1_X;
  uint256 private immutable IC1_Y;
  uint256 private immutable IC2_X;
  uint256 private immutable IC2_Y;
  uint256 private immutable IC3_X;
  uint256 private immutable IC3_Y;
  uint256 private immutable IC4_X;
  uint256 private immutable IC4_Y;
  uint256 private immutable IC5_X;
  uint256 private immutable IC5_Y;
  uint256 private immutable IC6_X;
  uint256 private immutable IC6_Y;
  uint256 private immutable IC7_X;
  uint256 private immutable IC7_Y;
  uint256 private immutable IC8_X;
  uint256 private immutable IC8_Y;
  uint256 private immutable IC9_X;
  uint256 private immutable IC9_Y;

  constructor(IVerifier.VerifyingKey memory key) {
    VerifyingKeys.check(key, SIGNALS);
    keyHash = keccak256(abi.encode(key));
    (ALPHA_X, ALPHA_Y) = (key.alpha.x, key.alpha.y);
    (BETA_X_IMAGINARY, BETA_X_REAL) = (key.beta.xImaginary, key.beta.xReal);
    (BETA_Y_IMAGINARY, BETA_Y_REAL) = (key.beta.yImaginary, key.beta.yReal);
    (GAMMA_X_IMAGINARY, GAMMA_X_REAL) = (key.gamma.xImaginary, key.gamma.xReal);
    (GAMMA_Y_IMAGINARY, GAMMA_Y_REAL) = (key.gamma.yImaginary, key.gamma.yReal);
    (DELTA_X_IMAGINARY, DELTA_X_REAL) = (key.delta.xImaginary, key.delta.xReal);
    (DELTA_Y_IMAGINARY, DELTA_Y_REAL) = (key.delta.yImaginary, key.delta.yReal);
    (IC0_X, IC0_Y) = (key.ic[0].x, key.ic[0].y);
    (IC1_X, IC1_Y) = (key.ic[1].x, key.ic[1].y);
    (IC2_X, IC2_Y) = (key.ic[2].x, key.ic[2].y);
    (IC3_X, IC3_Y) = (key.ic[3].x, key.ic[3].y);
    (IC4_X, IC4_Y) = (key.ic[4].x, key.ic[4].y);
    (IC5_X, IC5_Y) = (key.ic[5].x, key.ic[5].y);
    (IC6_X, IC6_Y) = (key.ic[6].x, key.ic[6].y);
    (IC7_X, IC7_Y) = (key.ic[7].x, key.ic[7].y);
    (IC8_X, IC8_Y) = (key.ic[8].x, key.ic[8].y);
    (IC9_X, IC9_Y) = (key.ic[9].x, key.ic[9].y);
  }

  /// @inheritdoc IScoreVerifier
  function verify(uint256[9] calldata signals, uint256[8] calldata p) external view returns (bool) {
    for (uint256 i; i < SIGNALS; ++i) {
      if (signals[i] >= Bn254.R) return false;
    }
    Bn254.G1 memory a = Bn254.G1(p[0], p[1]);
    Bn254.G2 memory b = Bn254.G2(p[2], p[3], p[4], p[5]);
    Bn254.G1 memory c = Bn254.G1(p[6], p[7]);
    if (a.isInfinity() || Bn254.isInfinity(b) || c.isInfinity()) return false;
    if (!a.isOnCurve() || !Bn254.isOnTwist(b) || !c.isOnCurve()) return false;
    uint256[] memory input = new uint256[](24);
    Bn254.setPair(input, 0, a.negate(), b);
    Bn254.setPair(
      input,
      1,
      Bn254.G1(ALPHA_X, ALPHA_Y),
      Bn254.G2(BETA_X_IMAGINARY, BETA_X_REAL, BETA_Y_IMAGINARY, BETA_Y_REAL)
    );
    Bn254.setPair(
      input,
      2,
      _statement(signals),
      Bn254.G2(GAMMA_X_IMAGINARY, GAMMA_X_REAL, GAMMA_Y_IMAGINARY, GAMMA_Y_REAL)
    );
    Bn254.setPair(input, 3, c, Bn254.G2(DELTA_X_IMAGINARY, DELTA_X_REAL, DELTA_Y_IMAGINARY, DELTA_Y_REAL));
    return Bn254.pairing(input);
  }

  function _statement(uint256[9] calldata s) private view returns (Bn254.G1 memory sum) {
    sum = Bn254.G1(IC0_X, IC0_Y);
    sum = sum.add(Bn254.G1(IC1_X, IC1_Y).mul(s[0]));
    sum = sum.add(Bn254.G1(IC2_X, IC2_Y).mul(s[1]));
    sum = sum.add(Bn254.G1(IC3_X, IC3_Y).mul(s[2]));
    sum = sum.add(Bn254.G1(IC4_X, IC4_Y).mul(s[3]));
    sum = sum.add(Bn254.G1(IC5_X, IC5_Y).mul(s[4]));
    sum = sum.add(Bn254.G1(IC6_X, IC6_Y).mul(s[5]));
    sum = sum.add(Bn254.G1(IC7_X, IC7_Y).mul(s[6]));
    sum = sum.add(Bn254.G1(IC8_X, IC8_Y).mul(s[7]));
    sum = sum.add(Bn254.G1(IC9_X, IC9_Y).mul(s[8]));
  }
}
