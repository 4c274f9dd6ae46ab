// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IRounds } from "../interfaces/IRounds.sol";
import { IVerifierRegistry } from "../interfaces/IVerifierRegistry.sol";
import { Chunk, Fault, Phase, Role } from "../interfaces/Types.sol";
import { Bn254 } from "../libraries/Bn254.sol";
import { Challenge } from "../libraries/Challenge.sol";
import { RoundBook } from "./RoundBook.sol";

/// @title Submit: updates and probes, one path for both
/// @notice All chunks of an update come in one call and are accepted or rejected as a whole. The challenge binds the
/// sender, so a copied proof fails for whoever copies it, at the copier's cost. One submission a member and round.
abstract contract SubmitPhase is RoundBook {
  using Bn254 for Bn254.G1;

  /// @dev What is read out of the chunks, for the verifiers and for the event.
  struct Statement {
    uint256[][] signals;
    uint256[8][] proofs;
    Bn254.G1[] commitments;
    Bn254.G1[] openings;
    uint256[] sponges;
    bytes32[] digests;
  }

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
    Statement memory s =
      _read(task, round, chunks, sum, sum == UPDATES ? book.terms.normBound : book.terms.probeNormBound);
    bool accepted = REGISTRY.verifyOpened(
      IVerifierRegistry.Circuit.Update, book.terms.preset, s.signals, s.proofs, s.commitments, s.openings
    );
    // forge-lint: disable-next-line(unsafe-typecast)
    (seat.submittedIn, seat.accepted) = (uint32(round), accepted);
    if (accepted) {
      _add(book, sum, seat.weight, s.commitments);
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

  /// @dev Computes every challenge. A sponge of r or more makes its signal fail, so no alias of one gets further.
  function _read(uint256 task, uint256 round, Chunk[] calldata chunks, uint256 sum, uint256 normBound)
    private
    view
    returns (Statement memory s)
  {
    uint256 n = chunks.length;
    bytes32 tag = sum == UPDATES ? Challenge.UPDATE : Challenge.PROBE;
    s.signals = new uint256[][](n);
    s.proofs = new uint256[8][](n);
    s.commitments = new Bn254.G1[](n);
    s.openings = new Bn254.G1[](n);
    s.sponges = new uint256[](n);
    s.digests = new bytes32[](n);
    for (uint256 i; i < n; ++i) {
      Chunk calldata chunk = chunks[i];
      (s.commitments[i], s.openings[i], s.proofs[i]) = (chunk.commitment, chunk.opening, chunk.proof);
      (s.sponges[i], s.digests[i]) = (chunk.h, chunk.digest);
      uint256 gamma =
        Challenge.compute(tag, task, round, msg.sender, i, s.commitments[i], chunk.h, chunk.digest);
      uint256[] memory words = new uint256[](4);
      (words[0], words[1], words[2], words[3]) = (chunk.h, gamma, chunk.y, normBound);
      s.signals[i] = words;
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
  /// @return whether there are enough updates for a sum that hides each of them, and enough probes, two in one group at
  /// least.
  function _closeSubmit(uint256 task, Book storage book) internal returns (bool) {
    if (_mostDid(task, book, _submittedIn)) {
      _penaliseAbsent(task, book, book.trainers, _submittedIn);
      _penaliseAbsent(task, book, book.validators, _submittedIn);
    }
    return book.stage.acceptedUpdates >= book.terms.minTrainers
      && book.stage.acceptedProbes >= book.terms.minValidators && book.stage.sumsDue >> 1 > 0;
  }
}
