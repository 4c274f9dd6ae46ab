// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IRounds } from "../interfaces/IRounds.sol";
import { IStakeVault } from "../interfaces/IStakeVault.sol";
import { IVerifierRegistry } from "../interfaces/IVerifierRegistry.sol";
import { Phase, SumChunk } from "../interfaces/Types.sol";
import { Bn254 } from "../libraries/Bn254.sol";
import { Challenge } from "../libraries/Challenge.sol";
import { RoundBook } from "./RoundBook.sol";

/// @title Aggregate: any staked account proves that a published sum is the sum
/// @notice The commitment is the running sum that this contract kept, so the cost does not grow with the trainers.
abstract contract AggregatePhase is RoundBook {
  struct SumStatement {
    uint256[][] signals;
    uint256[8][] proofs;
    Bn254.G1[] commitments;
    Bn254.G1[] openings;
    uint256[] sponges;
    bytes32[] digests;
  }

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

    SumStatement memory s = _readSum(task, round, book, sum, chunks);
    _sameBasis(task, round, basis, keccak256(abi.encode(s.commitments)));
    accepted = REGISTRY.verifyOpened(
      IVerifierRegistry.Circuit.Aggregate, book.terms.preset, s.signals, s.proofs, s.commitments, s.openings
    );
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
  /// @return whether the sum of the updates and the sums of most groups are proven.
  function _closeAggregate(Book storage book) internal view returns (bool) {
    (uint256 due, uint256 proven) = (book.stage.sumsDue, book.stage.sumsProven);
    return _has(proven, UPDATES) && 2 * _count(proven >> 1) > _count(due >> 1);
  }

  /// @dev Bits that are set.
  function _count(uint256 mask) private pure returns (uint256 bits) {
    for (; mask > 0; mask &= mask - 1) {
      ++bits;
    }
  }

  function _readSum(uint256 task, uint256 round, Book storage book, uint256 sum, SumChunk[] calldata chunks)
    private
    view
    returns (SumStatement memory s)
  {
    uint256 n = chunks.length;
    bytes32 tag = sum == UPDATES ? Challenge.UPDATE_SUM : Challenge.PROBE_SUM;
    s.signals = new uint256[][](n);
    s.proofs = new uint256[8][](n);
    s.commitments = new Bn254.G1[](n);
    s.openings = new Bn254.G1[](n);
    s.sponges = new uint256[](n);
    s.digests = new bytes32[](n);
    for (uint256 i; i < n; ++i) {
      SumChunk calldata chunk = chunks[i];
      s.commitments[i] = book.sums[sum][i];
      (s.openings[i], s.proofs[i]) = (chunk.opening, chunk.proof);
      (s.sponges[i], s.digests[i]) = (chunk.h, chunk.digest);
      uint256 gamma =
        Challenge.compute(tag, task, round, msg.sender, i, s.commitments[i], chunk.h, chunk.digest);
      uint256[] memory words = new uint256[](3);
      (words[0], words[1], words[2]) = (chunk.h, gamma, chunk.y);
      s.signals[i] = words;
    }
  }
}
