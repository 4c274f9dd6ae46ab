// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Bn254 } from "../libraries/Bn254.sol";

/// @title Exclusions: submissions that are taken out of their sums before anything is opened
/// @notice In the Inspect phase of a round. What is judged can be seen by everyone who can read at all: a content is there
/// or not, an encryption proof holds or fails. More than half of the stake of all validators that were not ejected, the
/// accused and the suspended counted in the whole, takes a submission out of its sum.
interface IExclusions {
  event ExclusionVoted(
    uint256 indexed task, uint256 indexed round, address indexed account, address validator
  );

  /// @notice Who is left out of the round follows from this seed.
  event Drawn(uint256 indexed task, uint256 indexed round, bytes32 seed);

  error NotRounds(address account);
  error NotDrawn(uint256 task, uint256 round);
  error NotLeftOut(uint256 task, uint256 round, address account);
  error NotInspecting(uint256 task, uint256 round, address validator);
  error NotAccepted(uint256 task, uint256 round, address account);
  error CommitmentsDiffer(uint256 task, uint256 round, address account);
  error AlreadyVoted(uint256 task, uint256 round, address validator, address account);

  /// @notice Votes that an accepted submission be excluded: a validator in good standing other than its author, once, before
  /// it says that it has inspected the round. The vote that makes the majority excludes.
  /// @param commitments of the submission, as its event has them, chunk by chunk: the contracts keep their hash alone.
  function voteToExclude(uint256 task, uint256 round, address account, Bn254.G1[] calldata commitments)
    external;

  /// @notice Draws which updates the current round leaves out, where it is to leave any out: anyone may, once, in a block after
  /// the one in which the Inspect phase began. Nobody knows the draw while it submits.
  function draw(uint256 task, uint256 round) external;

  /// @notice Leaves an update of the `surplus` out of the sum: anyone may, when all validators have inspected, or in the last
  /// quarter of the phase.
  function leaveOut(uint256 task, uint256 round, address account, Bn254.G1[] calldata commitments) external;

  /// @notice Remembers whether a round's sum of the updates was opened. (Rounds)
  function remember(uint256 task, bool opened) external;

  /// @notice The updates that are to be left out of the current round. Of the accepted ones those stay that nobody suspects, and
  /// `minTrainers` at least; those that are suspected least come first, equals as drawn. Empty before the draw.
  function surplus(uint256 task) external view returns (address[] memory);

  /// @notice Whether nothing is to be left out of the current round any more. Until then its Inspect phase does not complete.
  function isSifted(uint256 task) external view returns (bool);

  /// @notice The latest round of a task in which updates to leave out were drawn; 0 if there is none.
  function drawnIn(uint256 task) external view returns (uint256);

  /// @notice How much a trainer is suspected: each sum of the updates that stays closed adds 8 to those whose updates it is of,
  /// 16 and 32 the next times that nobody was suspected before; each that opens takes 2 from those, and 1 from all others.
  function suspicionOf(uint256 task, address trainer) external view returns (uint256);

  /// @notice Bit i: validator i of the task's list voted to exclude the account's submission of this round.
  function votesAgainst(uint256 task, uint256 round, address account) external view returns (uint256);
}
