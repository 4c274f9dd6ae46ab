// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IMarketplace } from "../interfaces/IMarketplace.sol";
import {
  Deadlines,
  Economics,
  Role,
  Rules,
  TaskParameters,
  TaskStatus,
  Terms
} from "../interfaces/Types.sol";
import { Wired } from "../Wired.sol";

/// @title The marketplace's books: every task, its policy and its members, and how they are read
abstract contract TaskBook is IMarketplace, Wired {
  struct Task {
    TaskState state;
    TaskParameters parameters;
    Economics economics;
    Rules rules;
    Deadlines deadlines;
    address[] trainers;
    address[] validators;
    mapping(address account => Applicant) applicants;
  }

  /// @inheritdoc IMarketplace
  uint256 public taskCount;

  mapping(uint256 number => Task) internal _tasks;

  // ---- views

  /// @inheritdoc IMarketplace
  function stateOf(uint256 task) external view returns (TaskState memory) {
    return _tasks[task].state;
  }

  /// @inheritdoc IMarketplace
  function parametersOf(uint256 task) external view returns (TaskParameters memory) {
    return _tasks[task].parameters;
  }

  /// @inheritdoc IMarketplace
  function economicsOf(uint256 task) external view returns (Economics memory) {
    return _tasks[task].economics;
  }

  /// @inheritdoc IMarketplace
  function rulesOf(uint256 task) external view returns (Rules memory) {
    return _tasks[task].rules;
  }

  /// @inheritdoc IMarketplace
  function deadlinesOf(uint256 task) external view returns (Deadlines memory) {
    return _tasks[task].deadlines;
  }

  /// @inheritdoc IMarketplace
  function termsOf(uint256 task) external view returns (Terms memory terms, bytes32 model, uint64 scale) {
    TaskParameters storage p = _tasks[task].parameters;
    (model, scale) = (p.model, p.scale);
    terms.preset = p.preset;
    (terms.normBound, terms.probeNormBound) = (p.normBound, p.probeNormBound);
    (terms.chunks, terms.rounds, terms.selector) = (p.chunks, p.rounds, p.selector);
    (terms.minTrainers, terms.minValidators) = (p.minTrainers, p.minValidators);
    terms.reporterBps = _tasks[task].rules.reporterBps;
    Deadlines storage d = _tasks[task].deadlines;
    (terms.support, terms.submit, terms.inspect, terms.aggregate) =
    (d.support, d.submit, d.inspect, d.aggregate);
    (terms.commit, terms.reveal, terms.settle) = (d.commit, d.reveal, d.settle);
    Economics storage e = _tasks[task].economics;
    (terms.invalidProof, terms.noShow, terms.proverFee) = (e.invalidProof, e.noShow, e.proverFee);
    (terms.stakeFloor, terms.failedSum) = (e.stakeFloor, e.failedSum);
  }

  /// @inheritdoc IMarketplace
  function applicantOf(uint256 task, address account) external view returns (Applicant memory) {
    return _tasks[task].applicants[account];
  }

  /// @inheritdoc IMarketplace
  function membersOf(uint256 task) external view returns (address[] memory, address[] memory) {
    return (_tasks[task].trainers, _tasks[task].validators);
  }

  // ---- shared by the stages

  function _inStatus(uint256 number, TaskStatus status) internal view returns (Task storage task) {
    task = _tasks[number];
    require(task.state.status != TaskStatus.None, TaskUnknown(number));
    require(task.state.status == status, WrongStatus(number, task.state.status));
  }

  function _beforeDeadline(uint256 number, Task storage task) internal view {
    // forge-lint: disable-next-line(block-timestamp)
    require(block.timestamp <= task.state.deadline, StageOver(number, task.state.deadline));
  }

  function _member(uint256 number, Task storage task, address account)
    internal
    view
    returns (Applicant storage applicant)
  {
    applicant = task.applicants[account];
    require(applicant.role != Role.None && !applicant.removed, NotMember(number, account));
  }

  function _list(Task storage task, Role role) internal view returns (address[] storage) {
    return role == Role.Trainer ? task.trainers : task.validators;
  }

  function _enter(uint256 number, Task storage task, TaskStatus status, uint256 duration) internal {
    task.state.status = status;
    // forge-lint: disable-next-line(unsafe-typecast)
    uint64 deadline = uint64(block.timestamp + duration);
    task.state.deadline = deadline;
    emit StageEntered(number, status, deadline, task.state.epoch);
  }

  /// @dev Removes an account that did not do in time what was asked of it, and slashes it.
  function _removeNoShow(uint256 number, Task storage task, address account) internal {
    task.applicants[account].removed = true;
    emit Left(number, account);
    VAULT.slash(number, account, task.economics.noShow, msg.sender, task.rules.reporterBps);
  }

  function _remove(uint256 number, Task storage task, address account) internal {
    task.applicants[account].removed = true;
    emit Left(number, account);
  }

  function _enough(Task storage task) internal view returns (bool) {
    return task.trainers.length >= task.parameters.minTrainers
      && task.validators.length >= task.parameters.minValidators;
  }

  /// @dev The whole pot goes back to the planner.
  function _cancel(uint256 number, Task storage task) internal {
    uint256 pot = VAULT.potOf(number);
    _enter(number, task, TaskStatus.Cancelled, 0);
    emit TaskCancelled(number, pot);
    VAULT.pay(number, task.state.planner, pot);
  }
}
