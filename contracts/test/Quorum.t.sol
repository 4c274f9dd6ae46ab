// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IDisputes } from "../src/interfaces/IDisputes.sol";
import { IMarketplace } from "../src/interfaces/IMarketplace.sol";
import { Accusation, Role, Standing, TaskParameters } from "../src/interfaces/Types.sol";
import { FederationTest } from "./federation/FederationTest.sol";

/// @title Validators that hold less than half of the stake, and how they could come to be the quorum
/// @notice Promise 3 rests on an honest majority of the validators' stake. Each attack here is a minority's.
contract QuorumTest is FederationTest {
  /// @dev The last validator of each test is the attacker.
  uint256 private _attacker;

  function defaultParameters() internal view override returns (TaskParameters memory p) {
    p = super.defaultParameters();
    (p.rounds, p.maxValidators) = (1, 5);
  }

  function _start(uint128[] memory stakes) private {
    post();
    joinAll(3, 0);
    for (uint256 i; i < stakes.length; ++i) {
      validators.push(validatorAt(i));
      join(validatorAt(i), Role.Validator, stakes[i]);
    }
    _attacker = stakes.length - 1;
    vm.prank(planner);
    marketplace.advance(task);
    keyAll(1);
    marketplace.advance(task);
  }

  function _start(uint128 first, uint128 second, uint128 attacker) private {
    uint128[] memory stakes = new uint128[](3);
    (stakes[0], stakes[1], stakes[2]) = (first, second, attacker);
    _start(stakes);
  }

  function _accuse(address culprit) private view returns (Accusation memory) {
    return Accusation(task, 1, culprit, 4, keccak256("made up"), validators[_attacker]);
  }

  function _signed(uint256 validator, bytes32 digest)
    private
    view
    returns (address[] memory signers, bytes[] memory signatures)
  {
    (signers, signatures) = (new address[](1), new bytes[](1));
    (signers[0], signatures[0]) = (validators[validator], sign(VALIDATOR_KEY + validator, digest));
  }

  function _expectRefused(address culprit, bytes memory refusal) private {
    Accusation memory a = _accuse(culprit);
    (address[] memory signers, bytes[] memory signatures) = _signed(_attacker, disputes.accusationDigest(a));
    vm.expectRevert(refusal);
    disputes.file(a, signers, signatures);
  }

  function _end() private {
    while (uint256(rounds.stageOf(task).phase) < 7) {
      expire();
      advance();
    }
  }

  /// @dev Of two, each would be the whole quorum against the other.
  function test_file_oneOfTwoIsNoMajorityAgainstTheOther() public {
    uint128[] memory stakes = new uint128[](2);
    (stakes[0], stakes[1]) = (STAKE, STAKE);
    _start(stakes);
    _expectRefused(validators[0], abi.encodeWithSelector(IDisputes.QuorumMissing.selector, STAKE, 2 * STAKE));
  }

  /// @dev 31 of 100: more than half of what is left when the one with 40 is accused, and all of it after that.
  function test_file_aThirdCannotRemoveTheOthersOneByOne() public {
    _start(4000 ether, 2900 ether, 3100 ether);
    bytes memory refusal = abi.encodeWithSelector(IDisputes.QuorumMissing.selector, 3100 ether, 10_000 ether);
    _expectRefused(validators[0], refusal);
    _expectRefused(validators[1], refusal);
  }

  /// @dev A suspended validator counts in the whole until it is ejected: its stake is still at stake.
  function test_file_theSuspendedCountInTheWhole() public {
    _start(4000 ether, 2900 ether, 3100 ether);
    vm.prank(address(disputes));
    rounds.suspend(task, validators[0]);
    _expectRefused(
      trainers[0], abi.encodeWithSelector(IDisputes.QuorumMissing.selector, 3100 ether, 10_000 ether)
    );
  }

  /// @dev After the appeal window anyone may release anybody's stake: the attacker releases the other validators', and is
  /// the whole quorum against members that have not yet released theirs.
  function test_file_afterTheOthersAreReleased() public {
    _start(4000 ether, 2900 ether, 3100 ether);
    _end();
    skip(defaultDeadlines().appeal);
    marketplace.release(task, validators[0]);
    marketplace.release(task, validators[1]);
    assertGt(vault.pledgeOf(task, trainers[0]), 0);
    _expectRefused(trainers[0], abi.encodeWithSelector(IDisputes.CulpritInvalid.selector, task, trainers[0]));
  }

  /// @dev The same against an appeal: a dispute filed at the last moment is decided when the others may have gone.
  function test_overturn_notByWhoeverIsLeft() public {
    _start(4000 ether, 2900 ether, 3100 ether);
    _end();
    skip(defaultDeadlines().appeal - 1);
    Accusation memory a = _accuse(trainers[0]);
    (address[] memory signers, bytes[] memory signatures) = _signed(0, disputes.accusationDigest(a));
    address[] memory both = new address[](2);
    bytes[] memory theirs = new bytes[](2);
    bytes memory second = sign(VALIDATOR_KEY + 1, disputes.accusationDigest(a));
    bool inOrder = validators[0] < validators[1];
    (both[0], both[1]) = inOrder ? (validators[0], validators[1]) : (validators[1], validators[0]);
    (theirs[0], theirs[1]) = inOrder ? (signatures[0], second) : (second, signatures[0]);
    bytes32 id = disputes.file(a, both, theirs);
    skip(1);
    for (uint256 i; i < 2; ++i) {
      vm.expectRevert(
        abi.encodeWithSelector(IMarketplace.StakeHeld.selector, task, validators[i], type(uint256).max)
      );
      marketplace.release(task, validators[i]);
    }
    (signers, signatures) = _signed(_attacker, disputes.appealDigest(id));
    vm.expectRevert(abi.encodeWithSelector(IDisputes.QuorumMissing.selector, 3100 ether, 10_000 ether));
    disputes.overturn(id, signers, signatures);
    // Trainers that nobody accused leave in the meantime, validators once it is decided.
    marketplace.release(task, trainers[1]);
    skip(defaultDeadlines().appeal);
    disputes.execute(id);
    marketplace.release(task, validators[0]);
    assertEq(uint256(rounds.seatOf(task, trainers[0]).standing), uint256(Standing.Ejected));
  }
}
