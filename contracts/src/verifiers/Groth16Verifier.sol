// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IVerifier } from "../interfaces/IVerifier.sol";
import { Bn254 } from "../libraries/Bn254.sol";
import { VerifyingKeys } from "../libraries/VerifyingKeys.sol";

/// @title Groth16 over BN254 for circuits with three or four public signals (Groth: EUROCRYPT 2016, section 3.2)
/// @notice One proof: `e(A, B) = e(alpha, beta) e(L, gamma) e(C, delta)`, `L = ic_0 + sum_j s_j ic_j + V`. `V` is zero,
/// or of a circuit with many more signals the point that stands for them, `sum_k s_k ic_k`, which the caller answers for:
/// two words `x, y` after the signals.
/// @dev Several proofs are checked as one random linear combination of their equations: proof i has weight `w_i`,
/// `e(-w_0 A_0, B_0) ... e(sum w_i alpha, beta) e(sum w_i L_i, gamma) e(sum w_i C_i, delta) = 1`. The first weight
/// is one, the others are hashed from the key and from everything that is checked, so that no one can choose any of
/// it after the weights: a false statement passes with a chance of `number of equations / r`.
/// The key sits in immutables: it is part of the code, and reading it costs nothing.
abstract contract Groth16Verifier is IVerifier {
  using Bn254 for Bn254.G1;

  uint256 private constant MAX_SIGNALS = 4;

  /// @dev Sums over proofs, each times its weight: of one and the signals, of the points `C` and of the points `V`.
  struct Sums {
    uint256[MAX_SIGNALS + 1] scalars;
    Bn254.G1 c;
    Bn254.G1 v;
  }

  bytes32 public immutable override keyHash;
  /// @dev Keys made by snarkjs and by the ceremony have the generator as gamma; then its pair serves an opening too.
  bool internal immutable GAMMA_IS_GENERATOR;
  /// @dev Signals that are words of their own.
  uint256 private immutable SIGNALS;
  /// @dev Whether the words of a point follow them.
  bool private immutable FOLDED;

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

  /// @param signals three or four.
  /// @param folded whether a point stands for further signals.
  /// @param keyHash_ hash of everything that the verifier holds: see `IVerifier.keyHash`.
  constructor(VerifyingKey memory key, uint256 signals, bool folded, bytes32 keyHash_) {
    VerifyingKeys.check(key, signals);
    (SIGNALS, FOLDED) = (signals, folded);
    keyHash = keyHash_;
    GAMMA_IS_GENERATOR = Bn254.equal(key.gamma, Bn254.generator2());
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
    if (signals == MAX_SIGNALS) (IC4_X, IC4_Y) = (key.ic[4].x, key.ic[4].y);
  }

  /// @inheritdoc IVerifier
  function verifyBatch(uint256[][] calldata signals, uint256[8][] calldata proofs)
    external
    view
    override
    returns (bool)
  {
    uint256 count = signals.length;
    if (proofs.length != count) revert LengthsDiffer(count, proofs.length);
    if (!_wellFormed(signals, proofs)) return false;
    bytes32 seed = keccak256(abi.encode(keyHash, signals, proofs));
    uint256[] memory input = new uint256[](6 * (count + 3));
    Bn254.setPair(input, count + 2, _setPairs(input, seed, signals, proofs), _gamma());
    return Bn254.pairing(input);
  }

  /// @dev Signals below r, points canonical and on their curves, those of proofs not infinity (which an honest prover
  /// never meets).
  function _wellFormed(uint256[][] calldata signals, uint256[8][] calldata proofs)
    internal
    view
    returns (bool)
  {
    uint256 count = signals.length;
    for (uint256 i; i < count; ++i) {
      uint256[] calldata s = signals[i];
      if (s.length != _words()) revert LengthsDiffer(_words(), s.length);
      for (uint256 j; j < SIGNALS; ++j) {
        if (s[j] >= Bn254.R) return false;
      }
      if (FOLDED && !Bn254.G1(s[SIGNALS], s[SIGNALS + 1]).isOnCurve()) return false;
      (Bn254.G1 memory a, Bn254.G2 memory b, Bn254.G1 memory c) = _points(proofs[i]);
      if (a.isInfinity() || Bn254.isInfinity(b) || c.isInfinity()) return false;
      if (!a.isOnCurve() || !Bn254.isOnTwist(b) || !c.isOnCurve()) return false;
    }
    return count > 0;
  }

  /// @dev Sets the first `count + 2` pairs, all but that of gamma, and returns `sum w_i L_i`, which gamma is paired
  /// with. For well-formed signals and proofs.
  function _setPairs(
    uint256[] memory input,
    bytes32 seed,
    uint256[][] calldata signals,
    uint256[8][] calldata proofs
  ) internal view returns (Bn254.G1 memory) {
    uint256 count = signals.length;
    Sums memory sums;
    for (uint256 i; i < count; ++i) {
      uint256 weight = i == 0 ? 1 : _weight(seed, 2 * i);
      (Bn254.G1 memory a, Bn254.G2 memory b, Bn254.G1 memory c) = _points(proofs[i]);
      Bn254.setPair(input, i, a.negate().mul(weight), b);
      sums.c = i == 0 ? c : sums.c.add(c.mul(weight));
      _weigh(sums, weight, signals[i]);
    }
    Bn254.setPair(input, count, Bn254.G1(ALPHA_X, ALPHA_Y).mul(sums.scalars[0]), _beta());
    Bn254.setPair(input, count + 1, sums.c, _delta());
    return _statement(sums);
  }

  /// @dev Adds a statement, times its weight.
  function _weigh(Sums memory sums, uint256 weight, uint256[] calldata s) private view {
    sums.scalars[0] = addmod(sums.scalars[0], weight, Bn254.R);
    for (uint256 j; j < SIGNALS; ++j) {
      sums.scalars[j + 1] = addmod(sums.scalars[j + 1], mulmod(weight, s[j], Bn254.R), Bn254.R);
    }
    if (FOLDED) sums.v = sums.v.add(Bn254.G1(s[SIGNALS], s[SIGNALS + 1]).mul(weight));
  }

  /// @dev `sum w_i L_i`.
  function _statement(Sums memory sums) private view returns (Bn254.G1 memory sum) {
    uint256[MAX_SIGNALS + 1] memory scalars = sums.scalars;
    sum = Bn254.G1(IC0_X, IC0_Y).mul(scalars[0]).add(Bn254.G1(IC1_X, IC1_Y).mul(scalars[1]))
      .add(Bn254.G1(IC2_X, IC2_Y).mul(scalars[2])).add(Bn254.G1(IC3_X, IC3_Y).mul(scalars[3]));
    if (SIGNALS == MAX_SIGNALS) sum = sum.add(Bn254.G1(IC4_X, IC4_Y).mul(scalars[4]));
    if (FOLDED) sum = sum.add(sums.v);
  }

  /// @dev Words of a statement.
  function _words() private view returns (uint256) {
    return FOLDED ? SIGNALS + 2 : SIGNALS;
  }

  /// @dev The weight of an equation: even numbers for proofs, odd ones for openings.
  function _weight(bytes32 seed, uint256 equation) internal pure returns (uint256) {
    return uint256(keccak256(abi.encode(seed, equation))) % Bn254.R;
  }

  function _gamma() internal view returns (Bn254.G2 memory) {
    return Bn254.G2(GAMMA_X_IMAGINARY, GAMMA_X_REAL, GAMMA_Y_IMAGINARY, GAMMA_Y_REAL);
  }

  function _beta() private view returns (Bn254.G2 memory) {
    return Bn254.G2(BETA_X_IMAGINARY, BETA_X_REAL, BETA_Y_IMAGINARY, BETA_Y_REAL);
  }

  function _delta() private view returns (Bn254.G2 memory) {
    return Bn254.G2(DELTA_X_IMAGINARY, DELTA_X_REAL, DELTA_Y_IMAGINARY, DELTA_Y_REAL);
  }

  function _points(uint256[8] calldata p)
    private
    pure
    returns (Bn254.G1 memory a, Bn254.G2 memory b, Bn254.G1 memory c)
  {
    return (Bn254.G1(p[0], p[1]), Bn254.G2(p[2], p[3], p[4], p[5]), Bn254.G1(p[6], p[7]));
  }
}
