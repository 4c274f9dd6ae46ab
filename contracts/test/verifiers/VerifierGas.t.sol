// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IVerifierRegistry } from "../../src/interfaces/IVerifierRegistry.sol";
import { VerifierRegistry } from "../../src/verifiers/VerifierRegistry.sol";
import { VerifierTest } from "./VerifierTest.sol";
import { Built } from "../Built.sol";

/// @title What verification costs, in `snapshots/Verifiers.json`: apart and merged, one chunk and many
contract VerifierGasTest is VerifierTest {
  string internal constant GROUP = "Verifiers";
  bytes32 internal constant TINY = keccak256("murmuration/v1/preset/tiny");

  VerifierRegistry internal registry;

  function setUp() public override {
    super.setUp();
    registry = Built.verifierRegistry(address(this));
    address[3] memory verifiers = [address(update[true]), address(aggregate[true]), address(alignment[true])];
    registry.register(TINY, IVerifierRegistry.Preset(96, 8, true, verifiers));
  }

  function test_gas_apart() public {
    Batch memory batch = makeBatch(UPDATE, true, 1, 1);
    uint256[] memory s = batch.signals[0];
    bool proven = registry.verify(UPDATE, TINY, s, batch.proofs[0]);
    uint256 proof = vm.snapshotGasLastCall(GROUP, "verify");
    bool opened = registry.verifyOpening(TINY, batch.commitments[0], s[1], s[2], batch.openings[0]);
    uint256 opening = vm.snapshotGasLastCall(GROUP, "verifyOpening");
    assertTrue(proven && opened);
    assertLt(_opened(1), proof + opening);
  }

  function test_gas_verifyOpened_isCheaperThanApart() public {
    uint256 one = _opened(1);
    uint256 eight = _opened(8);
    uint256 all = _opened(32);
    // A further chunk costs less than a third of the first: the price of most pairs is shared.
    assertLt(eight - one, 7 * one / 3);
    assertLt(all - eight, 24 * one / 3);
  }

  function test_gas_verifyOpened_ofAnyGamma() public {
    Batch memory batch = makeBatch(UPDATE, false, 1, 1);
    bool any = update[false].verifyOpened(batch.signals, batch.proofs, batch.commitments, batch.openings);
    uint256 dearer =
      vm.snapshotGasLastCall(GROUP, "verifyOpened, gamma not the generator, without the registry");
    batch = makeBatch(UPDATE, true, 1, 1);
    bool generator = update[true].verifyOpened(batch.signals, batch.proofs, batch.commitments, batch.openings);
    uint256 cheaper = vm.snapshotGasLastCall(GROUP, "verifyOpened, without the registry");
    assertTrue(any && generator);
    assertLt(cheaper, dearer);
  }

  function test_gas_verifyBatch() public {
    Batch memory batch = makeBatch(ALIGNMENT, true, 8, 1);
    bool proven = registry.verifyBatch(ALIGNMENT, TINY, batch.signals, batch.proofs);
    uint256 eight = vm.snapshotGasLastCall(GROUP, "verifyBatch, 8 chunks");
    assertTrue(proven);
    batch = makeBatch(ALIGNMENT, true, 1, 1);
    assertTrue(registry.verifyBatch(ALIGNMENT, TINY, batch.signals, batch.proofs));
    assertLt(eight, 8 * vm.lastCallGas().gasTotalUsed);
  }

  function _opened(uint256 chunks) private returns (uint256) {
    Batch memory batch = makeBatch(UPDATE, true, chunks, 1);
    bool opened =
      registry.verifyOpened(UPDATE, TINY, batch.signals, batch.proofs, batch.commitments, batch.openings);
    string memory name =
      string.concat("verifyOpened, ", vm.toString(chunks), chunks == 1 ? " chunk" : " chunks");
    uint256 gas = vm.snapshotGasLastCall(GROUP, name);
    assertTrue(opened);
    return gas;
  }
}
