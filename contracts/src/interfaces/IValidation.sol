// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Judgement, Outcome } from "./Types.sol";

/// @title Validation: votes on the new model, committed, then revealed, and their median weighted by stake
/// @notice More than half of the stake of all validators in good standing must have computed the same model and the same
/// references; then the median of their gains decides. Who abstains counts among all and for nothing. Trainers hold no
/// validator's seat in the same task, so nobody votes on a round that it trained in.
interface IValidation {
  /// @notice A validator's last vote.
  /// @param committedIn, revealedIn, abstainedIn rounds of its last commitment, of its last vote, and in which it abstained
  /// last.
  /// @param judgement that it revealed.
  struct Vote {
    uint32 committedIn;
    uint32 revealedIn;
    uint32 abstainedIn;
    bytes32 commitment;
    Judgement judgement;
  }

  event VoteCommitted(
    uint256 indexed task, uint256 indexed round, address indexed validator, bytes32 commitment
  );
  event VoteRevealed(
    uint256 indexed task, uint256 indexed round, address indexed validator, Judgement judgement
  );
  event Abstained(uint256 indexed task, uint256 indexed round, address indexed validator);
  /// @param model, references that a majority of the validators' stake computed; zero if there is none.
  event Tallied(
    uint256 indexed task,
    uint256 indexed round,
    Outcome verdict,
    bytes32 model,
    bytes32 references,
    uint256 quality,
    int256 gain
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
  /// @param basis the round's (`IRounds.Lineage`), which holds the sums that the vote was made on: nobody is bound to a
  /// vote on what a reorganisation took away.
  function commitVote(uint256 task, uint256 round, bytes32 basis, bytes32 commitment) external;

  /// @notice Says in the Commit phase, instead of a vote, that there is none: the sender could not learn the support or read
  /// the sums. It costs nothing and earns nothing.
  function abstain(uint256 task, uint256 round) external;

  /// @notice Opens a vote.
  function revealVote(uint256 task, uint256 round, Judgement calldata judgement, bytes32 salt) external;

  /// @notice Decides; pays the validators whose probe and vote count; slashes silence and votes off the consensus.
  /// (Rounds)
  /// @param reporter gets the reporter's share of what silence costs.
  /// @return verdict accepted or rejected.
  /// @return model and references that a majority named; zero if there is none.
  function tally(uint256 task, address reporter)
    external
    returns (Outcome verdict, bytes32 model, bytes32 references);

  /// @notice Whether nobody is waited for: to commit, or to reveal.
  function isComplete(uint256 task, bool revealing) external view returns (bool);

  function voteOf(uint256 task, address validator) external view returns (Vote memory);

  /// @notice `keccak256(abi.encode(task, round, validator, judgement, salt))`.
  function voteCommitment(
    uint256 task,
    uint256 round,
    address validator,
    Judgement calldata judgement,
    bytes32 salt
  ) external pure returns (bytes32);
}
