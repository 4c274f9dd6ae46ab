// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Test } from "forge-std/Test.sol";
import { IStakeVault } from "../src/interfaces/IStakeVault.sol";
import { StakeVault } from "../src/StakeVault.sol";
import { Attacks } from "./federation/Attacks.sol";
import { Handler } from "./federation/Handler.sol";

/// @title What holds whatever anybody does
contract InvariantsTest is Test {
  Attacks private _handler;

  function setUp() public {
    _handler = new Attacks();
    _handler.setUp();
    bytes4[] memory selectors = new bytes4[](26);
    selectors[0] = Handler.bondSome.selector;
    selectors[1] = Handler.queueSome.selector;
    selectors[2] = Handler.requeueSome.selector;
    selectors[3] = Handler.withdraw.selector;
    selectors[4] = Handler.claim.selector;
    selectors[5] = Handler.postTask.selector;
    selectors[6] = Handler.joinOne.selector;
    selectors[7] = Handler.withdrawApplication.selector;
    selectors[8] = Handler.cancel.selector;
    selectors[9] = Handler.stepStage.selector;
    selectors[10] = Handler.release.selector;
    selectors[11] = Attacks.accuseAlone.selector;
    selectors[12] = Handler.stepPhase.selector;
    selectors[13] = Handler.stepRound.selector;
    selectors[14] = Handler.submitOne.selector;
    selectors[15] = Handler.aggregateOne.selector;
    selectors[16] = Handler.alignOne.selector;
    selectors[17] = Handler.pass.selector;
    selectors[18] = Handler.accuse.selector;
    selectors[19] = Handler.closeDispute.selector;
    selectors[20] = Attacks.landElsewhere.selector;
    selectors[21] = Attacks.keepBack.selector;
    selectors[22] = Handler.excludeOne.selector;
    selectors[23] = Attacks.excludeAlone.selector;
    selectors[24] = Handler.adopt.selector;
    selectors[25] = Handler.steal.selector;
    targetSelector(FuzzSelector({ addr: address(_handler), selectors: selectors }));
    targetContract(address(_handler));
  }

  /// @dev That the calls below reach what the invariants are about.
  function test_handler_reachesSettlementAndDisputes() public {
    for (
      uint256 seed;
      seed < 40 && (_handler.settled() == 0 || _handler.filed() == 0 || _handler.excluded() == 0);
      ++seed
    ) {
      _handler.postTask(type(uint256).max - seed);
      _handler.stepRound(0, seed);
      _handler.accuse(0, seed, true);
      for (uint256 i; i < 8; ++i) {
        _handler.stepPhase(0, uint256(keccak256(abi.encode(seed, i))));
        for (uint256 who; who < 8; ++who) {
          _handler.excludeOne(0, who);
        }
      }
      _handler.stepRound(0, ~seed);
    }
    assertGt(_handler.settled(), 0);
    assertGt(_handler.filed(), 0);
    assertGt(_handler.excluded(), 0);
    invariant_books();
  }

  /// @dev One function, so that each run's calls are checked against all of it.
  function invariant_books() public view {
    StakeVault vault = _handler.theVault();
    uint256 held;
    for (uint256 i; i < _handler.actorCount(); ++i) {
      address account = _handler.actors(i);
      IStakeVault.Stake memory stake = vault.stakeOf(account);
      uint256 credit = vault.creditOf(account);
      held += uint256(stake.bonded) + stake.queued + credit;

      // No stake is pledged twice, and none that is pledged has left.
      assertGe(uint256(stake.bonded) + stake.queued, stake.pledged, "pledged more than it has");
      uint256 pledged;
      for (uint256 j; j < _handler.taskTotal(); ++j) {
        pledged += vault.pledgeOf(_handler.tasks(j), account);
      }
      assertEq(pledged, stake.pledged, "pledges");

      // An honest account never loses.
      uint256 wealth = _handler.paidOut(account) + stake.bonded + stake.queued + credit;
      if (_handler.isHonest(account)) assertGe(wealth, _handler.given(account), "an honest account lost");
    }
    for (uint256 j; j < _handler.taskTotal(); ++j) {
      held += vault.potOf(_handler.tasks(j));
    }
    held += vault.burnt();
    // An owner has what was paid out while it owned, all of it and nothing else.
    for (uint256 i; i < _handler.ownerCount(); ++i) {
      address owner = _handler.owners(i);
      assertEq(vault.token().balanceOf(owner), _handler.paidTo(owner), "an owner's money");
    }
    // Money in is money out and money held, to the last unit.
    assertEq(_handler.moneyIn(), _handler.moneyOut() + held, "money");
    assertEq(vault.token().balanceOf(address(vault)), held, "balance");
  }
}
