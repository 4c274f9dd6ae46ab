// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Test } from "forge-std/Test.sol";
import { Standing, SumChunk, TaskParameters } from "../src/interfaces/Types.sol";
import { Attacks } from "./federation/Attacks.sol";
import { FederationTest } from "./federation/FederationTest.sol";
import { JournalBook } from "./federation/JournalBook.sol";

/// @title A journal of all roles that do anything for a while
contract JournalTest is Test {
  Attacks private _handler;
  JournalBook private _book;

  function setUp() public {
    _handler = new Attacks();
    vm.recordLogs();
    _handler.setUp();
  }

  function test_record() public {
    uint256 seed = vm.envOr("JOURNAL_SEED", uint256(1));
    _book = new JournalBook(vm.toString(seed), _handler.theVault(), _handler.theSettlement());
    _close();
    for (uint256 step = 1; step <= 120; ++step) {
      uint256 chance = uint256(keccak256(abi.encode(seed, step)));
      if (_handler.settled() == 0) _stepTowardSettling(chance);
      else _step(chance);
      _close();
    }
    assertGt(_handler.settled(), 0, "no round was settled: the journal shows nothing");
  }

  /// @dev Both tasks go on and stake comes back: else all of it is pledged to tasks that nobody moves, and none is settled.
  function _stepTowardSettling(uint256 chance) private {
    _handler.postTask(type(uint256).max);
    _handler.stepRound(0, chance);
    _handler.stepRound(1, ~chance);
    for (uint256 who; who < _handler.actorCount(); ++who) {
      _handler.release(1, who);
      _handler.release(2, who);
    }
  }

  /// @dev Whole rounds more often than not: what they book is what there is to explain.
  function _step(uint256 chance) private {
    (uint256 kind, uint256 a, uint256 b) = (chance % 21, chance >> 8 & 0xffff, chance >> 32);
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
    else if (kind == 19) _handler.excludeOne(a % 2, b);
    else if (kind == 18) _handler.aggregateOne(a, b % 2 == 0, b % 3 == 0);
    else _handler.cancel(a, b);
  }

  function _close() private {
    address[] memory accounts = new address[](_handler.actorCount());
    for (uint256 i; i < accounts.length; ++i) {
      accounts[i] = _handler.actors(i);
    }
    uint256[] memory tasks = new uint256[](_handler.taskTotal());
    for (uint256 i; i < tasks.length; ++i) {
      tasks[i] = _handler.tasks(i);
    }
    _book.close(accounts, tasks);
  }
}

/// @title A journal of strikes: what they hold, give back and burn
/// @dev Six validators in three groups, without which nobody is struck. The last trainer points where chance has it.
contract StrikesJournalTest is FederationTest {
  JournalBook private _book;
  address[] private _accounts;

  function setUp() public override {
    vm.recordLogs();
    super.setUp();
    start(4, 6);
  }

  function defaultParameters() internal view override returns (TaskParameters memory p) {
    p = super.defaultParameters();
    (p.rounds, p.maxValidators) = (16, 6);
  }

  function test_record() public {
    uint256 seed = vm.envOr("JOURNAL_SEED", uint256(1));
    _book = new JournalBook(string.concat(vm.toString(seed), "-strikes"), vault, settlement);
    _accounts = trainers;
    for (uint256 i; i < validators.length; ++i) {
      _accounts.push(validators[i]);
    }
    _accounts.push(planner);
    _accounts.push(prover);
    _close();
    address last = trainers[3];
    // Struck twice, then cleared, then as chance has it, and at the end struck until it is out.
    for (uint256 i; rounds.seatOf(task, last).standing == Standing.Good && i < 14; ++i) {
      bool off = i < 2 || i > 7 || (i > 3 && uint256(keccak256(abi.encode(seed, i))) % 2 == 0);
      _settle(off ? int256(-30) : int256(30));
      // Half of the stake is on its way out, so that what is burnt is taken from there, too.
      if (i == 4) {
        vm.prank(last);
        vault.queue(last, STAKE - 10 ether);
      }
      _close();
    }
    assertEq(uint256(rounds.seatOf(task, last).standing), uint256(Standing.Ejected));
    skip(8 days);
    marketplace.release(task, last);
    _close();
    vm.startPrank(last);
    vault.withdraw(last);
    vault.claim(last);
    vm.stopPrank();
    _close();
  }

  /// @dev In the first round with a sum that fails, which costs free stake, not a pledge.
  function _settle(int256 figure) private {
    toAggregate();
    if (round() == 1) _failSum();
    aggregateAll();
    advance();
    voteAll(8000, 7900);
    for (uint256 i; i < 3; ++i) {
      align(trainers[i], 30);
    }
    align(trainers[3], figure);
    advance();
  }

  function _failSum() private {
    SumChunk[] memory chunks = makeSum(prover, UPDATES);
    uint256 number = round();
    chunks[0].y ^= 1;
    vm.prank(prover);
    assertFalse(rounds.submitAggregate(task, number, UPDATES, basis, chunks));
  }

  function _close() private {
    uint256[] memory tasks = new uint256[](1);
    tasks[0] = task;
    _book.close(_accounts, tasks);
  }
}
