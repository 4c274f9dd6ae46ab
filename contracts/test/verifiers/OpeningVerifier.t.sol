// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IOpeningVerifier, IVerifier } from "../../src/interfaces/IVerifier.sol";
import { Bn254 } from "../../src/libraries/Bn254.sol";
import { UpdateVerifier } from "../../src/verifiers/UpdateVerifier.sol";
import { VerifierTest } from "./VerifierTest.sol";
import { Built } from "../Built.sol";

/// @title Proofs and openings in one pairing: neither may carry the other
/// forge-config: ci.fuzz.runs = 256
contract OpeningVerifierTest is VerifierTest {
  using Bn254 for Bn254.G1;

  function testFuzz_verifyOpened_acceptsTrueStatements(uint256 seed, uint256 count, bool generatorGamma)
    public
    view
  {
    Batch memory batch = makeBatch(UPDATE, generatorGamma, bound(count, 1, 5), seed);
    assertTrue(_opened(generatorGamma, batch));
    batch = makeBatch(AGGREGATE, generatorGamma, 1, seed);
    assertTrue(
      aggregate[generatorGamma].verifyOpened(batch.signals, batch.proofs, batch.commitments, batch.openings)
    );
  }

  function testFuzz_verifyOpened_refusesEveryAlteredWord(
    uint256 seed,
    uint256 word,
    uint256 to,
    bool generatorGamma
  ) public view {
    Batch memory batch = makeBatch(UPDATE, generatorGamma, 1 + seed % 3, seed);
    uint256 which = (word >> 8) % batch.proofs.length;
    word %= 16;
    vm.assume(_swap(batch, which, word, to) != to);
    assertFalse(_opened(generatorGamma, batch));
  }

  function testFuzz_verifyOpened_refusesAliases(uint256 seed, uint256 word) public view {
    Batch memory batch = makeBatch(UPDATE, true, 1, seed);
    word %= 16;
    uint256 good = _swap(batch, 0, word, 0);
    _swap(batch, 0, word, good + (word >= 8 && word < 12 ? Bn254.R : Bn254.Q));
    assertFalse(_opened(true, batch));
  }

  /// @dev What only the pairing can refuse: another commitment or opening, or a proof of another value.
  function testFuzz_verifyOpened_refusesFalseStatements(
    uint256 seed,
    uint256 count,
    uint256 kind,
    uint256 shift,
    bool generatorGamma
  ) public view {
    Batch memory batch = makeBatch(UPDATE, generatorGamma, bound(count, 1, 4), seed);
    uint256 which = seed % batch.proofs.length;
    Bn254.G1 memory point = trapdoor.commit(bound(shift, 1, Bn254.R - 1));
    kind %= 4;
    if (kind == 0) {
      batch.commitments[which] = batch.commitments[which].add(point);
    } else if (kind == 1) {
      batch.openings[which] = batch.openings[which].add(point);
    } else {
      // A good proof of another gamma or y than the opening's.
      uint256[] memory signals = batch.signals[which];
      signals[kind - 1] = addmod(signals[kind - 1], bound(shift, 1, Bn254.R - 1), Bn254.R);
      batch.proofs[which] = trapdoor.prove(UPDATE, generatorGamma, signals, 0, seed);
    }
    assertFalse(_opened(generatorGamma, batch));
  }

  /// @dev The attack on a merged check: an error of the proof, `e(t G1, delta)`, and one of the opening,
  /// `e(-t delta G1, G2)`, cancel. Only the weight between them tells.
  function testFuzz_verifyOpened_refusesErrorsThatCancel(uint256 seed, uint256 t, bool generatorGamma)
    public
    view
  {
    t = bound(t, 1, Bn254.R - 1);
    Batch memory batch = makeBatch(UPDATE, generatorGamma, 1, seed);
    Bn254.G1 memory error_ = trapdoor.commit(t);
    Bn254.G1 memory counter = trapdoor.commit(mulmod(Bn254.R - t, trapdoor.secret("delta"), Bn254.R));
    uint256[] memory input = new uint256[](12);
    Bn254.setPair(input, 0, error_, trapdoor.point("delta"));
    Bn254.setPair(input, 1, counter, Bn254.generator2());
    assertTrue(Bn254.pairing(input));

    Bn254.G1 memory c = Bn254.G1(batch.proofs[0][6], batch.proofs[0][7]).add(error_);
    (batch.proofs[0][6], batch.proofs[0][7]) = (c.x, c.y);
    batch.commitments[0] = batch.commitments[0].add(counter);
    assertFalse(_opened(generatorGamma, batch));
  }

  /// @dev Openings of two chunks whose errors cancel, and two chunks' openings exchanged.
  function testFuzz_verifyOpened_refusesErrorsThatCancelBetweenChunks(uint256 seed, uint256 t) public view {
    Batch memory batch = makeBatch(UPDATE, true, 2, seed);
    Bn254.G1 memory shift = trapdoor.commit(bound(t, 1, Bn254.R - 1));
    batch.commitments[0] = batch.commitments[0].add(shift);
    batch.commitments[1] = batch.commitments[1].add(shift.negate());
    assertFalse(_opened(true, batch));

    batch = makeBatch(UPDATE, true, 2, seed);
    (batch.openings[0], batch.openings[1]) = (batch.openings[1], batch.openings[0]);
    assertFalse(_opened(true, batch));
  }

  /// @dev The merged check says what the two apart say.
  function testFuzz_verifyOpened_agreesWithTheChecksApart(uint256 seed, uint256 word, uint256 to)
    public
    view
  {
    Batch memory batch = makeBatch(UPDATE, true, 1, seed);
    if (seed % 2 == 0) _swap(batch, 0, word % 16, bound(to, 0, 2));
    bool proven = update[true].verifyBatch(batch.signals, batch.proofs);
    bool opens = update[true].verifyOpening(
      batch.commitments[0], batch.signals[0][1], batch.signals[0][2], batch.openings[0]
    );
    assertEq(_opened(true, batch), proven && opens);
  }

  function test_verifyOpened_acceptsConstantPolynomials() public view {
    Batch memory batch = makeBatch(UPDATE, true, 2, 11);
    for (uint256 i; i < 2; ++i) {
      uint256 value = i == 0 ? 0 : 77;
      batch.signals[i][2] = value;
      batch.proofs[i] = trapdoor.prove(UPDATE, true, batch.signals[i], 0, i);
      (batch.commitments[i], batch.openings[i]) = (trapdoor.commit(value), Bn254.G1(0, 0));
    }
    assertTrue(_opened(true, batch));
  }

  function test_verifyOpened_refusesNothing() public view {
    Batch memory batch = makeBatch(UPDATE, true, 0, 1);
    assertFalse(_opened(true, batch));
  }

  function test_verifyOpened_revertsOnDifferentLengths() public {
    for (uint256 i; i < 3; ++i) {
      Batch memory batch = makeBatch(UPDATE, true, 2, 1);
      Batch memory longer = makeBatch(UPDATE, true, 3, 1);
      if (i == 0) batch.proofs = longer.proofs;
      if (i == 1) batch.commitments = longer.commitments;
      if (i == 2) batch.openings = longer.openings;
      vm.expectRevert(abi.encodeWithSelector(IVerifier.LengthsDiffer.selector, 2, 3));
      _opened(true, batch);
    }
  }

  function testFuzz_verifyOpened_neverFalseForLackOfGas(uint256 gasLimit) public view {
    gasLimit = bound(gasLimit, 10_000, 500_000);
    Batch memory batch = makeBatch(UPDATE, true, 1, 5);
    try update[true].verifyOpened{ gas: gasLimit }(
      batch.signals, batch.proofs, batch.commitments, batch.openings
    ) returns (
      bool ok
    ) {
      assertTrue(ok);
    } catch {
      assertLt(gasLimit, 400_000);
    }
  }

  function testFuzz_verifyOpening_acceptsTrueOpenings(uint256 seed) public view {
    Batch memory batch = makeBatch(UPDATE, true, 1, seed);
    uint256[] memory s = batch.signals[0];
    assertTrue(update[true].verifyOpening(batch.commitments[0], s[1], s[2], batch.openings[0]));
    assertFalse(update[true].verifyOpening(batch.commitments[0], s[2], s[1], batch.openings[0]));
  }

  function test_constructor_refusesBadTau() public {
    Bn254.G2[5] memory bad;
    (bad[1], bad[2]) = (trapdoor.point("outsideG2"), Bn254.G2(1, 2, 3, 4));
    (bad[3], bad[4]) = (Bn254.generator2(), trapdoor.point("minusGenerator"));
    IVerifier.VerifyingKey memory key = trapdoor.key(UPDATE, true);
    for (uint256 i; i < bad.length; ++i) {
      vm.expectRevert(IOpeningVerifier.BadTau.selector);
      Built.updateVerifier(key, bad[i]);
    }
  }

  /// @dev Who compares hashes compares tau: whoever knows its secret opens any commitment to anything.
  function test_constructor_hashesKeyAndTau() public {
    IVerifier.VerifyingKey memory key = trapdoor.key(UPDATE, true);
    assertEq(update[true].keyHash(), keccak256(abi.encode(key, trapdoor.point("tau"))));
    UpdateVerifier other = Built.updateVerifier(key, trapdoor.point("beta"));
    assertEq(other.keyHash(), keccak256(abi.encode(key, trapdoor.point("beta"))));
    assertNotEq(other.keyHash(), update[true].keyHash());
  }

  function _opened(bool generatorGamma, Batch memory batch) private view returns (bool) {
    return update[generatorGamma].verifyOpened(batch.signals, batch.proofs, batch.commitments, batch.openings);
  }

  /// @dev Replaces a word of a chunk (0 to 7 the proof, 8 to 11 the signals, then commitment and opening) and returns
  /// what it was.
  function _swap(Batch memory batch, uint256 chunk, uint256 word, uint256 to)
    private
    pure
    returns (uint256 was)
  {
    if (word < 8) {
      (was, batch.proofs[chunk][word]) = (batch.proofs[chunk][word], to);
    } else if (word < 12) {
      (was, batch.signals[chunk][word - 8]) = (batch.signals[chunk][word - 8], to);
    } else {
      Bn254.G1 memory point = word < 14 ? batch.commitments[chunk] : batch.openings[chunk];
      if (word % 2 == 0) (was, point.x) = (point.x, to);
      else (was, point.y) = (point.y, to);
    }
  }
}
