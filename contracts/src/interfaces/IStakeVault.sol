// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title All the money: stake, the tasks' pots, and what is owed
/// @notice One ERC-20. Its balance is the sum of bonded and queued stake, pots, credits and what is burnt. An account's
/// pledges never exceed its bonded and queued stake, and only bonded stake that nothing else counts on can be
/// pledged, so no stake is pledged twice. Stake leaves through a queue; what is queued can still be slashed.
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
  error ZeroAmount();
  error TransferInexact(uint256 expected, uint256 received);
  error StakeTooSmall(address account, uint256 free, uint256 needed);
  error QueueNotDue(uint256 withdrawableAt);
  error StakePledged(address account, uint256 pledged);
  error PotTooSmall(uint256 task, uint256 held, uint256 needed);

  // ---- anyone, for itself

  /// @notice Bonds `amount` of the token, which must have been approved. Fee-on-transfer tokens are refused.
  function bond(uint256 amount) external;

  /// @notice Puts `amount` of the bonded stake in the queue. The whole queue starts to wait anew. Stake that is
  /// pledged may be queued: it leaves when its wait *and* its pledges are over.
  function queue(uint256 amount) external;

  /// @notice Takes `amount` back from the queue.
  function requeue(uint256 amount) external;

  /// @notice Pays out what is queued, after the wait, as far as no pledge still counts on it.
  function withdraw() external returns (uint256 amount);

  /// @notice Pays out what is credited: rewards, fees, refunds, reporter's shares.
  function claim() external returns (uint256 amount);

  // ---- the other contracts

  /// @notice Takes a task's money from `from`, which approved the vault. (Marketplace)
  function fund(uint256 task, address from, uint256 amount) external;

  /// @notice Pledges bonded stake to a task. Reverts with `StakeTooSmall`. (Marketplace)
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
