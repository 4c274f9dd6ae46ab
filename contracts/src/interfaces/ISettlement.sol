// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { AlignmentChunk, Outcome } from "./Types.sol";

/// @title Settlement: alignment proofs, strikes, rewards, the next scale (docs/encodings.md, "Scores")
interface ISettlement {
  /// @param round in which it was proven.
  /// @param strikes in a row, less those that faded.
  struct Alignment {
    uint32 round;
    uint8 strikes;
    uint104 norm;
    int112 score;
  }

  event AlignmentProven(
    uint256 indexed task, uint256 indexed round, address indexed trainer, int256 score, uint256 norm
  );
  event AlignmentRejected(uint256 indexed task, uint256 indexed round, address indexed trainer);
  /// @param cosine in units of 10^-9, 0 without a proof.
  /// @param reward credited.
  event TrainerSettled(
    uint256 indexed task,
    uint256 indexed round,
    address indexed trainer,
    int256 cosine,
    bool struck,
    uint256 strikes,
    uint256 reward
  );
  event RoundSettled(
    uint256 indexed task,
    uint256 indexed round,
    int256 median,
    uint256 probeNorm,
    uint256 paid,
    uint256 nextScale
  );

  event PenaltiesShared(uint256 indexed task, uint256 amount, uint256 accounts);

  error NotAllowed(address caller);
  error NotEnded(uint256 task);
  error DisputesOpen(uint256 task, uint256 disputes);
  error AlreadyProven(uint256 task, uint256 round, address trainer);
  error ChunkCount(uint256 given, uint256 expected);
  /// @notice The proof was made about other sponges than those that this chain holds: nothing is judged.
  error BasisDiffers(uint256 task, uint256 round, bytes32 stated, bytes32 kept);
  error AlignmentProofFailed(uint256 task, uint256 round, address trainer);

  /// @notice Proves the alignment of a trainer's update with the probes' sum, all chunks. Anyone may bring it, since
  /// the sponges bind it. One that fails is slashed if the trainer itself sent it (it may try again), and reverts if
  /// someone else did: no one can cost another its stake.
  /// @param basis `keccak256(abi.encode(hUpdate, hReference))`, what `IRounds.alignmentInputs` gave for the proof.
  function proveAlignment(
    uint256 task,
    uint256 round,
    address trainer,
    bytes32 basis,
    AlignmentChunk[] calldata chunks
  ) external returns (bool accepted);

  /// @notice Shares the penalties that no round paid out among the members in good standing, equally; after the end,
  /// while no dispute is open. With nobody left, they go to the planner.
  function sharePenalties(uint256 task) external;

  /// @notice Pays for the trainers' storage when a task starts, so that no first proof does. (Rounds)
  function open(uint256 task, address[] calldata trainers) external;

  /// @notice Settles the current round: strikes, rewards if it was accepted, fees. (Rounds)
  /// @param reporter gets the reporter's share of the strikes' slashes.
  /// @return nextScale the scale of the next round.
  function settle(uint256 task, Outcome verdict, address reporter) external returns (uint64 nextScale);

  /// @notice Whether every trainer with an accepted update has proven its alignment in the current round.
  function isComplete(uint256 task) external view returns (bool);

  function alignmentOf(uint256 task, address trainer) external view returns (Alignment memory);
}
