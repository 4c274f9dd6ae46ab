// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IOpeningVerifier } from "../interfaces/IVerifier.sol";
import { Bn254 } from "../libraries/Bn254.sol";
import { Kzg } from "../libraries/Kzg.sol";
import { Groth16Verifier } from "./Groth16Verifier.sol";

/// @title Groth16 proofs and the openings of the polynomials that they speak of, in one pairing call
/// @notice Signals 1 and 2 are `gamma` and `y`: the commitment opens at the one to the other.
/// @dev Opening i adds `v_i` times its equation (see `Kzg`) to the proofs' combination:
/// `e(sum v_i (C_i + z_i pi_i) - (sum v_i y_i) G1, G2) e(-sum v_i pi_i, [tau]_2)`. Where gamma is the generator of G2
/// (all of snarkjs's keys), its pair takes the first of these: two pairs fewer than apart, and one base price less.
abstract contract OpeningVerifier is Groth16Verifier, IOpeningVerifier {
  using Bn254 for Bn254.G1;

  uint256 private constant Z = 1;
  uint256 private constant Y = 2;

  uint256 private immutable TAU_X_IMAGINARY;
  uint256 private immutable TAU_X_REAL;
  uint256 private immutable TAU_Y_IMAGINARY;
  uint256 private immutable TAU_Y_REAL;

  constructor(VerifyingKey memory key, uint256 signals, Bn254.G2 memory tau_)
    Groth16Verifier(key, signals, false, keccak256(abi.encode(key, tau_)))
  {
    Bn254.G2 memory one = Bn254.generator2();
    bool trivial = tau_.xReal == one.xReal && tau_.xImaginary == one.xImaginary;
    if (trivial || Bn254.isInfinity(tau_) || !Bn254.isInG2(tau_)) revert BadTau();
    (TAU_X_IMAGINARY, TAU_X_REAL) = (tau_.xImaginary, tau_.xReal);
    (TAU_Y_IMAGINARY, TAU_Y_REAL) = (tau_.yImaginary, tau_.yReal);
  }

  /// @inheritdoc IOpeningVerifier
  function verifyOpened(
    uint256[][] calldata signals,
    uint256[8][] calldata proofs,
    Bn254.G1[] calldata commitments,
    Bn254.G1[] calldata openings
  ) external view override returns (bool) {
    uint256 count = signals.length;
    if (proofs.length != count) revert LengthsDiffer(count, proofs.length);
    if (commitments.length != count) revert LengthsDiffer(count, commitments.length);
    if (openings.length != count) revert LengthsDiffer(count, openings.length);
    if (!_wellFormed(signals, proofs) || !_onCurve(commitments) || !_onCurve(openings)) return false;

    bytes32 seed = keccak256(abi.encode(keyHash, tau(), signals, proofs, commitments, openings));
    (Bn254.G1 memory left, Bn254.G1 memory right) = _fold(seed, signals, commitments, openings);
    return _pairAll(seed, signals, proofs, left, right);
  }

  /// @inheritdoc IOpeningVerifier
  function verifyOpening(Bn254.G1 calldata commitment, uint256 z, uint256 y, Bn254.G1 calldata pi)
    external
    view
    override
    returns (bool)
  {
    return Kzg.verify(commitment, z, y, pi, tau());
  }

  /// @inheritdoc IOpeningVerifier
  function tau() public view override returns (Bn254.G2 memory) {
    return Bn254.G2(TAU_X_IMAGINARY, TAU_X_REAL, TAU_Y_IMAGINARY, TAU_Y_REAL);
  }

  /// @dev The pairing of everything: the proofs, and `e(left, G2) e(-right, [tau]_2)`.
  function _pairAll(
    bytes32 seed,
    uint256[][] calldata signals,
    uint256[8][] calldata proofs,
    Bn254.G1 memory left,
    Bn254.G1 memory right
  ) private view returns (bool) {
    uint256 count = signals.length;
    uint256[] memory input = new uint256[](6 * (count + (GAMMA_IS_GENERATOR ? 4 : 5)));
    Bn254.G1 memory signalSum = _setPairs(input, seed, signals, proofs);
    if (GAMMA_IS_GENERATOR) {
      signalSum = signalSum.add(left);
    } else {
      Bn254.setPair(input, count + 4, left, Bn254.generator2());
    }
    Bn254.setPair(input, count + 2, signalSum, _gamma());
    Bn254.setPair(input, count + 3, right.negate(), tau());
    return Bn254.pairing(input);
  }

  /// @dev `left = sum v_i (C_i + z_i pi_i) - (sum v_i y_i) G1` and `right = sum v_i pi_i`.
  function _fold(
    bytes32 seed,
    uint256[][] calldata signals,
    Bn254.G1[] calldata commitments,
    Bn254.G1[] calldata openings
  ) private view returns (Bn254.G1 memory left, Bn254.G1 memory right) {
    uint256 sumY;
    for (uint256 i; i < signals.length; ++i) {
      uint256 weight = _weight(seed, 2 * i + 1);
      Bn254.G1 memory commitment = commitments[i];
      Bn254.G1 memory weighted = Bn254.G1(openings[i].x, openings[i].y).mul(weight);
      left = left.add(commitment.mul(weight)).add(weighted.mul(signals[i][Z]));
      right = right.add(weighted);
      sumY = addmod(sumY, mulmod(weight, signals[i][Y], Bn254.R), Bn254.R);
    }
    left = left.add(Bn254.generator1().mul(Bn254.R - sumY));
  }

  function _onCurve(Bn254.G1[] calldata points) private pure returns (bool) {
    for (uint256 i; i < points.length; ++i) {
      Bn254.G1 memory point = points[i];
      if (!point.isOnCurve()) return false;
    }
    return true;
  }
}
