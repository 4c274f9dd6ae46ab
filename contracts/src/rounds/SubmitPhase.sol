// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IRounds } from "../interfaces/IRounds.sol";
import { IVerifierRegistry } from "../interfaces/IVerifierRegistry.sol";
import { Chunk, Fault, Phase, Role, SumChunk } from "../interfaces/Types.sol";
import { Bn254 } from "../libraries/Bn254.sol";
import { Challenge } from "../libraries/Challenge.sol";
import { Statements } from "./Statements.sol";

/// @title Submit: updates and probes, one path for both
/// @notice All chunks of an update come in one call and are accepted or rejected as a whole. The challenge binds the
/// sender, so a copied proof fails for whoever copies it, at the copier's cost. One submission a member and round.
abstract contract SubmitPhase is Statements {
  using Bn254 for Bn254.G1;

  /// @inheritdoc IRounds
  function submitUpdate(uint256 task, uint256 round, bytes32 basis, Chunk[] calldata chunks)
    external
    returns (bool)
  {
    return _submit(task, round, basis, chunks, Role.Trainer);
  }

  /// @inheritdoc IRounds
  function submitProbe(uint256 task, uint256 round, bytes32 basis, Chunk[] calldata chunks)
    external
    returns (bool)
  {
    return _submit(task, round, basis, chunks, Role.Validator);
  }

  function _submit(uint256 task, uint256 round, bytes32 basis, Chunk[] calldata chunks, Role role)
    private
    returns (bool)
  {
    Book storage book = _current(task, round, Phase.Submit);
    Seat storage seat = _ownSeat(task, book, role);
    require(seat.submittedIn != round, AlreadyDone(task, round, msg.sender));
    require(chunks.length == book.terms.chunks, ChunkCount(chunks.length, book.terms.chunks));
    _sameBasis(task, round, basis, book.lineage[round].basis);

    uint256 sum = seat.sum;
    Statement memory s = _read(
      sum == UPDATES
        ? About(Challenge.UPDATE, task, round, book.terms.normBound)
        : About(Challenge.PROBE, task, round, book.terms.probeNormBound),
      chunks
    );
    bool accepted = _verify(book, IVerifierRegistry.Circuit.Update, s);
    // forge-lint: disable-next-line(unsafe-typecast)
    (seat.submittedIn, seat.accepted) = (uint32(round), accepted);
    if (accepted) {
      _add(book, sum, seat.weight, s.commitments);
      book.submissions[msg.sender] = keccak256(abi.encode(s.commitments));
      for (uint256 i; i < chunks.length && sum == UPDATES; ++i) {
        book.sponges[msg.sender][i] = s.sponges[i];
      }
      emit Submitted(task, round, msg.sender, sum, seat.weight, s.commitments, s.sponges, s.digests);
    } else {
      emit SubmissionRejected(task, round, msg.sender, sum);
      _penalise(task, msg.sender, Fault.InvalidProof, book.terms.invalidProof, address(0));
    }
    return accepted;
  }

  function _read(About memory about, Chunk[] calldata chunks) private view returns (Statement memory s) {
    s = _statement(chunks.length);
    for (uint256 i; i < chunks.length; ++i) {
      SumChunk calldata rest;
      // A chunk is a commitment of two words, and what a sum's chunk has.
      Chunk calldata chunk = chunks[i];
      assembly ("memory-safe") {
        rest := add(chunk, 64)
      }
      _enter(s, i, about, chunk.commitment, rest);
    }
  }

  /// @dev Adds `weight * commitment` to the running sums. The first of a round replaces the last round's sum.
  function _add(Book storage book, uint256 sum, uint256 weight, Bn254.G1[] memory commitments) private {
    Stage storage stage = book.stage;
    if (sum == UPDATES) {
      ++stage.acceptedUpdates;
      // forge-lint: disable-next-line(unsafe-typecast)
      stage.weight += uint16(weight);
    } else {
      ++stage.acceptedProbes;
    }
    bool first = !_has(stage.sumsBegun, sum);
    if (first) stage.sumsBegun |= _bit(sum);
    else stage.sumsDue |= _bit(sum);
    for (uint256 i; i < commitments.length; ++i) {
      Bn254.G1 storage total = book.sums[sum][i];
      Bn254.G1 memory addend = commitments[i].mul(weight);
      if (!first) addend = addend.add(total);
      (total.x, total.y) = (addend.x, addend.y);
    }
  }

  function _submitComplete(Book storage book) internal view returns (bool) {
    return _allDid(book, book.trainers, _submittedIn) && _allDid(book, book.validators, _submittedIn);
  }

  /// @dev A support whose content its proposer keeps back lets nobody submit.
  /// @return whether there are enough submissions for the round to go on.
  function _closeSubmit(uint256 task, Book storage book) internal returns (bool) {
    if (_mostDid(task, book, _submittedIn)) {
      _penaliseAbsent(task, book, book.trainers, _submittedIn);
      _penaliseAbsent(task, book, book.validators, _submittedIn);
    }
    return _enoughSubmitted(book);
  }
}
