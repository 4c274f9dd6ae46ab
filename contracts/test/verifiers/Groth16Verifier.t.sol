// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IVerifier } from "../../src/interfaces/IVerifier.sol";
import { Bn254 } from "../../src/libraries/Bn254.sol";
import { AlignmentVerifier } from "../../src/verifiers/AlignmentVerifier.sol";
import { VerifierTest } from "./VerifierTest.sol";
import { Built } from "../Built.sol";

/// @title Groth16: true proofs, altered ones, and those that would pass if a guard were missing
/// @dev On the alignment verifier, which is a Groth16 verifier and nothing else.
/// forge-config: ci.fuzz.runs = 256
contract Groth16VerifierTest is VerifierTest {
  using Bn254 for Bn254.G1;

  function testFuzz_verifyBatch_acceptsTrueProofs(uint256 seed, uint256 count, bool generatorGamma)
    public
    view
  {
    Batch memory batch = makeBatch(ALIGNMENT, generatorGamma, bound(count, 1, 5), seed);
    assertTrue(alignment[generatorGamma].verifyBatch(batch.signals, batch.proofs));
  }

  function testFuzz_verifyBatch_refusesEveryAlteredWord(uint256 seed, uint256 word, uint256 to) public view {
    Batch memory batch = makeBatch(ALIGNMENT, true, 1 + seed % 3, seed);
    uint256 which = (word >> 8) % batch.proofs.length;
    word %= 13;
    vm.assume(to != (word < 8 ? batch.proofs[which][word] : batch.signals[which][word - 8]));
    if (word < 8) batch.proofs[which][word] = to;
    else batch.signals[which][word - 8] = to;
    assertFalse(alignment[true].verifyBatch(batch.signals, batch.proofs));
  }

  /// @dev Signals that are field elements, and points of the groups: what only the pairing can refuse.
  function testFuzz_verifyBatch_refusesFalseStatements(
    uint256 seed,
    uint256 count,
    uint256 word,
    uint256 shift
  ) public view {
    Batch memory batch = makeBatch(ALIGNMENT, true, bound(count, 1, 4), seed);
    uint256 which = seed % batch.proofs.length;
    shift = bound(shift, 1, Bn254.R - 1);
    word %= 6;
    if (word < 3) {
      batch.signals[which][word] = addmod(batch.signals[which][word], shift, Bn254.R);
    } else if (word == 3) {
      Bn254.G1 memory point = _folded(batch.signals[which]).add(trapdoor.commit(shift));
      (batch.signals[which][3], batch.signals[which][4]) = (point.x, point.y);
    } else {
      _shift(batch.proofs[which], word == 4 ? 0 : 6, shift);
    }
    assertFalse(alignment[true].verifyBatch(batch.signals, batch.proofs));
  }

  /// @dev A signal and its alias `s + r` multiply a point alike: without the bound one proof would prove both.
  function testFuzz_verifyBatch_refusesAliasesOfSignals(uint256 seed, uint256 which) public view {
    Batch memory batch = makeBatch(ALIGNMENT, true, 1, seed);
    uint256 signal = batch.signals[0][which % 3];
    Bn254.G1 memory point = trapdoor.commit(seed);
    assertEq(point.mul(signal).x, point.mul(signal + Bn254.R).x);
    batch.signals[0][which % 3] += Bn254.R;
    assertFalse(alignment[true].verifyBatch(batch.signals, batch.proofs));
  }

  /// @dev The alias nearest to the bound: r itself, for a signal of 0.
  function test_verifyBatch_refusesTheFieldsOrderForZero() public view {
    for (uint256 which; which < 3; ++which) {
      Batch memory batch = makeBatch(ALIGNMENT, true, 1, 7);
      uint256 folded = uint256(keccak256(abi.encode("folded", uint256(7), uint256(0)))) % Bn254.R;
      batch.signals[0][which] = 0;
      batch.proofs[0] = trapdoor.prove(ALIGNMENT, true, batch.signals[0], folded, 7);
      assertTrue(alignment[true].verifyBatch(batch.signals, batch.proofs));
      batch.signals[0][which] = Bn254.R;
      assertFalse(alignment[true].verifyBatch(batch.signals, batch.proofs));
    }
  }

  function testFuzz_verifyBatch_refusesAliasesOfPoints(uint256 seed, uint256 word) public view {
    Batch memory batch = makeBatch(ALIGNMENT, true, 1, seed);
    word %= 10;
    if (word < 8) batch.proofs[0][word] += Bn254.Q;
    else batch.signals[0][word - 5] += Bn254.Q;
    assertFalse(alignment[true].verifyBatch(batch.signals, batch.proofs));
  }

  function test_verifyBatch_refusesInfinity() public view {
    uint256[3] memory first = [uint256(0), 2, 6];
    uint256[3] memory words = [uint256(2), 4, 2];
    for (uint256 i; i < 3; ++i) {
      Batch memory batch = makeBatch(ALIGNMENT, true, 1, 7);
      for (uint256 j; j < words[i]; ++j) {
        batch.proofs[0][first[i] + j] = 0;
      }
      assertFalse(alignment[true].verifyBatch(batch.signals, batch.proofs));
    }
  }

  function test_verifyBatch_refusesNothing() public view {
    assertFalse(alignment[true].verifyBatch(new uint256[][](0), new uint256[8][](0)));
  }

  function test_verifyBatch_revertsOnDifferentLengths() public {
    vm.expectRevert(abi.encodeWithSelector(IVerifier.LengthsDiffer.selector, 2, 1));
    alignment[true].verifyBatch(new uint256[][](2), new uint256[8][](1));
  }

  function test_verifyBatch_revertsOnOtherNumbersOfWords() public {
    for (uint256 words; words < 8; ++words) {
      if (words == 5) continue;
      Batch memory batch = makeBatch(ALIGNMENT, true, 1, 7);
      batch.signals[0] = new uint256[](words);
      vm.expectRevert(abi.encodeWithSelector(IVerifier.LengthsDiffer.selector, 5, words));
      alignment[true].verifyBatch(batch.signals, batch.proofs);
    }
  }

  /// @dev The point is one of the sum's terms, with the weight of its own proof: exchanged among the chunks of a call,
  /// or moved from one to another so that their sum stays, it makes the statements false.
  function testFuzz_verifyBatch_refusesExchangedPoints(uint256 seed, uint256 shift) public view {
    Batch memory batch = makeBatch(ALIGNMENT, true, 2, seed);
    uint256[] memory a = batch.signals[0];
    uint256[] memory b = batch.signals[1];
    (a[3], b[3]) = (b[3], a[3]);
    (a[4], b[4]) = (b[4], a[4]);
    assertFalse(alignment[true].verifyBatch(batch.signals, batch.proofs));
    batch = makeBatch(ALIGNMENT, true, 2, seed);
    shift = bound(shift, 1, Bn254.R - 1);
    for (uint256 i; i < 2; ++i) {
      Bn254.G1 memory term = trapdoor.commit(i == 0 ? shift : Bn254.R - shift);
      Bn254.G1 memory point = _folded(batch.signals[i]).add(term);
      (batch.signals[i][3], batch.signals[i][4]) = (point.x, point.y);
    }
    assertTrue(_holdsWithoutWeights(batch));
    assertFalse(alignment[true].verifyBatch(batch.signals, batch.proofs));
  }

  /// @dev References that are zero throughout have the point at infinity, which is no fault.
  function test_verifyBatch_takesReferencesOfZeros() public view {
    Batch memory batch = makeBatch(ALIGNMENT, true, 1, 7);
    (batch.signals[0][3], batch.signals[0][4]) = (0, 0);
    batch.proofs[0] = trapdoor.prove(ALIGNMENT, true, batch.signals[0], 0, 7);
    assertTrue(alignment[true].verifyBatch(batch.signals, batch.proofs));
  }

  /// @dev Why no proof may be the key of anything: three more proofs of the same statement, made without a witness.
  function testFuzz_verifyBatch_acceptsMalleatedProofs(uint256 seed) public view {
    uint256 k = trapdoor.secret("k");
    for (uint256 way; way < 3; ++way) {
      Batch memory batch = makeBatch(ALIGNMENT, true, 1, seed);
      uint256[8] memory proof = batch.proofs[0];
      Bn254.G1 memory a = Bn254.G1(proof[0], proof[1]);
      Bn254.G1 memory kA = a.mul(k);
      if (way == 0) {
        (proof[1], proof[4], proof[5]) = (Bn254.Q - proof[1], Bn254.Q - proof[4], Bn254.Q - proof[5]);
      } else if (way == 1) {
        (proof[0], proof[1]) = (kA.x, kA.y);
        _setB(proof, trapdoor.point("bOverK"));
      } else {
        _setB(proof, trapdoor.point("bPlusKDelta"));
        Bn254.G1 memory c = Bn254.G1(proof[6], proof[7]).add(kA);
        (proof[6], proof[7]) = (c.x, c.y);
      }
      assertTrue(alignment[true].verifyBatch(batch.signals, batch.proofs));
    }
  }

  /// @dev The attack on a batch: two false proofs whose errors cancel. Their equations multiplied without weights
  /// hold; with weights they do not.
  function testFuzz_verifyBatch_refusesErrorsThatCancel(uint256 seed, uint256 shift) public view {
    shift = bound(shift, 1, Bn254.R - 1);
    Batch memory batch = makeBatch(ALIGNMENT, true, 2, seed);
    _shift(batch.proofs[0], 6, shift);
    _shift(batch.proofs[1], 6, Bn254.R - shift);
    assertTrue(_holdsWithoutWeights(batch));
    assertFalse(alignment[true].verifyBatch(batch.signals, batch.proofs));
  }

  function test_verifyBatch_ofAnotherCircuit() public view {
    Batch memory batch = makeBatch(ALIGNMENT, true, 1, 3);
    batch.proofs[0] = trapdoor.prove(AGGREGATE, true, batch.signals[0], 0, 3);
    assertFalse(alignment[true].verifyBatch(batch.signals, batch.proofs));
  }

  /// @dev A point of the twist outside of G2 must cost its author a verdict, not the caller its gas.
  function test_verifyBatch_boundsWhatABadPointBurns() public view {
    Batch memory batch = makeBatch(ALIGNMENT, true, 1, 5);
    _setB(batch.proofs[0], trapdoor.point("outsideG2"));
    uint256 budget = gasleft();
    assertFalse(alignment[true].verifyBatch{ gas: 30_000_000 }(batch.signals, batch.proofs));
    assertLt(budget - gasleft(), 450_000);
  }

  /// @dev Whoever chooses the gas must not be able to make a true statement look false.
  function testFuzz_verifyBatch_neverFalseForLackOfGas(uint256 gasLimit) public view {
    gasLimit = bound(gasLimit, 10_000, 400_000);
    Batch memory batch = makeBatch(ALIGNMENT, true, 1, 5);
    try alignment[true].verifyBatch{ gas: gasLimit }(batch.signals, batch.proofs) returns (bool ok) {
      assertTrue(ok);
    } catch {
      assertLt(gasLimit, 300_000);
    }
  }

  function test_constructor_hashesTheKey() public {
    IVerifier.VerifyingKey memory key = trapdoor.key(ALIGNMENT, true);
    assertEq(alignment[true].keyHash(), keccak256(abi.encode(key, BASES)));
    assertNotEq(alignment[true].keyHash(), Built.alignmentVerifier(key, keccak256("other bases")).keyHash());
    assertNotEq(alignment[true].keyHash(), alignment[false].keyHash());
  }

  function test_constructor_refusesAnyOtherNumberOfSignals() public {
    for (uint256 points; points < 8; ++points) {
      if (points == 4) continue;
      IVerifier.VerifyingKey memory key = trapdoor.key(ALIGNMENT, true);
      key.ic = new Bn254.G1[](points);
      vm.expectRevert(abi.encodeWithSelector(IVerifier.WrongSignalCount.selector, points));
      Built.alignmentVerifier(key, BASES);
    }
  }

  function test_constructor_refusesPointsOfG1ThatAreNone() public {
    Bn254.G1[4] memory bad =
      [Bn254.G1(0, 0), Bn254.G1(1, 3), Bn254.G1(1 + Bn254.Q, 2), Bn254.G1(1, 2 + Bn254.Q)];
    for (uint256 i; i < 4; ++i) {
      IVerifier.VerifyingKey memory key = trapdoor.key(ALIGNMENT, true);
      key.alpha = bad[i];
      _refuses(key, "alpha", 0);
      for (uint256 j; j < 4; ++j) {
        key = trapdoor.key(ALIGNMENT, true);
        key.ic[j] = bad[i];
        _refuses(key, "ic", j);
      }
    }
  }

  function test_constructor_refusesPointsOfG2ThatAreNone() public {
    Bn254.G2[4] memory bad;
    bad[1] = trapdoor.point("outsideG2");
    bad[2] = Bn254.G2(1, 2, 3, 4);
    bad[3] = trapdoor.point("tau");
    bad[3].yReal += Bn254.Q;
    for (uint256 i; i < 4; ++i) {
      IVerifier.VerifyingKey memory key = trapdoor.key(ALIGNMENT, true);
      key.beta = bad[i];
      _refuses(key, "beta", 0);
      key = trapdoor.key(ALIGNMENT, true);
      key.gamma = bad[i];
      _refuses(key, "gamma", 0);
      key = trapdoor.key(ALIGNMENT, true);
      key.delta = bad[i];
      _refuses(key, "delta", 0);
    }
  }

  /// @dev A key without a phase-2 contribution has gamma = delta. The attack: `A = alpha`, `B = beta`, `C = -L`
  /// satisfies the equation for any signals; with delta = -gamma, `C = L` does.
  function test_constructor_refusesKeysWithWhichAnyoneForges() public {
    uint256[] memory signals = makeBatch(ALIGNMENT, true, 1, 7).signals[0];
    for (uint256 sign; sign < 2; ++sign) {
      IVerifier.VerifyingKey memory key = trapdoor.key(ALIGNMENT, true);
      key.delta = sign == 0 ? key.gamma : trapdoor.point("minusGenerator");
      Bn254.G1 memory l = _l(key, signals);
      uint256[] memory input = new uint256[](24);
      Bn254.setPair(input, 0, key.alpha.negate(), key.beta);
      Bn254.setPair(input, 1, key.alpha, key.beta);
      Bn254.setPair(input, 2, l, key.gamma);
      Bn254.setPair(input, 3, sign == 0 ? l.negate() : l, key.delta);
      assertTrue(Bn254.pairing(input));

      vm.expectRevert(IVerifier.ForgeableKey.selector);
      Built.alignmentVerifier(key, BASES);
    }
  }

  function _refuses(IVerifier.VerifyingKey memory key, string memory name, uint256 index) private {
    vm.expectRevert(abi.encodeWithSelector(IVerifier.BadKeyPoint.selector, name, index));
    Built.alignmentVerifier(key, BASES);
  }

  /// @dev Adds `shift G1` to the point of G1 that starts at `word`.
  function _shift(uint256[8] memory proof, uint256 word, uint256 shift) private view {
    Bn254.G1 memory point = Bn254.G1(proof[word], proof[word + 1]).add(trapdoor.commit(shift));
    (proof[word], proof[word + 1]) = (point.x, point.y);
  }

  function _setB(uint256[8] memory proof, Bn254.G2 memory b) private pure {
    (proof[2], proof[3], proof[4], proof[5]) = (b.xImaginary, b.xReal, b.yImaginary, b.yReal);
  }

  function _folded(uint256[] memory words) private pure returns (Bn254.G1 memory) {
    return Bn254.G1(words[3], words[4]);
  }

  function _l(IVerifier.VerifyingKey memory key, uint256[] memory signals)
    private
    view
    returns (Bn254.G1 memory l)
  {
    l = key.ic[0].add(_folded(signals));
    for (uint256 i; i < 3; ++i) {
      l = l.add(key.ic[i + 1].mul(signals[i]));
    }
  }

  /// @dev The product of the equations of two proofs, all weights one.
  function _holdsWithoutWeights(Batch memory batch) private view returns (bool) {
    IVerifier.VerifyingKey memory key = trapdoor.key(ALIGNMENT, true);
    uint256[] memory input = new uint256[](48);
    for (uint256 i; i < 2; ++i) {
      uint256[8] memory p = batch.proofs[i];
      Bn254.setPair(input, 4 * i, Bn254.G1(p[0], p[1]).negate(), Bn254.G2(p[2], p[3], p[4], p[5]));
      Bn254.setPair(input, 4 * i + 1, key.alpha, key.beta);
      Bn254.setPair(input, 4 * i + 2, _l(key, batch.signals[i]), key.gamma);
      Bn254.setPair(input, 4 * i + 3, Bn254.G1(p[6], p[7]), key.delta);
    }
    return Bn254.pairing(input);
  }
}
