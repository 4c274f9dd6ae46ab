// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IRounds } from "../interfaces/IRounds.sol";
import { IStakeVault } from "../interfaces/IStakeVault.sol";
import { IVerifierRegistry } from "../interfaces/IVerifierRegistry.sol";
import { Phase, Subject, SumChunk } from "../interfaces/Types.sol";
import { Bn254 } from "../libraries/Bn254.sol";
import { Challenge } from "../libraries/Challenge.sol";
import { RoundBook } from "./RoundBook.sol";

/// @title Aggregate: any staked account proves that a published sum is the sum
/// @notice The commitment is the running sum that this contract kept, so the cost does not grow with the trainers.
abstract contract AggregatePhase is RoundBook {
  /// @dev A chunk's proven norm is far below; a larger word is a failed proof.
  uint256 private constant NORM_LIMIT = 2 ** 64;

  struct SumStatement {
    uint256[][] signals;
    uint256[8][] proofs;
    Bn254.G1[] commitments;
    Bn254.G1[] openings;
    uint256[] sponges;
    bytes32[] digests;
    uint256 norm;
    bool inRange;
  }

  /// @inheritdoc IRounds
  function submitAggregate(
    uint256 task,
    uint256 round,
    Subject subject,
    bytes32 basis,
    SumChunk[] calldata chunks
  ) external returns (bool accepted) {
    Book storage book = _current(task, round, Phase.Aggregate);
    Stage storage stage = book.stage;
    require(
      !(subject == Subject.Update ? stage.updateSumProven : stage.probeSumProven),
      SumAlreadyProven(task, round, subject)
    );
    require(chunks.length == book.terms.chunks, ChunkCount(chunks.length, book.terms.chunks));
    uint256 penalty = book.terms.failedSum;
    uint256 free = VAULT.freeOf(msg.sender);
    require(free >= penalty, IStakeVault.StakeTooSmall(msg.sender, free, penalty));

    SumStatement memory s = _readSum(task, round, book, subject, chunks);
    _sameBasis(task, round, basis, keccak256(abi.encode(s.commitments)));
    accepted = s.inRange
      && REGISTRY.verifyOpened(
        IVerifierRegistry.Circuit.Aggregate, book.terms.preset, s.signals, s.proofs, s.commitments, s.openings
      );
    if (!accepted) {
      emit SumRejected(task, round, msg.sender, subject);
      VAULT.slashFree(task, msg.sender, penalty);
      return false;
    }
    if (subject == Subject.Update) {
      stage.updateSumProven = true;
      book.lineage[round].updateSum = keccak256(abi.encode(s.digests));
    } else {
      stage.probeSumProven = true;
      book.lineage[round].probeSum = keccak256(abi.encode(s.digests));
      for (uint256 i; i < chunks.length; ++i) {
        book.probeSponges[i] = s.sponges[i];
      }
      book.probeNorm = s.norm;
    }
    emit SumProven(task, round, msg.sender, subject, s.digests, s.sponges, s.norm);
    VAULT.pay(task, msg.sender, book.terms.proverFee);
  }

  function _aggregateComplete(Book storage book) internal view returns (bool) {
    return book.stage.updateSumProven && book.stage.probeSumProven;
  }

  function _readSum(
    uint256 task,
    uint256 round,
    Book storage book,
    Subject subject,
    SumChunk[] calldata chunks
  ) private view returns (SumStatement memory s) {
    uint256 n = chunks.length;
    bytes32 tag = subject == Subject.Update ? Challenge.UPDATE_SUM : Challenge.PROBE_SUM;
    s.signals = new uint256[][](n);
    s.proofs = new uint256[8][](n);
    s.commitments = new Bn254.G1[](n);
    s.openings = new Bn254.G1[](n);
    s.sponges = new uint256[](n);
    s.digests = new bytes32[](n);
    s.inRange = true;
    for (uint256 i; i < n; ++i) {
      SumChunk calldata chunk = chunks[i];
      s.commitments[i] = book.sums[subject][i];
      (s.openings[i], s.proofs[i]) = (chunk.opening, chunk.proof);
      (s.sponges[i], s.digests[i]) = (chunk.h, chunk.digest);
      uint256 gamma =
        Challenge.compute(tag, task, round, msg.sender, i, s.commitments[i], chunk.h, chunk.digest);
      uint256[] memory words = new uint256[](3);
      (words[0], words[1], words[2]) = (chunk.h, gamma, chunk.y);
      s.signals[i] = words;
      if (chunk.norm < NORM_LIMIT) s.norm += chunk.norm;
      else s.inRange = false;
    }
  }
}
