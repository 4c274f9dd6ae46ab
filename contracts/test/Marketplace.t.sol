// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IMarketplace } from "../src/interfaces/IMarketplace.sol";
import { IVerifierRegistry } from "../src/interfaces/IVerifierRegistry.sol";
import { IStakeVault } from "../src/interfaces/IStakeVault.sol";
import {
  Deadlines,
  Economics,
  Phase,
  Role,
  Rules,
  TaskParameters,
  TaskStatus
} from "../src/interfaces/Types.sol";
import { FederationTest } from "./federation/FederationTest.sol";

/// @title Posting, joining, the draw, cancelling, the end
contract MarketplaceTest is FederationTest {
  function _status() private view returns (TaskStatus) {
    return marketplace.stateOf(task).status;
  }

  function _expire() private {
    vm.warp(marketplace.stateOf(task).deadline + 1);
  }

  // ---- posting

  function test_post_locksTheWholeEscrow() public {
    uint256 expected = 3 * (100 ether + 3 * 3 ether + 2 * 5 ether);
    assertEq(marketplace.escrow(defaultParameters(), defaultEconomics()), expected);
    vm.expectEmit(address(marketplace));
    emit IMarketplace.TaskPosted(
      1, planner, defaultParameters(), defaultEconomics(), defaultRules(), defaultDeadlines(), expected
    );
    assertEq(post(), 1);
    assertEq(vault.potOf(1), expected);
    assertEq(marketplace.taskCount(), 1);
    assertEq(abi.encode(marketplace.parametersOf(1)), abi.encode(defaultParameters()));
    assertEq(abi.encode(marketplace.economicsOf(1)), abi.encode(defaultEconomics()));
    assertEq(abi.encode(marketplace.rulesOf(1)), abi.encode(defaultRules()));
    assertEq(abi.encode(marketplace.deadlinesOf(1)), abi.encode(defaultDeadlines()));
  }

  function test_post_withUnknownPresetReverts() public {
    TaskParameters memory p = defaultParameters();
    p.preset = keccak256("murmuration/v1/preset/none");
    vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.PresetUnknown.selector, p.preset));
    post(p, defaultEconomics(), defaultRules(), defaultDeadlines());
  }

  function _refused(TaskParameters memory p, bytes32 name, uint256 value, uint256 min, uint256 max) private {
    vm.expectRevert(abi.encodeWithSelector(IMarketplace.ParameterOutOfRange.selector, name, value, min, max));
    vm.prank(planner);
    marketplace.post(p, defaultEconomics(), defaultRules(), defaultDeadlines());
  }

  function test_post_refusesParametersOutOfRange() public {
    TaskParameters memory p = defaultParameters();
    p.chunks = 0;
    _refused(p, "chunks", 0, 1, 32);
    p.chunks = 33;
    _refused(p, "chunks", 33, 1, 32);
    p = defaultParameters();
    (p.chunks, p.modelSize) = (2, 96);
    _refused(p, "modelSize", 96, 97, type(uint32).max);
    p = defaultParameters();
    p.normBound = (96 << 14) + 1;
    _refused(p, "normBound", p.normBound, 1, 96 << 14);
    p = defaultParameters();
    p.probeNormBound = (96 << 14) + 1;
    _refused(p, "probeNormBound", p.probeNormBound, 1, 96 << 14);
    p = defaultParameters();
    p.minTrainers = 1;
    _refused(p, "minTrainers", 1, 2, 64);
    p = defaultParameters();
    p.maxTrainers = 65;
    _refused(p, "maxTrainers", 65, 2, 64);
    p = defaultParameters();
    p.minValidators = 1;
    _refused(p, "minValidators", 1, 2, 32);
    p = defaultParameters();
    p.maxValidators = 33;
    _refused(p, "maxValidators", 33, 2, 32);
    p = defaultParameters();
    p.threshold = 3;
    _refused(p, "threshold", 3, 2, 2);
    p = defaultParameters();
    p.scale = 2 ** 53;
    _refused(p, "scale", 2 ** 53, 1, 2 ** 53 - 1);
    p = defaultParameters();
    p.target = 0;
    _refused(p, "target", 0, 1, 127);
    p = defaultParameters();
    p.rounds = 0;
    _refused(p, "rounds", 0, 1, type(uint16).max);
  }

  function test_post_refusesPolicyOutOfRange() public {
    Economics memory e = defaultEconomics();
    e.failedSum = 0;
    vm.expectRevert(
      // forge-lint: disable-next-line(unsafe-typecast)
      abi.encodeWithSelector(IMarketplace.ParameterOutOfRange.selector, bytes32("failedSum"), 0, 1, 2 ** 96)
    );
    post(defaultParameters(), e, defaultRules(), defaultDeadlines());
    e = defaultEconomics();
    e.stakeFloor = e.minStake + 1;
    vm.expectRevert(
      abi.encodeWithSelector(
        IMarketplace.ParameterOutOfRange.selector,
        // forge-lint: disable-next-line(unsafe-typecast)
        bytes32("stakeFloor"),
        e.stakeFloor,
        1,
        e.minStake
      )
    );
    post(defaultParameters(), e, defaultRules(), defaultDeadlines());
    Rules memory r = defaultRules();
    r.reporterBps = 5001;
    vm.expectRevert(
      // forge-lint: disable-next-line(unsafe-typecast)
      abi.encodeWithSelector(IMarketplace.ParameterOutOfRange.selector, bytes32("reporterBps"), 5001, 0, 5000)
    );
    post(defaultParameters(), defaultEconomics(), r, defaultDeadlines());
    // An appeal window that the queue does not outlast.
    Deadlines memory d = defaultDeadlines();
    // forge-lint: disable-next-line(unsafe-typecast)
    d.appeal = uint32(QUEUE_DELAY + 1);
    vm.expectRevert(
      abi.encodeWithSelector(
        IMarketplace.ParameterOutOfRange.selector,
        // forge-lint: disable-next-line(unsafe-typecast)
        bytes32("appeal"),
        QUEUE_DELAY + 1,
        1,
        QUEUE_DELAY
      )
    );
    post(defaultParameters(), defaultEconomics(), defaultRules(), d);
    d = defaultDeadlines();
    d.settle = 0;
    vm.expectRevert(
      // forge-lint: disable-next-line(unsafe-typecast)
      abi.encodeWithSelector(IMarketplace.ParameterOutOfRange.selector, bytes32("settle"), 0, 1, 365 days)
    );
    post(defaultParameters(), defaultEconomics(), defaultRules(), d);
  }

  function test_topUp_raisesEveryRoundsReward() public {
    post();
    uint256 pot = vault.potOf(task);
    vm.expectEmit(address(marketplace));
    emit IMarketplace.TaskToppedUp(task, planner, 30 ether, 110 ether);
    vm.prank(planner);
    marketplace.topUp(task, 10 ether);
    assertEq(vault.potOf(task), pot + 30 ether);
    // A stranger's gift would be the planner's, which may cancel at once and keep the pot.
    fund(stranger, 30 ether);
    vm.expectRevert(abi.encodeWithSelector(IMarketplace.NotAllowed.selector, stranger));
    vm.prank(stranger);
    marketplace.topUp(task, 10 ether);
    _expire();
    vm.expectRevert(
      abi.encodeWithSelector(IMarketplace.StageOver.selector, task, marketplace.stateOf(task).deadline)
    );
    vm.prank(planner);
    marketplace.topUp(task, 1);
  }

  function test_cancel_refundsAll() public {
    uint256 before = token.balanceOf(planner);
    post();
    join(trainerAt(0), Role.Trainer, STAKE);
    vm.expectRevert(abi.encodeWithSelector(IMarketplace.NotAllowed.selector, stranger));
    vm.prank(stranger);
    marketplace.cancel(task);
    vm.prank(planner);
    marketplace.cancel(task);
    vm.prank(planner);
    vault.claim(planner);
    assertEq(token.balanceOf(planner), before);
    marketplace.release(task, trainerAt(0));
    assertEq(vault.freeOf(trainerAt(0)), STAKE);
    vm.expectRevert(abi.encodeWithSelector(IMarketplace.WrongStatus.selector, task, TaskStatus.Cancelled));
    vm.prank(planner);
    marketplace.cancel(task);
  }

  /// @dev A planner that could cancel after the draw would repeat it until it likes the committee.
  function test_cancel_afterJoiningReverts() public {
    start(2, 2);
    vm.expectRevert(abi.encodeWithSelector(IMarketplace.WrongStatus.selector, task, TaskStatus.Running));
    vm.prank(planner);
    marketplace.cancel(task);
    vm.expectRevert(abi.encodeWithSelector(IMarketplace.TaskUnknown.selector, 99));
    marketplace.cancel(99);
  }

  // ---- joining

  function test_join_refusals() public {
    post();
    bond(stranger, STAKE);
    bytes32[] memory none = new bytes32[](0);
    vm.startPrank(stranger);
    vm.expectRevert(abi.encodeWithSelector(IMarketplace.RoleInvalid.selector, Role.None));
    marketplace.join(task, Role.None, 1, STAKE, terms, none, 0);
    vm.expectRevert(abi.encodeWithSelector(IMarketplace.StakeBelowMinimum.selector, 1, 500 ether));
    marketplace.join(task, Role.Trainer, 1, 1, terms, none, 0);
    // Nobody chooses its weight in an open task.
    vm.expectRevert(abi.encodeWithSelector(IMarketplace.NotOnList.selector, task, stranger, 2, Role.Trainer));
    marketplace.join(task, Role.Trainer, 2, STAKE, terms, none, 0);
    marketplace.join(task, Role.Trainer, 1, STAKE, terms, none, 0);
    // One seat a task: who trains does not vote.
    vm.expectRevert(abi.encodeWithSelector(IMarketplace.AlreadyJoined.selector, task, stranger));
    marketplace.join(task, Role.Validator, 1, STAKE, terms, none, 0);
    vm.stopPrank();
    _expire();
    bond(keeper, STAKE);
    vm.expectRevert(
      abi.encodeWithSelector(IMarketplace.StageOver.selector, task, marketplace.stateOf(task).deadline)
    );
    vm.prank(keeper);
    marketplace.join(task, Role.Trainer, 1, STAKE, terms, none, 0);
  }

  function test_join_listedOnlyAsOnTheList() public {
    TaskParameters memory p = defaultParameters();
    bytes memory leaf = abi.encode(trainerAt(0), uint32(700), uint8(1));
    bytes32 other = keccak256(bytes.concat(keccak256(abi.encode(trainerAt(1), uint32(400), uint8(1)))));
    bytes32 mine = keccak256(bytes.concat(keccak256(leaf)));
    p.members = mine < other ? keccak256(abi.encode(mine, other)) : keccak256(abi.encode(other, mine));
    post(p, defaultEconomics(), defaultRules(), defaultDeadlines());
    bytes32[] memory proof = new bytes32[](1);
    proof[0] = other;
    bond(trainerAt(0), STAKE);
    bond(trainerAt(1), STAKE);
    vm.prank(trainerAt(0));
    vm.expectRevert(
      abi.encodeWithSelector(IMarketplace.NotOnList.selector, task, trainerAt(0), 701, Role.Trainer)
    );
    marketplace.join(task, Role.Trainer, 701, STAKE, terms, proof, 0);
    vm.prank(trainerAt(0));
    marketplace.join(task, Role.Trainer, 700, STAKE, terms, proof, 0);
    // The sum's lanes have room for weights of 1023 in all.
    proof[0] = mine;
    vm.prank(trainerAt(1));
    vm.expectRevert(abi.encodeWithSelector(IMarketplace.WeightTooLarge.selector, 1100, 1023));
    marketplace.join(task, Role.Trainer, 400, STAKE, terms, proof, 0);
  }

  function test_withdrawApplication_freesTheStake() public {
    post();
    joinAll(3, 2);
    vm.expectEmit(address(marketplace));
    emit IMarketplace.Left(task, trainerAt(0));
    vm.prank(trainerAt(0));
    marketplace.withdrawApplication(task);
    assertEq(vault.freeOf(trainerAt(0)), STAKE);
    (address[] memory left,) = marketplace.membersOf(task);
    assertEq(left.length, 2);
    // Or joining and leaving would fill the task's weight.
    assertEq(marketplace.stateOf(task).appliedWeight, 2);
    vm.expectRevert(abi.encodeWithSelector(IMarketplace.NotMember.selector, task, trainerAt(0)));
    vm.prank(trainerAt(0));
    marketplace.withdrawApplication(task);
    join(trainerAt(0), Role.Trainer, STAKE);
  }

  /// @dev The attack: strangers take all places of an open task, and leave when nobody can join any more, for nothing. In the
  /// last quarter of the time one can join, and not leave.
  function test_withdrawApplication_notInTheLastQuarter() public {
    post();
    joinAll(2, 2);
    uint256 until = marketplace.stateOf(task).deadline - defaultDeadlines().join / 4;
    join(stranger, Role.Trainer, STAKE);
    vm.warp(until + 1);
    vm.expectRevert(abi.encodeWithSelector(IMarketplace.StageOver.selector, task, until));
    vm.prank(stranger);
    marketplace.withdrawApplication(task);
    vm.warp(until);
    vm.prank(stranger);
    marketplace.withdrawApplication(task);
    assertEq(vault.freeOf(stranger), STAKE);
    vm.warp(marketplace.stateOf(task).deadline);
    join(stranger, Role.Trainer, STAKE);
  }

  // ---- the stages before the start

  /// @dev Whoever joins in the last second is not shut out by who advances in it.
  function test_advance_inTheLastSecondOfJoiningReverts() public {
    post();
    joinAll(2, 2);
    uint256 deadline = marketplace.stateOf(task).deadline;
    vm.warp(deadline);
    vm.expectRevert(abi.encodeWithSelector(IMarketplace.StageNotOver.selector, task, deadline));
    marketplace.advance(task);
    vm.warp(deadline + 1);
    marketplace.advance(task);
    assertEq(uint256(_status()), uint256(TaskStatus.Keying));
  }

  function test_advance_cancelsForLackOfMembers() public {
    post();
    joinAll(1, 2);
    vm.expectRevert(
      abi.encodeWithSelector(IMarketplace.StageNotOver.selector, task, marketplace.stateOf(task).deadline)
    );
    vm.prank(planner);
    marketplace.advance(task);
    _expire();
    marketplace.advance(task);
    assertEq(uint256(_status()), uint256(TaskStatus.Cancelled));
    assertEq(vault.creditOf(planner), marketplace.escrow(defaultParameters(), defaultEconomics()));
  }

  function test_advance_earlyOnlyForThePlannerAndWithoutADraw() public {
    post();
    joinAll(2, 2);
    vm.expectRevert(
      abi.encodeWithSelector(IMarketplace.StageNotOver.selector, task, marketplace.stateOf(task).deadline)
    );
    vm.prank(stranger);
    marketplace.advance(task);
    join(trainerAt(2), Role.Trainer, STAKE);
    join(trainerAt(3), Role.Trainer, STAKE);
    join(trainerAt(4), Role.Trainer, STAKE);
    vm.expectRevert(
      abi.encodeWithSelector(IMarketplace.StageNotOver.selector, task, marketplace.stateOf(task).deadline)
    );
    vm.prank(planner);
    marketplace.advance(task);
  }

  function _toDraw(uint256 nTrainers, uint256 nValidators) private {
    post();
    joinAll(nTrainers, nValidators);
    _expire();
    vm.prevrandao(bytes32(uint256(1234)));
    vm.expectEmit(address(marketplace));
    emit IMarketplace.EntropySealed(task, bytes32(uint256(1234)));
    marketplace.advance(task);
    assertEq(uint256(_status()), uint256(TaskStatus.Drawing));
  }

  /// @dev The beacon's part of the seed stays in it: or the last to reveal would choose the committee alone.
  function test_draw_seedIsOfTheBeaconAndOfEverySecret() public {
    post();
    joinAll(5, 2);
    _expire();
    uint256 closing = vm.snapshotState();
    bytes32 one = _sealedAndRevealed(bytes32(uint256(1)), 5);
    vm.revertToState(closing);
    bytes32 two = _sealedAndRevealed(bytes32(uint256(2)), 5);
    assertNotEq(one, two);
    vm.revertToState(closing);
    assertNotEq(_sealedAndRevealed(bytes32(uint256(1)), 4), one);
  }

  /// @dev What the draw's seed is made of, after `count` trainers revealed.
  function _sealedAndRevealed(bytes32 beacon, uint256 count) private returns (bytes32) {
    vm.prevrandao(beacon);
    marketplace.advance(task);
    assertEq(marketplace.stateOf(task).entropy, beacon);
    for (uint256 i; i < count; ++i) {
      _reveal(trainers[i]);
    }
    return marketplace.stateOf(task).entropy;
  }

  function test_revealSecret_inTheLastSecond() public {
    _toDraw(5, 2);
    uint256 deadline = marketplace.stateOf(task).deadline;
    vm.warp(deadline);
    _reveal(trainers[0]);
    vm.expectRevert(abi.encodeWithSelector(IMarketplace.StageNotOver.selector, task, deadline));
    marketplace.advance(task);
  }

  function _reveal(address account) private {
    vm.prank(account);
    // forge-lint: disable-next-line(unsafe-typecast)
    marketplace.revealSecret(task, bytes32("secret"));
  }

  function test_draw_seatsAsManyAsThereAre() public {
    _toDraw(7, 4);
    for (uint256 i; i < 7; ++i) {
      _reveal(trainers[i]);
    }
    for (uint256 i; i < 4; ++i) {
      _reveal(validators[i]);
    }
    marketplace.advance(task); // complete before the deadline
    assertEq(uint256(_status()), uint256(TaskStatus.Keying));
    (address[] memory seated, address[] memory judges) = marketplace.membersOf(task);
    assertEq(seated.length, 4);
    assertEq(judges.length, 3);
    // Who has no seat is free at once; who has one is held.
    for (uint256 i; i < 7; ++i) {
      if (marketplace.applicantOf(task, trainers[i]).removed) {
        marketplace.release(task, trainers[i]);
        assertEq(vault.freeOf(trainers[i]), STAKE);
      } else {
        vm.expectRevert(
          abi.encodeWithSelector(IMarketplace.StakeHeld.selector, task, trainers[i], type(uint256).max)
        );
        marketplace.release(task, trainers[i]);
      }
    }
  }

  /// @dev Withholding a secret changes the draw, and costs the seat and a slash.
  function test_draw_silentIsOutAndSlashed() public {
    _toDraw(5, 2);
    for (uint256 i = 1; i < 5; ++i) {
      _reveal(trainers[i]);
    }
    _reveal(validators[0]);
    _reveal(validators[1]);
    vm.expectRevert(
      abi.encodeWithSelector(IMarketplace.StageNotOver.selector, task, marketplace.stateOf(task).deadline)
    );
    marketplace.advance(task);
    _expire();
    vm.expectEmit(address(vault));
    emit IStakeVault.Slashed(task, trainers[0], 10 ether, keeper, 1 ether);
    vm.prank(keeper);
    marketplace.advance(task);
    assertTrue(marketplace.applicantOf(task, trainers[0]).removed);
    (address[] memory seated,) = marketplace.membersOf(task);
    assertEq(seated.length, 4);
  }

  function test_revealSecret_refusals() public {
    _toDraw(5, 2);
    vm.expectRevert(abi.encodeWithSelector(IMarketplace.SecretMismatch.selector, trainers[0]));
    vm.prank(trainers[0]);
    // forge-lint: disable-next-line(unsafe-typecast)
    marketplace.revealSecret(task, bytes32("another"));
    _reveal(trainers[0]);
    vm.expectRevert(abi.encodeWithSelector(IMarketplace.AlreadyRevealed.selector, trainers[0]));
    _reveal(trainers[0]);
    vm.expectRevert(abi.encodeWithSelector(IMarketplace.NotMember.selector, task, stranger));
    _reveal(stranger);
  }

  // ---- the end

  function test_end_refundsTheRestAndReleasesAfterTheAppealWindow() public {
    uint256 before = token.balanceOf(planner);
    start(2, 2);
    for (uint256 i; i < 3; ++i) {
      runRound();
    }
    assertEq(uint256(_status()), uint256(TaskStatus.Ended));
    vm.prank(planner);
    vault.claim(planner);
    // Three rounds' rewards, two validators' fees, two sums each.
    uint256 spent = 3 * (100 ether + 6 ether + 10 ether);
    assertEq(token.balanceOf(planner), before - spent);
    assertEq(vault.potOf(task), 0);
    uint256 until = block.timestamp + 2 days;
    vm.expectRevert(abi.encodeWithSelector(IMarketplace.StakeHeld.selector, task, trainers[0], until));
    marketplace.release(task, trainers[0]);
    vm.warp(until);
    marketplace.release(task, trainers[0]);
    assertEq(vault.freeOf(trainers[0]), STAKE);
  }

  function test_advance_afterTheStartIsTheRoundsAffair() public {
    start(2, 2);
    vm.expectRevert(abi.encodeWithSelector(IMarketplace.WrongStatus.selector, task, TaskStatus.Running));
    marketplace.advance(task);
  }

  /// forge-config: ci.fuzz.runs = 256
  function testFuzz_contracts_onlyEachOther(address caller) public {
    vm.assume(caller != address(rounds) && caller != address(disputes));
    start(2, 2);
    bytes memory refusal = abi.encodeWithSelector(IMarketplace.NotAllowed.selector, caller);
    vm.startPrank(caller);
    vm.expectRevert(refusal);
    marketplace.end(task);
    vm.expectRevert(refusal);
    marketplace.markEjected(task, trainers[0]);
    vm.expectRevert(refusal);
    marketplace.holdForDispute(task, trainers[0], true);
    vm.stopPrank();
    assertEq(uint256(phase()), uint256(Phase.Support));
  }
}
