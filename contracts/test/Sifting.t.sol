// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IExclusions } from "../src/interfaces/IExclusions.sol";
import { IRounds } from "../src/interfaces/IRounds.sol";
import { Outcome, Phase, TaskParameters } from "../src/interfaces/Types.sol";
import { Bn254 } from "../src/libraries/Bn254.sol";
import { FederationTest } from "./federation/FederationTest.sol";

/// @title Sifting: after a sum that did not open, rounds leave out the updates of those that are suspected most
contract SiftingTest is FederationTest {
  uint256 private constant LEAST = 3;
  /// @dev What a sum that stays closed adds to the suspicion of its trainers, the first time.
  uint256 private constant SUSPICION = 8;

  function defaultParameters() internal view override returns (TaskParameters memory p) {
    p = super.defaultParameters();
    (p.minTrainers, p.maxTrainers, p.maxValidators, p.rounds) = (3, 5, 3, 100);
  }

  function setUp() public override {
    super.setUp();
    start(5, 3);
    toAggregate();
  }

  /// @dev The round's sum of the updates stays closed: one of its ciphertexts is of another vector than was committed to.
  function _fail() private {
    expire();
    advance();
  }

  /// @dev The round's sums open, and it counts.
  function _open() private {
    aggregateAll();
    advance();
    voteAll(8000, 7900);
    for (uint256 i; i < 5; ++i) {
      if (rounds.seatOf(task, trainers[i]).accepted) align(trainers[i], 30);
    }
    advance();
  }

  function _toInspect() private {
    toSubmit();
    submitAll();
    advance();
  }

  function _inspectAll() private {
    for (uint256 i; i < 3; ++i) {
      inspect(validators[i]);
    }
  }

  function _toSiftedAggregate(bytes32 seed) private {
    _toInspect();
    vm.prevrandao(seed);
    _inspectAll();
    sift();
    advance();
    assertEq(uint256(phase()), uint256(Phase.Aggregate));
  }

  /// @dev A round in which the culprit's ciphertext is of another vector: whether it opened.
  function _play(uint256 culprit, bytes32 seed) private returns (bool opened) {
    _toSiftedAggregate(seed);
    opened = !rounds.seatOf(task, trainers[culprit]).accepted;
    if (opened) _open();
    else _fail();
  }

  function _suspicion(uint256 trainer) private view returns (uint256) {
    return exclusions.suspicionOf(task, trainers[trainer]);
  }

  function test_sifting_suspectsAllOfASumThatStaysClosed() public {
    aggregate(PROBES);
    _fail();
    assertEq(uint256(rounds.lineageOf(task, 1).outcome), uint256(Outcome.Void));
    for (uint256 i; i < 5; ++i) {
      assertEq(_suspicion(i), SUSPICION);
    }
  }

  /// @dev A sum of the probes that stays closed tells nothing of the trainers.
  function test_sifting_notForTheProbes() public {
    aggregate(UPDATES);
    _fail();
    assertEq(uint256(rounds.lineageOf(task, 1).outcome), uint256(Outcome.Void));
    assertEq(_suspicion(0), 0);
    toAggregate();
    assertEq(rounds.stageOf(task).acceptedUpdates, 5);
  }

  /// @dev The sum that is opened is of as many as any other round's at least: what hides each of them stays as it was.
  function test_sifting_opensASumOfTheFewest() public {
    _fail();
    _toInspect();
    _inspectAll();
    vm.expectRevert(
      abi.encodeWithSelector(IRounds.PhaseNotOver.selector, task, rounds.stageOf(task).deadline)
    );
    advance(); // not before they are left out
    draw();
    address[] memory drawn = exclusions.surplus(task);
    assertEq(drawn.length, 5 - LEAST);
    vm.expectEmit(address(rounds));
    emit IRounds.LeftOut(task, 2, drawn[1]);
    exclusions.leaveOut(task, 2, drawn[1], commitmentsOf(drawn[1])); // in any order
    assertFalse(exclusions.isSifted(task));
    assertEq(exclusions.surplus(task)[0], drawn[0]);
    exclusions.leaveOut(task, 2, drawn[0], commitmentsOf(drawn[0]));
    assertEq(exclusions.surplus(task).length, 0);
    advance();
    assertEq(rounds.stageOf(task).acceptedUpdates, LEAST);
    _open(); // the running sum is the others'
    assertEq(uint256(rounds.lineageOf(task, 2).outcome), uint256(Outcome.Accepted));
    for (uint256 i; i < 5; ++i) {
      assertEq(vault.pledgeOf(task, trainers[i]), STAKE); // to be left out is no fault
      assertEq(vault.creditOf(trainers[i]) > 0, trainers[i] != drawn[0] && trainers[i] != drawn[1]);
    }
  }

  /// @dev A prover that was away for a round leaves two without pay for eight, and then nobody.
  function test_sifting_passesAsSumsOpen() public {
    _fail();
    for (uint256 i; i < SUSPICION; ++i) {
      _toSiftedAggregate(keccak256(abi.encode(i)));
      assertEq(rounds.stageOf(task).acceptedUpdates, LEAST);
      _open();
    }
    for (uint256 i; i < 5; ++i) {
      assertEq(_suspicion(i), 0);
    }
    toAggregate();
    assertEq(rounds.stageOf(task).acceptedUpdates, 5);
  }

  /// @dev The attack: one trainer of five whose ciphertext is of another vector in every round. Without suspicion each draw
  /// has it with three in five. It voids three rounds at most, and then none for long; no honest trainer is suspected more.
  /// forge-config: default.fuzz.runs = 4
  /// forge-config: ci.fuzz.runs = 8
  /// forge-config: long.fuzz.runs = 100
  function testFuzz_sifting_leavesTheCulpritOut(bytes32 seed, uint256 culprit) public {
    culprit = bound(culprit, 0, 4);
    _fail();
    uint256 closed = 1;
    for (uint256 i; i < 8; ++i) {
      if (!_play(culprit, keccak256(abi.encode(seed, i)))) ++closed;
    }
    assertLe(closed, 3);
    for (uint256 i; i < 5; ++i) {
      assertLe(_suspicion(i), _suspicion(culprit));
    }
  }

  /// @dev Who keeps sums closed as soon as nobody is suspected any more waits twice as long each time, up to four times.
  function test_sifting_whoBeginsAnewWaitsLonger() public {
    uint256[4] memory added = [SUSPICION, 2 * SUSPICION, 4 * SUSPICION, 4 * SUSPICION];
    for (uint256 spell; spell < 4; ++spell) {
      if (spell > 0) toAggregate();
      assertEq(rounds.stageOf(task).acceptedUpdates, 5);
      _fail();
      assertEq(_suspicion(0), added[spell]);
      for (uint256 i; i < added[spell]; ++i) {
        assertGt(_suspicion(0), 0);
        vm.prank(address(rounds));
        exclusions.remember(task, true); // a sum of none of them opened
      }
      assertEq(_suspicion(0), 0);
    }
  }

  /// @dev Who knew before submitting whether it is left out could keep a sum closed only where its company shields it. The last
  /// one to submit may close the phase in the same transaction, and knows that block's `prevrandao`.
  function test_draw_isOfALaterBlock() public {
    _fail();
    toSubmit();
    submitAll();
    assertEq(exclusions.surplus(task).length, 0);
    _expectNotDrawn();
    advance();
    _expectNotDrawn();
    assertEq(exclusions.surplus(task).length, 0);
    vm.warp(block.timestamp + 1);
    uint256 before = vm.snapshotState();
    exclusions.draw(task, 2);
    address[] memory one = exclusions.surplus(task);
    _expectNotDrawn(); // once a round
    uint256 others;
    for (uint256 i; i < 8; ++i) {
      vm.revertToState(before);
      vm.prevrandao(keccak256(abi.encode(i)));
      exclusions.draw(task, 2);
      if (keccak256(abi.encode(exclusions.surplus(task))) != keccak256(abi.encode(one))) ++others;
    }
    assertGt(others, 0);
  }

  function test_draw_onlyWhereARoundSifts() public {
    aggregateAll();
    advance();
    voteAll(8000, 7900);
    for (uint256 i; i < 5; ++i) {
      align(trainers[i], 30);
    }
    advance();
    _toInspect();
    vm.warp(block.timestamp + 1);
    _expectNotDrawn();
  }

  function _expectNotDrawn() private {
    uint256 number = round();
    vm.expectRevert(abi.encodeWithSelector(IExclusions.NotDrawn.selector, task, number));
    exclusions.draw(task, number);
  }

  function test_leaveOut_refusals() public {
    _expectRefused(trainers[0], trainers[0], IExclusions.NotLeftOut.selector); // this round does not sift
    _fail();
    _toInspect();
    _expectRefused(trainers[0], trainers[0], IExclusions.NotLeftOut.selector); // nothing is drawn yet
    draw();
    address[] memory drawn = exclusions.surplus(task);
    _expectRefused(drawn[0], drawn[0], IExclusions.NotLeftOut.selector); // validators look first
    _inspectAll();
    _expectRefused(drawn[0], drawn[1], IExclusions.CommitmentsDiffer.selector);
    for (uint256 i; i < 5; ++i) {
      if (trainers[i] == drawn[0] || trainers[i] == drawn[1]) continue;
      _expectRefused(trainers[i], trainers[i], IExclusions.NotLeftOut.selector); // not who was not drawn
    }
    Bn254.G1[] memory totals = commitmentsOf(drawn[0]);
    vm.expectRevert(abi.encodeWithSelector(IRounds.NotAllowed.selector, address(this)));
    rounds.leaveOut(task, 2, drawn[0], totals);
    vm.expectRevert(abi.encodeWithSelector(IExclusions.NotRounds.selector, address(this)));
    exclusions.remember(task, false);
  }

  function _expectRefused(address account, address committed, bytes4 selector) private {
    Bn254.G1[] memory commitments = commitmentsOf(committed);
    uint256 number = round();
    vm.expectPartialRevert(selector);
    exclusions.leaveOut(task, number, account, commitments);
  }

  /// @dev A silent validator does not keep rounds from being sifted.
  function test_leaveOut_inTheLastQuarter() public {
    _fail();
    _toInspect();
    draw();
    address account = exclusions.surplus(task)[0];
    inspect(validators[0]);
    inspect(validators[1]);
    uint256 deadline = rounds.stageOf(task).deadline;
    vm.warp(deadline - defaultDeadlines().inspect / 4 - 1);
    _expectRefused(account, account, IExclusions.NotLeftOut.selector);
    vm.warp(deadline - defaultDeadlines().inspect / 4);
    sift();
    expire();
    advance();
    assertEq(uint256(phase()), uint256(Phase.Aggregate));
  }

  /// @dev Whom validators exclude after the draw, the draw need not leave out: still never fewer than the fewest.
  function test_sifting_withAnExclusionInTheSameRound() public {
    _fail();
    _toInspect();
    draw();
    address[] memory drawn = exclusions.surplus(task);
    voteToExclude(validators[0], drawn[0]);
    voteToExclude(validators[1], drawn[0]);
    assertEq(exclusions.surplus(task).length, 1);
    _inspectAll();
    sift();
    advance();
    assertEq(rounds.stageOf(task).acceptedUpdates, LEAST);
    _open();
    assertEq(uint256(rounds.lineageOf(task, 2).outcome), uint256(Outcome.Accepted));
  }

  /// @dev Nothing is opened of a round that nobody sifted.
  function test_sifting_whatIsNotLeftOutIsNotOpened() public {
    _fail();
    _toInspect();
    expire();
    advance();
    assertEq(uint256(rounds.lineageOf(task, 2).outcome), uint256(Outcome.Void));
    assertEq(round(), 3);
    assertEq(_suspicion(0), SUSPICION); // and nobody is suspected the more
  }

  /// @dev With the fewest there is nobody to leave out.
  function test_sifting_ofTheFewest() public {
    _fail();
    toSubmit();
    for (uint256 i; i < LEAST; ++i) {
      submit(trainers[i]);
    }
    for (uint256 i; i < 3; ++i) {
      submit(validators[i]);
    }
    expire();
    closeSubmit();
    assertEq(uint256(phase()), uint256(Phase.Aggregate));
  }
}
