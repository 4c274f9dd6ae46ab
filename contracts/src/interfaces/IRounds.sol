// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Bn254 } from "../libraries/Bn254.sol";
import { Chunk, Fault, Outcome, Phase, Role, Standing, SumChunk } from "./Types.sol";

/// @title Rounds: support, submissions, sums, and the state machine that anyone may push on
/// @notice This is the contract that every challenge binds (docs/encodings.md). Every call names its round, so that a
/// late one reverts instead of failing, and being slashed, in the next. What else a call's author may have worked on is
/// its `basis` (docs/encodings.md): the author states it, and if the chain holds another (a reorganisation, another
/// task of that number) the call reverts, and nobody is judged by what it did not see.
///
/// Malformed is only what says nothing: a wrong number of chunks, a wrong phase or round, a stranger. Everything in a
/// proof, a point or a scalar that is not canonical, not on the curve or not true is a failed proof: recorded,
/// slashed, rejected, without a revert.
///
/// A round has a sum of the updates and, for each group of validators, a sum of its probes: *sum 0* and *sum 1 + g*. Which
/// sums are meant is a mask, bit `s` for sum `s`.
interface IRounds {
  /// @notice A member's seat. One storage slot.
  /// @param sum that its submissions enter: 0 of a trainer, 1 + its group of a validator.
  /// @param index in the task's list of its role.
  /// @param proposedIn, submittedIn, inspectedIn last round of each.
  /// @param excusedIn last round in which it could not act for a while, being suspended: no duty missed is held
  /// against it.
  /// @param accepted whether the submission of `submittedIn` was, and was not excluded since.
  struct Seat {
    Role role;
    Standing standing;
    bool accepted;
    uint8 sum;
    uint16 weight;
    uint16 index;
    uint32 proposedIn;
    uint32 submittedIn;
    uint32 inspectedIn;
    uint32 excusedIn;
  }

  /// @notice Where a task stands. Two storage slots, the first without `scale`.
  /// @param number of the round, from 1. A number is never used twice.
  /// @param concluded rounds that count, of `rounds`.
  /// @param leader index of the trainer that proposes the support, with `Selector.Leader`.
  /// @param weight W, of the accepted updates.
  /// @param groups G, of the task's validators, by the last draw.
  /// @param regroup whether a validator's seat ended since: the next round draws anew.
  /// @param sumsBegun mask of the sums with an accepted submission.
  /// @param sumsDue mask of those with two or more, which are to be opened. One submission alone is its author's.
  /// @param sumsProven mask of those that were. The groups among them are those that count in the round.
  /// @param verdict of the vote.
  /// @param scale of the round's coordinates, in units of 2^-48.
  struct Stage {
    uint32 number;
    Phase phase;
    uint64 deadline;
    uint16 concluded;
    uint16 weight;
    uint8 leader;
    uint8 proposals;
    uint8 acceptedUpdates;
    uint8 acceptedProbes;
    uint8 groups;
    bool regroup;
    uint8 sumsBegun;
    uint8 sumsDue;
    uint8 sumsProven;
    Outcome verdict;
    uint64 scale;
  }

  /// @notice A round as the lineage keeps it.
  /// @param basis hash of all that a call of the round rests on, proposals and proven sums as they come
  /// (docs/encodings.md, "Basis").
  /// @param model digest of the model after the round.
  struct Lineage {
    Outcome outcome;
    uint16 weight;
    uint64 scale;
    bytes32 basis;
    bytes32 model;
  }

  event RoundOpened(
    uint256 indexed task, uint256 indexed round, bytes32 model, uint256 scale, address leader
  );
  /// @notice The validators in a random order: the one at place k is in group k mod G.
  event GroupsDrawn(uint256 indexed task, uint256 indexed round, uint256 groups, address[] order);
  event PhaseEntered(uint256 indexed task, uint256 indexed round, Phase phase, uint256 deadline);
  event SupportProposed(
    uint256 indexed task, uint256 indexed round, address indexed proposer, bytes32 digest
  );
  /// @notice An accepted update or probe; one element a chunk.
  event Submitted(
    uint256 indexed task,
    uint256 indexed round,
    address indexed sender,
    uint256 sum,
    uint256 weight,
    Bn254.G1[] commitments,
    uint256[] h,
    bytes32[] digests
  );
  /// @notice A validator has looked at the content of all submissions, and excludes no further one.
  event Inspected(uint256 indexed task, uint256 indexed round, address indexed validator);
  /// @notice A submission was taken out of its sum.
  event Excluded(uint256 indexed task, uint256 indexed round, address indexed account, uint256 sum);
  /// @notice An update was drawn to stay out of the round's sum: nothing is held against its author.
  event LeftOut(uint256 indexed task, uint256 indexed round, address indexed account);
  /// @notice An update or probe whose proof failed.
  event SubmissionRejected(uint256 indexed task, uint256 indexed round, address indexed sender, uint256 sum);
  event SumProven(
    uint256 indexed task,
    uint256 indexed round,
    address indexed prover,
    uint256 sum,
    bytes32[] digests,
    uint256[] h
  );
  event SumRejected(uint256 indexed task, uint256 indexed round, address indexed prover, uint256 sum);
  event Penalised(
    uint256 indexed task, uint256 indexed round, address indexed account, Fault fault, uint256 amount
  );
  event StandingChanged(uint256 indexed task, address indexed account, Standing standing);
  event RoundClosed(
    uint256 indexed task, uint256 indexed round, Outcome outcome, bytes32 model, uint256 scale
  );

  error NotAllowed(address caller);
  error WrongRound(uint256 task, uint256 round, uint256 current);
  error WrongPhase(uint256 task, Phase phase);
  error PhaseOver(uint256 task, uint256 deadline);
  error PhaseNotOver(uint256 task, uint256 deadline);
  error NotMember(uint256 task, address account, Role role);
  error NotLeader(uint256 task, address account, address leader);
  error AlreadyDone(uint256 task, uint256 round, address account);
  error NoAcceptedUpdate(uint256 task, uint256 round, address trainer);
  error ChunkCount(uint256 given, uint256 expected);
  /// @notice The sender worked on something else than what this chain holds: nothing is judged, nobody is slashed.
  error BasisDiffers(uint256 task, uint256 round, bytes32 stated, bytes32 kept);
  /// @notice No sum of two submissions or more.
  error SumNotDue(uint256 task, uint256 round, uint256 sum);
  error SumAlreadyProven(uint256 task, uint256 round, uint256 sum);

  // ---- members

  /// @notice Proposes a support: every validator, or the leading trainer. Only the digest travels.
  function propose(uint256 task, uint256 round, bytes32 digest) external;

  /// @notice Sends a trainer's update, all chunks. The challenge of each is computed here; proofs and openings are
  /// checked; the weighted commitments enter the running sum. A proof that fails: slashed and rejected.
  /// @param basis the round's, as the update was made on it: model, scale and proposals.
  function submitUpdate(uint256 task, uint256 round, bytes32 basis, Chunk[] calldata chunks)
    external
    returns (bool accepted);

  /// @notice Likewise, a validator's probe.
  function submitProbe(uint256 task, uint256 round, bytes32 basis, Chunk[] calldata chunks)
    external
    returns (bool accepted);

  /// @notice Says that the sender, a validator, has looked at the content of every accepted submission. It votes to exclude
  /// (`IExclusions`) before, not after.
  function inspect(uint256 task, uint256 round) external;

  // ---- any staked account

  /// @notice Proves a published sum. The first right one is paid; a wrong one costs the sender `failedSum` of free
  /// stake, which it must have.
  /// @param sum 0 of the updates, 1 + g of the probes of group g.
  /// @param basis `keccak256(abi.encode(totals))` of the running sums, chunk by chunk, that were proven against.
  function submitAggregate(
    uint256 task,
    uint256 round,
    uint256 sum,
    bytes32 basis,
    SumChunk[] calldata chunks
  ) external returns (bool accepted);

  // ---- anyone

  /// @notice Pushes the state machine on, when a phase is complete or its deadline is over. The sender gets the
  /// reporter's share of what is slashed on the way.
  function advance(uint256 task) external;

  // ---- the other contracts

  /// @notice Seats the committee and opens round 1. (Marketplace)
  /// @param collectiveKey digest that the trainers confirmed: where the chain of bases begins.
  function start(
    uint256 task,
    bytes32 collectiveKey,
    address[] calldata trainers,
    uint16[] calldata weights,
    address[] calldata validators
  ) external;

  /// @notice Takes an accepted submission out of its sum, and slashes its author `invalidProof`. (Exclusions)
  /// @param totals the sum's running commitments without it.
  function exclude(uint256 task, uint256 round, address account, Bn254.G1[] calldata totals) external;

  /// @notice Takes an accepted update out of the sum, unharmed. (Exclusions)
  /// @param totals the sum's running commitments without it.
  function leaveOut(uint256 task, uint256 round, address account, Bn254.G1[] calldata totals) external;

  /// @notice Slashes a member and ejects it when its pledge falls below the floor. (Validation, Settlement, Disputes)
  function penalise(uint256 task, address account, Fault fault, uint256 amount, address reporter) external;

  /// @notice Ejects a member. (Validation, Settlement, Disputes)
  function eject(uint256 task, address account) external;

  /// @notice Suspends a member. What it submitted before stays in the round's sums. (Disputes)
  function suspend(uint256 task, address account) external;

  /// @notice Puts a suspended member back. (Disputes)
  function reinstate(uint256 task, address account) external;

  // ---- views

  function stageOf(uint256 task) external view returns (Stage memory);

  function seatOf(uint256 task, address account) external view returns (Seat memory);

  /// @notice The committee, in the order of the seats, whatever its members' standing.
  function committeeOf(uint256 task)
    external
    view
    returns (address[] memory trainers, address[] memory validators);

  /// @notice The trainer that proposes the support of the current round, with `Selector.Leader`.
  function leaderOf(uint256 task) external view returns (address);

  /// @notice The running sum of a chunk's commitments. Meaningful once a submission of the round was accepted.
  function sumOf(uint256 task, uint256 sum, uint256 chunk) external view returns (Bn254.G1 memory);

  /// @notice `keccak256(abi.encode(commitments))` of an account's last accepted submission.
  function submissionOf(uint256 task, address account) external view returns (bytes32);

  /// @notice What an alignment proof of the current round is about: the sponges of a trainer's accepted update, and the
  /// references that the vote named. Reverts outside of the Settle phase of this round, and for a trainer without accepted
  /// update.
  function alignmentInputs(uint256 task, uint256 round, address trainer)
    external
    view
    returns (bytes32 preset, uint256[] memory hUpdate, bytes32 references);

  /// @notice Digest of the current model.
  function modelOf(uint256 task) external view returns (bytes32);

  function lineageOf(uint256 task, uint256 round) external view returns (Lineage memory);
}
