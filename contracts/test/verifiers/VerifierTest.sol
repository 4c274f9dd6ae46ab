// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Test } from "forge-std/Test.sol";
import { IVerifierRegistry } from "../../src/interfaces/IVerifierRegistry.sol";
import { Bn254 } from "../../src/libraries/Bn254.sol";
import { AggregateVerifier } from "../../src/verifiers/AggregateVerifier.sol";
import { AlignmentVerifier } from "../../src/verifiers/AlignmentVerifier.sol";
import { UpdateVerifier } from "../../src/verifiers/UpdateVerifier.sol";
import { Trapdoor } from "./Trapdoor.sol";
import { Built } from "../Built.sol";

/// @title What the verifiers' tests share: verifiers of keys with known secrets, and batches of true statements
abstract contract VerifierTest is Test {
  IVerifierRegistry.Circuit internal constant UPDATE = IVerifierRegistry.Circuit.Update;
  IVerifierRegistry.Circuit internal constant AGGREGATE = IVerifierRegistry.Circuit.Aggregate;
  IVerifierRegistry.Circuit internal constant ALIGNMENT = IVerifierRegistry.Circuit.Alignment;

  bytes32 internal constant BASES = keccak256("the bases of the references");

  /// @dev Everything that is checked at once; `secrets` are the commitments' polynomials at tau.
  struct Batch {
    uint256[][] signals;
    uint256[8][] proofs;
    Bn254.G1[] commitments;
    Bn254.G1[] openings;
  }

  Trapdoor internal trapdoor;
  /// @dev By whether gamma is the generator.
  mapping(bool generatorGamma => UpdateVerifier) internal update;
  mapping(bool generatorGamma => AggregateVerifier) internal aggregate;
  mapping(bool generatorGamma => AlignmentVerifier) internal alignment;

  function setUp() public virtual {
    trapdoor = new Trapdoor();
    for (uint256 i; i < 2; ++i) {
      bool generatorGamma = i == 0;
      update[generatorGamma] =
        Built.updateVerifier(trapdoor.key(UPDATE, generatorGamma), trapdoor.point("tau"));
      aggregate[generatorGamma] =
        Built.aggregateVerifier(trapdoor.key(AGGREGATE, generatorGamma), trapdoor.point("tau"));
      alignment[generatorGamma] = Built.alignmentVerifier(trapdoor.key(ALIGNMENT, generatorGamma), BASES);
    }
  }

  /// @dev `count` true statements, all of them hashed from `seed`.
  function makeBatch(IVerifierRegistry.Circuit circuit, bool generatorGamma, uint256 count, uint256 seed)
    internal
    view
    returns (Batch memory batch)
  {
    batch.signals = new uint256[][](count);
    batch.proofs = new uint256[8][](count);
    batch.commitments = new Bn254.G1[](count);
    batch.openings = new Bn254.G1[](count);
    for (uint256 i; i < count; ++i) {
      uint256 own = trapdoor.signalsOf(circuit);
      uint256[] memory words = new uint256[](circuit == ALIGNMENT ? own + 2 : own);
      for (uint256 j; j < own; ++j) {
        words[j] = uint256(keccak256(abi.encode("signal", seed, i, j))) % Bn254.R;
      }
      uint256 folded = circuit == ALIGNMENT ? uint256(keccak256(abi.encode("folded", seed, i))) % Bn254.R : 0;
      if (circuit == ALIGNMENT) {
        Bn254.G1 memory point = trapdoor.commit(folded);
        (words[own], words[own + 1]) = (point.x, point.y);
      }
      batch.signals[i] = words;
      batch.proofs[i] = trapdoor.prove(circuit, generatorGamma, words, folded, seed ^ i);
      uint256 value = uint256(keccak256(abi.encode("value", seed, i)));
      batch.commitments[i] = trapdoor.commit(value);
      batch.openings[i] = trapdoor.open(value, batch.signals[i][1], batch.signals[i][2]);
    }
  }
}
