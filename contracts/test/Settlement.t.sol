// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IRounds } from "../src/interfaces/IRounds.sol";
import { ISettlement } from "../src/interfaces/ISettlement.sol";
import { IVerifierRegistry } from "../src/interfaces/IVerifierRegistry.sol";
import { AlignmentChunk, Fault, Outcome, Phase, Standing, TaskParameters } from "../src/interfaces/Types.sol";
import { Bn254 } from "../src/libraries/Bn254.sol";
import { Scores } from "../src/libraries/Scores.sol";
import { FederationTest } from "./federation/FederationTest.sol";

/// @title Alignment, pay, strikes, the next scale
/// @dev Six validators in three groups. The toll is 10, the cap 38, the floor 13, the reserve 19, phi three quarters; level
/// 5 ejects, and a strike holds 7 tokens times the level.
contract SettlementTest is FederationTest {
  /// @dev Of a trainer that does not prove.
  int256 private constant MISSING = type(int256).min;

  uint16 private _chunks = 1;

  function setUp() public override {
    super.setUp();
    start(4, 6);
  }

  function defaultParameters() internal view override returns (TaskParameters memory p) {
    p = super.defaultParameters();
    (p.rounds, p.maxValidators, p.chunks) = (16, 6, _chunks);
  }

  function _settle(int256[4] memory figures) private {
    toSettle(8000, 7900);
    for (uint256 i; i < 4; ++i) {
      if (figures[i] != MISSING) align(trainers[i], figures[i]);
    }
    expire();
    advance();
  }

  /// @dev Three trainers that all groups see alike, and the last as each group sees it.
  function _settle(int256 first, int256 second, int256 third) private {
    toSettle(8000, 7900);
    for (uint256 i; i < 3; ++i) {
      align(trainers[i], 30);
    }
    alignWord(trainers[3], wordOf([first, second, third, 0, 0, 0, 0], BUCKET));
    advance();
  }

  function _level(uint256 i) private view returns (uint256) {
    return settlement.alignmentOf(task, trainers[i]).level;
  }

  function _held(uint256 i) private view returns (uint256) {
    return settlement.heldOf(task, trainers[i]);
  }

  // ---- proofs

  function test_proveAlignment_refusals() public {
    toCommit();
    Bn254.G1[] memory named = references();
    AlignmentChunk[] memory none = new AlignmentChunk[](1);
    vm.expectRevert(abi.encodeWithSelector(IRounds.WrongPhase.selector, task, Phase.Commit));
    settlement.proveAlignment(task, 1, trainers[0], basis, named, none);
    voteAll(8000, 7900);
    vm.expectRevert(abi.encodeWithSelector(IRounds.WrongRound.selector, task, 2, 1));
    settlement.proveAlignment(task, 2, trainers[0], basis, named, none);
    vm.expectRevert(abi.encodeWithSelector(IRounds.NoAcceptedUpdate.selector, task, 1, validators[0]));
    settlement.proveAlignment(task, 1, validators[0], basis, named, none);
    AlignmentChunk[] memory chunks = makeAlignment(trainers[0], wordOf(-7));
    vm.expectRevert(abi.encodeWithSelector(ISettlement.ChunkCount.selector, 0, 1));
    settlement.proveAlignment(task, 1, trainers[0], basis, named, new AlignmentChunk[](0));
    vm.expectEmit(address(settlement));
    emit ISettlement.AlignmentProven(task, 1, trainers[0], wordOf(-7));
    vm.prank(stranger); // anyone may bring it: the sponges bind it
    settlement.proveAlignment(task, 1, trainers[0], basis, named, chunks);
    vm.expectRevert(abi.encodeWithSelector(ISettlement.AlreadyProven.selector, task, 1, trainers[0]));
    settlement.proveAlignment(task, 1, trainers[0], basis, named, chunks);
  }

  /// @dev The attack: references of the trainer's own, toward which its update points.
  function test_proveAlignment_onlyAgainstWhatTheVoteNamed() public {
    toSettle(8000, 7900);
    AlignmentChunk[] memory chunks = makeAlignment(trainers[0], wordOf(127));
    Bn254.G1[] memory own = new Bn254.G1[](1);
    own[0] = trapdoor.commit(5);
    chunks[0].proof = _proof(trainers[0], 0, wordOf(127), 5);
    bytes32 given = keccak256(abi.encode(own));
    bytes32 named = keccak256(abi.encode(references()));
    vm.expectRevert(abi.encodeWithSelector(ISettlement.ReferencesDiffer.selector, task, 1, given, named));
    vm.prank(trainers[0]);
    settlement.proveAlignment(task, 1, trainers[0], basis, own, chunks);
    // And with the right ones its proof is false.
    Bn254.G1[] memory right = references();
    vm.prank(trainers[0]);
    assertFalse(settlement.proveAlignment(task, 1, trainers[0], basis, right, chunks));
  }

  function _proof(address trainer, uint256 before, uint256 out, uint256 folded)
    private
    view
    returns (uint256[8] memory)
  {
    (, uint256[] memory hUpdate,) = rounds.alignmentInputs(task, round(), trainer);
    return trapdoor.prove(_circuit(), [hUpdate[0], before, out], folded, 0);
  }

  function _circuit() private pure returns (IVerifierRegistry.Circuit) {
    return IVerifierRegistry.Circuit.Alignment;
  }

  /// @dev Each proof holds by itself. Only the chain of totals says that they are the chunks of one update, in order and
  /// each once.
  function test_proveAlignment_chunksGoOnFromEachOther() public {
    _chunks = 3;
    start(4, 6);
    toSettle(8000, 7900);
    AlignmentChunk[] memory chunks = makeAlignment(trainers[0], wordOf(30));
    Bn254.G1[] memory named = references();
    uint256 kept = chunks[0].out;
    chunks[0].out = 7; // another total than the second chunk starts from
    (, uint256[] memory hUpdate,) = rounds.alignmentInputs(task, 1, trainers[0]);
    chunks[0].proof = trapdoor.prove(_circuit(), [hUpdate[0], uint256(0), uint256(7)], referenceSecret(0), 0);
    vm.prank(trainers[0]);
    assertFalse(settlement.proveAlignment(task, 1, trainers[0], basis, named, chunks));
    chunks[0].out = kept;
    chunks[0].proof = trapdoor.prove(_circuit(), [hUpdate[0], uint256(9), kept], referenceSecret(0), 0); // totals from nowhere
    vm.prank(trainers[0]);
    assertFalse(settlement.proveAlignment(task, 1, trainers[0], basis, named, chunks));
    align(trainers[0], 30);
    assertEq(settlement.alignmentOf(task, trainers[0]).word, wordOf(30));
  }

  /// @dev A stranger cannot cost a trainer its stake with a wrong proof; the trainer itself can.
  function test_proveAlignment_wrongProofCostsOnlyItsAuthor() public {
    toSettle(8000, 7900);
    AlignmentChunk[] memory chunks = makeAlignment(trainers[0], wordOf(30));
    Bn254.G1[] memory named = references();
    ++chunks[0].out;
    vm.expectRevert(abi.encodeWithSelector(ISettlement.AlignmentProofFailed.selector, task, 1, trainers[0]));
    vm.prank(trainers[1]);
    settlement.proveAlignment(task, 1, trainers[0], basis, named, chunks);
    vm.expectEmit(address(rounds));
    emit IRounds.Penalised(task, 1, trainers[0], Fault.InvalidProof, 50 ether);
    vm.prank(trainers[0]);
    assertFalse(settlement.proveAlignment(task, 1, trainers[0], basis, named, chunks));
    assertEq(vault.pledgeOf(task, trainers[0]), STAKE - 50 ether);
  }

  /// @dev Words that are no figures and bucket: totals that are not the last, or more.
  /// forge-config: default.fuzz.runs = 16
  /// forge-config: ci.fuzz.runs = 50
  function testFuzz_proveAlignment_wordOutOfRangeFails(uint256 word) public {
    toSettle(8000, 7900);
    AlignmentChunk[] memory chunks = makeAlignment(trainers[0], bound(word, 2 ** 62, Bn254.R - 1));
    Bn254.G1[] memory named = references();
    vm.prank(trainers[0]);
    assertFalse(settlement.proveAlignment(task, 1, trainers[0], basis, named, chunks));
  }

  // ---- pay

  function test_settle_paysByWhatTheMedianGroupSaw() public {
    // Less the toll: 28 (capped), 20, 10 and nothing, of which the whole is four times 19.
    toSettle(8000, 7900);
    alignWord(trainers[0], wordOf([int256(127), 50, 127, 0, 0, 0, 0], BUCKET));
    align(trainers[1], 30);
    alignWord(trainers[2], wordOf([int256(20), 127, 11, 0, 0, 0, 0], BUCKET));
    align(trainers[3], 0);
    advance();
    // All weight is of this round, so the rest goes in the same shares: 28, 20, 10 of 58.
    uint256 rest = 100 ether * uint256(76 - 58) / 76;
    assertEq(vault.creditOf(trainers[0]), 100 ether * uint256(28) / 76 + rest * 28 / 58);
    assertEq(vault.creditOf(trainers[1]), 100 ether * uint256(20) / 76 + rest * 20 / 58);
    assertEq(vault.creditOf(trainers[2]), 100 ether * uint256(10) / 76 + rest * 10 / 58);
    assertEq(vault.creditOf(trainers[3]), 0);
  }

  /// @dev One group of three that praises a trainer which the others do not see moves nothing.
  function test_settle_oneGroupLiftsNobody() public {
    _settle(127, 0, 0);
    assertEq(vault.creditOf(trainers[3]), 0);
    assertEq(settlement.alignmentOf(task, trainers[3]).credit, 0);
  }

  /// @dev The attack: guesses that are now above the toll and now below it. What is below is owed.
  function test_settle_debtIsPaidBeforeAnythingIsEarned() public {
    _settle([int256(30), 30, 30, -2]); // owes 12
    _settle([int256(30), 30, 30, 21]); // earns 11
    assertEq(vault.creditOf(trainers[3]), 0);
    assertEq(settlement.alignmentOf(task, trainers[3]).debt, 1);
    _settle([int256(30), 30, 30, 21]);
    assertEq(settlement.alignmentOf(task, trainers[3]).credit, 10);
    assertGt(vault.creditOf(trainers[3]), 0);
  }

  /// @dev A round without signal pays those on whose work the model rests, by all their weight so far.
  function test_settle_aQuietRoundIsPaidByCredit() public {
    _settle([int256(38), 24, 0, 0]); // credits of 28 and 14
    uint256[2] memory before = [vault.creditOf(trainers[0]), vault.creditOf(trainers[1])];
    _settle([int256(0), 0, 0, 0]);
    assertEq(vault.creditOf(trainers[0]) - before[0], 100 ether * uint256(28) / 42);
    assertEq(vault.creditOf(trainers[1]) - before[1], 100 ether * uint256(14) / 42);
    assertEq(vault.creditOf(trainers[2]), 0);
  }

  /// @dev Whoever is alone in what it adds to a nearly quiet round is paid for that, and not all that others are due.
  function test_settle_aNearlyQuietRoundIsPaidByBoth() public {
    _settle([int256(38), 24, 10, 10]);
    uint256[4] memory before;
    for (uint256 i; i < 4; ++i) {
      before[i] = vault.creditOf(trainers[i]);
    }
    _settle([int256(0), 0, 20, 0]); // a weight of 10 of 76, and credits of 28, 14 and 10
    uint256 rest = 100 ether * uint256(66) / 76;
    assertEq(vault.creditOf(trainers[0]) - before[0], rest * 28 / 52);
    assertEq(vault.creditOf(trainers[1]) - before[1], rest * 14 / 52);
    assertEq(vault.creditOf(trainers[2]) - before[2], 100 ether * uint256(10) / 76 + rest * 10 / 52);
    assertEq(vault.creditOf(trainers[3]), 0);
  }

  /// @dev Before anybody ever earned, the pot stays where it is.
  function test_settle_paysNobodyWhereNobodyEverEarned() public {
    uint256 before = vault.potOf(task);
    _settle([int256(10), 9, 0, -30]);
    assertEq(vault.potOf(task), before - 4 * 5 ether - 6 * 3 ether); // sums and votes alone
  }

  /// @dev Never more than the round's part.
  /// forge-config: default.fuzz.runs = 16
  /// forge-config: ci.fuzz.runs = 50
  function testFuzz_settle_sharesAtMostTheReward(int8[4] memory first, int8[4] memory second) public {
    for (uint256 turn; turn < 2; ++turn) {
      uint256 before = vault.potOf(task);
      int256[4] memory figures;
      for (uint256 i; i < 4; ++i) {
        figures[i] = bound(turn == 0 ? first[i] : second[i], -127, 127);
      }
      _settle(figures);
      uint256 fees = 4 * 5 ether + 6 * 3 ether;
      assertLe(before - vault.potOf(task), 100 ether + fees);
      assertGe(before - vault.potOf(task), fees);
    }
  }

  function test_settle_rejectedRoundCreditsNobodyAndStillStrikes() public {
    toSettle(7000, 7900);
    align(trainers[0], 30);
    align(trainers[1], 30);
    align(trainers[2], 30);
    align(trainers[3], -30);
    advance();
    assertEq(vault.creditOf(trainers[0]), 0);
    assertEq(settlement.alignmentOf(task, trainers[0]).credit, 0);
    assertEq(_level(3), 1);
    assertEq(uint256(rounds.lineageOf(task, 1).outcome), uint256(Outcome.Rejected));
  }

  // ---- strikes

  /// @dev Three quarters of a median of 30 are asked for, by more than two thirds of the groups: by all three.
  function test_settle_strikesWhomMoreThanTwoThirdsSeePointElsewhere() public {
    _settle(23, 22, 22);
    assertEq(_level(3), 0);
    _settle(22, 22, 22);
    assertEq(_level(3), 1);
    assertEq(_held(3), 0); // the first is a warning
    assertEq(vault.pledgeOf(task, trainers[3]), STAKE);
  }

  /// @dev The attack: two groups of three, with four of six validators, cannot take an honest trainer's stake.
  function test_settle_twoGroupsOfThreeStrikeNobody() public {
    for (uint256 i; i < 6; ++i) {
      _settle(-127, -127, 23);
    }
    assertEq(_level(3), 0);
    assertEq(vault.pledgeOf(task, trainers[3]), STAKE);
  }

  function test_settle_holdsGrowReturnAndEject() public {
    int256[4] memory off = [int256(30), 30, 30, -30];
    int256[4] memory on = [int256(30), 30, 30, 30];
    _settle(off);
    _settle(off);
    assertEq(_level(3), 2);
    assertEq(_held(3), 7 ether);
    _settle(off);
    assertEq(_held(3), 7 ether + 14 ether);
    _settle(on);
    assertEq(_held(3), 7 ether);
    _settle(on);
    _settle(on);
    assertEq(_level(3), 0);
    assertEq(_held(3), 0);
    // Nothing of it was ever taken.
    assertEq(vault.pledgeOf(task, trainers[3]), STAKE);
    for (uint256 i; i < 4; ++i) {
      _settle(off);
    }
    assertEq(uint256(rounds.seatOf(task, trainers[3]).standing), uint256(Standing.Good));
    _settle(off);
    assertEq(uint256(rounds.seatOf(task, trainers[3]).standing), uint256(Standing.Ejected));
    assertEq(_held(3), 70 ether);
  }

  /// @dev What is held when the seat ends is burnt: neither the trainer's, nor anybody's who judged it.
  function test_release_burnsWhatStrikesHold() public {
    for (uint256 i; i < 5; ++i) {
      _settle([int256(30), 30, 30, -30]);
    }
    skip(2 days + 1);
    uint256 before = vault.burnt();
    marketplace.release(task, trainers[3]);
    assertEq(vault.freeOf(trainers[3]), STAKE - 70 ether);
    assertEq(vault.burnt() - before, 70 ether);
  }

  /// @dev The honest one whose data are unlike the others': some direction of its own, above nothing. It is unpaid at
  /// worst, and goes no further than level 3.
  function test_settle_differentIsNotEmpty() public {
    for (uint256 i; i < 8; ++i) {
      _settle(6, 6, 6);
    }
    assertEq(_level(3), 3);
    assertEq(_held(3), 21 ether);
    _settle(6, 6, 4); // empty in one group of three
    assertEq(_level(3), 3);
    _settle(4, 4, 4);
    assertEq(_level(3), 4);
  }

  /// @dev Who was ever paid is only struck past level 3 where it points against the others.
  function test_settle_creditShieldsFromHarsherStrikes() public {
    _settle([int256(30), 30, 30, 30]);
    for (uint256 i; i < 6; ++i) {
      _settle([int256(30), 30, 30, 0]);
    }
    assertEq(_level(3), 3);
    _settle([int256(30), 30, 30, -6]);
    assertEq(_level(3), 4);
  }

  /// @dev The attack: a leader names coordinates that are dead for another, which withholds its update for its own safety.
  /// Zeros say nothing of their author: it is not struck, however often, nor paid, and nobody is paid what it would be.
  function test_settle_zerosAreNeitherStruckNorPaid() public {
    _settle([int256(30), 30, 30, 24]); // weights of 20, 20, 20 and 14
    uint256[2] memory before = [vault.creditOf(trainers[0]), vault.creditOf(trainers[3])];
    for (uint256 i; i < 4; ++i) {
      toSettle(8000, 7900);
      for (uint256 k; k < 3; ++k) {
        align(trainers[k], 30);
      }
      alignWord(trainers[3], wordOf([int256(0), 0, 0, 0, 0, 0, 0], 0));
      advance();
      uint256 rest = 100 ether * uint256(16) / 76;
      // Each part is rounded down, as in the contract.
      // forge-lint: disable-next-line(divide-before-multiply)
      uint256 paid = 100 ether * uint256(20) / 76 + rest * (40 + 20 * i) / (134 + 60 * i);
      assertEq(vault.creditOf(trainers[0]) - before[0], paid);
      before[0] += paid;
    }
    ISettlement.Alignment memory kept = settlement.alignmentOf(task, trainers[3]);
    assertEq(kept.level, 0);
    assertEq(kept.debt, 0);
    assertEq(kept.credit, 14);
    assertEq(vault.creditOf(trainers[3]), before[1]);
  }

  /// @dev A third of the groups that see a trainer go the right way takes a level back, whatever the others see.
  function test_settle_oneGroupOfThreeClears() public {
    _settle([int256(30), 30, 30, -30]);
    _settle([int256(30), 30, 30, -30]);
    _settle(-127, -127, 23);
    assertEq(_level(3), 1);
  }

  function test_settle_withoutSignalStrikesNobody() public {
    _settle([int256(12), 12, -90, -90]);
    for (uint256 i; i < 4; ++i) {
      assertEq(_level(i), 0);
    }
  }

  /// @dev Fewer than three groups count: one of two would decide.
  function test_settle_fewerThanThreeGroupsStrikeNobody() public {
    for (uint256 turn; turn < 6; ++turn) {
      toSubmit();
      for (uint256 i; i < 4; ++i) {
        submit(trainers[i]);
      }
      for (uint256 i; i < 6; ++i) {
        if (rounds.seatOf(task, validators[i]).sum != 1) submit(validators[i]);
      }
      expire();
      closeSubmit();
      aggregateAll();
      advance();
      voteAll(8000, 7900);
      for (uint256 i; i < 4; ++i) {
        align(trainers[i], i == 3 ? -30 : int256(30));
      }
      advance();
    }
    assertEq(_level(3), 0);
  }

  function test_settle_missingProofIsANoShowAndTheWorstFigure() public {
    _settle([int256(30), 30, 30, MISSING]);
    assertEq(_level(3), 1);
    assertEq(settlement.alignmentOf(task, trainers[3]).debt, 38);
    assertEq(vault.pledgeOf(task, trainers[3]), STAKE - 10 ether);
    assertEq(vault.creditOf(keeper), 1 ether);
  }

  /// @dev A suspended trainer, or one that is back since this round, misses nothing.
  function test_settle_whoCouldNotActOwesNothing() public {
    toSettle(8000, 7900);
    for (uint256 i; i < 2; ++i) {
      align(trainers[i], 30);
    }
    vm.startPrank(address(disputes));
    rounds.suspend(task, trainers[2]);
    rounds.suspend(task, trainers[3]);
    rounds.reinstate(task, trainers[3]);
    vm.stopPrank();
    expire();
    advance();
    assertEq(vault.pledgeOf(task, trainers[2]), STAKE);
    assertEq(vault.pledgeOf(task, trainers[3]), STAKE);
  }

  // ---- scale

  function test_settle_keepsTheScaleByTheRule() public {
    _settle([int256(30), 30, 30, 30]);
    assertEq(rounds.stageOf(task).scale, 2 ** 40);
    toSettle(8000, 7900);
    uint256[4] memory buckets = [uint256(13), 20, 12, 63];
    for (uint256 i; i < 4; ++i) {
      alignWord(trainers[i], wordOf([int256(30), 30, 30, 0, 0, 0, 0], buckets[i]));
    }
    advance();
    assertEq(rounds.stageOf(task).scale, Scores.nextScale(2 ** 40, 13, 96, 24));
    assertLt(rounds.stageOf(task).scale, 2 ** 40);
  }

  function test_settle_zerosDoNotMoveTheScale() public {
    toSettle(8000, 7900);
    for (uint256 i; i < 3; ++i) {
      alignWord(trainers[i], wordOf([int256(0), 0, 0, 0, 0, 0, 0], 0));
    }
    align(trainers[3], 30);
    advance();
    assertEq(rounds.stageOf(task).scale, 2 ** 40);
    toSettle(8000, 7900);
    for (uint256 i; i < 4; ++i) {
      alignWord(trainers[i], wordOf([int256(0), 0, 0, 0, 0, 0, 0], 0));
    }
    advance();
    assertEq(rounds.stageOf(task).scale, 2 ** 40);
  }

  function test_settle_withoutAnyProofTheScaleStays() public {
    toSettle(8000, 7900);
    expire();
    advance();
    assertEq(rounds.stageOf(task).scale, 2 ** 40);
  }

  function test_settle_onlyForRounds() public {
    vm.expectRevert(abi.encodeWithSelector(ISettlement.NotAllowed.selector, address(this)));
    settlement.settle(task, Outcome.Accepted, address(this));
    vm.expectRevert(abi.encodeWithSelector(ISettlement.NotAllowed.selector, address(this)));
    settlement.open(task, trainers);
  }
}
