// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { stdJson } from "forge-std/StdJson.sol";
import { Credentials } from "../../src/credit/Credentials.sol";
import { Issuers } from "../../src/credit/Issuers.sol";
import { LendingPool } from "../../src/credit/LendingPool.sol";
import { Models } from "../../src/credit/Models.sol";
import { ScoreVerifier } from "../../src/credit/ScoreVerifier.sol";
import { ICredentials } from "../../src/credit/interfaces/ICredentials.sol";
import { IIssuers } from "../../src/credit/interfaces/IIssuers.sol";
import { ILendingPool } from "../../src/credit/interfaces/ILendingPool.sol";
import { IModels } from "../../src/credit/interfaces/IModels.sol";
import { IScoreVerifier } from "../../src/credit/interfaces/IScoreVerifier.sol";
import { IVerifier } from "../../src/interfaces/IVerifier.sol";
import { Bn254 } from "../../src/libraries/Bn254.sol";
import { LendingTest } from "./LendingTest.sol";
import { PointsJson } from "../verifiers/PointsJson.sol";
import { Built } from "../Built.sol";

/// @title Credentials by proofs that the prover made, through every contract of credit; then each way to cheat with them
/// @notice test/vectors/credit.json, whose proofs name the address 0xcc..cc, where `Credentials` is put.
contract RealScoresTest is LendingTest {
  using PointsJson for string;
  using stdJson for string;

  address private constant CREDENTIALS_AT = 0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC;
  uint256 private constant FIRST = 0;
  uint256 private constant RENEWAL = 1;
  uint256 private constant OTHER_ACCOUNT = 2;
  uint256 private constant NETWORK = 3;
  uint256 private constant ONE_ISSUER_MORE = 4;
  uint256 private constant END = 682 * PERIOD;

  string private _json;

  function setUp() public override {
    super.setUp();
    _json = vm.readFile("test/vectors/credit.json");
    vm.warp(END - 20 days);
    (issuers, models) = (Built.issuers(), Built.models(marketplace, rounds, vault));
    IScoreVerifier[] memory verifiers = new IScoreVerifier[](2);
    verifiers[0] = Built.scoreVerifier(_key("logistic"));
    verifiers[1] = Built.scoreVerifier(_key("network"));
    credentials = _createAt(CREDENTIALS_AT, abi.encode(models, issuers, verifiers, true));
    endTask();
    _acceptModelOf(FIRST, 0);
    _acceptModelOf(NETWORK, 1);
    vm.startPrank(curator);
    set = issuers.create();
    issuers.add(set, _issuer(ONE_ISSUER_MORE, 0));
    issuers.add(set, _issuer(ONE_ISSUER_MORE, 1));
    vm.stopPrank();
    ILendingPool.Policy memory p = defaultPolicy();
    (p.credentials, p.model, p.set) = (credentials, _signals(FIRST)[1], set);
    pool = Built.lendingPool("", "", p);
    setPrice(PRICE);
  }

  // ---- good proofs

  function test_show_logisticAndNetwork() public {
    assertEq(credentials.domain(), _signals(FIRST)[0]);
    assertEq(issuers.rootOf(set), _signals(FIRST)[2]);
    assertEq(issuers.serialHashOf(_serial(FIRST)), _signals(FIRST)[8]);
    bytes32 uid = _show(FIRST);
    bytes32 other = _show(NETWORK);
    assertTrue(credentials.isAttestationValid(uid));
    assertTrue(credentials.isAttestationValid(other));
    (uint256 bracket, uint256 end) = credentials.standingOf(bob, _signals(FIRST)[1], set);
    assertEq(bracket, _signals(FIRST)[5]);
    assertEq(end, END + 1);
  }

  /// @dev From the proof to the loan: the pool asks what the bracket says.
  function test_borrow_atTheBracket() public {
    lend(10_000 * UNIT);
    secure(bob, 0.575e18); // 115 % of 1,000 at 2,000
    vm.expectPartialRevert(ILendingPool.CollateralTooSmall.selector);
    vm.prank(bob);
    pool.borrow(1000 * UNIT);
    _show(FIRST);
    assertEq(pool.termsOf(bob).open, 10_500 + 500 * _signals(FIRST)[5]);
    borrow(bob, 1000 * UNIT);
  }

  function test_show_renewal() public {
    bytes32 uid = _show(FIRST);
    vm.warp(END - 7 days);
    _refused(RENEWAL, bob, abi.encodeWithSelector(ICredentials.UntilNotPeriodEnd.selector, END + PERIOD, END));
    vm.warp(END - 7 days + 1);
    bytes32 second = _show(RENEWAL);
    assertFalse(credentials.isAttestationValid(uid));
    assertTrue(credentials.isAttestationValid(second));
  }

  function test_show_underTheRootWithOneIssuerMore() public {
    uint256 root = issuers.rootOf(set);
    uint256 given = _signals(ONE_ISSUER_MORE)[2];
    _refused(
      ONE_ISSUER_MORE, bob, abi.encodeWithSelector(ICredentials.RootNotCurrent.selector, set, given, root)
    );
    vm.prank(curator);
    issuers.add(set, _issuer(ONE_ISSUER_MORE, 2));
    assertEq(issuers.rootOf(set), given);
    _refused(FIRST, bob, abi.encodeWithSelector(ICredentials.RootNotCurrent.selector, set, root, given));
    _show(ONE_ISSUER_MORE);
  }

  // ---- each way to cheat

  /// @dev One bit of the proof: never shown, whatever it is.
  /// forge-config: default.fuzz.runs = 32
  /// forge-config: ci.fuzz.runs = 128
  function testFuzz_show_alteredProofGivesNothing(uint256 word, uint256 bit) public {
    uint256[8] memory proof = _proof(FIRST);
    proof[word % 8] ^= 2 ** (bit % 256);
    _proofRefused(_signals(FIRST), proof);
  }

  /// @dev Another bracket, nullifier or serial than what was proven; the same field element under another name.
  function test_show_alteredSignalGivesNothing() public {
    for (uint256 bracket; bracket < 10; ++bracket) {
      uint256[9] memory s = _signals(FIRST);
      if (bracket == s[5]) continue;
      s[5] = bracket;
      _proofRefused(s, _proof(FIRST));
    }
    for (uint256 i = 7; i < 9; ++i) {
      uint256[9] memory s = _signals(FIRST);
      ++s[i];
      _proofRefused(s, _proof(FIRST));
      s[i] += Bn254.R - 1;
      _proofRefused(s, _proof(FIRST));
    }
  }

  function test_show_proofOfTheOtherModelGivesNothing() public {
    _proofRefused(_signals(FIRST), _proof(NETWORK));
    _proofRefused(_signals(NETWORK), _proof(FIRST));
  }

  function test_show_replayedStolenAndOfAnotherAccount() public {
    uint256[9] memory s = _signals(FIRST);
    address other = address(uint160(_signals(OTHER_ACCOUNT)[4]));
    _refused(FIRST, other, abi.encodeWithSelector(ICredentials.SubjectDiffers.selector, s[4], other));
    _show(FIRST);
    _refused(FIRST, bob, abi.encodeWithSelector(ICredentials.Replayed.selector, s[7]));
    _refused(
      OTHER_ACCOUNT, other, abi.encodeWithSelector(ICredentials.NullifierOfAnother.selector, s[7], bob)
    );
  }

  function test_show_expiredByASecond() public {
    vm.warp(END + 1);
    _refused(FIRST, bob, abi.encodeWithSelector(ICredentials.CredentialExpired.selector, END));
    vm.warp(END);
    _show(FIRST);
  }

  function test_show_onAnotherChain() public {
    vm.chainId(1);
    bytes memory refusal =
      abi.encodeWithSelector(ICredentials.DomainDiffers.selector, _signals(FIRST)[0], credentials.domain());
    _refused(FIRST, bob, refusal);
  }

  function test_revoke_bySerial() public {
    bytes32 uid = _show(FIRST);
    issuers.revoke(_serial(FIRST));
    assertFalse(credentials.isAttestationValid(uid));
    _refused(FIRST, bob, abi.encodeWithSelector(ICredentials.RecordRevoked.selector, _signals(FIRST)[8]));
  }

  // ---- helpers

  function _show(uint256 i) private returns (bytes32) {
    vm.prank(bob);
    return credentials.show(set, _signals(i), _proof(i));
  }

  function _refused(uint256 i, address sender, bytes memory refusal) private {
    (uint256[9] memory s, uint256[8] memory p) = (_signals(i), _proof(i));
    vm.expectRevert(refusal);
    vm.prank(sender);
    credentials.show(set, s, p);
  }

  function _proofRefused(uint256[9] memory s, uint256[8] memory p) private {
    vm.expectRevert(ICredentials.ProofInvalid.selector);
    vm.prank(bob);
    credentials.show(set, s, p);
  }

  function _acceptModelOf(uint256 i, uint8 shape) private {
    uint256[9] memory s = _signals(i);
    acceptModel(IModels.ScoreModel(s[1], task, rounds.modelOf(task), keccak256("file"), s[3], shape));
  }

  function _createAt(address where, bytes memory args) private returns (Credentials) {
    vm.etch(where, abi.encodePacked(type(Credentials).creationCode, args));
    (bool ok, bytes memory runtime) = where.call("");
    assertTrue(ok);
    vm.etch(where, runtime);
    return Credentials(where);
  }

  function _path(uint256 i, string memory field) private pure returns (string memory) {
    return string.concat(".proofs[", vm.toString(i), "].", field);
  }

  function _signals(uint256 i) private view returns (uint256[9] memory signals) {
    uint256[] memory words = _json.readUintArray(_path(i, "publicSignals"));
    for (uint256 j; j < 9; ++j) {
      signals[j] = words[j];
    }
  }

  function _proof(uint256 i) private view returns (uint256[8] memory proof) {
    uint256[] memory words = _json.readUintArray(_path(i, "proof"));
    for (uint256 j; j < 8; ++j) {
      proof[j] = words[j];
    }
  }

  function _serial(uint256 i) private view returns (uint256) {
    return _json.readUint(_path(i, "serial"));
  }

  function _issuer(uint256 i, uint256 index) private view returns (IIssuers.Key memory) {
    string memory field = string.concat("issuers[", vm.toString(index), "]");
    uint256[] memory words = _json.readUintArray(_path(i, field));
    return IIssuers.Key(words[0], words[1]);
  }

  function _key(string memory shape) private view returns (IVerifier.VerifyingKey memory) {
    return _json.readKey(string.concat(".verifyingKeys.", shape));
  }
}
