// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IKeyRegistry } from "../src/interfaces/IKeyRegistry.sol";
import { IMarketplace } from "../src/interfaces/IMarketplace.sol";
import { KeyRegistration, Phase, TaskStatus } from "../src/interfaces/Types.sol";
import { FederationTest } from "./federation/FederationTest.sol";

/// @title Keys: signed registrations, confirmations, and who is left when they do not agree
contract KeyRegistryTest is FederationTest {
  bytes32 private constant KEY = keccak256("collective key");

  function setUp() public override {
    super.setUp();
    post();
    joinAll(4, 2);
    vm.prank(planner);
    marketplace.advance(task);
  }

  function _confirm(address account, bytes32 key) private {
    vm.prank(account);
    keys.confirmKey(task, 1, key);
  }

  function _expire() private {
    vm.warp(marketplace.stateOf(task).deadline + 1);
  }

  function _registerAll() private {
    for (uint256 i; i < 4; ++i) {
      register(TRAINER_KEY + i, true, 1);
    }
    register(VALIDATOR_KEY, false, 1);
    register(VALIDATOR_KEY + 1, false, 1);
  }

  function test_registerKeys_anyoneMayBringWhatTheAccountSigned() public {
    KeyRegistration memory r = registration(trainers[0], true, 1);
    bytes memory signature = sign(TRAINER_KEY, keys.registrationDigest(r));
    vm.expectEmit(address(keys));
    emit IKeyRegistry.KeysRegistered(task, 1, trainers[0], r.peer, r.sealingKey, r.keyShare);
    vm.prank(stranger);
    keys.registerKeys(r, signature);
    assertEq(keys.keysOf(task, trainers[0]).epoch, 1);
    vm.expectRevert(abi.encodeWithSelector(IKeyRegistry.AlreadyRegistered.selector, task, 1, trainers[0]));
    keys.registerKeys(r, signature);
  }

  /// @dev A member whose account is delegated to a wallet's code (EIP-7702) signs with its key as before.
  function test_registerKeys_anAccountWithCodeSignsWithItsKey() public {
    vm.etch(trainers[0], hex"5f5ffd");
    register(TRAINER_KEY, true, 1);
    assertEq(keys.keysOf(task, trainers[0]).epoch, 1);
  }

  function test_registerKeys_refusals() public {
    KeyRegistration memory r = registration(trainers[0], true, 1);
    bytes memory another = sign(TRAINER_KEY + 1, keys.registrationDigest(r));
    vm.expectRevert(abi.encodeWithSelector(IKeyRegistry.SignatureInvalid.selector, trainers[0]));
    keys.registerKeys(r, another);
    r.peer = new bytes(65);
    vm.expectRevert(abi.encodeWithSelector(IKeyRegistry.PeerLength.selector, 65, 64));
    keys.registerKeys(r, another);
    r.peer = "";
    vm.expectRevert(abi.encodeWithSelector(IKeyRegistry.PeerLength.selector, 0, 64));
    keys.registerKeys(r, another);
    r = registration(trainers[0], false, 1);
    vm.expectRevert(abi.encodeWithSelector(IKeyRegistry.KeyShareInvalid.selector, trainers[0], bytes32(0)));
    keys.registerKeys(r, another);
    r = registration(validators[0], true, 1);
    vm.expectRevert(abi.encodeWithSelector(IKeyRegistry.KeyShareInvalid.selector, validators[0], r.keyShare));
    keys.registerKeys(r, another);
    r = registration(trainers[0], true, 2);
    vm.expectRevert(abi.encodeWithSelector(IKeyRegistry.WrongEpoch.selector, 2, 1));
    keys.registerKeys(r, another);
    r = registration(stranger, true, 1);
    vm.expectRevert(abi.encodeWithSelector(IKeyRegistry.NotMember.selector, task, stranger));
    keys.registerKeys(r, another);
    uint256 deadline = marketplace.stateOf(task).deadline;
    _expire();
    r = registration(trainers[0], true, 1);
    vm.expectRevert(abi.encodeWithSelector(IKeyRegistry.StageOver.selector, task, deadline));
    keys.registerKeys(r, another);
  }

  /// @dev The signature binds chain and contract: another deployment's is worth nothing.
  function test_registrationDigest_bindsChainAndContract() public {
    KeyRegistration memory r = registration(trainers[0], true, 1);
    bytes32 here = keys.registrationDigest(r);
    vm.chainId(5);
    assertNotEq(keys.registrationDigest(r), here);
  }

  function test_confirmKey_refusals() public {
    vm.expectRevert(abi.encodeWithSelector(IKeyRegistry.NotRegistered.selector, task, 1, trainers[0]));
    _confirm(trainers[0], KEY);
    register(TRAINER_KEY, true, 1);
    vm.expectRevert(IKeyRegistry.CollectiveKeyMissing.selector);
    _confirm(trainers[0], 0);
    vm.expectEmit(address(keys));
    emit IKeyRegistry.KeyConfirmed(task, 1, trainers[0], KEY);
    _confirm(trainers[0], KEY);
    vm.expectRevert(abi.encodeWithSelector(IKeyRegistry.AlreadyConfirmed.selector, task, 1, trainers[0]));
    _confirm(trainers[0], KEY);
    register(VALIDATOR_KEY, false, 1);
    vm.expectRevert(abi.encodeWithSelector(IKeyRegistry.NotTrainer.selector, task, validators[0]));
    _confirm(validators[0], KEY);
  }

  function test_advance_startsWhenAllAgree() public {
    _registerAll();
    for (uint256 i; i < 3; ++i) {
      _confirm(trainers[i], KEY);
    }
    uint256 deadline = marketplace.stateOf(task).deadline;
    vm.expectRevert(abi.encodeWithSelector(IMarketplace.StageNotOver.selector, task, deadline));
    marketplace.advance(task);
    _confirm(trainers[3], KEY);
    vm.expectEmit(address(marketplace));
    emit IMarketplace.TaskStarted(task, 1, KEY);
    marketplace.advance(task);
    assertEq(marketplace.stateOf(task).collectiveKey, KEY);
    assertEq(uint256(phase()), uint256(Phase.Support));
    vm.expectRevert(abi.encodeWithSelector(IKeyRegistry.NotKeying.selector, task));
    _confirm(trainers[3], KEY);
  }

  /// @dev Who stands outside of the key loses its seat and no stake: it may have been kept out.
  function test_advance_startsWithTheKeyOfMost() public {
    _registerAll();
    for (uint256 i; i < 3; ++i) {
      _confirm(trainers[i], KEY);
    }
    _confirm(trainers[3], keccak256("another key"));
    _expire();
    marketplace.advance(task);
    assertEq(uint256(phase()), uint256(Phase.Support));
    (address[] memory seated,) = rounds.committeeOf(task);
    assertEq(seated.length, 3);
    assertEq(vault.pledgeOf(task, trainers[3]), STAKE);
    marketplace.release(task, trainers[3]);
    assertEq(vault.freeOf(trainers[3]), STAKE);
  }

  /// @dev As many as the task wants at least are enough, though others stay out.
  function test_advance_startsWithMinTrainers() public {
    _registerAll();
    _confirm(trainers[0], KEY);
    _confirm(trainers[1], KEY);
    assertEq(defaultParameters().minTrainers, 2);
    _expire();
    marketplace.advance(task);
    assertEq(uint256(marketplace.stateOf(task).status), uint256(TaskStatus.Running));
    (address[] memory seated,) = rounds.committeeOf(task);
    assertEq(seated.length, 2);
  }

  function test_registerKeys_andConfirmInTheLastSecond() public {
    uint256 deadline = marketplace.stateOf(task).deadline;
    vm.warp(deadline);
    register(TRAINER_KEY, true, 1);
    _confirm(trainers[0], KEY);
    assertEq(keys.keysOf(task, trainers[0]).confirmedKey, KEY);
    vm.expectRevert(abi.encodeWithSelector(IMarketplace.StageNotOver.selector, task, deadline));
    marketplace.advance(task);
  }

  function test_advance_slashesWhoDoesNotRegister() public {
    register(TRAINER_KEY, true, 1);
    register(TRAINER_KEY + 1, true, 1);
    register(VALIDATOR_KEY, false, 1);
    register(VALIDATOR_KEY + 1, false, 1);
    _expire();
    vm.prank(keeper);
    marketplace.advance(task);
    // Nobody confirmed: another epoch, without the two.
    assertEq(marketplace.stateOf(task).epoch, 2);
    assertEq(vault.pledgeOf(task, trainers[2]), STAKE - 10 ether);
    assertEq(vault.pledgeOf(task, trainers[0]), STAKE);
    assertEq(vault.creditOf(keeper), 2 ether);
    assertEq(vault.burnt(), 18 ether);
  }

  function test_advance_givesUpAfterThreeEpochs() public {
    for (uint32 epoch = 1; epoch < 4; ++epoch) {
      for (uint256 i; i < 4; ++i) {
        register(TRAINER_KEY + i, true, epoch);
      }
      register(VALIDATOR_KEY, false, epoch);
      register(VALIDATOR_KEY + 1, false, epoch);
      _expire();
      marketplace.advance(task);
    }
    assertEq(uint256(marketplace.stateOf(task).status), uint256(TaskStatus.Cancelled));
    assertEq(vault.creditOf(planner), marketplace.escrow(defaultParameters(), defaultEconomics()));
    marketplace.release(task, trainers[0]);
    assertEq(vault.freeOf(trainers[0]), STAKE);
  }

  /// @dev A key that was confirmed in an epoch that failed is nobody's vote in the next one, and hinders none.
  function test_registerKeys_forgetsWhatAnEarlierEpochConfirmed() public {
    _registerAll();
    _confirm(trainers[0], KEY);
    _expire();
    marketplace.advance(task);
    assertEq(marketplace.stateOf(task).epoch, 2);
    register(TRAINER_KEY, true, 2);
    assertEq(keys.keysOf(task, trainers[0]).confirmedKey, 0);
    (, uint256 votes) = keys.plurality(task, 2, trainers);
    assertEq(votes, 0);
    vm.prank(trainers[0]);
    keys.confirmKey(task, 2, keccak256("the next key"));
    assertEq(keys.keysOf(task, trainers[0]).confirmedKey, keccak256("the next key"));
  }

  function _deal(uint256 i) private {
    vm.prank(trainers[i]);
    keys.deal(task, 1, keccak256(abi.encode("dealing", i)));
  }

  function _reject(address validator, address trainer) private {
    vm.prank(validator);
    keys.reject(task, 1, trainer);
  }

  function test_advance_slashesWhoDoesNotDealWhereMostDid() public {
    _registerAll();
    for (uint256 i; i < 3; ++i) {
      vm.expectEmit(address(keys));
      emit IKeyRegistry.Dealt(task, 1, trainers[i], keccak256(abi.encode("dealing", i)));
      _deal(i);
    }
    assertTrue(keys.isAtFault(task, 1, trainers[3], 4));
    assertFalse(keys.isAtFault(task, 1, trainers[0], 4));
    _expire();
    vm.prank(keeper);
    marketplace.advance(task);
    assertEq(marketplace.stateOf(task).epoch, 2);
    assertEq(vault.pledgeOf(task, trainers[3]), STAKE - 10 ether);
    assertEq(vault.creditOf(keeper), 1 ether);
    for (uint256 i; i < 3; ++i) {
      assertEq(vault.pledgeOf(task, trainers[i]), STAKE);
    }
    (address[] memory left,) = marketplace.membersOf(task);
    assertEq(left.length, 3);
  }

  /// @dev A key share that is shown to nobody, or to too few, keeps most from dealing: then silence is nobody's fault.
  function test_advance_slashesNobodyWhereMostDidNotDeal() public {
    _registerAll();
    _deal(0);
    _deal(1);
    _expire();
    marketplace.advance(task);
    assertEq(marketplace.stateOf(task).epoch, 2);
    for (uint256 i; i < 4; ++i) {
      assertEq(vault.pledgeOf(task, trainers[i]), STAKE);
    }
  }

  function test_advance_slashesWhomMostOfTheValidatorsStakeRejected() public {
    _registerAll();
    vm.expectEmit(address(keys));
    emit IKeyRegistry.Rejected(task, 1, trainers[1], validators[0]);
    _reject(validators[0], trainers[1]);
    assertFalse(keys.isAtFault(task, 1, trainers[1], 4)); // half is not most
    _reject(validators[1], trainers[1]);
    assertTrue(keys.isAtFault(task, 1, trainers[1], 4));
    _reject(validators[0], trainers[2]);
    _expire();
    marketplace.advance(task);
    assertEq(marketplace.stateOf(task).epoch, 2);
    assertEq(vault.pledgeOf(task, trainers[1]), STAKE - 10 ether);
    assertEq(vault.pledgeOf(task, trainers[2]), STAKE);
    (address[] memory left,) = marketplace.membersOf(task);
    assertEq(left.length, 3);
  }

  function test_deal_andReject_refusals() public {
    vm.expectRevert(abi.encodeWithSelector(IKeyRegistry.NotRegistered.selector, task, 1, trainers[0]));
    _deal(0);
    vm.expectRevert(abi.encodeWithSelector(IKeyRegistry.NotRegistered.selector, task, 1, trainers[0]));
    _reject(validators[0], trainers[0]);
    _registerAll();
    _deal(0);
    vm.expectRevert(abi.encodeWithSelector(IKeyRegistry.AlreadyDealt.selector, task, 1, trainers[0]));
    _deal(0);
    vm.prank(validators[0]);
    vm.expectRevert(abi.encodeWithSelector(IKeyRegistry.NotTrainer.selector, task, validators[0]));
    keys.deal(task, 1, KEY);
    _reject(validators[0], trainers[0]);
    vm.expectRevert(
      abi.encodeWithSelector(IKeyRegistry.AlreadyRejected.selector, task, 1, trainers[0], validators[0])
    );
    _reject(validators[0], trainers[0]);
    vm.expectRevert(abi.encodeWithSelector(IKeyRegistry.NotValidator.selector, task, trainers[1]));
    _reject(trainers[1], trainers[0]);
    vm.expectRevert(abi.encodeWithSelector(IKeyRegistry.NotTrainer.selector, task, validators[1]));
    _reject(validators[0], validators[1]);
    _expire();
    uint256 deadline = marketplace.stateOf(task).deadline;
    vm.expectRevert(abi.encodeWithSelector(IKeyRegistry.StageOver.selector, task, deadline));
    _reject(validators[1], trainers[0]);
  }
}
