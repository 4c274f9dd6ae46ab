// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Fault, Outcome, Phase, Selector, TaskParameters } from "../src/interfaces/Types.sol";
import { FederationTest } from "./federation/FederationTest.sol";

/// @title Content that is announced on chain and shown to nobody
/// @notice The chain sees digests. Whoever announces one and keeps the content back lets the honest miss what rests on it,
/// and each of them would be slashed for it. So absence is held against somebody only where most of the validators'
/// stake shows that the content could be read.
contract WithheldTest is FederationTest {
  Selector private _selector;

  function defaultParameters() internal view override returns (TaskParameters memory p) {
    p = super.defaultParameters();
    (p.selector, p.rounds, p.maxValidators) = (_selector, 4, 5);
  }

  function _expectAllUnharmed() private view {
    for (uint256 i; i < trainers.length; ++i) {
      assertEq(vault.pledgeOf(task, trainers[i]), STAKE, "a trainer lost");
      assertEq(settlement.alignmentOf(task, trainers[i]).level, 0, "a strike");
    }
    for (uint256 i; i < validators.length; ++i) {
      assertEq(vault.pledgeOf(task, validators[i]), STAKE, "a validator lost");
    }
  }

  // ---- the last model

  /// @dev One validator of three has the last sum to itself, proposes alone and pushes on: for the reporter's share.
  function test_support_onAModelThatIsKeptBack() public {
    start(3, 3);
    propose(validators[2]);
    expire();
    vm.prank(validators[2]);
    rounds.advance(task);
    _expectAllUnharmed();
    assertEq(uint256(phase()), uint256(Phase.Submit));
  }

  function test_support_whatHalfReadIsHeldAgainstNobody() public {
    start(3, 2);
    propose(validators[1]);
    expire();
    advance();
    _expectAllUnharmed();
  }

  function test_support_whatMostReadIsHeldAgainstTheSilent() public {
    start(3, 3);
    propose(validators[1]);
    propose(validators[2]);
    expire();
    advance();
    assertEq(vault.pledgeOf(task, validators[0]), STAKE - 10 ether);
  }

  /// @dev The next leader has no model that a majority could compute: its silence is not held against it.
  function test_support_leaderAfterASumThatIsKeptBack() public {
    _selector = Selector.Leader;
    start(3, 3);
    _toCommitAsLed();
    expire();
    advance(); // nobody can vote
    advance();
    assertEq(uint256(rounds.lineageOf(task, 1).outcome), uint256(Outcome.Void));
    expire();
    advance();
    _expectAllUnharmed();
    assertEq(uint256(rounds.lineageOf(task, 2).outcome), uint256(Outcome.Void));
  }

  /// @dev Also a model that was voted down was computed by a majority.
  function test_support_leaderAfterAVoteIsSlashedForSilence() public {
    _selector = Selector.Leader;
    start(3, 3);
    _toCommitAsLed();
    voteAll(7000, 8000);
    for (uint256 i; i < trainers.length; ++i) {
      align(trainers[i], 30);
    }
    advance();
    assertEq(uint256(rounds.lineageOf(task, 1).outcome), uint256(Outcome.Rejected));
    address leader = rounds.leaderOf(task);
    expire();
    advance();
    assertEq(vault.pledgeOf(task, leader), STAKE - 10 ether);
  }

  function _toCommitAsLed() private {
    propose(rounds.leaderOf(task));
    advance();
    submitAll();
    closeSubmit();
    aggregateAll();
    advance();
  }

  // ---- a support

  /// @dev One validator of three proposes what only it and its confederate, a trainer, can read.
  function test_submit_onASupportThatIsKeptBack() public {
    start(3, 3);
    toSubmit();
    submit(trainers[2]);
    submit(validators[2]);
    expire();
    advance();
    _expectAllUnharmed();
    assertEq(uint256(rounds.lineageOf(task, 1).outcome), uint256(Outcome.Void));
  }

  /// @dev Enough confederates to carry the round on alone make no difference to those who could not take part.
  function test_submit_onASupportThatOnlyConfederatesRead() public {
    start(4, 5);
    toSubmit();
    submit(trainers[2]);
    submit(trainers[3]);
    submit(validators[3]);
    submit(validators[4]);
    expire();
    advance();
    _expectAllUnharmed();
  }

  /// @dev Half of the stake is not most of it: the other half may have been kept out.
  function test_submit_whatHalfReadIsHeldAgainstNobody() public {
    start(3, 4);
    toSubmit();
    submit(trainers[0]);
    submit(trainers[1]);
    submit(validators[0]);
    submit(validators[1]);
    expire();
    advance();
    _expectAllUnharmed();
  }

  /// @dev Two of three could read it, so the silent are silent by their own fault.
  function test_submit_whatMostReadIsHeldAgainstTheSilent() public {
    start(3, 3);
    toSubmit();
    for (uint256 i = 1; i < 3; ++i) {
      submit(trainers[i]);
      submit(validators[i]);
    }
    expire();
    advance();
    assertEq(vault.pledgeOf(task, trainers[0]), STAKE - 10 ether);
    assertEq(vault.pledgeOf(task, validators[0]), STAKE - 10 ether);
  }

  // ---- a sum

  /// @dev A member that decrypts last gives its share to nobody but its own prover, which proves the sums and is paid.
  function test_sums_thatAreKeptBack() public {
    start(3, 3);
    toCommit();
    // The confederate validator alone can vote.
    commitVote(validators[2], nextModel(), 8000, 7900);
    expire();
    advance();
    revealVote(validators[2], nextModel(), 8000, 7900);
    advance();
    // Nobody waits for alignments that only the confederates could prove.
    assertEq(uint256(rounds.lineageOf(task, 1).outcome), uint256(Outcome.Void));
    assertEq(uint256(phase()), uint256(Phase.Support));
    _expectAllUnharmed();
    assertEq(rounds.modelOf(task), keccak256("model 0"));
    assertEq(rounds.stageOf(task).scale, 2 ** 40);
  }

  /// @dev Most of the stake could read the sums, and voted: who did not commit is slashed, and so is who did not reveal.
  function test_sums_whatMostReadIsHeldAgainstTheSilent() public {
    start(3, 5);
    toCommit();
    for (uint256 i; i < 4; ++i) {
      commitVote(validators[i], nextModel(), 8000, 7900);
    }
    expire();
    advance();
    for (uint256 i; i < 3; ++i) {
      revealVote(validators[i], nextModel(), 8000, 7900);
    }
    expire();
    advance();
    for (uint256 i; i < 5; ++i) {
      assertEq(vault.pledgeOf(task, validators[i]), i < 3 ? STAKE : STAKE - 10 ether);
    }
  }
}
