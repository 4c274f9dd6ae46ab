// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { TaskParameters, TaskStatus } from "../src/interfaces/Types.sol";
import { FederationTest } from "./federation/FederationTest.sol";

/// @title The largest tasks, at their dearest: no call may cost more than a transaction may
/// @notice Ethereum takes no transaction above 2^24 gas (EIP-7825). A stage that cannot be closed within that is never closed,
/// and everybody's stake stays pledged. Clients add a third to an estimate, so a call has to stay below three quarters of it.
/// forge-config: default.isolate = true
/// forge-config: ci.isolate = true
/// forge-config: long.isolate = true
contract WorstCaseTest is FederationTest {
  uint256 private constant MOST = 2 ** 24 * 3 / 4;

  bytes32 private constant KEY = keccak256("collective key");

  /// @dev A test of many calls would take more gas than a test may with 32 chunks.
  uint16 private _chunks = 32;

  function defaultParameters() internal view override returns (TaskParameters memory p) {
    p = super.defaultParameters();
    (p.maxTrainers, p.maxValidators, p.chunks) = (64, 32, _chunks);
  }

  function _lastIsWithinReach(string memory name) private {
    uint256 gas = vm.lastCallGas().gasTotalUsed;
    emit log_named_uint(name, gas);
    assertLe(gas, MOST, name);
  }

  function _toKeying() private {
    post();
    joinAll(64, 32);
    vm.prank(planner);
    marketplace.advance(task);
    for (uint256 i; i < 32; ++i) {
      register(VALIDATOR_KEY + i, false, 1);
    }
  }

  /// @dev Registers and deals; confirms where `confirms`.
  function _key(uint256 i, bool confirms) private {
    register(TRAINER_KEY + i, true, 1);
    vm.startPrank(trainers[i]);
    keys.deal(task, 1, keccak256("dealing"));
    if (confirms) keys.confirmKey(task, 1, KEY);
    vm.stopPrank();
  }

  function test_advance_theLargestTaskStarts() public {
    start(64, 32);
    _lastIsWithinReach("start");
    for (uint256 i; i < 32; ++i) {
      propose(validators[i]);
    }
    advance();
    _lastIsWithinReach("the first support");
    expire();
    advance();
    for (uint256 i; i < 32; ++i) {
      propose(validators[i]);
    }
    advance();
    assertLe(vm.lastCallGas().gasTotalUsed, 1_000_000); // storage is there
  }

  /// @dev The attack: half of the validators, by stake and by heads, votes against all trainers. It convicts nobody, but the
  /// votes were counted when keying was closed, for 47 million gas: all members' stake would have been locked for ever.
  function test_advance_whateverAMinorityOfTheValidatorsRejects() public {
    _toKeying();
    for (uint256 i; i < 64; ++i) {
      _key(i, i > 0);
    }
    for (uint256 i; i < 16; ++i) {
      for (uint256 k; k < 64; ++k) {
        vm.prank(validators[i]);
        keys.reject(task, 1, trainers[k]);
      }
    }
    vm.warp(marketplace.stateOf(task).deadline + 1);
    marketplace.advance(task);
    _lastIsWithinReach("start, half of the validators reject all trainers");
    assertEq(uint256(marketplace.stateOf(task).status), uint256(TaskStatus.Running));
    assertEq(rounds.seatOf(task, trainers[1]).weight, 1);
  }

  /// @dev Half of the trainers are slashed and out, the others start.
  function test_advance_halfOfTheTrainersAreAtFault() public {
    _toKeying();
    for (uint256 i; i < 32; ++i) {
      _key(i, true);
    }
    vm.warp(marketplace.stateOf(task).deadline + 1);
    marketplace.advance(task);
    _lastIsWithinReach("start, half of the trainers at fault");
    assertEq(uint256(marketplace.stateOf(task).status), uint256(TaskStatus.Running));
  }

  /// @dev Twice as many as there are seats, and a part of them does not show its secret.
  function test_advance_theLargestDraw() public {
    post();
    joinAll(128, 128);
    vm.warp(marketplace.stateOf(task).deadline + 1);
    marketplace.advance(task);
    _lastIsWithinReach("joining is closed");
    // forge-lint: disable-next-line(unsafe-typecast)
    bytes32 secret = bytes32("secret");
    for (uint256 i; i < 96; ++i) {
      vm.prank(trainers[i]);
      marketplace.revealSecret(task, secret);
      vm.prank(validators[i]);
      marketplace.revealSecret(task, secret);
    }
    vm.warp(marketplace.stateOf(task).deadline + 1);
    marketplace.advance(task);
    _lastIsWithinReach("the draw is closed");
    assertEq(uint256(marketplace.stateOf(task).status), uint256(TaskStatus.Keying));
  }

  /// @dev Each phase is closed with as many absent as are held to it.
  function test_advance_everyPhaseWithItsAbsent() public {
    _chunks = 1;
    start(64, 32);
    for (uint256 i; i < 32; ++i) {
      propose(validators[i]);
    }
    advance();
    submitAll();
    advance();
    closeInspect();
    aggregateAll();
    advance();
    for (uint256 i; i < 32; ++i) {
      commitVote(validators[i], nextModel(), 8000, 7900);
    }
    advance();
    for (uint256 i; i < 17; ++i) {
      revealVote(validators[i], nextModel(), 8000, 7900);
    }
    expire();
    advance();
    _lastIsWithinReach("tally, 15 absent");
    align(trainers[0], 30);
    expire();
    advance();
    _lastIsWithinReach("settle, most absent");

    for (uint256 i; i < 17; ++i) {
      propose(validators[i]);
    }
    expire();
    advance();
    _lastIsWithinReach("support, 15 absent");
    for (uint256 i; i < 3; ++i) {
      submit(trainers[i]);
    }
    for (uint256 i; i < 17; ++i) {
      submit(validators[i]);
    }
    expire();
    advance();
    _lastIsWithinReach("submit, 76 absent");
    for (uint256 i; i < 17; ++i) {
      inspect(validators[i]);
    }
    expire();
    advance();
    _lastIsWithinReach("inspect, 15 absent");
    expire();
    advance();
    _lastIsWithinReach("aggregate, nobody");
  }
}
