// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IERC1271 } from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import { IStakeVault } from "../src/interfaces/IStakeVault.sol";
import {
  Accusation,
  Deadlines,
  Economics,
  Role,
  Rules,
  TaskParameters,
  TaskStatus
} from "../src/interfaces/Types.sol";
import { FederationTest } from "./federation/FederationTest.sol";

/// @title A wallet of several people: what its code says is signed, is signed
contract Multisig is IERC1271 {
  mapping(bytes32 digest => bool) public signed;

  function sign(bytes32 digest) external {
    signed[digest] = true;
  }

  function isValidSignature(bytes32 digest, bytes calldata) external view returns (bytes4) {
    return signed[digest] ? IERC1271.isValidSignature.selector : bytes4(0);
  }
}

/// @title Owner and operator: the key that acts is hot, the money is another's
contract OwnersTest is FederationTest {
  uint256 private constant OPERATOR_KEY = TRAINER_KEY;
  uint256 private constant OWNER_KEY = 0xAA00;
  uint256 private constant OTHER_KEY = 0xAA01;

  address private _operator = vm.addr(OPERATOR_KEY);
  address private _owner = vm.addr(OWNER_KEY);
  address private _other = vm.addr(OTHER_KEY);

  // ---- consent

  function test_adopt_takesBothAndOneTransactionWithTheDeposit() public {
    post();
    fund(_owner, STAKE);
    bytes[] memory calls = new bytes[](3);
    calls[0] = abi.encodeCall(vault.adopt, (_operator, block.timestamp, _consent(OPERATOR_KEY, _owner)));
    calls[1] = abi.encodeCall(vault.bond, (_operator, STAKE));
    calls[2] = abi.encodeCall(vault.mandate, (task, _operator, STAKE));
    vm.expectEmit(address(vault));
    emit IStakeVault.OwnerChanged(_operator, _operator, _owner);
    vm.expectEmit(address(vault));
    emit IStakeVault.Bonded(_operator, STAKE);
    vm.expectEmit(address(vault));
    emit IStakeVault.Mandated(task, _operator, _owner, STAKE);
    vm.prank(_owner);
    vault.multicall(calls);
    assertEq(vault.ownerOf(_operator), _owner);
    assertEq(vault.nonceOf(_operator), 1);
    assertEq(vault.stakeOf(_operator).bonded, STAKE);
    assertEq(token.balanceOf(_owner), 0);
    // The operator's key is all that it takes from here on.
    join(_operator, Role.Trainer, STAKE);
    assertEq(vault.pledgeOf(task, _operator), STAKE);
  }

  /// @dev What a wallet shows and signs, field by field.
  function test_consentDigest_isEip712() public view {
    bytes32 domain = keccak256(
      abi.encode(
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
        keccak256("Murmuration StakeVault"),
        keccak256("1"),
        block.chainid,
        address(vault)
      )
    );
    bytes32 consent = keccak256(
      abi.encode(
        keccak256("Consent(address account,address owner,uint256 nonce,uint256 deadline)"),
        _operator,
        _owner,
        vault.nonceOf(_operator),
        77
      )
    );
    assertEq(
      vault.consentDigest(_operator, _owner, 77), keccak256(abi.encodePacked(hex"1901", domain, consent))
    );
  }

  /// @dev Nobody makes a stranger's account its own, by whatever signature it has.
  function testFuzz_adopt_withoutTheAccountsConsentReverts(uint256 key, address account) public {
    key = bound(key, 1, type(uint128).max);
    vm.assume(account != vm.addr(key) && account.code.length == 0);
    bytes memory own = sign(key, vault.consentDigest(account, vm.addr(key), block.timestamp));
    vm.startPrank(vm.addr(key));
    vm.expectRevert(abi.encodeWithSelector(IStakeVault.SignatureInvalid.selector, account));
    vault.adopt(account, block.timestamp, own);
    vm.expectRevert(abi.encodeWithSelector(IStakeVault.SignatureInvalid.selector, account));
    vault.adopt(account, block.timestamp, "");
    vm.stopPrank();
    assertEq(vault.ownerOf(account), account);
  }

  /// @dev Nobody makes a stranger its owner, and who sees a consent in the mempool has no use for it.
  function test_adopt_isForTheOwnerThatIsNamed() public {
    bytes memory consent = _consent(OPERATOR_KEY, _owner);
    vm.expectRevert(abi.encodeWithSelector(IStakeVault.SignatureInvalid.selector, _operator));
    vm.prank(_other);
    vault.adopt(_operator, block.timestamp, consent);
    vm.expectRevert(abi.encodeWithSelector(IStakeVault.SignatureInvalid.selector, _operator));
    vm.prank(_operator);
    vault.adopt(_operator, block.timestamp, consent);
    assertEq(vault.ownerOf(_operator), _operator);
  }

  function test_adopt_afterTheDeadlineReverts() public {
    uint256 deadline = block.timestamp;
    bytes memory consent = _consent(OPERATOR_KEY, _owner);
    skip(1);
    vm.startPrank(_owner);
    vm.expectRevert(abi.encodeWithSelector(IStakeVault.ConsentOver.selector, deadline));
    vault.adopt(_operator, deadline, consent);
    // Nor is the deadline the caller's to say.
    vm.expectRevert(abi.encodeWithSelector(IStakeVault.SignatureInvalid.selector, _operator));
    vault.adopt(_operator, deadline + 1, consent);
    vm.stopPrank();
  }

  function test_adopt_consentIsGoodOnce() public {
    uint256 deadline = block.timestamp + 1 days;
    bytes memory consent = sign(OPERATOR_KEY, vault.consentDigest(_operator, _owner, deadline));
    vm.prank(_owner);
    vault.adopt(_operator, deadline, consent);
    _adopt(OWNER_KEY, _operator); // back to itself
    vm.expectRevert(abi.encodeWithSelector(IStakeVault.SignatureInvalid.selector, _operator));
    vm.prank(_owner);
    vault.adopt(_operator, deadline, consent);
  }

  /// @dev Another chain's consent, and another deployment's.
  function test_adopt_consentIsForOneVault() public {
    bytes memory consent = _consent(OPERATOR_KEY, _owner);
    vm.chainId(block.chainid + 1);
    vm.expectRevert(abi.encodeWithSelector(IStakeVault.SignatureInvalid.selector, _operator));
    vm.prank(_owner);
    vault.adopt(_operator, block.timestamp, consent);
    vm.chainId(block.chainid - 1);
    deployAround(token, registry, address(0));
    vm.expectRevert(abi.encodeWithSelector(IStakeVault.SignatureInvalid.selector, _operator));
    vm.prank(_owner);
    vault.adopt(_operator, block.timestamp, consent);
  }

  /// @dev The other owner takes it over with the first one's consent; then it is the first one that has nothing.
  function test_adopt_passesFromOwnerToOwner() public {
    _adopt(OPERATOR_KEY, _owner);
    bond(_operator, 100);
    _adopt(OWNER_KEY, _other);
    vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotOwner.selector, _operator, _owner));
    vm.prank(_owner);
    vault.queue(_operator, 100);
    vm.startPrank(_other);
    vault.queue(_operator, 100);
    skip(QUEUE_DELAY);
    assertEq(vault.withdraw(_operator), 100);
    vm.stopPrank();
    assertEq(token.balanceOf(_other), 100);
  }

  function test_adopt_ofAWalletThatIsAContract() public {
    Multisig wallet = new Multisig();
    fund(address(wallet), 100);
    _adopt(OPERATOR_KEY, address(wallet));
    vm.prank(address(wallet));
    vault.bond(_operator, 100);
    vm.expectRevert(abi.encodeWithSelector(IStakeVault.SignatureInvalid.selector, address(wallet)));
    vm.prank(_owner);
    vault.adopt(_operator, block.timestamp, "");
    wallet.sign(vault.consentDigest(_operator, _owner, block.timestamp));
    vm.prank(_owner);
    vault.adopt(_operator, block.timestamp, "");
    assertEq(vault.ownerOf(_operator), _owner);
  }

  // ---- what an account has goes with it

  function test_adopt_bringsStakePledgesAndCredits() public {
    start(2, 2);
    runRound();
    uint256 credit = vault.creditOf(_operator);
    assertGt(credit, 0);
    _adopt(OPERATOR_KEY, _owner);
    vm.prank(_owner);
    assertEq(vault.claim(_operator), credit);
    assertEq(token.balanceOf(_owner), credit);
    vm.expectRevert(IStakeVault.ZeroAmount.selector);
    vm.prank(_owner);
    vault.claim(_operator);
    // What is pledged stays, whoever owns it; the seat is the operator's, and goes on.
    vm.startPrank(_owner);
    vault.queue(_operator, STAKE);
    skip(QUEUE_DELAY);
    vm.expectRevert(abi.encodeWithSelector(IStakeVault.StakePledged.selector, _operator, STAKE));
    vault.withdraw(_operator);
    vm.stopPrank();
  }

  /// @dev Slashes of an owned account take its pledge, and what its owner queued in time.
  function test_slash_reachesWhatTheOwnerQueued() public {
    _adopt(OPERATOR_KEY, _owner);
    start(2, 2);
    vm.prank(_owner);
    vault.queue(_operator, STAKE);
    toSubmit();
    submit(validators[0]);
    submit(validators[1]);
    expire();
    advance();
    assertEq(vault.stakeOf(_operator).queued, STAKE - 10 ether);
    assertEq(vault.pledgeOf(task, _operator), STAKE - 10 ether);
  }

  function test_claim_ofAPlannersRefundAndAProversFee() public {
    bytes memory consent = sign(0xD100, vault.consentDigest(planner, _other, block.timestamp));
    vm.prank(_other);
    vault.adopt(planner, block.timestamp, consent);
    consent = sign(0xC100, vault.consentDigest(prover, _owner, block.timestamp));
    vm.prank(_owner);
    vault.adopt(prover, block.timestamp, consent);
    start(2, 2);
    runRound();
    assertEq(vault.creditOf(prover), 10 ether);
    vm.prank(_owner);
    assertEq(vault.claim(prover), 10 ether);
    post();
    uint256 pot = vault.potOf(task);
    vm.prank(planner);
    marketplace.cancel(task);
    vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotOwner.selector, planner, planner));
    vm.prank(planner);
    vault.claim(planner);
    vm.prank(_other);
    assertEq(vault.claim(planner), pot);
    assertEq(token.balanceOf(_other), pot);
  }

  /// @dev One owner, many operators: each account's money by itself, in one transaction.
  function test_multicall_claimsOfManyOperators() public {
    start(2, 2);
    runRound();
    bytes[] memory calls = new bytes[](2);
    uint256 sum;
    for (uint256 i; i < 2; ++i) {
      bytes memory consent = sign(TRAINER_KEY + i, vault.consentDigest(trainers[i], _owner, block.timestamp));
      vm.prank(_owner);
      vault.adopt(trainers[i], block.timestamp, consent);
      sum += vault.creditOf(trainers[i]);
      calls[i] = abi.encodeCall(vault.claim, (trainers[i]));
    }
    vm.prank(_owner);
    vault.multicall(calls);
    assertEq(token.balanceOf(_owner), sum);
  }

  // ---- mandates

  function test_mandate_boundsWhatIsPledged() public {
    _adopt(OPERATOR_KEY, _owner);
    bond(_operator, STAKE);
    post();
    assertEq(vault.mandateOf(task, _operator), 0);
    _refusesToJoin(0);
    vm.prank(_owner);
    vault.mandate(task, _operator, STAKE - 1);
    _refusesToJoin(STAKE - 1);
    vm.prank(_owner);
    vault.mandate(task, _operator, STAKE);
    join(_operator, Role.Trainer, STAKE);
    // Taken back, it ends no seat; and of another task it says nothing.
    vm.prank(_owner);
    vault.mandate(task, _operator, 0);
    assertEq(vault.pledgeOf(task, _operator), STAKE);
    post();
    bond(_operator, STAKE);
    _refusesToJoin(0);
  }

  /// @dev An account names a task of its own making while it is its own owner, or a confederate's; then a victim bonds it.
  function test_mandate_endsWithItsOwner() public {
    post();
    vm.prank(_operator);
    vault.mandate(task, _operator, STAKE);
    _adopt(OPERATOR_KEY, _other);
    vm.prank(_other);
    vault.mandate(task, _operator, STAKE);
    _adopt(OTHER_KEY, _owner);
    bond(_operator, STAKE);
    _refusesToJoin(0);
    // Its own owner again, it needs none.
    _adopt(OWNER_KEY, _operator);
    assertEq(vault.mandateOf(task, _operator), type(uint256).max);
    join(_operator, Role.Trainer, STAKE);
  }

  // ---- the operator's key is stolen

  /// @dev Every call of the vault, with everything that the key can sign.
  function test_theft_findsNoWayToStakeOrRewards() public {
    _adopt(OPERATOR_KEY, _owner);
    post();
    vm.prank(_owner);
    vault.mandate(task, _operator, STAKE);
    start(2, 2);
    runRound();
    bond(_operator, STAKE + 300);
    vm.prank(_owner);
    vault.queue(_operator, 100);
    skip(QUEUE_DELAY);
    uint256 credit = vault.creditOf(_operator);
    fund(_operator, 1);
    bytes memory refusal = abi.encodeWithSelector(IStakeVault.NotOwner.selector, _operator, _operator);
    vm.startPrank(_operator);
    vm.expectRevert(refusal);
    vault.claim(_operator);
    vm.expectRevert(refusal);
    vault.withdraw(_operator);
    vm.expectRevert(refusal);
    vault.queue(_operator, STAKE);
    vm.expectRevert(refusal);
    vault.requeue(_operator, 100);
    vm.expectRevert(refusal);
    vault.mandate(task, _operator, 1);
    // Not even bonding: what it gave would be the owner's.
    vm.expectRevert(refusal);
    vault.bond(_operator, 1);
    // Itself, or a confederate, as the new owner.
    bytes memory invalid = abi.encodeWithSelector(IStakeVault.SignatureInvalid.selector, _owner);
    bytes memory consent = _consent(OPERATOR_KEY, _operator);
    vm.expectRevert(invalid);
    vault.adopt(_operator, block.timestamp, consent);
    vm.stopPrank();
    consent = _consent(OPERATOR_KEY, _other);
    vm.expectRevert(invalid);
    vm.prank(_other);
    vault.adopt(_operator, block.timestamp, consent);
    // A task of its own making.
    post();
    _refusesToJoin(0);
    assertEq(vault.creditOf(_operator), credit);
    assertEq(vault.freeOf(_operator), STAKE + 200);
    vm.startPrank(_owner);
    assertEq(vault.claim(_operator), credit);
    assertEq(vault.withdraw(_operator), 100);
    vm.stopPrank();
    assertEq(token.balanceOf(_owner), credit + 100);
  }

  /// @dev Leaving a task frees the stake for its owner, not for who leaves.
  function test_theft_leavingFreesTheOwnersStake() public {
    _adopt(OPERATOR_KEY, _owner);
    post();
    vm.prank(_owner);
    vault.mandate(task, _operator, STAKE);
    join(_operator, Role.Trainer, STAKE);
    vm.startPrank(_operator);
    marketplace.withdrawApplication(task);
    vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotOwner.selector, _operator, _operator));
    vault.queue(_operator, STAKE);
    vm.stopPrank();
    assertEq(vault.freeOf(_operator), STAKE);
    vm.startPrank(_owner);
    vault.queue(_operator, STAKE);
    skip(QUEUE_DELAY);
    vault.withdraw(_operator);
    vm.stopPrank();
    assertEq(token.balanceOf(_owner), STAKE);
  }

  /// @dev The thief posts a task in which absence costs everything, and who reports it gets half. Accounts of its own fill
  /// the other seats. Against an account that is its own owner this works, and so it would against stake that is free
  /// to any task.
  function test_theft_selfReportingInATaskOfItsOwn() public {
    bond(_operator, STAKE);
    uint256 taken = _selfReport();
    assertEq(taken, STAKE / 2);

    _adopt(OPERATOR_KEY, _owner);
    bond(_operator, STAKE);
    uint256 before = vault.stakeOf(_operator).bonded;
    _postTrap();
    _refusesToJoin(0);
    assertEq(vault.stakeOf(_operator).bonded, before);
  }

  /// @dev A dispute takes what is pledged to its task; the reporter that it names gets its part of that, as of anyone's.
  function test_theft_byADisputeTakesThePledgeAlone() public {
    _adopt(OPERATOR_KEY, _owner);
    start(2, 2);
    bond(_operator, STAKE);
    Accusation memory a = Accusation(task, 1, _operator, 1, keccak256("evidence"), _other);
    (address[] memory signers, bytes[] memory signatures) = (new address[](2), new bytes[](2));
    (uint256 low, uint256 high) =
      validators[0] < validators[1] ? (VALIDATOR_KEY, VALIDATOR_KEY + 1) : (VALIDATOR_KEY + 1, VALIDATOR_KEY);
    bytes32 digest = disputes.accusationDigest(a);
    (signers[0], signers[1]) = (vm.addr(low), vm.addr(high));
    (signatures[0], signatures[1]) = (sign(low, digest), sign(high, digest));
    bytes32 id = disputes.file(a, signers, signatures);
    skip(3 days);
    disputes.execute(id);
    uint256 cost = defaultEconomics().dispute;
    assertEq(vault.creditOf(_other), cost / 10);
    assertEq(vault.stakeOf(_operator).bonded, 2 * STAKE - cost);
    assertEq(vault.freeOf(_operator), STAKE);
    // The owner gets the rest out, the seat's too, once it is free.
    skip(3 days);
    marketplace.release(task, _operator);
    vm.startPrank(_owner);
    vault.queue(_operator, 2 * STAKE - cost);
    skip(QUEUE_DELAY);
    assertEq(vault.withdraw(_operator), 2 * STAKE - cost);
    vm.stopPrank();
  }

  // ---- inside

  function join(address account, Role role, uint128 stake) internal override {
    address owner = vault.ownerOf(account);
    if (owner != account) {
      vm.prank(owner);
      vault.mandate(task, account, stake);
    }
    super.join(account, role, stake);
  }

  /// @param key of who owns the operator now.
  function _consent(uint256 key, address owner) private view returns (bytes memory) {
    return sign(key, vault.consentDigest(_operator, owner, block.timestamp));
  }

  function _adopt(uint256 key, address owner) private {
    bytes memory consent = _consent(key, owner);
    vm.prank(owner);
    vault.adopt(_operator, block.timestamp, consent);
    assertEq(vault.ownerOf(_operator), owner);
  }

  function _refusesToJoin(uint256 most) private {
    vm.expectRevert(
      abi.encodeWithSelector(IStakeVault.MandateTooSmall.selector, task, _operator, most, STAKE)
    );
    vm.prank(_operator);
    marketplace.join(task, Role.Trainer, 1, STAKE, terms, new bytes32[](0), 0);
  }

  function _postTrap() private {
    Economics memory e = defaultEconomics();
    Rules memory r = defaultRules();
    (e.minStake, e.noShow, r.reporterBps) = (1, STAKE, 5000);
    e.stakeFloor = 1;
    TaskParameters memory p = defaultParameters();
    Deadlines memory d = defaultDeadlines();
    post(p, e, r, d);
  }

  /// @dev What the thief's reporter gets.
  function _selfReport() private returns (uint256) {
    _postTrap();
    vm.prank(_operator);
    marketplace.join(task, Role.Trainer, 1, STAKE, terms, new bytes32[](0), 0);
    for (uint256 i = 1; i < 3; ++i) {
      join(trainerAt(i), Role.Trainer, 1);
      join(validatorAt(i), Role.Validator, 1);
    }
    skip(1 hours + 1);
    marketplace.advance(task);
    for (uint256 i = 1; i < 3; ++i) {
      register(TRAINER_KEY + i, true, 1);
      register(VALIDATOR_KEY + i, false, 1);
    }
    skip(1 hours + 1);
    vm.prank(stranger);
    marketplace.advance(task);
    assertEq(uint256(marketplace.stateOf(task).status), uint256(TaskStatus.Keying));
    return vault.creditOf(stranger);
  }
}
