// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title All the money: stake, the tasks' pots, and what is owed
/// @notice One ERC-20. Its balance is the sum of bonded and queued stake, pots, credits and what is burnt. An account's
/// pledges never exceed its bonded and queued stake, and only bonded stake that nothing else counts on can be
/// pledged, so no stake is pledged twice. Stake leaves through a queue; what is queued can still be slashed.
/// An account acts, and its owner has its money: the owner alone bonds, queues, withdraws and claims, tokens go to it, and
/// only to tasks that it names can the account pledge. An account is its own owner until it consents to another. What is
/// here for the account goes with it when its owner changes: stake, pledges, credits. `multicall` makes several calls one.
interface IStakeVault {
  /// @param bonded stake that works, or can.
  /// @param queued stake on its way out.
  /// @param pledged to tasks, in all.
  /// @param withdrawableAt when the queued stake may leave.
  struct Stake {
    uint128 bonded;
    uint128 queued;
    uint128 pledged;
    uint64 withdrawableAt;
  }

  event OwnerChanged(address indexed account, address indexed previous, address indexed owner);
  event Mandated(uint256 indexed task, address indexed account, address indexed owner, uint256 amount);
  event Bonded(address indexed account, uint256 amount);
  event Queued(address indexed account, uint256 amount, uint256 withdrawableAt);
  event Requeued(address indexed account, uint256 amount);
  event Withdrawn(address indexed account, uint256 amount);
  event Pledged(uint256 indexed task, address indexed account, uint256 amount);
  event Released(uint256 indexed task, address indexed account, uint256 amount);
  /// @notice What was held of a pledge when it ended.
  event HeldBurnt(uint256 indexed task, address indexed account, uint256 amount);
  /// @param toReporter part of `amount` credited to `reporter`; the rest is burnt.
  event Slashed(
    uint256 indexed task,
    address indexed account,
    uint256 amount,
    address indexed reporter,
    uint256 toReporter
  );
  event Funded(uint256 indexed task, address indexed from, uint256 amount);
  event Credited(uint256 indexed task, address indexed account, uint256 amount);
  event Claimed(address indexed account, uint256 amount);

  error NotAllowed(address caller);
  error NotOwner(address account, address caller);
  error ConsentOver(uint256 deadline);
  error SignatureInvalid(address signer);
  error MandateTooSmall(uint256 task, address account, uint256 mandate, uint256 needed);
  error ZeroAmount();
  error TransferInexact(uint256 expected, uint256 received);
  error StakeTooSmall(address account, uint256 free, uint256 needed);
  error QueueNotDue(uint256 withdrawableAt);
  error StakePledged(address account, uint256 pledged);
  error PotTooSmall(uint256 task, uint256 held, uint256 needed);

  // ---- an owner

  /// @notice The caller becomes the account's owner, with a `Consent` (EIP-712) that names it, signed by who owned the
  /// account until now: first of all by the account itself. The owner before takes itself out of it for good.
  function adopt(address account, uint256 deadline, bytes calldata signature) external;

  /// @notice Lets the account pledge up to `amount` of its stake to a task; 0 takes that back, but for what is pledged.
  /// Without it whoever has the account's key pledges all that is free to a task of its own making, misses each duty,
  /// and reports itself. An account that is its own owner needs none.
  function mandate(uint256 task, address account, uint256 amount) external;

  /// @notice Bonds `amount` of the owner's tokens, which must have been approved. Fee-on-transfer tokens are refused.
  function bond(address account, uint256 amount) external;

  /// @notice Puts `amount` of the bonded stake in the queue. The whole queue starts to wait anew. Stake that is
  /// pledged may be queued: it leaves when its wait *and* its pledges are over.
  function queue(address account, uint256 amount) external;

  /// @notice Takes `amount` back from the queue.
  function requeue(address account, uint256 amount) external;

  /// @notice Pays out to the owner what is queued, after the wait, as far as no pledge still counts on it.
  function withdraw(address account) external returns (uint256 amount);

  /// @notice Pays out to the owner what is credited: rewards, fees, refunds, reporter's shares.
  function claim(address account) external returns (uint256 amount);

  // ---- the other contracts

  /// @notice Takes a task's money from `from`, which approved the vault. (Marketplace)
  function fund(uint256 task, address from, uint256 amount) external;

  /// @notice Pledges bonded stake to a task. Reverts with `StakeTooSmall` or `MandateTooSmall`. (Marketplace)
  function pledge(uint256 task, address account, uint256 amount) external;

  /// @notice Ends what is left of an account's pledge to a task. Of it, up to `held` is burnt. (Marketplace)
  /// @return amount that is free again.
  function release(uint256 task, address account, uint256 held) external returns (uint256 amount);

  /// @notice Slashes up to `amount` of what `account` pledged to `task`: bonded stake first, then queued. What no reporter
  /// gets is burnt.
  /// @param reporterBps part for `reporter`, in basis points, rounded down.
  /// @return taken what was slashed: `amount`, or all that the pledge held.
  /// @return left of the pledge.
  function slash(uint256 task, address account, uint256 amount, address reporter, uint256 reporterBps)
    external
    returns (uint256 taken, uint256 left);

  /// @notice Burns `amount` of stake that no task counts on. (Rounds)
  function slashFree(uint256 task, address account, uint256 amount) external;

  /// @notice Credits `amount` of a task's pot to `account`.
  function pay(uint256 task, address account, uint256 amount) external;

  // ---- views

  function token() external view returns (IERC20);

  /// @notice Wait of the queue, in seconds.
  function delay() external view returns (uint256);

  /// @notice Itself, unless it consented to another.
  function ownerOf(address account) external view returns (address);

  /// @notice How often the account's owner changed: a consent is good for one change.
  function nonceOf(address account) external view returns (uint256);

  /// @notice What the present owner signs (EIP-712) so that `owner` can adopt the account next.
  function consentDigest(address account, address owner, uint256 deadline) external view returns (bytes32);

  /// @notice Up to how much the account may have pledged to a task: its owner's mandate; all, if it is its own owner.
  function mandateOf(uint256 task, address account) external view returns (uint256);

  function stakeOf(address account) external view returns (Stake memory);

  /// @notice Bonded stake that can be pledged: bonded less pledged, or 0.
  function freeOf(address account) external view returns (uint256);

  function pledgeOf(uint256 task, address account) external view returns (uint256);

  function potOf(uint256 task) external view returns (uint256);

  /// @notice All that was slashed and went to no reporter: it stays here, and nobody can move it. A penalty that anyone got
  /// would be worth causing.
  function burnt() external view returns (uint256);

  function creditOf(address account) external view returns (uint256);
}
