// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { TaskStatus } from "../interfaces/Types.sol";
import { Membership } from "./Membership.sol";

/// @title From the committee to the start
/// @notice Who kept an epoch from giving a key (`IKeyRegistry.isAtFault`) is slashed and out. Who registered and dealt,
/// but stands outside of the key that most trainers confirmed, loses its seat and nothing else.
abstract contract Keying is Membership {
  /// @dev An epoch that gives no key is tried again without those who were at fault, at most this often.
  uint256 internal constant MAX_EPOCHS = 3;

  function _enterKeying(uint256 number, Task storage task) internal override {
    ++task.state.epoch;
    emit CommitteeSet(number, task.state.epoch, task.trainers, task.validators);
    _enter(number, task, TaskStatus.Keying, task.deadlines.keying);
  }

  /// @dev From `Keying`: to the rounds, to another epoch, or to nothing.
  function _closeKeying(uint256 number, Task storage task) internal {
    (bytes32 key, uint256 votes) = KEYS.plurality(number, task.state.epoch, task.trainers);
    bool complete = votes == task.trainers.length && _allRegistered(number, task);
    // forge-lint: disable-next-line(block-timestamp)
    require(complete || block.timestamp > task.state.deadline, StageNotOver(number, task.state.deadline));
    if (!complete) {
      _pruneAtFault(number, task, task.trainers, task.trainers.length);
      _pruneAtFault(number, task, task.validators, 0);
      if (!_enough(task)) return _cancel(number, task);
      if (votes < task.parameters.minTrainers) {
        if (task.state.epoch < MAX_EPOCHS) return _enterKeying(number, task);
        return _cancel(number, task);
      }
      _pruneOthers(number, task, key);
    }
    _start(number, task, key);
  }

  function _start(uint256 number, Task storage task, bytes32 key) private {
    task.state.collectiveKey = key;
    _enter(number, task, TaskStatus.Running, 0);
    emit TaskStarted(number, task.state.epoch, key);
    uint16[] memory weights = new uint16[](task.trainers.length);
    for (uint256 i; i < weights.length; ++i) {
      weights[i] = task.applicants[task.trainers[i]].weight;
    }
    ROUNDS.start(number, key, task.trainers, weights, task.validators);
  }

  /// @dev Of the validators.
  function _allRegistered(uint256 number, Task storage task) private view returns (bool) {
    for (uint256 i; i < task.validators.length; ++i) {
      if (KEYS.isAtFault(number, task.state.epoch, task.validators[i], 0)) return false;
    }
    return true;
  }

  /// @param dealers as `IKeyRegistry.isAtFault` takes them.
  function _pruneAtFault(uint256 number, Task storage task, address[] storage list, uint256 dealers) private {
    uint256 kept;
    for (uint256 i; i < list.length; ++i) {
      address account = list[i];
      if (KEYS.isAtFault(number, task.state.epoch, account, dealers)) _removeNoShow(number, task, account);
      else list[kept++] = account;
    }
    _truncate(list, kept);
  }

  function _pruneOthers(uint256 number, Task storage task, bytes32 key) private {
    address[] storage list = task.trainers;
    uint256 kept;
    for (uint256 i; i < list.length; ++i) {
      address account = list[i];
      if (KEYS.keysOf(number, account).confirmedKey == key) list[kept++] = account;
      else _remove(number, task, account);
    }
    _truncate(list, kept);
  }
}
