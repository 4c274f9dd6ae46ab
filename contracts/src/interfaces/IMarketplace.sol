// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Deadlines, Economics, Role, Rules, TaskParameters, TaskStatus, Terms } from "./Types.sol";

/// @title Tasks: posting, joining, the draw of the committee, keys, start and end
/// @notice A task's parameters and policy never change once it is posted.
interface IMarketplace {
  /// @notice An account's seat, or its application for one.
  /// @param weight of its updates in the sum.
  /// @param revealed whether its secret for the draw is out.
  /// @param removed whether it lost its place before the start.
  /// @param openDisputes that hold its stake.
  /// @param releasableAt set when it was ejected: its stake is held until then at least.
  /// @param entropy commitment to its secret for the draw.
  struct Applicant {
    Role role;
    uint16 weight;
    bool revealed;
    bool removed;
    uint16 openDisputes;
    uint64 releasableAt;
    bytes32 entropy;
  }

  /// @notice Where a task stands.
  /// @param deadline of the current stage (join, draw, keying); the time of the end once ended or cancelled.
  /// @param epoch of the key, from 1; 0 before the keying.
  /// @param openDisputes of all members.
  /// @param terms `keccak256(abi.encode(parameters, economics, rules, deadlines))` as posted: what members agree to.
  /// @param appliedWeight of all trainers that applied.
  /// @param entropy the draw's seed so far.
  /// @param collectiveKey digest that the trainers confirmed; zero before the start.
  struct TaskState {
    address planner;
    TaskStatus status;
    uint64 deadline;
    uint8 epoch;
    uint16 openDisputes;
    uint16 appliedWeight;
    bytes32 entropy;
    bytes32 collectiveKey;
    bytes32 terms;
  }

  event TaskPosted(
    uint256 indexed task,
    address indexed planner,
    TaskParameters parameters,
    Economics economics,
    Rules rules,
    Deadlines deadlines,
    uint256 bounty
  );
  event TaskToppedUp(uint256 indexed task, address indexed from, uint256 amount, uint256 roundReward);
  event Joined(
    uint256 indexed task, address indexed account, Role role, uint256 weight, uint256 stake, bytes32 entropy
  );
  /// @notice Removed before the start.
  event Left(uint256 indexed task, address indexed account);
  event StageEntered(uint256 indexed task, TaskStatus status, uint256 deadline, uint256 epoch);
  event EntropySealed(uint256 indexed task, bytes32 entropy);
  event SecretRevealed(uint256 indexed task, address indexed account, bytes32 secret);
  event CommitteeSet(uint256 indexed task, uint256 indexed epoch, address[] trainers, address[] validators);
  event TaskStarted(uint256 indexed task, uint256 indexed epoch, bytes32 collectiveKey);
  event TaskCancelled(uint256 indexed task, uint256 refund);
  event TaskEnded(uint256 indexed task, uint256 refund);

  error TaskUnknown(uint256 task);
  error NotAllowed(address caller);
  error ParameterOutOfRange(bytes32 name, uint256 value, uint256 min, uint256 max);
  error WrongStatus(uint256 task, TaskStatus status);
  error StageOver(uint256 task, uint256 deadline);
  error StageNotOver(uint256 task, uint256 deadline);
  /// @notice The task of this number is another one than the sender agreed to.
  error TermsDiffer(uint256 task, bytes32 stated, bytes32 kept);
  error AlreadyJoined(uint256 task, address account);
  error NotMember(uint256 task, address account);
  error NotOnList(uint256 task, address account, uint256 weight, Role role);
  error RoleInvalid(Role role);
  error WeightTooLarge(uint256 total, uint256 max);
  error ApplicationsFull(uint256 task, Role role, uint256 max);
  error StakeBelowMinimum(uint256 stake, uint256 min);
  error SecretMismatch(address account);
  error AlreadyRevealed(address account);
  error StakeHeld(uint256 task, address account, uint256 until);

  // ---- planner

  /// @notice Posts a task and locks `escrow(...)` of the vault's token, which must be approved to the vault.
  /// @return task its number, from 1.
  function post(
    TaskParameters calldata parameters,
    Economics calldata economics,
    Rules calldata rules,
    Deadlines calldata deadlines
  ) external returns (uint256 task);

  /// @notice Adds `amount` per round to the reward, while members join. (Planner: the pot is its own to cancel.)
  function topUp(uint256 task, uint128 amount) external;

  /// @notice Gives up a task while members join: not later, or a planner could cancel until it likes the draw. The
  /// bounty is credited to the planner, the members' stake is free at once. A task that does not find or keep enough
  /// members before its start is cancelled by `advance`.
  function cancel(uint256 task) external;

  // ---- members

  /// @notice Applies for a seat, pledging `stake`.
  /// @param weight 1 if the task is open, else as on the list.
  /// @param terms that the sender agrees to (`TaskState`): a task's number alone could be another task's after a
  /// reorganisation.
  /// @param proof Merkle proof of `(sender, weight, role)`; empty if the task is open.
  /// @param entropy `keccak256(abi.encode(secret, sender))`: the secret is asked for only if seats must be drawn.
  function join(
    uint256 task,
    Role role,
    uint16 weight,
    uint128 stake,
    bytes32 terms,
    bytes32[] calldata proof,
    bytes32 entropy
  ) external;

  /// @notice Withdraws an application in the first three quarters of the time to join: a place that is left later
  /// would stay empty. Reverts `StageOver` afterwards.
  function withdrawApplication(uint256 task) external;

  /// @notice Reveals the secret for the draw. Who does not, is out of the draw and slashed as a no-show.
  function revealSecret(uint256 task, bytes32 secret) external;

  // ---- anyone

  /// @notice Pushes a task on, before its start, when the deadline is over or the stage is complete: from joining to
  /// the draw, or to keying if there are seats for all (which the planner may do before the deadline); from the draw
  /// to keying; from keying to the rounds, to another epoch, or to cancelling. The sender gets the reporter's share of
  /// what is slashed on the way.
  function advance(uint256 task) external;

  /// @notice When a member's stake may be released; the largest number while that is open. A validator's is held while any
  /// dispute of the task is open.
  function heldUntil(uint256 task, address account) external view returns (uint256);

  /// @notice Frees a member's stake: at once if the task was cancelled or the member removed before the start; after
  /// the appeal window, and when no dispute is open, if it ended or the member was ejected. What strikes hold of it then
  /// (`ISettlement.heldOf`) is burnt.
  function release(uint256 task, address account) external;

  // ---- the other contracts

  /// @notice Ends a running task: what its pot holds goes back to the planner. (Rounds)
  function end(uint256 task) external;

  /// @notice Starts the appeal window of an ejected member. (Rounds)
  function markEjected(uint256 task, address account) external;

  /// @notice Holds or frees a member's stake for a dispute. (Disputes)
  function holdForDispute(uint256 task, address account, bool hold) external;

  // ---- views

  function taskCount() external view returns (uint256);

  function stateOf(uint256 task) external view returns (TaskState memory);

  function parametersOf(uint256 task) external view returns (TaskParameters memory);

  function economicsOf(uint256 task) external view returns (Economics memory);

  function rulesOf(uint256 task) external view returns (Rules memory);

  function deadlinesOf(uint256 task) external view returns (Deadlines memory);

  /// @notice What the rounds need of all these: their terms, digest of the first model, scale of the first round.
  function termsOf(uint256 task) external view returns (Terms memory terms, bytes32 model, uint64 scale);

  function applicantOf(uint256 task, address account) external view returns (Applicant memory);

  /// @notice Applicants while a task is open, the committee from `Keying` on, in the order of their seats.
  function membersOf(uint256 task)
    external
    view
    returns (address[] memory trainers, address[] memory validators);

  /// @notice Money that a task locks: every round's reward and fees.
  function escrow(TaskParameters calldata parameters, Economics calldata economics)
    external
    pure
    returns (uint256);
}
