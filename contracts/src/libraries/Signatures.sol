// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { ECDSA } from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import { SignatureChecker } from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @title Who has signed a digest
/// @notice A key's signature is good whatever code stands at its address. Were code asked first, who signed with others
/// could delegate its account afterwards (EIP-7702) to code that denies it, and what a quorum signed could be brought by
/// nobody.
library Signatures {
  /// @notice True if the key of `signer` made the signature, or, of an account with code, if its code says that it is good
  /// (ERC-1271).
  function isValid(address signer, bytes32 digest, bytes calldata signature) internal view returns (bool) {
    (address recovered, ECDSA.RecoverError fault,) = ECDSA.tryRecoverCalldata(digest, signature);
    if (fault == ECDSA.RecoverError.NoError && recovered == signer) return true;
    return
      signer.code.length > 0 && SignatureChecker.isValidERC1271SignatureNowCalldata(signer, digest, signature);
  }
}
