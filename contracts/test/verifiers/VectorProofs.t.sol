// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Test } from "forge-std/Test.sol";
import { stdJson } from "forge-std/StdJson.sol";
import { IVerifier } from "../../src/interfaces/IVerifier.sol";
import { IVerifierRegistry } from "../../src/interfaces/IVerifierRegistry.sol";
import { Bn254 } from "../../src/libraries/Bn254.sol";
import { Challenge } from "../../src/libraries/Challenge.sol";
import { Kzg } from "../../src/libraries/Kzg.sol";
import { Scores } from "../../src/libraries/Scores.sol";
import { AggregateVerifier } from "../../src/verifiers/AggregateVerifier.sol";
import { AlignmentVerifier } from "../../src/verifiers/AlignmentVerifier.sol";
import { UpdateVerifier } from "../../src/verifiers/UpdateVerifier.sol";
import { VerifierRegistry } from "../../src/verifiers/VerifierRegistry.sol";
import { PointsJson } from "./PointsJson.sol";
import { Built } from "../Built.sol";

/// @title What the prover made (`test/vectors/`): commitments, openings, and a round's proofs of real circuits
contract VectorProofsTest is Test {
  using Bn254 for Bn254.G1;
  using PointsJson for string;
  using stdJson for string;

  bytes32 internal constant TINY = keccak256("murmuration/v1/preset/tiny");

  struct Batch {
    uint256[][] signals;
    uint256[8][] proofs;
    Bn254.G1[] commitments;
    Bn254.G1[] openings;
  }

  string internal json;
  VerifierRegistry internal registry;

  function setUp() public {
    json = vm.readFile("test/vectors/proofs.json");
    registry = Built.verifierRegistry(address(this));
    Bn254.G2 memory tau = json.readG2(".tiny.tauG2");
    address[3] memory verifiers = [
      address(Built.updateVerifier(_key("update"), tau)),
      address(Built.aggregateVerifier(_key("aggregate"), tau)),
      address(
        Built.alignmentVerifier(_key("alignment"), json.readBytes32(".tiny.verifyingKeys.alignment.bases"))
      )
    ];
    registry.register(TINY, IVerifierRegistry.Preset(96, 8, true, verifiers));
  }

  function test_openings_areJudgedAsTheVectorsSay() public {
    json = vm.readFile("test/vectors/opening.json");
    Bn254.G2 memory tau = json.readG2(".tauG2");
    assertGt(_judge("valid", tau, true), 8);
    assertGt(_judge("invalid", tau, false), 3);
  }

  /// @dev The commitments of commitment.json from its powers: `sum_j lanes_j [tau^j] + rho`, by precompiles.
  function test_commitments_areSumsOfPowers() public {
    json = vm.readFile("test/vectors/commitment.json");
    uint256 count;
    for (; json.keyExists(_item(".cases", count, "")); ++count) {
      int256[] memory lanes = json.readIntArray(_item(".cases", count, ".lanes"));
      uint256[] memory blinding = json.readUintArray(_item(".cases", count, ".blinding"));
      Bn254.G1 memory sum;
      for (uint256 j; j < lanes.length + blinding.length; ++j) {
        uint256 scalar;
        if (j >= lanes.length) scalar = blinding[j - lanes.length];
        else scalar = lanes[j] < 0 ? Bn254.R - uint256(-lanes[j]) : uint256(lanes[j]);
        sum = sum.add(json.readG1(_item(".powers", j, "")).mul(scalar));
      }
      Bn254.G1 memory commitment = json.readG1(_item(".cases", count, ".commitment"));
      assertEq(sum.x, commitment.x);
      assertEq(sum.y, commitment.y);
    }
    assertGt(count, 5);
  }

  function test_updatesAndProbes_areAccepted() public {
    string[2] memory kinds = [".tiny.updates", ".tiny.probes"];
    bytes32[2] memory tags = [Challenge.UPDATE, Challenge.PROBE];
    for (uint256 k; k < 2; ++k) {
      uint256 i;
      for (; json.keyExists(_item(kinds[k], i, "")); ++i) {
        string memory one = _item(kinds[k], i, "");
        _assertChallenge(tags[k], one);
        assertEq(
          json.readUint(string.concat(one, ".chunks[0].publicSignals[3]")), json.readUint(".tiny.normBound")
        );
        assertTrue(_opened(IVerifierRegistry.Circuit.Update, _batch(one)));
      }
      assertGt(i, 1);
    }
  }

  function test_sums_areAccepted() public {
    string[2] memory sums = [".tiny.updateSum", ".tiny.probeSum"];
    bytes32[2] memory tags = [Challenge.UPDATE_SUM, Challenge.PROBE_SUM];
    string[2] memory parts = [".tiny.updates", ".tiny.probes"];
    for (uint256 k; k < 2; ++k) {
      _assertChallenge(tags[k], sums[k]);
      Batch memory batch = _batch(sums[k]);
      assertTrue(_opened(IVerifierRegistry.Circuit.Aggregate, batch));
      // What a contract keeps as its running sum.
      Bn254.G1 memory sum;
      for (uint256 i; json.keyExists(_item(parts[k], i, "")); ++i) {
        Bn254.G1 memory part = json.readG1(_item(parts[k], i, ".chunks[0].commitment"));
        sum = sum.add(part.mul(json.readUint(_item(parts[k], i, ".weight"))));
      }
      assertEq(sum.x, batch.commitments[0].x);
      assertEq(sum.y, batch.commitments[0].y);
    }
  }

  function test_alignments_areAcceptedAndRead() public {
    uint256 i;
    for (; json.keyExists(_item(".tiny.alignments", i, "")); ++i) {
      string memory one = _item(".tiny.alignments", i, ".chunks[0]");
      uint256[] memory signals = _signals(one);
      assertTrue(registry.verify(IVerifierRegistry.Circuit.Alignment, TINY, signals, _proof(one)));
      int256[] memory scores = json.readIntArray(_item(".tiny.alignments", i, ".scores"));
      for (uint256 g; g < scores.length; ++g) {
        assertEq(Scores.score(signals[2], g), scores[g]);
      }
      assertEq(Scores.bucket(signals[2]), json.readUint(_item(".tiny.alignments", i, ".bucket")));
      // Never the proof of another circuit, whose statements have other words.
      uint256[8] memory proof = _proof(one);
      vm.expectRevert(abi.encodeWithSelector(IVerifier.LengthsDiffer.selector, 4, 5));
      registry.verify(IVerifierRegistry.Circuit.Update, TINY, signals, proof);
      vm.expectRevert(abi.encodeWithSelector(IVerifier.LengthsDiffer.selector, 3, 5));
      registry.verify(IVerifierRegistry.Circuit.Aggregate, TINY, signals, proof);
    }
    assertGt(i, 1);
  }

  /// @dev Every word of a good submission, one more and one bit off; and every alias that fits in a word.
  function test_everyAlteredWord_isRefused() public view {
    string memory one = ".tiny.updates[0]";
    for (uint256 word; word < 16; ++word) {
      for (uint256 way; way < 3; ++way) {
        Batch memory batch = _batch(one);
        uint256 good = _swap(batch, word, 0);
        uint256 modulus = word >= 8 && word < 12 ? Bn254.R : Bn254.Q;
        _swap(batch, word, way == 0 ? good + 1 : way == 1 ? good ^ (1 << 100) : good + modulus);
        assertFalse(_opened(IVerifierRegistry.Circuit.Update, batch));
      }
    }
  }

  /// @dev A good proof with the challenge of another sender or round: what the contract computes does not fit.
  function test_anotherChallenge_isRefused() public view {
    Batch memory batch = _batch(".tiny.updates[0]");
    batch.signals[0][1] = _batch(".tiny.updates[1]").signals[0][1];
    assertFalse(_opened(IVerifierRegistry.Circuit.Update, batch));
  }

  function test_severalUpdates_areOneBatch() public view {
    Batch memory all = Batch(new uint256[][](3), new uint256[8][](3), new Bn254.G1[](3), new Bn254.G1[](3));
    for (uint256 i; i < 3; ++i) {
      Batch memory one = _batch(_item(".tiny.updates", i, ""));
      (all.signals[i], all.proofs[i]) = (one.signals[0], one.proofs[0]);
      (all.commitments[i], all.openings[i]) = (one.commitments[0], one.openings[0]);
    }
    assertTrue(_opened(IVerifierRegistry.Circuit.Update, all));
    (all.openings[0], all.openings[1]) = (all.openings[1], all.openings[0]);
    assertFalse(_opened(IVerifierRegistry.Circuit.Update, all));
  }

  function _judge(string memory list, Bn254.G2 memory tau, bool expected)
    private
    view
    returns (uint256 count)
  {
    list = string.concat(".", list);
    for (; json.keyExists(_item(list, count, "")); ++count) {
      bool ok = Kzg.verify(
        json.readG1(_item(list, count, ".commitment")),
        json.readUint(_item(list, count, ".gamma")),
        json.readUint(_item(list, count, ".y")),
        json.readG1(_item(list, count, ".proof")),
        tau
      );
      assertEq(ok, expected, json.readString(_item(list, count, ".of")));
    }
  }

  /// @dev The challenge as the contract at the vectors' address computes it.
  function _assertChallenge(bytes32 tag, string memory one) private {
    vm.chainId(json.readUint(".tiny.chainId"));
    address where = json.readAddress(".tiny.contract");
    vm.etch(where, address(this).code);
    string memory chunk = string.concat(one, ".chunks[0]");
    uint256 gamma = VectorProofsTest(where)
      .challenge(
        tag,
        [
          json.readUint(".tiny.task"), json.readUint(".tiny.round"), json.readUint(string.concat(chunk, ".h"))
        ],
        json.readAddress(string.concat(one, ".sender")),
        json.readG1(string.concat(chunk, ".commitment")),
        json.readBytes32(string.concat(chunk, ".digest"))
      );
    assertEq(gamma, _signals(chunk)[1]);
  }

  function challenge(
    bytes32 tag,
    uint256[3] memory taskRoundH,
    address sender,
    Bn254.G1 memory commitment,
    bytes32 digest
  ) external view returns (uint256) {
    return Challenge.compute(tag, taskRoundH[0], taskRoundH[1], sender, 0, commitment, taskRoundH[2], digest);
  }

  function _opened(IVerifierRegistry.Circuit circuit, Batch memory batch) private view returns (bool) {
    return
      registry.verifyOpened(circuit, TINY, batch.signals, batch.proofs, batch.commitments, batch.openings);
  }

  function _batch(string memory one) private view returns (Batch memory batch) {
    string memory chunk = string.concat(one, ".chunks[0]");
    batch = Batch(new uint256[][](1), new uint256[8][](1), new Bn254.G1[](1), new Bn254.G1[](1));
    (batch.signals[0], batch.proofs[0]) = (_signals(chunk), _proof(chunk));
    batch.commitments[0] = json.readG1(string.concat(chunk, ".commitment"));
    batch.openings[0] = json.readG1(string.concat(chunk, ".opening"));
  }

  /// @dev Replaces a word (0 to 7 the proof, 8 to 11 the signals, then commitment and opening); returns what it was.
  function _swap(Batch memory batch, uint256 word, uint256 to) private pure returns (uint256 was) {
    if (word < 8) {
      (was, batch.proofs[0][word]) = (batch.proofs[0][word], to);
    } else if (word < 12) {
      (was, batch.signals[0][word - 8]) = (batch.signals[0][word - 8], to);
    } else {
      Bn254.G1 memory point = word < 14 ? batch.commitments[0] : batch.openings[0];
      if (word % 2 == 0) (was, point.x) = (point.x, to);
      else (was, point.y) = (point.y, to);
    }
  }

  function _signals(string memory chunk) private view returns (uint256[] memory) {
    return json.readUintArray(string.concat(chunk, ".publicSignals"));
  }

  function _proof(string memory chunk) private view returns (uint256[8] memory) {
    uint256[] memory w = json.readUintArray(string.concat(chunk, ".proof"));
    return [w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7]];
  }

  function _key(string memory circuit) private view returns (IVerifier.VerifyingKey memory) {
    return json.readKey(string.concat(".tiny.verifyingKeys.", circuit));
  }

  function _item(string memory list, uint256 i, string memory key) private pure returns (string memory) {
    return string.concat(list, "[", vm.toString(i), "]", key);
  }
}
