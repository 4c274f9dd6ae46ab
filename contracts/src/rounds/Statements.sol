// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IVerifierRegistry } from "../interfaces/IVerifierRegistry.sol";
import { SumChunk } from "../interfaces/Types.sol";
import { Bn254 } from "../libraries/Bn254.sol";
import { Challenge } from "../libraries/Challenge.sol";
import { RoundBook } from "./RoundBook.sol";

/// @title What is proven of commitments that are opened: one path for updates, probes and sums
abstract contract Statements is RoundBook {
  /// @dev What is read out of the chunks, for the verifiers and for the event; one element a chunk.
  struct Statement {
    uint256[][] signals;
    uint256[8][] proofs;
    Bn254.G1[] commitments;
    Bn254.G1[] openings;
    uint256[] sponges;
    bytes32[] digests;
  }

  /// @dev What the challenges of a statement bind. `normBound` is a signal of updates and probes, and 0 of sums, which have
  /// none.
  struct About {
    bytes32 tag;
    uint256 task;
    uint256 round;
    uint256 normBound;
  }

  function _statement(uint256 chunks) internal pure returns (Statement memory s) {
    s.signals = new uint256[][](chunks);
    s.proofs = new uint256[8][](chunks);
    s.commitments = new Bn254.G1[](chunks);
    s.openings = new Bn254.G1[](chunks);
    s.sponges = new uint256[](chunks);
    s.digests = new bytes32[](chunks);
  }

  /// @dev Enters chunk `i`, and computes its challenge. A sponge of r or more makes its signal fail, so no alias of one gets
  /// further.
  function _enter(
    Statement memory s,
    uint256 i,
    About memory about,
    Bn254.G1 memory commitment,
    SumChunk calldata chunk
  ) internal view {
    s.commitments[i] = commitment;
    (s.openings[i], s.proofs[i]) = (chunk.opening, chunk.proof);
    (s.sponges[i], s.digests[i]) = (chunk.h, chunk.digest);
    uint256 gamma = Challenge.compute(
      about.tag, about.task, about.round, msg.sender, i, commitment, chunk.h, chunk.digest
    );
    uint256[] memory words = new uint256[](about.normBound == 0 ? 3 : 4);
    (words[0], words[1], words[2]) = (chunk.h, gamma, chunk.y);
    if (about.normBound > 0) words[3] = about.normBound;
    s.signals[i] = words;
  }

  function _verify(Book storage book, IVerifierRegistry.Circuit circuit, Statement memory s)
    internal
    view
    returns (bool)
  {
    return REGISTRY.verifyOpened(circuit, book.terms.preset, s.signals, s.proofs, s.commitments, s.openings);
  }
}
