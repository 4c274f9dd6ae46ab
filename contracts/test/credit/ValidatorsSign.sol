// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { TaskParameters } from "../../src/interfaces/Types.sol";
import { FederationTest } from "../federation/FederationTest.sol";

/// @title A task of one round, whose validators sign what `Models` asks for
abstract contract ValidatorsSign is FederationTest {
  function defaultParameters() internal view virtual override returns (TaskParameters memory p) {
    p = super.defaultParameters();
    p.rounds = 1;
  }

  /// @dev Of the first validators, in the order that the contract asks for.
  function signedBy(uint256 count, bytes32 digest)
    internal
    view
    returns (address[] memory signers, bytes[] memory signatures)
  {
    (signers, signatures) = (new address[](count), new bytes[](count));
    for (uint256 i; i < count; ++i) {
      (address signer, bytes memory signature) = (validators[i], sign(VALIDATOR_KEY + i, digest));
      uint256 j = i;
      for (; j > 0 && signers[j - 1] > signer; --j) {
        (signers[j], signatures[j]) = (signers[j - 1], signatures[j - 1]);
      }
      (signers[j], signatures[j]) = (signer, signature);
    }
  }
}
