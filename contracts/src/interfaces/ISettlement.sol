// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Bn254 } from "../libraries/Bn254.sol";
import { AlignmentChunk, Outcome, Verdict } from "./Types.sol";

/// @title Settlement: alignment proofs, pay, strikes, the next scale (docs/encodings.md, "Scores")
interface ISettlement {
  /// @notice What a trainer proved last, and what rounds leave to later rounds. One storage slot.
  /// @param round in which it proved.
  /// @param word that it proved: seven figures and the bucket of the norm.
  /// @param debt owed for figures below the toll.
  /// @param level strikes that stand.
  /// @param credit all weights of accepted rounds.
  struct Alignment {
    uint32 round;
    uint64 word;
    uint8 debt;
    uint8 level;
    uint32 credit;
  }

  event AlignmentProven(uint256 indexed task, uint256 indexed round, address indexed trainer, uint256 word);
  event AlignmentRejected(uint256 indexed task, uint256 indexed round, address indexed trainer);
  /// @param seen lower median of the figures over the groups that count; -128 without a proof.
  /// @param level strikes that stand after the round.
  /// @param reward credited.
  event TrainerSettled(
    uint256 indexed task,
    uint256 indexed round,
    address indexed trainer,
    int256 seen,
    uint256 weight,
    Verdict verdict,
    uint256 level,
    uint256 reward
  );
  /// @param medians of the trainers' figures, one a group that counts.
  event RoundSettled(
    uint256 indexed task, uint256 indexed round, int256[] medians, uint256 paid, uint256 nextScale
  );

  error NotAllowed(address caller);
  error AlreadyProven(uint256 task, uint256 round, address trainer);
  error ChunkCount(uint256 given, uint256 expected);
  /// @notice The proof was made about another update, or other references, than this chain's: nothing is judged.
  error BasisDiffers(uint256 task, uint256 round, bytes32 stated, bytes32 kept);
  /// @notice These references are not those that the vote named: nothing is judged.
  error ReferencesDiffer(uint256 task, uint256 round, bytes32 given, bytes32 kept);
  error AlignmentProofFailed(uint256 task, uint256 round, address trainer);

  /// @notice Proves the alignment of a trainer's update with the round's references, all chunks. Anyone may bring it, since
  /// the update's sponges bind it. One that fails is slashed if the trainer itself sent it (it may try again), and reverts
  /// if someone else did: no one can cost another its stake.
  /// @param basis `keccak256(abi.encode(hUpdate, references))`, what `IRounds.alignmentInputs` gave for the proof.
  /// @param references a point a chunk, whose hash the vote named.
  function proveAlignment(
    uint256 task,
    uint256 round,
    address trainer,
    bytes32 basis,
    Bn254.G1[] calldata references,
    AlignmentChunk[] calldata chunks
  ) external returns (bool accepted);

  /// @notice Pays for the trainers' storage when a task starts, so that no first proof does. (Rounds)
  function open(uint256 task, address[] calldata trainers) external;

  /// @notice Settles the current round: strikes, and rewards if it was accepted. (Rounds)
  /// @param reporter gets the reporter's share of what a missing alignment costs.
  /// @return nextScale the scale of the next round.
  function settle(uint256 task, Outcome verdict, address reporter) external returns (uint64 nextScale);

  /// @notice Whether every trainer with an accepted update has proven its alignment in the current round.
  function isComplete(uint256 task) external view returns (bool);

  function alignmentOf(uint256 task, address trainer) external view returns (Alignment memory);

  /// @notice Stake that a trainer's strikes hold: free again with each level that it is cleared of, burnt when its pledge
  /// is released.
  function heldOf(uint256 task, address trainer) external view returns (uint256);
}
