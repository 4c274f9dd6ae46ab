// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IDisputes } from "../src/interfaces/IDisputes.sol";
import { IMarketplace } from "../src/interfaces/IMarketplace.sol";
import { IRounds } from "../src/interfaces/IRounds.sol";
import { Accusation, Fault, Outcome, Phase, Role, Standing } from "../src/interfaces/Types.sol";
import { FederationTest } from "./federation/FederationTest.sol";

/// @title Disputes: a quorum of stake suspends, the appeal window decides, the round goes on without the culprit
contract DisputesTest is FederationTest {
  function setUp() public override {
    super.setUp();
    start(4, 3);
    toAggregate();
  }

  function _accusation(address culprit) private view returns (Accusation memory) {
    return Accusation(task, round(), culprit, 3, keccak256("evidence"), keeper);
  }

  /// @dev Signers in ascending order, as the contract wants them.
  function _signed(bytes32 digest, uint256 count)
    private
    view
    returns (address[] memory signers, bytes[] memory signatures)
  {
    uint256[] memory chosen = new uint256[](count);
    for (uint256 i; i < count; ++i) {
      chosen[i] = VALIDATOR_KEY + i;
      for (uint256 j = i; j > 0 && vm.addr(chosen[j]) < vm.addr(chosen[j - 1]); --j) {
        (chosen[j], chosen[j - 1]) = (chosen[j - 1], chosen[j]);
      }
    }
    (signers, signatures) = (new address[](count), new bytes[](count));
    for (uint256 i; i < count; ++i) {
      (signers[i], signatures[i]) = (vm.addr(chosen[i]), sign(chosen[i], digest));
    }
  }

  function _file(Accusation memory a, uint256 count) private returns (bytes32) {
    (address[] memory signers, bytes[] memory signatures) = _signed(disputes.accusationDigest(a), count);
    return disputes.file(a, signers, signatures);
  }

  function _standing(address account) private view returns (uint256) {
    return uint256(rounds.seatOf(task, account).standing);
  }

  function test_file_suspendsAtOnce() public {
    Accusation memory a = _accusation(trainers[0]);
    bytes32 id = keccak256(abi.encode(task, 1, trainers[0]));
    (address[] memory signers, bytes[] memory signatures) = _signed(disputes.accusationDigest(a), 2);
    vm.expectEmit(address(disputes));
    emit IDisputes.DisputeFiled(id, task, 1, trainers[0], 3, keccak256("evidence"), block.timestamp + 2 days);
    assertEq(disputes.file(a, signers, signatures), id);
    assertEq(_standing(trainers[0]), uint256(Standing.Suspended));
    assertEq(vault.pledgeOf(task, trainers[0]), STAKE); // not yet
    expire();
    advance();
    assertEq(uint256(rounds.lineageOf(task, 1).outcome), uint256(Outcome.Void));
    toSubmit();
    for (uint256 i = 1; i < 4; ++i) {
      assertTrue(submit(trainers[i]));
    }
    for (uint256 i; i < 3; ++i) {
      assertTrue(submit(validators[i]));
    }
    advance(); // nobody waits for the suspended
    assertEq(uint256(phase()), uint256(Phase.Inspect));
  }

  /// @dev The attack: one of those who signed delegates its account (EIP-7702) to code that says no to every signature, or
  /// says nothing. A quorum's signatures that nobody can bring would keep the culprit in its seat.
  function test_file_whateverCodeASignerDelegatesTo() public {
    Accusation memory a = _accusation(trainers[0]);
    (address[] memory signers, bytes[] memory signatures) = _signed(disputes.accusationDigest(a), 2);
    vm.etch(signers[0], hex"5f5ffd"); // reverts
    vm.etch(signers[1], hex"00"); // returns nothing
    disputes.file(a, signers, signatures);
    assertEq(_standing(trainers[0]), uint256(Standing.Suspended));
  }

  /// @dev Code does not make another's signature the account's.
  function test_file_anothersSignatureForAnAccountWithCode() public {
    Accusation memory a = _accusation(trainers[0]);
    (address[] memory signers, bytes[] memory signatures) = _signed(disputes.accusationDigest(a), 2);
    vm.etch(signers[0], hex"00");
    signatures[0] = signatures[1];
    vm.expectRevert(abi.encodeWithSelector(IDisputes.SignatureInvalid.selector, signers[0]));
    disputes.file(a, signers, signatures);
  }

  function test_execute_slashesAfterTheAppealWindow() public {
    bytes32 id = _file(_accusation(trainers[0]), 2);
    uint256 ends = disputes.disputeOf(id).appealEnds;
    vm.warp(ends);
    vm.expectRevert(abi.encodeWithSelector(IDisputes.AppealNotOver.selector, id, ends));
    disputes.execute(id);
    vm.warp(ends + 1);
    vm.expectEmit(address(rounds));
    emit IRounds.Penalised(task, 1, trainers[0], Fault.Disputed, 200 ether);
    disputes.execute(id);
    assertEq(vault.pledgeOf(task, trainers[0]), STAKE - 200 ether);
    assertEq(vault.creditOf(keeper), 20 ether); // who reported
    assertEq(_standing(trainers[0]), uint256(Standing.Ejected));
    vm.expectRevert(abi.encodeWithSelector(IDisputes.DisputeNotPending.selector, id));
    disputes.execute(id);
    skip(2 days);
    marketplace.release(task, trainers[0]);
    assertEq(vault.freeOf(trainers[0]), STAKE - 200 ether);
  }

  function test_overturn_reinstatesUnharmed() public {
    bytes32 id = _file(_accusation(trainers[0]), 2);
    (address[] memory signers, bytes[] memory signatures) = _signed(disputes.appealDigest(id), 1);
    vm.expectRevert(abi.encodeWithSelector(IDisputes.QuorumMissing.selector, STAKE, 3 * STAKE));
    disputes.overturn(id, signers, signatures);
    (signers, signatures) = _signed(disputes.appealDigest(id), 2);
    vm.expectEmit(address(disputes));
    emit IDisputes.DisputeOverturned(id, trainers[0]);
    disputes.overturn(id, signers, signatures);
    assertEq(_standing(trainers[0]), uint256(Standing.Good));
    // It could not act for a while: nothing that this round asks for is held against it, as it is against another.
    expire();
    advance();
    bytes32 second = _file(_accusation(trainers[0]), 2);
    (signers, signatures) = _signed(disputes.appealDigest(second), 2);
    disputes.overturn(second, signers, signatures);
    toSubmit();
    for (uint256 i = 1; i < 4; ++i) {
      submit(trainers[i]);
    }
    submit(validators[0]);
    submit(validators[1]);
    expire();
    advance();
    assertEq(vault.pledgeOf(task, trainers[0]), STAKE);
    assertEq(vault.pledgeOf(task, validators[2]), STAKE - 10 ether);
    // Decided once, for this round and member.
    Accusation memory again = Accusation(task, 1, trainers[0], 3, keccak256("more"), keeper);
    (signers, signatures) = _signed(disputes.accusationDigest(again), 2);
    vm.expectRevert(abi.encodeWithSelector(IDisputes.DisputeKnown.selector, id));
    disputes.file(again, signers, signatures);
  }

  function test_overturn_inTheWindowsLastSecondReinstates() public {
    bytes32 id = _file(_accusation(trainers[0]), 2);
    (address[] memory signers, bytes[] memory signatures) = _signed(disputes.appealDigest(id), 2);
    vm.warp(disputes.disputeOf(id).appealEnds);
    disputes.overturn(id, signers, signatures);
    assertEq(_standing(trainers[0]), uint256(Standing.Good));
  }

  function test_overturn_afterTheWindowReverts() public {
    bytes32 id = _file(_accusation(trainers[0]), 2);
    uint256 ends = disputes.disputeOf(id).appealEnds;
    vm.warp(ends + 1);
    (address[] memory signers, bytes[] memory signatures) = _signed(disputes.appealDigest(id), 3);
    vm.expectRevert(abi.encodeWithSelector(IDisputes.AppealOver.selector, id, ends));
    disputes.overturn(id, signers, signatures);
  }

  function test_file_refusals() public {
    Accusation memory a = _accusation(trainers[0]);
    (address[] memory signers, bytes[] memory signatures) = _signed(disputes.accusationDigest(a), 1);
    vm.expectRevert(abi.encodeWithSelector(IDisputes.QuorumMissing.selector, STAKE, 3 * STAKE));
    disputes.file(a, signers, signatures);
    vm.expectRevert(abi.encodeWithSelector(IDisputes.SignatureCount.selector, 1, 0));
    disputes.file(a, signers, new bytes[](0));

    // One signature twice.
    address[] memory twice = new address[](2);
    bytes[] memory same = new bytes[](2);
    (twice[0], twice[1], same[0], same[1]) = (signers[0], signers[0], signatures[0], signatures[0]);
    vm.expectRevert(abi.encodeWithSelector(IDisputes.SignersNotAscending.selector, signers[0]));
    disputes.file(a, twice, same);

    (signers[0], signatures[0]) = (trainers[1], sign(TRAINER_KEY + 1, disputes.accusationDigest(a)));
    vm.expectRevert(abi.encodeWithSelector(IDisputes.SignerNotValidator.selector, trainers[1]));
    disputes.file(a, signers, signatures);

    // A signature of another accusation; the front-runner that names itself as the reporter.
    (signers, signatures) = _signed(disputes.accusationDigest(a), 2);
    a.reporter = stranger;
    vm.expectRevert(abi.encodeWithSelector(IDisputes.SignatureInvalid.selector, signers[0]));
    disputes.file(a, signers, signatures);

    a = _accusation(stranger);
    vm.expectRevert(abi.encodeWithSelector(IDisputes.CulpritInvalid.selector, task, stranger));
    disputes.file(a, signers, signatures);
    a = _accusation(trainers[0]);
    a.round = 2;
    vm.expectRevert(abi.encodeWithSelector(IDisputes.RoundInvalid.selector, task, 2));
    disputes.file(a, signers, signatures);
  }

  /// @dev A validator does not vote on itself, but its stake counts in the whole: two of three are needed.
  function test_file_againstAValidatorLeavesItOut() public {
    Accusation memory a = _accusation(validators[2]);
    (address[] memory signers, bytes[] memory signatures) = _signed(disputes.accusationDigest(a), 3);
    vm.expectRevert(abi.encodeWithSelector(IDisputes.SignerNotValidator.selector, validators[2]));
    disputes.file(a, signers, signatures);
    (signers, signatures) = _signed(disputes.accusationDigest(a), 1);
    vm.expectRevert(abi.encodeWithSelector(IDisputes.QuorumMissing.selector, STAKE, 3 * STAKE));
    disputes.file(a, signers, signatures);
    _file(a, 2);
    assertEq(_standing(validators[2]), uint256(Standing.Suspended));
  }

  /// @dev Whenever it comes, the round goes on with what the culprit submitted: a second round of the same updates, but for
  /// the culprit's, would show that one by difference.
  function test_file_restartsNothing() public {
    Accusation memory late = _accusation(trainers[0]);
    _file(late, 2);
    assertEq(round(), 1);
    assertEq(uint256(phase()), uint256(Phase.Aggregate));
    assertTrue(rounds.seatOf(task, trainers[0]).accepted);
    aggregateAll();
    advance();
    assertEq(uint256(phase()), uint256(Phase.Commit));
    _file(_accusation(validators[2]), 2);
    assertEq(round(), 1);
    assertEq(uint256(phase()), uint256(Phase.Commit));
  }

  /// @dev What happened in a round that is over suspends its culprit, and leaves the round that runs alone.
  function test_file_againstAnEarlierRound() public {
    Accusation memory late = _accusation(trainers[0]);
    expire();
    advance();
    assertEq(round(), 2);
    _file(late, 2);
    assertEq(_standing(trainers[0]), uint256(Standing.Suspended));
    assertEq(round(), 2);
  }

  /// @dev The escape: leave before the dispute is decided.
  function test_release_waitsForOpenDisputes() public {
    bytes32 id = _file(_accusation(trainers[0]), 2);
    for (uint256 i; i < 3; ++i) {
      expire();
      advance();
    }
    vm.warp(disputes.disputeOf(id).appealEnds + 1);
    vm.expectRevert(
      abi.encodeWithSelector(IMarketplace.StakeHeld.selector, task, trainers[0], type(uint256).max)
    );
    marketplace.release(task, trainers[0]);
    uint256 before = vault.burnt();
    disputes.execute(id);
    assertEq(vault.pledgeOf(task, trainers[0]), STAKE - 200 ether);
    assertEq(vault.burnt() - before, 180 ether); // but for the reporter's share
  }

  function test_accusationDigest_bindsChainAndContract() public {
    Accusation memory a = _accusation(trainers[0]);
    bytes32 here = disputes.accusationDigest(a);
    vm.chainId(5);
    assertNotEq(disputes.accusationDigest(a), here);
  }
}
