// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IRounds } from "../src/interfaces/IRounds.sol";
import { ISettlement } from "../src/interfaces/ISettlement.sol";
import {
  AlignmentChunk,
  Economics,
  Fault,
  Outcome,
  Phase,
  Standing,
  TaskParameters,
  TaskStatus
} from "../src/interfaces/Types.sol";
import { Scores } from "../src/libraries/Scores.sol";
import { FederationTest } from "./federation/FederationTest.sol";

/// @title Alignment, strikes, rewards, the next scale
/// @dev Norms of 1e6 for updates and probe: a score of 500,000 is a cosine of one half.
contract SettlementTest is FederationTest {
  function setUp() public override {
    super.setUp();
    start(4, 3);
  }

  function defaultParameters() internal view override returns (TaskParameters memory p) {
    p = super.defaultParameters();
    p.rounds = 8;
  }

  function _settle(int256[4] memory scores) private {
    toSettle(8000, 7900);
    for (uint256 i; i < 4; ++i) {
      if (scores[i] != type(int256).min && _took(i)) align(trainers[i], scores[i]);
    }
    expire();
    advance();
  }

  /// @dev One validator of three proposes nothing; the round ends void, since nobody submits.
  function _roundWithASilentValidator() private {
    propose(validators[0]);
    propose(validators[1]);
    expire();
    advance();
    expire();
    advance();
  }

  function _took(uint256 i) private view returns (bool) {
    return rounds.seatOf(task, trainers[i]).accepted;
  }

  function _strikes(uint256 i) private view returns (uint256) {
    return settlement.alignmentOf(task, trainers[i]).strikes;
  }

  // ---- proofs

  function test_proveAlignment_refusals() public {
    toCommit();
    AlignmentChunk[] memory none = new AlignmentChunk[](1);
    vm.expectRevert(abi.encodeWithSelector(IRounds.WrongPhase.selector, task, Phase.Commit));
    settlement.proveAlignment(task, 1, trainers[0], basis, none);
    voteAll(8000, 7900);
    vm.expectRevert(abi.encodeWithSelector(IRounds.WrongRound.selector, task, 2, 1));
    settlement.proveAlignment(task, 2, trainers[0], basis, none);
    vm.expectRevert(abi.encodeWithSelector(IRounds.NoAcceptedUpdate.selector, task, 1, validators[0]));
    settlement.proveAlignment(task, 1, validators[0], basis, none);
    vm.expectRevert(abi.encodeWithSelector(ISettlement.ChunkCount.selector, 0, 1));
    settlement.proveAlignment(task, 1, trainers[0], basis, new AlignmentChunk[](0));
    AlignmentChunk[] memory chunks = makeAlignment(trainers[0], -7, 1e6);
    vm.expectEmit(address(settlement));
    emit ISettlement.AlignmentProven(task, 1, trainers[0], -7, 1e6);
    vm.prank(stranger); // anyone may bring it: the sponges bind it
    settlement.proveAlignment(task, 1, trainers[0], basis, chunks);
    vm.expectRevert(abi.encodeWithSelector(ISettlement.AlreadyProven.selector, task, 1, trainers[0]));
    settlement.proveAlignment(task, 1, trainers[0], basis, chunks);
  }

  /// @dev A stranger cannot cost a trainer its stake with a wrong proof; the trainer itself can.
  function test_proveAlignment_wrongProofCostsOnlyItsAuthor() public {
    toSettle(8000, 7900);
    AlignmentChunk[] memory chunks = makeAlignment(trainers[0], 500_000, 1e6);
    ++chunks[0].score;
    vm.expectRevert(abi.encodeWithSelector(ISettlement.AlignmentProofFailed.selector, task, 1, trainers[0]));
    vm.prank(trainers[1]);
    settlement.proveAlignment(task, 1, trainers[0], basis, chunks);
    vm.expectEmit(address(rounds));
    emit IRounds.Penalised(task, 1, trainers[0], Fault.InvalidProof, 50 ether);
    vm.prank(trainers[0]);
    assertFalse(settlement.proveAlignment(task, 1, trainers[0], basis, chunks));
    assertEq(vault.pledgeOf(task, trainers[0]), STAKE - 50 ether);
  }

  /// @dev Scores of 2^63 and more, and words that stand for none.
  /// forge-config: default.fuzz.runs = 32
  /// forge-config: ci.fuzz.runs = 100
  function testFuzz_proveAlignment_scoreOutOfRangeFails(uint256 word) public {
    toSettle(8000, 7900);
    AlignmentChunk[] memory chunks = makeAlignment(trainers[0], 0, 1e6);
    chunks[0].score = bound(word, 2 ** 63, type(uint256).max);
    vm.prank(trainers[0]);
    assertFalse(settlement.proveAlignment(task, 1, trainers[0], basis, chunks));
  }

  // ---- rewards

  function test_settle_sharesInProportionToTheCosines() public {
    // Weights of 0.47, 0.22, 0 (below delta) and 0 (negative), of 0.69.
    _settle([int256(500_000), 250_000, 20_000, -300_000]);
    assertEq(vault.creditOf(trainers[0]), uint256(100 ether) * 470 / 690);
    assertEq(vault.creditOf(trainers[1]), uint256(100 ether) * 220 / 690);
    assertEq(vault.creditOf(trainers[2]), 0);
    assertEq(vault.creditOf(trainers[3]), 0);
  }

  /// @dev Exact to the last unit, and never more than the round's part.
  /// forge-config: default.fuzz.runs = 32
  /// forge-config: ci.fuzz.runs = 100
  function testFuzz_settle_sharesExactly(int256[4] memory scores) public {
    uint256[4] memory weights;
    uint256 total;
    for (uint256 i; i < 4; ++i) {
      scores[i] = bound(scores[i], -1e6, 1e6);
      int256 excess = scores[i] * 1000 - 3e7;
      // forge-lint: disable-next-line(unsafe-typecast)
      weights[i] = excess > 0 ? uint256(excess) : 0;
      total += weights[i];
    }
    uint256 before = vault.potOf(task);
    _settle(scores);
    uint256 paid;
    for (uint256 i; i < 4; ++i) {
      uint256 expected = total == 0 ? 0 : 100 ether * weights[i] / total;
      assertEq(vault.creditOf(trainers[i]), expected);
      paid += expected;
    }
    assertLe(paid, 100 ether);
    assertEq(vault.potOf(task), before - paid - 10 ether - 9 ether);
  }

  /// @dev What was slashed in a round is paid out to those who did better in the next.
  function test_settle_paysOutThePenalties() public {
    _roundWithASilentValidator(); // 10, of which a tenth to the keeper
    assertEq(vault.penaltiesOf(task), 9 ether);
    _settle([int256(500_000), 500_000, 500_000, 500_000]);
    assertEq(vault.creditOf(trainers[0]), 25 ether + 2.25 ether);
    assertEq(vault.penaltiesOf(task), 0);
  }

  // ---- strikes

  function test_settle_strikesWhoPointsElsewhere() public {
    // The lower median is 0.5; 0.6 of it is asked for.
    _settle([int256(500_000), 500_000, 600_000, 300_000]);
    assertEq(_strikes(3), 0);
    _settle([int256(500_000), 500_000, 600_000, 299_999]);
    assertEq(_strikes(3), 1);
    assertEq(vault.pledgeOf(task, trainers[3]), STAKE - 7 ether);
    assertEq(vault.pledgeOf(task, trainers[2]), STAKE);
  }

  function test_settle_strikesGrowFadeAndEject() public {
    int256[4] memory off = [int256(500_000), 500_000, 500_000, -500_000];
    int256[4] memory on = [int256(500_000), 500_000, 500_000, 500_000];
    _settle(off);
    _settle(off);
    assertEq(_strikes(3), 2);
    assertEq(vault.pledgeOf(task, trainers[3]), STAKE - 7 ether - 14 ether);
    _settle(on);
    assertEq(_strikes(3), 1);
    _settle(off);
    assertEq(vault.pledgeOf(task, trainers[3]), STAKE - 35 ether);
    assertEq(uint256(rounds.seatOf(task, trainers[3]).standing), uint256(Standing.Good));
    _settle(off);
    assertEq(vault.pledgeOf(task, trainers[3]), STAKE - 56 ether);
    assertEq(uint256(rounds.seatOf(task, trainers[3]).standing), uint256(Standing.Ejected));
  }

  function test_settle_withoutSignalStrikesNobodyWhoProved() public {
    _settle([int256(99_999), 99_999, -900_000, -900_000]);
    for (uint256 i; i < 4; ++i) {
      assertEq(_strikes(i), 0);
    }
  }

  function test_settle_missingProofIsAStrike() public {
    _settle([int256(500_000), 500_000, 500_000, type(int256).min]);
    assertEq(_strikes(3), 1);
    assertEq(vault.pledgeOf(task, trainers[3]), STAKE - 7 ether);
    assertEq(vault.creditOf(keeper), 0.7 ether);
  }

  function test_settle_rejectedRoundCreditsNobodyAndStillStrikes() public {
    toSettle(7000, 7900);
    align(trainers[0], 500_000);
    align(trainers[1], 500_000);
    align(trainers[2], 500_000);
    align(trainers[3], -500_000);
    advance();
    assertEq(vault.creditOf(trainers[0]), 0);
    assertEq(_strikes(3), 1);
    assertEq(uint256(rounds.lineageOf(task, 1).outcome), uint256(Outcome.Rejected));
  }

  // ---- scale

  function test_settle_keepsTheScaleByTheRule() public {
    _settle([int256(500_000), 500_000, 500_000, 500_000]);
    assertEq(rounds.stageOf(task).scale, Scores.nextScale(2 ** 40, 1e6, 96, 24));
  }

  function test_settle_withoutAnyProofTheScaleStays() public {
    toSettle(8000, 7900);
    expire();
    advance();
    assertEq(rounds.stageOf(task).scale, 2 ** 40);
    for (uint256 i; i < 4; ++i) {
      assertEq(_strikes(i), 1);
    }
  }

  function test_settle_onlyForRounds() public {
    vm.expectRevert(abi.encodeWithSelector(ISettlement.NotAllowed.selector, address(this)));
    settlement.settle(task, Outcome.Accepted, address(this));
    vm.expectRevert(abi.encodeWithSelector(ISettlement.NotAllowed.selector, address(this)));
    settlement.open(task, trainers);
  }

  // ---- what no round paid out

  function test_sharePenalties_goesToTheMembersInGoodStanding() public {
    vm.expectRevert(abi.encodeWithSelector(ISettlement.NotEnded.selector, task));
    settlement.sharePenalties(task);
    for (uint256 i; i < 8; ++i) {
      _roundWithASilentValidator();
    }
    assertEq(uint256(marketplace.stateOf(task).status), uint256(TaskStatus.Ended));
    uint256 pool = vault.penaltiesOf(task);
    assertEq(pool, 8 * 9 ether);
    settlement.sharePenalties(task);
    assertEq(vault.penaltiesOf(task), 0);
    uint256 share = pool / 7;
    assertEq(vault.creditOf(trainers[0]), pool - 6 * share);
    assertEq(vault.creditOf(validators[0]), share);
  }
}
