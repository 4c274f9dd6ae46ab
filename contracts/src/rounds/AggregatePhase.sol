// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IRounds } from "../interfaces/IRounds.sol";
import { IStakeVault } from "../interfaces/IStakeVault.sol";
import { IVerifierRegistry } from "../interfaces/IVerifierRegistry.sol";
import { Phase, SumChunk } from "../interfaces/Types.sol";
import { Challenge } from "../libraries/Challenge.sol";
import { Statements } from "./Statements.sol";

/// @title Aggregate: any staked account proves that a published sum is the sum
/// @notice The commitment is the running sum that this contract kept, so the cost does not grow with the trainers.
abstract contract AggregatePhase is Statements {
  /// @inheritdoc IRounds
  function submitAggregate(
    uint256 task,
    uint256 round,
    uint256 sum,
    bytes32 basis,
    SumChunk[] calldata chunks
  ) external returns (bool accepted) {
    Book storage book = _current(task, round, Phase.Aggregate);
    require(_has(book.stage.sumsDue, sum), SumNotDue(task, round, sum));
    require(!_has(book.stage.sumsProven, sum), SumAlreadyProven(task, round, sum));
    require(chunks.length == book.terms.chunks, ChunkCount(chunks.length, book.terms.chunks));
    uint256 penalty = book.terms.failedSum;
    uint256 free = VAULT.freeOf(msg.sender);
    require(free >= penalty, IStakeVault.StakeTooSmall(msg.sender, free, penalty));

    Statement memory s = _readSum(book, sum, _aboutSum(task, round, sum), chunks);
    _sameBasis(task, round, basis, keccak256(abi.encode(s.commitments)));
    accepted = _verify(book, IVerifierRegistry.Circuit.Aggregate, s);
    if (!accepted) {
      emit SumRejected(task, round, msg.sender, sum);
      VAULT.slashFree(task, msg.sender, penalty);
      return false;
    }
    book.stage.sumsProven |= _bit(sum);
    Lineage storage lineage = book.lineage[round];
    lineage.basis = keccak256(abi.encode(lineage.basis, sum, s.digests));
    emit SumProven(task, round, msg.sender, sum, s.digests, s.sponges);
    VAULT.pay(task, msg.sender, book.terms.proverFee);
  }

  function _aggregateComplete(Book storage book) internal view returns (bool) {
    return book.stage.sumsProven == book.stage.sumsDue;
  }

  /// @dev One group's sum that does not open costs that group its say, and not everybody the round: else each validator
  /// could void all rounds. More than half of the groups must be left, or who keeps others' sums closed would decide
  /// alone.
  /// What stays closed is remembered: the next rounds leave updates out (`Sifting`).
  /// @return whether the sum of the updates and the sums of most groups are proven.
  function _closeAggregate(uint256 task, Book storage book) internal returns (bool) {
    (uint256 due, uint256 proven) = (book.stage.sumsDue, book.stage.sumsProven);
    bool opened = _has(proven, UPDATES);
    EXCLUSIONS.remember(task, opened);
    return opened && 2 * _count(proven >> 1) > _count(due >> 1);
  }

  /// @dev Bits that are set.
  function _count(uint256 mask) private pure returns (uint256 bits) {
    for (; mask > 0; mask &= mask - 1) {
      ++bits;
    }
  }

  function _aboutSum(uint256 task, uint256 round, uint256 sum) private pure returns (About memory) {
    return About(sum == UPDATES ? Challenge.UPDATE_SUM : Challenge.PROBE_SUM, task, round, 0);
  }

  function _readSum(Book storage book, uint256 sum, About memory about, SumChunk[] calldata chunks)
    private
    view
    returns (Statement memory s)
  {
    s = _statement(chunks.length);
    for (uint256 i; i < chunks.length; ++i) {
      _enter(s, i, about, book.sums[sum][i], chunks[i]);
    }
  }
}
