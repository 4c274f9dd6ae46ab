// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Outcome } from "./Types.sol";

/// @title Validation: votes on the new model, committed, then revealed, and their median weighted by stake
/// @notice More than half of the stake of all validators in good standing must have computed the same model; then the
/// median of their gains decides. Trainers hold no validator's seat in the same task, so nobody votes on a round that
/// it trained in.
interface IValidation {
  /// @notice A validator's last vote.
  /// @param committedIn, revealedIn rounds of its last commitment and of its last vote.
  /// @param quality of the new model, in basis points.
  /// @param qualityBefore of the model before.
  /// @param model that it computed.
  struct Vote {
    uint32 committedIn;
    uint32 revealedIn;
    uint16 quality;
    uint16 qualityBefore;
    bytes32 commitment;
    bytes32 model;
  }

  event VoteCommitted(
    uint256 indexed task, uint256 indexed round, address indexed validator, bytes32 commitment
  );
  event VoteRevealed(
    uint256 indexed task,
    uint256 indexed round,
    address indexed validator,
    bytes32 model,
    uint256 quality,
    uint256 qualityBefore
  );
  /// @param model that a majority of the validators' stake computed; zero if there is none.
  event Tallied(
    uint256 indexed task, uint256 indexed round, Outcome verdict, bytes32 model, uint256 quality, int256 gain
  );

  error NotAllowed(address caller);
  error WrongRound(uint256 task, uint256 round, uint256 current);
  error NotVoting(uint256 task);
  error PhaseOver(uint256 task, uint256 deadline);
  error NotValidator(uint256 task, address account);
  error AlreadyDone(uint256 task, uint256 round, address account);
  /// @notice The vote was made on other sums, or on another history, than this chain's.
  error BasisDiffers(uint256 task, uint256 round, bytes32 stated, bytes32 kept);
  error VoteMismatch(address validator);
  error QualityOutOfRange(uint256 quality);
  error ModelMissing();

  /// @notice Commits to a vote: `voteCommitment(...)`.
  /// @param basis `IRounds.voteBasis`, of the sums that the vote was made on: nobody is bound to a vote on what a
  /// reorganisation took away.
  function commitVote(uint256 task, uint256 round, bytes32 basis, bytes32 commitment) external;

  /// @notice Opens a vote.
  /// @param model SHA-256 of the new model as the validator computed it.
  /// @param quality of the new model on the validator's hold-out data, in basis points; at most 10,000.
  /// @param qualityBefore of the model before.
  function revealVote(
    uint256 task,
    uint256 round,
    bytes32 model,
    uint16 quality,
    uint16 qualityBefore,
    bytes32 salt
  ) external;

  /// @notice Decides; pays the validators whose probe and vote count; slashes silence and votes off the consensus.
  /// (Rounds)
  /// @param reporter gets the reporter's share.
  /// @return verdict accepted or rejected.
  /// @return model that a majority named.
  function tally(uint256 task, address reporter) external returns (Outcome verdict, bytes32 model);

  /// @notice Whether nobody is waited for: to commit, or to reveal.
  function isComplete(uint256 task, bool revealing) external view returns (bool);

  function voteOf(uint256 task, address validator) external view returns (Vote memory);

  /// @notice `keccak256(abi.encode(task, round, validator, model, quality, qualityBefore, salt))`.
  function voteCommitment(
    uint256 task,
    uint256 round,
    address validator,
    bytes32 model,
    uint16 quality,
    uint16 qualityBefore,
    bytes32 salt
  ) external pure returns (bytes32);
}
