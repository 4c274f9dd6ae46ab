// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { Multicall } from "@openzeppelin/contracts/utils/Multicall.sol";
import { ReentrancyGuardTransient } from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import { IStakeVault } from "./interfaces/IStakeVault.sol";
import { Signatures } from "./libraries/Signatures.sol";
import { System, Wired } from "./Wired.sol";

/// @title All the money: stake, the tasks' pots, and what is owed
/// @notice The only contract that touches the token. Everything else moves numbers in its books, whose sum is the
/// balance: `bonded + queued + credits + pots + burnt`. Tokens sent here without a call belong to nobody.
/// @dev An account's stake is two slots, with `bonded + queued >= pledged` always:
///
///     | queued 128 | bonded 128 |   | withdrawable at 64 | pledged to tasks 128 |
contract StakeVault is IStakeVault, Wired, EIP712, Multicall, ReentrancyGuardTransient {
  using SafeERC20 for IERC20;
  using SafeCast for uint256;

  uint256 private constant BASIS_POINTS = 10_000;

  bytes32 private constant CONSENT =
    keccak256("Consent(address account,address owner,uint256 nonce,uint256 deadline)");

  /// @inheritdoc IStakeVault
  IERC20 public immutable token;
  /// @inheritdoc IStakeVault
  uint256 public immutable delay;
  /// @inheritdoc IStakeVault
  uint256 public burnt;
  /// @inheritdoc IStakeVault
  mapping(address account => uint256) public nonceOf;

  /// @dev Zero for an account that never consented to another owner.
  mapping(address account => address) private _owners;
  /// @dev By owner, so that none outlives it: an account could name a task of its own making, and then be adopted.
  mapping(address owner => mapping(address account => mapping(uint256 task => uint256))) private _mandates;
  mapping(address account => Stake) private _stakes;
  mapping(uint256 task => mapping(address account => uint256)) private _pledges;
  mapping(uint256 task => uint256) private _pots;
  mapping(address account => uint256) private _credits;

  /// @param token_ plain ERC-20: no fee on transfer, no rebasing.
  /// @param delay_ wait of the queue, in seconds; the longest appeal window that a task may have.
  constructor(IERC20 token_, uint256 delay_, System memory system_)
    Wired(system_)
    EIP712("Murmuration StakeVault", "1")
  {
    token = token_;
    delay = delay_;
  }

  // ---- an owner

  /// @inheritdoc IStakeVault
  function adopt(address account, uint256 deadline, bytes calldata signature) external {
    // forge-lint: disable-next-line(block-timestamp)
    require(block.timestamp <= deadline, ConsentOver(deadline));
    address previous = ownerOf(account);
    bytes32 digest = consentDigest(account, msg.sender, deadline);
    ++nonceOf[account];
    _owners[account] = msg.sender;
    emit OwnerChanged(account, previous, msg.sender);
    require(Signatures.isValid(previous, digest, signature), SignatureInvalid(previous));
  }

  /// @inheritdoc IStakeVault
  function mandate(uint256 task, address account, uint256 amount) external {
    _onlyOwner(account);
    _mandates[msg.sender][account][task] = amount;
    emit Mandated(task, account, msg.sender, amount);
  }

  /// @inheritdoc IStakeVault
  function bond(address account, uint256 amount) external nonReentrant {
    _onlyOwner(account);
    require(amount > 0, ZeroAmount());
    _stakes[account].bonded += amount.toUint128();
    emit Bonded(account, amount);
    _pull(msg.sender, amount);
  }

  /// @inheritdoc IStakeVault
  function queue(address account, uint256 amount) external nonReentrant {
    _onlyOwner(account);
    Stake storage stake = _stakes[account];
    require(amount > 0, ZeroAmount());
    require(stake.bonded >= amount, StakeTooSmall(account, stake.bonded, amount));
    uint64 due = (block.timestamp + delay).toUint64();
    stake.bonded -= amount.toUint128();
    stake.queued += amount.toUint128();
    stake.withdrawableAt = due;
    emit Queued(account, amount, due);
  }

  /// @inheritdoc IStakeVault
  function requeue(address account, uint256 amount) external nonReentrant {
    _onlyOwner(account);
    Stake storage stake = _stakes[account];
    require(amount > 0, ZeroAmount());
    require(stake.queued >= amount, StakeTooSmall(account, stake.queued, amount));
    stake.queued -= amount.toUint128();
    stake.bonded += amount.toUint128();
    emit Requeued(account, amount);
  }

  /// @inheritdoc IStakeVault
  function withdraw(address account) external nonReentrant returns (uint256 amount) {
    _onlyOwner(account);
    Stake storage stake = _stakes[account];
    require(stake.queued > 0, ZeroAmount());
    // forge-lint: disable-next-line(block-timestamp)
    require(block.timestamp >= stake.withdrawableAt, QueueNotDue(stake.withdrawableAt));
    uint256 spare = uint256(stake.bonded) + stake.queued - stake.pledged;
    require(spare > 0, StakePledged(account, stake.pledged));
    amount = spare < stake.queued ? spare : stake.queued;
    stake.queued -= amount.toUint128();
    emit Withdrawn(account, amount);
    token.safeTransfer(msg.sender, amount);
  }

  /// @inheritdoc IStakeVault
  function claim(address account) external nonReentrant returns (uint256 amount) {
    _onlyOwner(account);
    amount = _credits[account];
    require(amount > 0, ZeroAmount());
    _credits[account] = 0;
    emit Claimed(account, amount);
    token.safeTransfer(msg.sender, amount);
  }

  // ---- the other contracts

  /// @inheritdoc IStakeVault
  function fund(uint256 task, address from, uint256 amount) external nonReentrant {
    _only(address(MARKETPLACE));
    _pots[task] += amount;
    emit Funded(task, from, amount);
    _pull(from, amount);
  }

  /// @inheritdoc IStakeVault
  function pledge(uint256 task, address account, uint256 amount) external {
    _only(address(MARKETPLACE));
    uint256 free = freeOf(account);
    require(free >= amount, StakeTooSmall(account, free, amount));
    uint256 most = mandateOf(task, account);
    require(most >= amount, MandateTooSmall(task, account, most, amount));
    _stakes[account].pledged += amount.toUint128();
    _pledges[task][account] += amount;
    emit Pledged(task, account, amount);
  }

  /// @inheritdoc IStakeVault
  function release(uint256 task, address account, uint256 held) external returns (uint256 amount) {
    _only(address(MARKETPLACE));
    amount = _pledges[task][account];
    uint256 burns = held < amount ? held : amount;
    if (burns > 0) {
      amount -= burns;
      _take(account, burns);
      burnt += burns;
      emit HeldBurnt(task, account, burns);
    }
    _pledges[task][account] = 0;
    _stakes[account].pledged -= amount.toUint128();
    emit Released(task, account, amount);
  }

  /// @inheritdoc IStakeVault
  function slash(uint256 task, address account, uint256 amount, address reporter, uint256 reporterBps)
    external
    returns (uint256 taken, uint256 left)
  {
    require(msg.sender == address(ROUNDS) || msg.sender == address(MARKETPLACE), NotAllowed(msg.sender));
    left = _pledges[task][account];
    taken = amount < left ? amount : left;
    if (taken == 0) return (0, left);
    left -= taken;
    _pledges[task][account] = left;
    _take(account, taken);
    uint256 toReporter = taken * reporterBps / BASIS_POINTS;
    _credits[reporter] += toReporter;
    burnt += taken - toReporter;
    emit Slashed(task, account, taken, reporter, toReporter);
  }

  /// @inheritdoc IStakeVault
  function slashFree(uint256 task, address account, uint256 amount) external {
    _only(address(ROUNDS));
    uint256 free = freeOf(account);
    require(free >= amount, StakeTooSmall(account, free, amount));
    _stakes[account].bonded -= amount.toUint128();
    burnt += amount;
    emit Slashed(task, account, amount, address(0), 0);
  }

  /// @inheritdoc IStakeVault
  function pay(uint256 task, address account, uint256 amount) external {
    require(_pays(msg.sender), NotAllowed(msg.sender));
    uint256 held = _pots[task];
    require(held >= amount, PotTooSmall(task, held, amount));
    _pots[task] = held - amount;
    _credits[account] += amount;
    emit Credited(task, account, amount);
  }

  // ---- views

  /// @inheritdoc IStakeVault
  function stakeOf(address account) external view returns (Stake memory) {
    return _stakes[account];
  }

  /// @inheritdoc IStakeVault
  function pledgeOf(uint256 task, address account) external view returns (uint256) {
    return _pledges[task][account];
  }

  /// @inheritdoc IStakeVault
  function potOf(uint256 task) external view returns (uint256) {
    return _pots[task];
  }

  /// @inheritdoc IStakeVault
  function creditOf(address account) external view returns (uint256) {
    return _credits[account];
  }

  /// @inheritdoc IStakeVault
  function freeOf(address account) public view returns (uint256) {
    Stake storage stake = _stakes[account];
    return stake.bonded > stake.pledged ? stake.bonded - stake.pledged : 0;
  }

  /// @inheritdoc IStakeVault
  function ownerOf(address account) public view returns (address owner) {
    owner = _owners[account];
    if (owner == address(0)) owner = account;
  }

  /// @inheritdoc IStakeVault
  function consentDigest(address account, address owner, uint256 deadline) public view returns (bytes32) {
    return _hashTypedDataV4(keccak256(abi.encode(CONSENT, account, owner, nonceOf[account], deadline)));
  }

  /// @inheritdoc IStakeVault
  function mandateOf(uint256 task, address account) public view returns (uint256) {
    address owner = ownerOf(account);
    return owner == account ? type(uint256).max : _mandates[owner][account][task];
  }

  /// @dev Takes pledged stake. It is backed by bonded and queued stake together, so the queue pays what the bond cannot.
  function _take(address account, uint256 amount) private {
    Stake storage stake = _stakes[account];
    stake.pledged -= amount.toUint128();
    uint256 fromBond = amount < stake.bonded ? amount : stake.bonded;
    stake.bonded -= fromBond.toUint128();
    if (fromBond < amount) stake.queued -= (amount - fromBond).toUint128();
  }

  /// @dev Last effect of a call: the token may call back, and finds the guard and settled books.
  function _pull(address from, uint256 amount) private {
    uint256 before = token.balanceOf(address(this));
    token.safeTransferFrom(from, address(this), amount);
    uint256 received = token.balanceOf(address(this)) - before;
    require(received == amount, TransferInexact(amount, received));
  }

  function _pays(address caller) private view returns (bool) {
    return caller == address(ROUNDS) || caller == address(VALIDATION) || caller == address(SETTLEMENT)
      || caller == address(MARKETPLACE);
  }

  function _onlyOwner(address account) private view {
    require(msg.sender == ownerOf(account), NotOwner(account, msg.sender));
  }

  function _only(address caller) private view {
    require(msg.sender == caller, NotAllowed(msg.sender));
  }
}
