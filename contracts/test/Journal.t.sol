// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Test } from "forge-std/Test.sol";
import { Vm } from "forge-std/Vm.sol";
import { Settlement } from "../src/Settlement.sol";
import { StakeVault } from "../src/StakeVault.sol";
import { IStakeVault } from "../src/interfaces/IStakeVault.sol";
import { Attacks } from "./federation/Attacks.sol";

/// @title A journal for readers of logs: all roles do anything for a while, and after each step the vault says who has
/// what
/// @notice Written for the test of `node/ledger`, one record a line: `L step emitter data topic...` of each log, and
/// `B account bonded queued pledged credit held`, decimal, of each account whose books the step changed, then `E`.
contract JournalTest is Test {
  string private constant FOLDER = "build/contracts/journals";

  Attacks private _handler;
  string private _file;
  mapping(address account => bytes32) private _books;

  function setUp() public {
    _handler = new Attacks();
    vm.recordLogs();
    _handler.setUp();
  }

  function test_record() public {
    uint256 seed = vm.envOr("JOURNAL_SEED", uint256(1));
    uint256 steps = vm.envOr("JOURNAL_STEPS", uint256(120));
    vm.createDir(FOLDER, true);
    _file = string.concat(FOLDER, "/", vm.toString(seed), ".txt");
    vm.writeFile(_file, "");
    _write(0);
    for (uint256 step = 1; step <= steps; ++step) {
      uint256 chance = uint256(keccak256(abi.encode(seed, step)));
      if (_handler.settled() == 0) _stepTowardSettling(chance);
      else _step(chance);
      _write(step);
    }
    assertGt(_handler.settled(), 0, "no round was settled: the journal shows nothing");
  }

  function _stepTowardSettling(uint256 chance) private {
    _handler.postTask(type(uint256).max);
    _handler.stepRound(0, chance);
  }

  /// @dev Whole rounds more often than not: what they book is what there is to explain.
  function _step(uint256 chance) private {
    (uint256 kind, uint256 a, uint256 b) = (chance % 20, chance >> 8 & 0xffff, chance >> 32);
    // The youngest task most of the time, with most members: else few tasks come as far as a round that is settled.
    if (kind < 7) _handler.stepRound(a % 8 > 0 ? 0 : a, b);
    else if (kind < 9) _handler.postTask(type(uint256).max - b % 4 * 256);
    else if (kind == 9) _handler.bondSome(a, b);
    else if (kind == 10) _handler.queueSome(a, b);
    else if (kind == 11) _handler.requeueSome(a, b);
    else if (kind == 12) _handler.withdraw(a);
    else if (kind == 13) _handler.claim(a);
    else if (kind == 14) _handler.withdrawApplication(a, b);
    else if (kind == 15) _handler.release(a, b);
    else if (kind == 16) _handler.accuse(a, b, b % 2 == 0);
    else if (kind == 17) _handler.closeDispute(a, b % 2 == 0);
    else if (kind == 18) _handler.aggregateOne(a, b % 2 == 0, b % 3 == 0);
    else _handler.cancel(a, b);
  }

  function _write(uint256 step) private {
    Vm.Log[] memory logs = vm.getRecordedLogs();
    for (uint256 i; i < logs.length; ++i) {
      string memory line = string.concat("L ", vm.toString(step), " ", vm.toString(logs[i].emitter));
      line = string.concat(line, " ", vm.toString(logs[i].data));
      for (uint256 j; j < logs[i].topics.length; ++j) {
        line = string.concat(line, " ", vm.toString(logs[i].topics[j]));
      }
      vm.writeLine(_file, line);
    }
    for (uint256 i; i < _handler.actorCount(); ++i) {
      _writeBooks(_handler.actors(i));
    }
    vm.writeLine(_file, "E");
  }

  function _writeBooks(address account) private {
    StakeVault vault = _handler.theVault();
    IStakeVault.Stake memory stake = vault.stakeOf(account);
    (uint256 credit, uint256 held) = (vault.creditOf(account), _heldOf(vault, account));
    bytes32 books = keccak256(abi.encode(stake.bonded, stake.queued, stake.pledged, credit, held));
    if (_books[account] == books) return;
    _books[account] = books;
    string memory line = string.concat("B ", vm.toString(account), " ", vm.toString(stake.bonded));
    line = string.concat(line, " ", vm.toString(stake.queued), " ", vm.toString(stake.pledged));
    vm.writeLine(_file, string.concat(line, " ", vm.toString(credit), " ", vm.toString(held)));
  }

  /// @dev What strikes hold of pledges that stand.
  function _heldOf(StakeVault vault, address account) private view returns (uint256 held) {
    Settlement settlement = _handler.theSettlement();
    for (uint256 i; i < _handler.taskTotal(); ++i) {
      uint256 task = _handler.tasks(i);
      if (vault.pledgeOf(task, account) > 0) held += settlement.heldOf(task, account);
    }
  }
}
