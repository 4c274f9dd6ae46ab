// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { Test } from "forge-std/Test.sol";
import { IVerifierRegistry } from "../../src/interfaces/IVerifierRegistry.sol";
import { Disputes } from "../../src/Disputes.sol";
import { Exclusions } from "../../src/Exclusions.sol";
import { KeyRegistry } from "../../src/KeyRegistry.sol";
import { Marketplace } from "../../src/Marketplace.sol";
import { Rounds } from "../../src/Rounds.sol";
import { Settlement } from "../../src/Settlement.sol";
import { StakeVault } from "../../src/StakeVault.sol";
import { Validation } from "../../src/Validation.sol";
import { AggregateVerifier } from "../../src/verifiers/AggregateVerifier.sol";
import { AlignmentVerifier } from "../../src/verifiers/AlignmentVerifier.sol";
import { UpdateVerifier } from "../../src/verifiers/UpdateVerifier.sol";
import { VerifierRegistry } from "../../src/verifiers/VerifierRegistry.sol";
import { System } from "../../src/Wired.sol";
import { TestToken } from "../assets/TestToken.sol";
import { Trapdoor } from "../verifiers/Trapdoor.sol";
import { Built } from "../Built.sol";

/// @title A whole deployment, with the real verifiers
/// @notice Their keys' secrets are known (`Trapdoor`), so that tests can prove any statement, with real pairings.
abstract contract Deployment is Test {
  bytes32 internal constant TINY = keccak256("murmuration/v1/preset/tiny");
  uint256 internal constant QUEUE_DELAY = 7 days;

  Trapdoor internal trapdoor;
  TestToken internal token;
  VerifierRegistry internal registry;
  StakeVault internal vault;
  Marketplace internal marketplace;
  KeyRegistry internal keys;
  Rounds internal rounds;
  Validation internal validation;
  Settlement internal settlement;
  Disputes internal disputes;
  Exclusions internal exclusions;

  function deploy(TestToken token_) internal {
    trapdoor = new Trapdoor();
    registry = Built.verifierRegistry(address(this));
    IVerifierRegistry.Preset memory preset;
    (preset.coordinatesPerChunk, preset.coordinateBits, preset.developmentKeys) = (96, 8, true);
    preset.verifiers = [
      address(
        Built.updateVerifier(trapdoor.key(IVerifierRegistry.Circuit.Update, true), trapdoor.point("tau"))
      ),
      address(
        Built.aggregateVerifier(
          trapdoor.key(IVerifierRegistry.Circuit.Aggregate, true), trapdoor.point("tau")
        )
      ),
      address(
        Built.alignmentVerifier(trapdoor.key(IVerifierRegistry.Circuit.Alignment, true), keccak256("bases"))
      )
    ];
    registry.register(TINY, preset);
    deployAround(token_, registry, address(0));
  }

  /// @param roundsAt where `Rounds` is to be; zero: where it falls.
  function deployAround(TestToken token_, IVerifierRegistry registry_, address roundsAt) internal {
    token = token_;
    System memory s;
    uint256 nonce = vm.getNonce(address(this));
    s.vault = StakeVault(vm.computeCreateAddress(address(this), nonce));
    s.marketplace = Marketplace(vm.computeCreateAddress(address(this), nonce + 1));
    s.keys = KeyRegistry(vm.computeCreateAddress(address(this), nonce + 2));
    s.rounds = Rounds(roundsAt == address(0) ? vm.computeCreateAddress(address(this), nonce + 3) : roundsAt);
    s.validation = Validation(vm.computeCreateAddress(address(this), nonce + 4));
    s.settlement = Settlement(vm.computeCreateAddress(address(this), nonce + 5));
    s.disputes = Disputes(vm.computeCreateAddress(address(this), nonce + 6));
    s.exclusions = Exclusions(vm.computeCreateAddress(address(this), nonce + 7));
    s.registry = registry_;
    vault = Built.stakeVault(IERC20(address(token_)), QUEUE_DELAY, s);
    marketplace = Built.marketplace(s);
    keys = Built.keyRegistry(s);
    rounds = Built.rounds(s);
    if (roundsAt != address(0)) {
      vm.etch(roundsAt, address(rounds).code);
      rounds = Rounds(roundsAt);
    }
    validation = Built.validation(s);
    settlement = Built.settlement(s);
    disputes = Built.disputes(s);
    exclusions = Built.exclusions(s);
    assertEq(address(vault.system().exclusions), address(exclusions));
  }
}
