// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IMarketplace } from "./interfaces/IMarketplace.sol";
import { IVerifierRegistry } from "./interfaces/IVerifierRegistry.sol";
import { Deadlines, Economics, Role, Rules, TaskParameters, TaskStatus } from "./interfaces/Types.sol";
import { Groups } from "./libraries/Groups.sol";
import { TaskChecks } from "./libraries/TaskChecks.sol";
import { Keying } from "./market/Keying.sol";
import { System, Wired } from "./Wired.sol";

/// @title Tasks: posting, stages before the start, the end
/// @notice Where a planner meets members. The rounds themselves are in `Rounds`, all money in `StakeVault`.
contract Marketplace is Keying {
  constructor(System memory system_) Wired(system_) { }

  // ---- planner

  /// @inheritdoc IMarketplace
  function post(
    TaskParameters calldata parameters,
    Economics calldata economics,
    Rules calldata rules,
    Deadlines calldata deadlines
  ) external returns (uint256 number) {
    IVerifierRegistry.Preset memory preset = REGISTRY.presetInfo(parameters.preset);
    TaskChecks.parameters(parameters, preset.coordinatesPerChunk, preset.coordinateBits);
    TaskChecks.economics(economics);
    TaskChecks.rules(rules);
    TaskChecks.deadlines(deadlines, VAULT.delay());
    number = ++taskCount;
    Task storage task = _tasks[number];
    task.state.planner = msg.sender;
    task.parameters = parameters;
    task.economics = economics;
    task.rules = rules;
    task.deadlines = deadlines;
    task.state.terms = keccak256(abi.encode(parameters, economics, rules, deadlines));
    uint256 bounty = escrow(parameters, economics);
    emit TaskPosted(number, msg.sender, parameters, economics, rules, deadlines, bounty);
    _enter(number, task, TaskStatus.Open, deadlines.join);
    VAULT.fund(number, msg.sender, bounty);
  }

  /// @inheritdoc IMarketplace
  function topUp(uint256 number, uint128 amount) external {
    Task storage task = _inStatus(number, TaskStatus.Open);
    _beforeDeadline(number, task);
    require(msg.sender == task.state.planner, NotAllowed(msg.sender));
    task.economics.roundReward += amount;
    uint256 total = uint256(amount) * task.parameters.rounds;
    emit TaskToppedUp(number, msg.sender, total, task.economics.roundReward);
    VAULT.fund(number, msg.sender, total);
  }

  /// @inheritdoc IMarketplace
  function cancel(uint256 number) external {
    Task storage task = _inStatus(number, TaskStatus.Open);
    require(msg.sender == task.state.planner, NotAllowed(msg.sender));
    _cancel(number, task);
  }

  // ---- anyone

  /// @inheritdoc IMarketplace
  function advance(uint256 number) external {
    Task storage task = _tasks[number];
    TaskStatus status = task.state.status;
    if (status == TaskStatus.Open) _closeJoining(number, task);
    else if (status == TaskStatus.Drawing) _closeDraw(number, task);
    else if (status == TaskStatus.Keying) _closeKeying(number, task);
    else revert WrongStatus(number, status);
  }

  /// @inheritdoc IMarketplace
  function release(uint256 number, address account) external {
    require(_tasks[number].applicants[account].role != Role.None, NotMember(number, account));
    uint256 until = heldUntil(number, account);
    // forge-lint: disable-next-line(block-timestamp)
    require(block.timestamp >= until, StakeHeld(number, account, until));
    VAULT.release(number, account, SETTLEMENT.heldOf(number, account));
  }

  // ---- the other contracts

  /// @inheritdoc IMarketplace
  function end(uint256 number) external {
    _only(address(ROUNDS));
    Task storage task = _inStatus(number, TaskStatus.Running);
    uint256 refund = VAULT.potOf(number);
    _enter(number, task, TaskStatus.Ended, 0);
    emit TaskEnded(number, refund);
    VAULT.pay(number, task.state.planner, refund);
  }

  /// @inheritdoc IMarketplace
  function markEjected(uint256 number, address account) external {
    _only(address(ROUNDS));
    Task storage task = _tasks[number];
    task.applicants[account].releasableAt = uint64(block.timestamp + task.deadlines.appeal);
  }

  /// @inheritdoc IMarketplace
  function holdForDispute(uint256 number, address account, bool hold) external {
    _only(address(DISPUTES));
    Task storage task = _tasks[number];
    if (hold) {
      ++task.applicants[account].openDisputes;
      ++task.state.openDisputes;
    } else {
      --task.applicants[account].openDisputes;
      --task.state.openDisputes;
    }
  }

  // ---- views

  /// @inheritdoc IMarketplace
  function escrow(TaskParameters calldata p, Economics calldata e) public pure returns (uint256) {
    uint256 sums = (1 + Groups.count(p.maxValidators)) * e.proverFee;
    uint256 round = e.roundReward + uint256(e.validatorFee) * p.maxValidators + sums;
    return round * p.rounds;
  }

  /// @inheritdoc IMarketplace
  function heldUntil(uint256 number, address account) public view returns (uint256) {
    Task storage task = _tasks[number];
    Applicant storage applicant = task.applicants[account];
    TaskStatus status = task.state.status;
    if (status == TaskStatus.Cancelled || applicant.removed) return 0;
    if (applicant.openDisputes > 0) return type(uint256).max;
    if (applicant.releasableAt > 0) return applicant.releasableAt;
    // A validator's stake is what open disputes are counted by.
    bool counts = applicant.role == Role.Validator && task.state.openDisputes > 0;
    if (status != TaskStatus.Ended || counts) return type(uint256).max;
    return uint256(task.state.deadline) + task.deadlines.appeal;
  }

  function _only(address caller) private view {
    require(msg.sender == caller, NotAllowed(msg.sender));
  }
}
