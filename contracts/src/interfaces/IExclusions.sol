// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Bn254 } from "../libraries/Bn254.sol";

/// @title Exclusions: submissions whose content is missing or false, voted out before anything is opened
/// @notice In the Inspect phase of a round. What is judged can be seen by everyone who can read at all: a content is there
/// or not, an encryption proof holds or fails. More than half of the stake of all validators that were not ejected, the
/// accused and the suspended counted in the whole, takes a submission out of its sum.
interface IExclusions {
  event ExclusionVoted(
    uint256 indexed task, uint256 indexed round, address indexed account, address validator
  );

  error NotInspecting(uint256 task, uint256 round, address validator);
  error NotAccepted(uint256 task, uint256 round, address account);
  error CommitmentsDiffer(uint256 task, uint256 round, address account);
  error AlreadyVoted(uint256 task, uint256 round, address validator, address account);

  /// @notice Votes that an accepted submission be excluded: a validator in good standing other than its author, once, before
  /// it says that it has inspected the round. The vote that makes the majority excludes.
  /// @param commitments of the submission, as its event has them, chunk by chunk: the contracts keep their hash alone.
  function voteToExclude(uint256 task, uint256 round, address account, Bn254.G1[] calldata commitments)
    external;

  /// @notice Bit i: validator i of the task's list voted to exclude the account's submission of this round.
  function votesAgainst(uint256 task, uint256 round, address account) external view returns (uint256);
}
