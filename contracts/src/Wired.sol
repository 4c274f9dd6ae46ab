// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IDisputes } from "./interfaces/IDisputes.sol";
import { IExclusions } from "./interfaces/IExclusions.sol";
import { IKeyRegistry } from "./interfaces/IKeyRegistry.sol";
import { IMarketplace } from "./interfaces/IMarketplace.sol";
import { IRounds } from "./interfaces/IRounds.sol";
import { ISettlement } from "./interfaces/ISettlement.sol";
import { IStakeVault } from "./interfaces/IStakeVault.sol";
import { IValidation } from "./interfaces/IValidation.sol";
import { IVerifierRegistry } from "./interfaces/IVerifierRegistry.sol";

/// @notice The contracts of one deployment.
struct System {
  IStakeVault vault;
  IMarketplace marketplace;
  IKeyRegistry keys;
  IRounds rounds;
  IValidation validation;
  ISettlement settlement;
  IDisputes disputes;
  IExclusions exclusions;
  IVerifierRegistry registry;
}

/// @title The contracts know each other from birth
/// @notice Addresses are fixed at construction (their deployer computes them beforehand from its nonce), so there is
/// no owner, no initialiser and nothing to upgrade.
abstract contract Wired {
  IStakeVault internal immutable VAULT;
  IMarketplace internal immutable MARKETPLACE;
  IKeyRegistry internal immutable KEYS;
  IRounds internal immutable ROUNDS;
  IValidation internal immutable VALIDATION;
  ISettlement internal immutable SETTLEMENT;
  IDisputes internal immutable DISPUTES;
  IExclusions internal immutable EXCLUSIONS;
  IVerifierRegistry internal immutable REGISTRY;

  constructor(System memory system_) {
    VAULT = system_.vault;
    MARKETPLACE = system_.marketplace;
    KEYS = system_.keys;
    ROUNDS = system_.rounds;
    VALIDATION = system_.validation;
    SETTLEMENT = system_.settlement;
    DISPUTES = system_.disputes;
    EXCLUSIONS = system_.exclusions;
    REGISTRY = system_.registry;
  }

  /// @notice The contracts that this one works with: what a deployer checks.
  function system() external view returns (System memory) {
    return System(VAULT, MARKETPLACE, KEYS, ROUNDS, VALIDATION, SETTLEMENT, DISPUTES, EXCLUSIONS, REGISTRY);
  }
}
