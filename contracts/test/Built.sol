// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { Vm } from "forge-std/Vm.sol";
import { Bulletin } from "../src/Bulletin.sol";
import { Disputes } from "../src/Disputes.sol";
import { Exclusions } from "../src/Exclusions.sol";
import { KeyRegistry } from "../src/KeyRegistry.sol";
import { Marketplace } from "../src/Marketplace.sol";
import { Rounds } from "../src/Rounds.sol";
import { Settlement } from "../src/Settlement.sol";
import { StakeVault } from "../src/StakeVault.sol";
import { Validation } from "../src/Validation.sol";
import { System } from "../src/Wired.sol";
import { Credentials } from "../src/credit/Credentials.sol";
import { Issuers } from "../src/credit/Issuers.sol";
import { LendingPool } from "../src/credit/LendingPool.sol";
import { Models } from "../src/credit/Models.sol";
import { ScoreVerifier } from "../src/credit/ScoreVerifier.sol";
import { IIssuers } from "../src/credit/interfaces/IIssuers.sol";
import { ILendingPool } from "../src/credit/interfaces/ILendingPool.sol";
import { IModels } from "../src/credit/interfaces/IModels.sol";
import { IScoreVerifier } from "../src/credit/interfaces/IScoreVerifier.sol";
import { DevelopmentFeed } from "../src/development/DevelopmentFeed.sol";
import { DevelopmentToken } from "../src/development/DevelopmentToken.sol";
import { IMarketplace } from "../src/interfaces/IMarketplace.sol";
import { IRounds } from "../src/interfaces/IRounds.sol";
import { IStakeVault } from "../src/interfaces/IStakeVault.sol";
import { IVerifier } from "../src/interfaces/IVerifier.sol";
import { Bn254 } from "../src/libraries/Bn254.sol";
import { AggregateVerifier } from "../src/verifiers/AggregateVerifier.sol";
import { AlignmentVerifier } from "../src/verifiers/AlignmentVerifier.sol";
import { UpdateVerifier } from "../src/verifiers/UpdateVerifier.sol";
import { VerifierRegistry } from "../src/verifiers/VerifierRegistry.sol";
import { SettableFeed } from "./assets/SettableFeed.sol";
import { TestToken } from "./assets/TestToken.sol";
import { UnitToken } from "./assets/UnitToken.sol";

/// @title The contracts, as they are deployed
/// @notice Tests are compiled without the optimiser, in a quarter of the time, and take what they try, with the assets
/// that it moves, from the files of the build: the bytes that chains get. `new` would put other bytes into the test.
library Built {
  Vm private constant VM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
  /// @dev As foundry.toml has it; the variable of the environment comes before it for forge, too.
  string private constant OUT = "build/contracts/out";

  function bulletin() internal returns (Bulletin) {
    return Bulletin(_create("Bulletin", ""));
  }

  function disputes(System memory system) internal returns (Disputes) {
    return Disputes(_create("Disputes", abi.encode(system)));
  }

  function exclusions(System memory system) internal returns (Exclusions) {
    return Exclusions(_create("Exclusions", abi.encode(system)));
  }

  function keyRegistry(System memory system) internal returns (KeyRegistry) {
    return KeyRegistry(_create("KeyRegistry", abi.encode(system)));
  }

  function marketplace(System memory system) internal returns (Marketplace) {
    return Marketplace(_create("Marketplace", abi.encode(system)));
  }

  function rounds(System memory system) internal returns (Rounds) {
    return Rounds(_create("Rounds", abi.encode(system)));
  }

  function settlement(System memory system) internal returns (Settlement) {
    return Settlement(_create("Settlement", abi.encode(system)));
  }

  function stakeVault(IERC20 token, uint256 delay, System memory system) internal returns (StakeVault) {
    return StakeVault(_create("StakeVault", abi.encode(token, delay, system)));
  }

  function validation(System memory system) internal returns (Validation) {
    return Validation(_create("Validation", abi.encode(system)));
  }

  // ---- verifiers

  function verifierRegistry(address owner) internal returns (VerifierRegistry) {
    return VerifierRegistry(_create("VerifierRegistry", abi.encode(owner)));
  }

  function updateVerifier(IVerifier.VerifyingKey memory key, Bn254.G2 memory tau)
    internal
    returns (UpdateVerifier)
  {
    return UpdateVerifier(_create("UpdateVerifier", abi.encode(key, tau)));
  }

  function aggregateVerifier(IVerifier.VerifyingKey memory key, Bn254.G2 memory tau)
    internal
    returns (AggregateVerifier)
  {
    return AggregateVerifier(_create("AggregateVerifier", abi.encode(key, tau)));
  }

  function alignmentVerifier(IVerifier.VerifyingKey memory key, bytes32 bases)
    internal
    returns (AlignmentVerifier)
  {
    return AlignmentVerifier(_create("AlignmentVerifier", abi.encode(key, bases)));
  }

  // ---- credit

  function issuers() internal returns (Issuers) {
    return Issuers(_create("Issuers", ""));
  }

  function models(IMarketplace market, IRounds rounds_, IStakeVault vault) internal returns (Models) {
    return Models(_create("Models", abi.encode(market, rounds_, vault)));
  }

  function scoreVerifier(IVerifier.VerifyingKey memory key) internal returns (ScoreVerifier) {
    return ScoreVerifier(_create("ScoreVerifier", abi.encode(key)));
  }

  function credentials(
    IModels models_,
    IIssuers issuers_,
    IScoreVerifier[] memory verifiers,
    bool development
  ) internal returns (Credentials) {
    return Credentials(_create("Credentials", abi.encode(models_, issuers_, verifiers, development)));
  }

  function lendingPool(string memory name, string memory symbol, ILendingPool.Policy memory policy)
    internal
    returns (LendingPool)
  {
    return LendingPool(_create("LendingPool", abi.encode(name, symbol, policy)));
  }

  // ---- development

  function developmentToken() internal returns (DevelopmentToken) {
    return DevelopmentToken(_create("DevelopmentToken", ""));
  }

  function developmentFeed(int256 answer) internal returns (DevelopmentFeed) {
    return DevelopmentFeed(_create("DevelopmentFeed", abi.encode(answer)));
  }

  // ---- assets

  function testToken() internal returns (TestToken) {
    return TestToken(_create("TestToken", ""));
  }

  function unitToken(uint8 decimals) internal returns (UnitToken) {
    return UnitToken(_create("UnitToken", abi.encode(decimals)));
  }

  function settableFeed(uint8 decimals, int256 answer) internal returns (SettableFeed) {
    return SettableFeed(_create("SettableFeed", abi.encode(decimals, answer)));
  }

  /// @dev A run of some tests, the first in its checkout, compiles assets as it compiles tests, and so they stay: gas that
  /// goes through them would be another.
  function requireOptimisedAssets() internal view {
    string[3] memory assets = ["TestToken", "UnitToken", "SettableFeed"];
    for (uint256 i = 0; i < assets.length; i++) {
      bool optimised = VM.parseJsonBool(VM.readFile(_path(assets[i])), ".metadata.settings.optimizer.enabled");
      require(
        optimised, string.concat(assets[i], " is compiled as tests are: `forge clean && forge build` first")
      );
    }
  }

  function _path(string memory name) private view returns (string memory) {
    return string.concat(VM.envOr("FOUNDRY_OUT", OUT), "/", name, ".sol/", name, ".json");
  }

  /// @dev In the calling test's name; a constructor's revert goes on as it is.
  function _create(string memory name, bytes memory arguments) private returns (address created) {
    bytes memory code = abi.encodePacked(VM.getCode(_path(name)), arguments);
    assembly ("memory-safe") {
      created := create(0, add(code, 0x20), mload(code))
      if iszero(created) {
        let revertData := mload(0x40)
        returndatacopy(revertData, 0, returndatasize())
        revert(revertData, returndatasize())
      }
    }
  }
}
