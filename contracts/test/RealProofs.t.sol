// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { stdJson } from "forge-std/StdJson.sol";
import { IRounds } from "../src/interfaces/IRounds.sol";
import { ISettlement } from "../src/interfaces/ISettlement.sol";
import { IVerifier } from "../src/interfaces/IVerifier.sol";
import { IVerifierRegistry } from "../src/interfaces/IVerifierRegistry.sol";
import {
  AlignmentChunk,
  Chunk,
  Fault,
  Phase,
  Role,
  SumChunk,
  TaskParameters
} from "../src/interfaces/Types.sol";
import { Bn254 } from "../src/libraries/Bn254.sol";
import { Scores } from "../src/libraries/Scores.sol";
import { Rounds } from "../src/Rounds.sol";
import { System } from "../src/Wired.sol";
import { AggregateVerifier } from "../src/verifiers/AggregateVerifier.sol";
import { AlignmentVerifier } from "../src/verifiers/AlignmentVerifier.sol";
import { UpdateVerifier } from "../src/verifiers/UpdateVerifier.sol";
import { VerifierRegistry } from "../src/verifiers/VerifierRegistry.sol";
import { TestToken } from "./assets/TestToken.sol";
import { FederationTest } from "./federation/FederationTest.sol";
import { PointsJson } from "./verifiers/PointsJson.sol";
import { Built } from "./Built.sol";

/// @title A round of proofs that the prover made, through every contract; then each way to cheat with them
/// @notice test/vectors/federation.json, made by `node test/vectors/round.ts --preset tiny --round 1 --weights 1,2,3
/// --label federation --trainers ... --validators ... --prover ... --out test/vectors/federation.json` for the
/// accounts of `FederationTest`. Its challenges bind the address 0xcc..cc, where `Rounds` is put.
contract RealProofsTest is FederationTest {
  using PointsJson for string;
  using stdJson for string;
  using Bn254 for Bn254.G1;

  address private constant ROUNDS_AT = 0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC;
  string private _json;

  function setUp() public override {
    _json = vm.readFile("test/vectors/federation.json");
    registry = Built.verifierRegistry(address(this));
    IVerifierRegistry.Preset memory preset;
    (preset.coordinatesPerChunk, preset.coordinateBits, preset.developmentKeys) = (96, 8, true);
    Bn254.G2 memory tau = _json.readG2(".tauG2");
    preset.verifiers = [
      address(Built.updateVerifier(_key("update"), tau)),
      address(Built.aggregateVerifier(_key("aggregate"), tau)),
      address(Built.alignmentVerifier(_key("alignment"), _json.readBytes32(".verifyingKeys.alignment.bases")))
    ];
    registry.register(TINY, preset);
    deployAround(Built.testToken(), registry, ROUNDS_AT);
    fund(planner, 1e9 ether);
    bond(prover, STAKE);
    _startListed();
    toSubmit();
    basis = submissionBasis();
  }

  function defaultParameters() internal view override returns (TaskParameters memory p) {
    p = super.defaultParameters();
    p.normBound = _json.readUint(".normBound");
    p.probeNormBound = p.normBound;
    bytes32[] memory leaves = _leaves();
    // Two trainers' leaves, then the third's: the smallest tree with proofs of different lengths.
    p.members = _pair(_pair(_pair(leaves[0], leaves[1]), leaves[2]), _pair(leaves[3], leaves[4]));
  }

  // ---- good proofs

  function test_round_runsOnRealProofs() public {
    _submitAll();
    closeSubmit();
    _aggregate(UPDATES, ".updateSum");
    _aggregate(PROBES, ".probeSum");
    advance();
    voteAll(8000, 7900);
    for (uint256 i; i < 3; ++i) {
      basis = alignmentBasis(trainers[i]);
      assertTrue(settlement.proveAlignment(task, 1, trainers[i], basis, references(), _alignment(i)));
      uint256 word = settlement.alignmentOf(task, trainers[i]).word;
      int256[] memory scores = _json.readIntArray(_at(".alignments", i, ".scores"));
      for (uint256 g; g < scores.length; ++g) {
        assertEq(Scores.score(word, g), scores[g]);
      }
      assertEq(Scores.bucket(word), _json.readUint(_at(".alignments", i, ".bucket")));
    }
    advance();
    assertEq(uint256(rounds.lineageOf(task, 1).outcome), 1);
    assertEq(rounds.lineageOf(task, 1).weight, 6);
    for (uint256 i; i < 3; ++i) {
      assertGt(vault.creditOf(trainers[i]), 30 ether);
    }
  }

  function test_submitUpdate_computesTheChallengeOfTheVectors() public view {
    for (uint256 i; i < 3; ++i) {
      Chunk memory c = _chunk(".updates", i);
      bytes32 tag = keccak256("murmuration/v1/challenge/update");
      uint256 gamma = challenge(tag, trainers[i], 0, c.commitment, c.h, c.digest);
      assertEq(gamma, _json.readUint(_at(".updates", i, ".chunks[0].gamma")));
    }
  }

  function test_sumOf_isTheWeightedSumOfTheCommitments() public {
    _submitAll();
    uint256[] memory expected = _json.readUintArray(".updateSum.chunks[0].commitment");
    Bn254.G1 memory sum = rounds.sumOf(task, UPDATES, 0);
    assertEq(sum.x, expected[0]);
    assertEq(sum.y, expected[1]);
  }

  // ---- each way to cheat

  /// @dev Every word of the submission, one bit flipped: never accepted, always slashed, never a revert.
  /// forge-config: ci.fuzz.runs = 500
  function testFuzz_submitUpdate_alteredWordIsSlashed(uint256 word, uint256 bit) public {
    Chunk[] memory chunks = new Chunk[](1);
    chunks[0] = _chunk(".updates", 0);
    bytes memory words = abi.encode(chunks[0]);
    word = word % (words.length / 32);
    bit = 2 ** (bit % 256);
    assembly ("memory-safe") {
      let at := add(add(words, 32), mul(word, 32))
      mstore(at, xor(mload(at), bit))
    }
    chunks[0] = abi.decode(words, (Chunk));
    _expectSlashed(trainers[0], chunks);
  }

  /// @dev Front-running: another trainer sends the same words first. They fail for it, and hold for their author.
  function test_submitUpdate_replayedByAnotherTrainerIsSlashed() public {
    Chunk[] memory chunks = new Chunk[](1);
    chunks[0] = _chunk(".updates", 0);
    _expectSlashed(trainers[1], chunks);
    vm.prank(trainers[0]);
    assertTrue(rounds.submitUpdate(task, 1, basis, chunks));
  }

  function test_submitUpdate_replayedInAnotherRoundIsSlashed() public {
    expire();
    advance(); // nobody submitted: the round is void
    toSubmit();
    assertEq(round(), 2);
    basis = submissionBasis();
    Chunk[] memory chunks = new Chunk[](1);
    chunks[0] = _chunk(".updates", 0);
    _expectSlashed(trainers[0], chunks);
  }

  function test_submitUpdate_replayedAsProbeIsSlashed() public {
    Chunk[] memory chunks = new Chunk[](1);
    chunks[0] = _chunk(".updates", 0);
    uint256 before = vault.pledgeOf(task, validators[0]);
    vm.prank(validators[0]);
    assertFalse(rounds.submitProbe(task, 1, basis, chunks));
    assertEq(vault.pledgeOf(task, validators[0]), before - defaultEconomics().invalidProof);
  }

  function test_submitUpdate_swappedCiphertextIsSlashed() public {
    Chunk[] memory chunks = new Chunk[](1);
    chunks[0] = _chunk(".updates", 0);
    chunks[0].digest = keccak256("another ciphertext");
    _expectSlashed(trainers[0], chunks);
  }

  /// @dev A malleated proof is another valid proof of the same statement: `(-A, -B, C)`. It is accepted, once, and
  /// gives nobody anything: it needs the author as sender, and a member submits once a round.
  function test_submitUpdate_malleatedIsAcceptedOnceAndOnlyFromItsAuthor() public {
    Chunk[] memory chunks = new Chunk[](1);
    chunks[0] = _chunk(".updates", 0);
    uint256[8] memory proof = chunks[0].proof;
    (proof[1], proof[4], proof[5]) = (Bn254.Q - proof[1], Bn254.Q - proof[4], Bn254.Q - proof[5]);
    chunks[0].proof = proof;
    _expectSlashed(trainers[1], chunks);
    vm.prank(trainers[0]);
    assertTrue(rounds.submitUpdate(task, 1, basis, chunks));
    chunks[0] = _chunk(".updates", 0);
    vm.expectRevert(abi.encodeWithSelector(IRounds.AlreadyDone.selector, task, 1, trainers[0]));
    vm.prank(trainers[0]);
    rounds.submitUpdate(task, 1, basis, chunks);
  }

  /// @dev `h + r` is the same field element: without the bound on signals one proof would have two challenges.
  function test_submitUpdate_aliasOfSpongeIsSlashed() public {
    Chunk[] memory chunks = new Chunk[](1);
    chunks[0] = _chunk(".updates", 0);
    chunks[0].h += Bn254.R;
    _expectSlashed(trainers[0], chunks);
  }

  function test_submitAggregate_replayedByAnotherProverCostsItsStake() public {
    _submitAll();
    closeSubmit();
    bond(stranger, STAKE);
    SumChunk[] memory sum = _sum(".updateSum");
    basis = sumBasis(UPDATES);
    vm.prank(stranger);
    assertFalse(rounds.submitAggregate(task, 1, UPDATES, basis, sum));
    assertEq(vault.stakeOf(stranger).bonded, STAKE - defaultEconomics().failedSum);
    vm.prank(prover);
    assertTrue(rounds.submitAggregate(task, 1, UPDATES, basis, sum));
    assertEq(vault.creditOf(prover), defaultEconomics().proverFee);
  }

  function test_submitAggregate_ofTheOtherSumCostsStake() public {
    _submitAll();
    closeSubmit();
    SumChunk[] memory sum = _sum(".probeSum");
    basis = sumBasis(UPDATES);
    vm.prank(prover);
    assertFalse(rounds.submitAggregate(task, 1, UPDATES, basis, sum));
  }

  function test_proveAlignment_ofAnotherTrainerFails() public {
    _toSettle();
    AlignmentChunk[] memory alignment = _alignment(1);
    Bn254.G1[] memory named = references();
    vm.expectRevert(abi.encodeWithSelector(ISettlement.AlignmentProofFailed.selector, task, 1, trainers[0]));
    vm.prank(keeper);
    settlement.proveAlignment(task, 1, trainers[0], basis, named, alignment);
    uint256 before = vault.pledgeOf(task, trainers[0]);
    vm.prank(trainers[0]);
    assertFalse(settlement.proveAlignment(task, 1, trainers[0], basis, named, alignment));
    assertEq(vault.pledgeOf(task, trainers[0]), before - defaultEconomics().invalidProof);
  }

  function test_proveAlignment_inflatedScoreFails() public {
    _toSettle();
    AlignmentChunk[] memory alignment = _alignment(0);
    Bn254.G1[] memory named = references();
    ++alignment[0].out; // the first group's score
    vm.prank(trainers[0]);
    assertFalse(settlement.proveAlignment(task, 1, trainers[0], basis, named, alignment));
    // It may still prove what is true.
    assertTrue(settlement.proveAlignment(task, 1, trainers[0], basis, named, _alignment(0)));
  }

  // ---- helpers

  function _toSettle() private {
    _submitAll();
    closeSubmit();
    _aggregate(UPDATES, ".updateSum");
    _aggregate(PROBES, ".probeSum");
    advance();
    voteAll(8000, 7900);
    basis = alignmentBasis(trainers[0]);
  }

  function _expectSlashed(address trainer, Chunk[] memory chunks) private {
    uint256 before = vault.pledgeOf(task, trainer);
    uint256 number = round();
    vm.expectEmit(address(rounds));
    emit IRounds.SubmissionRejected(task, number, trainer, UPDATES);
    vm.expectEmit(address(rounds));
    emit IRounds.Penalised(task, number, trainer, Fault.InvalidProof, defaultEconomics().invalidProof);
    vm.prank(trainer);
    assertFalse(rounds.submitUpdate(task, number, basis, chunks));
    assertEq(vault.pledgeOf(task, trainer), before - defaultEconomics().invalidProof);
    assertEq(rounds.stageOf(task).acceptedUpdates, 0);
  }

  function _submitAll() private {
    Chunk[] memory chunks = new Chunk[](1);
    for (uint256 i; i < 3; ++i) {
      chunks[0] = _chunk(".updates", i);
      vm.prank(trainers[i]);
      assertTrue(rounds.submitUpdate(task, 1, basis, chunks));
    }
    for (uint256 i; i < 2; ++i) {
      chunks[0] = _chunk(".probes", i);
      vm.prank(validators[i]);
      assertTrue(rounds.submitProbe(task, 1, basis, chunks));
    }
  }

  function _aggregate(uint256 which, string memory path) private {
    SumChunk[] memory sum = _sum(path);
    basis = sumBasis(which);
    vm.prank(prover);
    assertTrue(rounds.submitAggregate(task, 1, which, basis, sum));
  }

  /// @dev A consortium: weights 1, 2, 3 as on the list.
  function _startListed() private {
    post();
    bytes32[] memory leaves = _leaves();
    bytes32[] memory proof;
    for (uint256 i; i < 5; ++i) {
      address account = i < 3 ? trainerAt(i) : validatorAt(i - 3);
      if (i < 3) trainers.push(account);
      else validators.push(account);
      bond(account, STAKE);
      if (i < 2) {
        proof = new bytes32[](3);
        (proof[0], proof[1], proof[2]) = (leaves[1 - i], leaves[2], _pair(leaves[3], leaves[4]));
      } else if (i == 2) {
        proof = new bytes32[](2);
        (proof[0], proof[1]) = (_pair(leaves[0], leaves[1]), _pair(leaves[3], leaves[4]));
      } else {
        proof = new bytes32[](2);
        (proof[0], proof[1]) = (leaves[7 - i], _pair(_pair(leaves[0], leaves[1]), leaves[2]));
      }
      vm.prank(account);
      marketplace.join(
        task,
        i < 3 ? Role.Trainer : Role.Validator,
        // forge-lint: disable-next-line(unsafe-typecast)
        i < 3 ? uint16(i + 1) : 1,
        STAKE,
        terms,
        proof,
        bytes32(0)
      );
    }
    vm.prank(planner);
    marketplace.advance(task);
    keyAll(1);
    marketplace.advance(task);
    assertEq(uint256(phase()), uint256(Phase.Support));
  }

  function _leaves() private pure returns (bytes32[] memory leaves) {
    leaves = new bytes32[](5);
    for (uint256 i; i < 5; ++i) {
      bytes memory leaf = i < 3
        // forge-lint: disable-next-line(unsafe-typecast)
        ? abi.encode(trainerAt(i), uint32(i + 1), uint8(1))
        : abi.encode(validatorAt(i - 3), uint32(1), uint8(2));
      leaves[i] = keccak256(bytes.concat(keccak256(leaf)));
    }
  }

  function _pair(bytes32 a, bytes32 b) private pure returns (bytes32) {
    return a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
  }

  function _at(string memory list, uint256 i, string memory rest) private pure returns (string memory) {
    return string.concat(list, "[", vm.toString(i), "]", rest);
  }

  function _chunk(string memory list, uint256 i) private view returns (Chunk memory c) {
    string memory path = _at(list, i, ".chunks[0]");
    c.commitment = _json.readG1(string.concat(path, ".commitment"));
    c.h = _json.readUint(string.concat(path, ".h"));
    c.digest = _json.readBytes32(string.concat(path, ".digest"));
    c.y = _json.readUint(string.concat(path, ".y"));
    c.opening = _json.readG1(string.concat(path, ".opening"));
    c.proof = _proof(string.concat(path, ".proof"));
  }

  /// @dev Those that the prover's alignments are about.
  function references() internal view override returns (Bn254.G1[] memory points) {
    points = new Bn254.G1[](1);
    points[0] = _json.readG1(".references[0].point");
  }

  function _sum(string memory list) private view returns (SumChunk[] memory sum) {
    string memory path = string.concat(list, ".chunks[0]");
    sum = new SumChunk[](1);
    sum[0].h = _json.readUint(string.concat(path, ".h"));
    sum[0].digest = _json.readBytes32(string.concat(path, ".digest"));
    sum[0].y = _json.readUint(string.concat(path, ".y"));
    sum[0].opening = _json.readG1(string.concat(path, ".opening"));
    sum[0].proof = _proof(string.concat(path, ".proof"));
  }

  function _alignment(uint256 i) private view returns (AlignmentChunk[] memory alignment) {
    string memory path = _at(".alignments", i, ".chunks[0]");
    alignment = new AlignmentChunk[](1);
    alignment[0].out = _json.readUintArray(string.concat(path, ".publicSignals"))[2];
    alignment[0].proof = _proof(string.concat(path, ".proof"));
  }

  function _key(string memory circuit) private view returns (IVerifier.VerifyingKey memory) {
    return _json.readKey(string.concat(".verifyingKeys.", circuit));
  }

  function _proof(string memory path) private view returns (uint256[8] memory proof) {
    uint256[] memory words = _json.readUintArray(path);
    for (uint256 i; i < 8; ++i) {
      proof[i] = words[i];
    }
  }
}
