// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Credentials } from "../../src/credit/Credentials.sol";
import { ICredentials } from "../../src/credit/interfaces/ICredentials.sol";
import { IIssuers } from "../../src/credit/interfaces/IIssuers.sol";
import { IModels } from "../../src/credit/interfaces/IModels.sol";
import { IScoreVerifier } from "../../src/credit/interfaces/IScoreVerifier.sol";
import { ScoreVerifier } from "../../src/credit/ScoreVerifier.sol";
import { IVerifier } from "../../src/interfaces/IVerifier.sol";
import { Bn254 } from "../../src/libraries/Bn254.sol";
import { CreditTest } from "./CreditTest.sol";
import { Built } from "../Built.sol";

/// @title Showing a credential: what is believed, and each way to get one that is not one's own
contract CredentialsTest is CreditTest {
  uint256 private _end;

  function setUp() public override {
    super.setUp();
    _end = credentials.periodEnd();
  }

  // ---- good ones

  function test_show_keepsAllThatTheChainLearns() public {
    uint256[9] memory s = signalsOf(alice, 3, _end, "alice", 1);
    bytes32 uid = show(alice, s);
    ICredentials.Credential memory c = credentials.credentialOf(uid);
    assertEq(c.subject, alice);
    assertEq(c.until, _end);
    assertEq(c.bracket, 3);
    assertEq(c.shownAt, block.timestamp);
    assertEq(c.replacedAt, 0);
    assertEq(c.set, set);
    assertEq(c.generation, 0);
    assertEq(c.model, MODEL);
    assertEq(c.serialHash, s[8]);
    assertEq(c.nullifier, s[7]);
    assertEq(c.replaces, bytes32(0));
    assertEq(credentials.uidOf(alice, MODEL, set), uid);
    _standing(alice, 3, _end + 1);
  }

  function test_show_isAnAttestation() public {
    uint256[9] memory s = signalsOf(alice, 3, _end, "alice", 1);
    uint256[8] memory proof = scoreTrapdoor.proveScore(0, s);
    bytes32 uid = keccak256(abi.encode(block.chainid, address(credentials), 1));
    vm.expectEmit(address(credentials));
    emit ICredentials.CredentialShown(alice, MODEL, set, uid, 3, _end, s[7], s[8]);
    vm.expectEmit(address(credentials));
    emit ICredentials.Attested(alice, address(credentials), uid, credentials.SCHEMA());
    vm.prank(alice);
    assertEq(credentials.show(set, s, proof), uid);
    ICredentials.Attestation memory a = credentials.getAttestation(uid);
    assertEq(a.uid, uid);
    assertEq(a.schema, credentials.SCHEMA());
    assertEq(a.time, block.timestamp);
    assertEq(a.expirationTime, _end);
    assertEq(a.revocationTime, 0);
    assertEq(a.refUID, bytes32(0));
    assertEq(a.recipient, alice);
    assertEq(a.attester, address(credentials));
    assertTrue(a.revocable);
    assertEq(a.data, abi.encode(MODEL, set, 3, s[7], s[8]));
    assertTrue(credentials.isAttestationValid(uid));
    assertFalse(credentials.isAttestationValid(keccak256("none")));
    assertEq(credentials.getAttestation(keccak256("none")).uid, bytes32(0));
    vm.expectRevert(abi.encodeWithSelector(ICredentials.CredentialUnknown.selector, keccak256("none")));
    credentials.credentialOf(keccak256("none"));
  }

  function test_standingOf_whoNeverShowedOne() public view {
    _standing(alice, 9, 0);
  }

  function test_show_everyBracket() public {
    for (uint256 k; k < 10; ++k) {
      address subject = vm.addr(0x9000 + k);
      show(subject, k);
      _standing(subject, k, _end + 1);
    }
  }

  // ---- signals that are not this contract's

  function test_show_forAnotherChainOrContractIsRefused() public {
    uint256[9] memory s = signalsOf(alice, 3, _end, "alice", 1);
    uint256 here = s[0];
    vm.chainId(1);
    uint256 there = credentials.domain();
    assertNotEq(there, here);
    expectRefused(alice, s, abi.encodeWithSelector(ICredentials.DomainDiffers.selector, here, there));
    vm.chainId(31_337);
    IScoreVerifier[] memory verifiers = new IScoreVerifier[](1);
    verifiers[0] = credentials.verifierOf(0);
    Credentials other = Built.credentials(models, issuers, verifiers, true);
    uint256[8] memory proof = scoreTrapdoor.proveScore(0, s);
    vm.expectRevert(abi.encodeWithSelector(ICredentials.DomainDiffers.selector, here, other.domain()));
    vm.prank(alice);
    other.show(set, s, proof);
  }

  function test_show_ofAModelThatWasNotAcceptedIsRefused() public {
    uint256[9] memory s = signalsOf(alice, 3, _end, "alice", 1);
    s[1] = 77;
    expectRefused(alice, s, abi.encodeWithSelector(ICredentials.ModelNotAccepted.selector, 77, SCHEMA));
  }

  function test_show_ofAnotherSchemaIsRefused() public {
    uint256[9] memory s = signalsOf(alice, 3, _end, "alice", 1);
    s[3] = 77;
    expectRefused(alice, s, abi.encodeWithSelector(ICredentials.ModelNotAccepted.selector, MODEL, 77));
  }

  function test_show_staleRootIsRefused() public {
    uint256[9] memory s = signalsOf(alice, 3, _end, "alice", 1);
    uint256 old = s[2];
    vm.prank(curator);
    issuers.add(set, IIssuers.Key(DOUBLE_X, DOUBLE_Y));
    uint256 root = issuers.rootOf(set);
    expectRefused(alice, s, abi.encodeWithSelector(ICredentials.RootNotCurrent.selector, set, old, root));
    // A rotated key's signature: under the root before.
    vm.prank(curator);
    issuers.remove(set, 1);
    assertEq(issuers.rootOf(set), old);
    show(alice, s);
  }

  function test_show_underAnotherSetIsRefused() public {
    uint256[9] memory s = signalsOf(alice, 3, _end, "alice", 1);
    uint256 other = issuers.create();
    uint256 root = issuers.rootOf(other);
    uint256[8] memory proof = scoreTrapdoor.proveScore(0, s);
    vm.expectRevert(abi.encodeWithSelector(ICredentials.RootNotCurrent.selector, other, s[2], root));
    vm.prank(alice);
    credentials.show(other, s, proof);
  }

  /// @dev Taken from the mempool: the subject is in the proof.
  function test_show_stolenIsRefused() public {
    uint256[9] memory s = signalsOf(alice, 3, _end, "alice", 1);
    expectRefused(bob, s, abi.encodeWithSelector(ICredentials.SubjectDiffers.selector, uint160(alice), bob));
    uint256[8] memory proof = scoreTrapdoor.proveScore(0, s);
    s[4] = uint160(bob);
    vm.expectRevert(ICredentials.ProofInvalid.selector);
    vm.prank(bob);
    credentials.show(set, s, proof);
    // Bits above an address do not make it another word of the same subject.
    s[4] = uint256(uint160(alice)) + (1 << 160);
    expectRefused(alice, s, abi.encodeWithSelector(ICredentials.SubjectDiffers.selector, s[4], alice));
  }

  function test_show_bracketOutOfRangeIsRefused() public {
    uint256[9] memory s = signalsOf(alice, 10, _end, "alice", 1);
    expectRefused(alice, s, abi.encodeWithSelector(ICredentials.BracketOutOfRange.selector, 10));
    s[5] = Bn254.R;
    expectRefused(alice, s, abi.encodeWithSelector(ICredentials.BracketOutOfRange.selector, Bn254.R));
  }

  // ---- proofs

  /// forge-config: default.fuzz.runs = 32
  /// forge-config: ci.fuzz.runs = 64
  function testFuzz_show_alteredProofIsRefused(uint256 word, uint256 bit) public {
    uint256[9] memory s = signalsOf(alice, 3, _end, "alice", 1);
    uint256[8] memory proof = scoreTrapdoor.proveScore(0, s);
    proof[word % 8] ^= 2 ** (bit % 256);
    vm.expectRevert(ICredentials.ProofInvalid.selector);
    vm.prank(alice);
    credentials.show(set, s, proof);
    _standing(alice, 9, 0);
  }

  /// @dev A better bracket, a later end, another nullifier or serial than what was proven.
  function test_show_alteredSignalIsRefused() public {
    uint256[9] memory s = signalsOf(alice, 3, _end, "alice", 1);
    uint256[8] memory proof = scoreTrapdoor.proveScore(0, s);
    for (uint256 i = 5; i < 9; ++i) {
      if (i == 6) continue; // another end is no end of an period
      uint256[9] memory other = signalsOf(alice, 3, _end, "alice", 1);
      --other[i];
      vm.expectRevert(ICredentials.ProofInvalid.selector);
      vm.prank(alice);
      credentials.show(set, other, proof);
    }
    // The same field element under another name is another nullifier.
    s[7] += Bn254.R;
    vm.expectRevert(ICredentials.ProofInvalid.selector);
    vm.prank(alice);
    credentials.show(set, s, proof);
  }

  function test_show_zerosAndInfinityAreRefused() public {
    uint256[9] memory s = signalsOf(alice, 3, _end, "alice", 1);
    uint256[8] memory proof;
    vm.expectRevert(ICredentials.ProofInvalid.selector);
    vm.prank(alice);
    credentials.show(set, s, proof);
  }

  /// @dev A proof under the other shape's key, for a model of this shape.
  function test_show_proofOfAnotherShapeIsRefused() public {
    uint256[9] memory s = signalsOf(alice, 3, _end, "alice", 1);
    uint256[8] memory proof = scoreTrapdoor.proveScore(1, s);
    vm.expectRevert(ICredentials.ProofInvalid.selector);
    vm.prank(alice);
    credentials.show(set, s, proof);
  }

  function test_show_modelOfTheOtherShape() public {
    IModels.ScoreModel memory m = modelRecord();
    (m.digest, m.shape) = (4711, 1);
    acceptModel(m);
    uint256[9] memory s = signalsOf(alice, 3, _end, "alice", 1);
    s[1] = 4711;
    uint256[8] memory proof = scoreTrapdoor.proveScore(1, s);
    vm.prank(alice);
    credentials.show(set, s, proof);
    (uint256 bracket,) = credentials.standingOf(alice, 4711, set);
    assertEq(bracket, 3);
    // Of the first model there is none.
    _standing(alice, 9, 0);
  }

  /// @dev The attack: a task of one's own claims the digest of another's model, with another shape and schema, before that
  /// one's validators have signed. The digest is known as soon as the final model is; it could not be accepted any more.
  function test_show_ofAModelThatAnotherTaskClaimedFirst() public {
    uint256 honest = task;
    IModels.ScoreModel memory m = modelRecord();
    m.digest = 4711;
    endTask();
    IModels.ScoreModel memory claimed = modelRecord();
    (claimed.digest, claimed.shape, claimed.schema, claimed.content) = (4711, 1, 99, keccak256("nothing"));
    acceptModel(claimed);
    uint256[9] memory s = signalsOf(alice, 3, _end, "alice", 1);
    s[1] = 4711;
    expectRefused(alice, s, abi.encodeWithSelector(ICredentials.ModelNotAccepted.selector, 4711, SCHEMA));

    uint256 attacker = task;
    (address[] memory signers, bytes[] memory signatures) = signedBy(2, models.modelDigest(m));
    models.accept(m, signers, signatures);
    show(alice, s);
    (uint256 bracket,) = credentials.standingOf(alice, 4711, set);
    assertEq(bracket, 3);
    uint256[] memory tasks = models.tasksOf(4711);
    assertEq(tasks.length, 2);
    assertEq(tasks[0], attacker);
    assertEq(tasks[1], honest);
    assertEq(models.trainingOf(4711, honest).task, honest);
    (IModels.ScoreModel memory kept,) = models.modelOf(4711, honest);
    assertEq(kept.content, keccak256("content"));
  }

  /// @dev The same with the right schema and a false shape: a proof is held against each.
  function test_show_ofAModelThatAnotherTaskClaimedForAnotherShape() public {
    endTask();
    IModels.ScoreModel memory claimed = modelRecord();
    claimed.shape = 1;
    acceptModel(claimed);
    assertEq(models.shapesOf(MODEL, SCHEMA), 3);
    uint256[9] memory s = signalsOf(alice, 3, _end, "alice", 1);
    uint256[8] memory proof = scoreTrapdoor.proveScore(0, s);
    ++s[5];
    vm.expectRevert(ICredentials.ProofInvalid.selector);
    vm.prank(alice);
    credentials.show(set, s, proof);
    --s[5];
    show(alice, s);
    _standing(alice, 3, _end + 1);
  }

  function test_show_modelOfAnUnknownShapeIsRefused() public {
    IModels.ScoreModel memory m = modelRecord();
    (m.digest, m.shape) = (4711, 2);
    acceptModel(m);
    uint256[9] memory s = signalsOf(alice, 3, _end, "alice", 1);
    s[1] = 4711;
    expectRefused(alice, s, abi.encodeWithSelector(ICredentials.ShapesUnknown.selector, 1 << 2));
  }

  /// @dev Anyone makes another proof of the same statement of one: `(-A, -B, C)`. It gives nobody anything.
  function test_show_malleatedProofIsTheSubjectsAndCountsOnce() public {
    uint256[9] memory s = signalsOf(alice, 3, _end, "alice", 1);
    uint256[8] memory p = scoreTrapdoor.proveScore(0, s);
    uint256[8] memory other = [p[0], Bn254.Q - p[1], p[2], p[3], Bn254.Q - p[4], Bn254.Q - p[5], p[6], p[7]];
    vm.expectRevert(abi.encodeWithSelector(ICredentials.SubjectDiffers.selector, uint160(alice), bob));
    vm.prank(bob);
    credentials.show(set, s, other);
    vm.startPrank(alice);
    credentials.show(set, s, other);
    vm.expectRevert(abi.encodeWithSelector(ICredentials.Replayed.selector, s[7]));
    credentials.show(set, s, p);
  }

  // ---- time

  function test_show_lastSecondOfThePeriodHoldsAndTheNextDoesNot() public {
    uint256[9] memory s = signalsOf(alice, 3, _end, "alice", 1);
    vm.warp(_end + 1);
    expectRefused(alice, s, abi.encodeWithSelector(ICredentials.CredentialExpired.selector, _end));
    vm.warp(_end);
    assertEq(credentials.periodEnd(), _end);
    bytes32 uid = show(alice, s);
    assertTrue(credentials.isAttestationValid(uid));
    vm.warp(_end + 1);
    assertFalse(credentials.isAttestationValid(uid));
    assertEq(credentials.getAttestation(uid).revocationTime, 0);
    assertEq(credentials.periodEnd(), _end + PERIOD);
  }

  /// @dev Otherwise one record gave a credential for every period to come, each under another address.
  function test_show_ofALaterPeriodIsRefused() public {
    for (uint256 i = 1; i < 4; ++i) {
      uint256[9] memory s = signalsOf(alice, 3, _end + i * PERIOD, "alice", 1);
      expectRefused(alice, s, abi.encodeWithSelector(ICredentials.UntilNotPeriodEnd.selector, s[6], _end));
    }
    uint256[9] memory t = signalsOf(alice, 3, _end - 1, "alice", 1);
    expectRefused(alice, t, abi.encodeWithSelector(ICredentials.UntilNotPeriodEnd.selector, _end - 1, _end));
  }

  function test_show_renewalInTheLastWeek() public {
    bytes32 first = show(alice, signalsOf(alice, 3, _end, "alice", 1));
    uint256[9] memory s = signalsOf(alice, 2, _end + PERIOD, "alice", 1);
    vm.warp(_end - 7 days);
    expectRefused(alice, s, abi.encodeWithSelector(ICredentials.UntilNotPeriodEnd.selector, s[6], _end));
    vm.warp(_end - 7 days + 1);
    bytes32 second = show(alice, s);
    assertFalse(credentials.isAttestationValid(first));
    assertEq(credentials.getAttestation(first).revocationTime, block.timestamp);
    assertEq(credentials.getAttestation(second).refUID, first);
    _standing(alice, 2, _end + PERIOD + 1);
    // The other address of the same person finds the nullifier taken, now and later.
    uint256[9] memory theirs = signalsOf(bob, 2, _end + PERIOD, "alice", 1);
    bytes memory taken = abi.encodeWithSelector(ICredentials.NullifierOfAnother.selector, theirs[7], alice);
    expectRefused(bob, theirs, taken);
    vm.warp(_end + 1);
    expectRefused(bob, theirs, taken);
  }

  /// @dev Who has no credential in force has to wait for the period: one person would have two at a time.
  function test_show_renewalIsOfWhoHasOne() public {
    show(alice, signalsOf(alice, 3, _end, "a person", 1));
    vm.warp(_end - 1 days);
    uint256[9] memory s = signalsOf(bob, 3, _end + PERIOD, "a person", 1);
    expectRefused(bob, s, abi.encodeWithSelector(ICredentials.UntilNotPeriodEnd.selector, s[6], _end));
    issuers.revoke(1);
    s = signalsOf(alice, 3, _end + PERIOD, "a person", 2);
    expectRefused(alice, s, abi.encodeWithSelector(ICredentials.UntilNotPeriodEnd.selector, s[6], _end));
  }

  function test_show_supersededIsRefused() public {
    show(alice, signalsOf(alice, 3, _end, "alice", 1));
    vm.warp(_end - 1 days);
    show(alice, signalsOf(alice, 5, _end + PERIOD, "alice", 2));
    // What another issuer signed, for this period: a better bracket, and older.
    uint256[9] memory s = signalsOf(alice, 0, _end, "alice at another issuer", 3);
    expectRefused(alice, s, abi.encodeWithSelector(ICredentials.Superseded.selector, _end, _end + PERIOD));
  }

  /// @dev Two issuers know the person under two holders: still one live credential of the address.
  function test_show_secondOfTheSamePeriodIsRefused() public {
    show(alice, signalsOf(alice, 3, _end, "alice", 1));
    uint256[9] memory s = signalsOf(alice, 0, _end, "alice at another issuer", 2);
    expectRefused(alice, s, abi.encodeWithSelector(ICredentials.Superseded.selector, _end, _end));
  }

  function test_show_nextPeriodNeedsANewProof() public {
    show(alice, signalsOf(alice, 3, _end, "alice", 1));
    vm.warp(_end + 1);
    _standing(alice, 3, _end + 1);
    show(alice, signalsOf(alice, 4, _end + PERIOD, "alice", 1));
    _standing(alice, 4, _end + PERIOD + 1);
  }

  // ---- one person, one credential

  function test_show_replayedIsRefused() public {
    uint256[9] memory s = signalsOf(alice, 3, _end, "alice", 1);
    show(alice, s);
    expectRefused(alice, s, abi.encodeWithSelector(ICredentials.Replayed.selector, s[7]));
    skip(1);
    expectRefused(alice, s, abi.encodeWithSelector(ICredentials.Replayed.selector, s[7]));
  }

  function test_show_secondAddressOfAPersonIsRefused() public {
    uint256[9] memory s = signalsOf(alice, 3, _end, "a person", 1);
    show(alice, s);
    uint256[9] memory t = signalsOf(bob, 0, _end, "a person", 2);
    expectRefused(bob, t, abi.encodeWithSelector(ICredentials.NullifierOfAnother.selector, t[7], alice));
    // Nor after the first was revoked: the nullifier stays with its address.
    issuers.revoke(1);
    expectRefused(bob, t, abi.encodeWithSelector(ICredentials.NullifierOfAnother.selector, t[7], alice));
  }

  /// @dev A set of one's own, under whose root anything can be proven, takes nobody's nullifier in another set.
  function test_show_nullifiersAreOfASet() public {
    vm.startPrank(bob);
    uint256 own = issuers.create();
    issuers.add(own, IIssuers.Key(DOUBLE_X, DOUBLE_Y));
    vm.stopPrank();
    uint256[9] memory s = signalsOf(bob, 0, _end, "alice", 5);
    s[2] = issuers.rootOf(own);
    uint256[8] memory proof = scoreTrapdoor.proveScore(0, s);
    vm.prank(bob);
    credentials.show(own, s, proof);
    _standing(bob, 9, 0);
    show(alice, signalsOf(alice, 3, _end, "alice", 1));
    _standing(alice, 3, _end + 1);
  }

  // ---- revocation

  function test_show_revokedSerialIsRefused() public {
    uint256[9] memory s = signalsOf(alice, 3, _end, "alice", 1);
    issuers.revoke(1);
    expectRefused(alice, s, abi.encodeWithSelector(ICredentials.RecordRevoked.selector, s[8]));
  }

  function test_revoke_endsACredentialInThatSecond() public {
    bytes32 uid = show(alice, signalsOf(alice, 3, _end, "alice", 1));
    skip(1 days);
    issuers.revoke(1);
    assertFalse(credentials.isAttestationValid(uid));
    assertEq(credentials.getAttestation(uid).revocationTime, block.timestamp);
    _standing(alice, 3, block.timestamp);
    // The issuer corrects the record: the same person, address and period, another serial.
    uint256[9] memory s = signalsOf(alice, 6, _end, "alice", 2);
    bytes32 second = show(alice, s);
    assertTrue(credentials.isAttestationValid(second));
    assertEq(credentials.getAttestation(second).refUID, uid);
    _standing(alice, 6, _end + 1);
    assertFalse(credentials.isAttestationValid(uid));
  }

  function test_recall_endsAllOfASetAndTheyAreShownAgain() public {
    bytes32 uid = show(alice, signalsOf(alice, 3, _end, "alice", 1));
    vm.prank(curator);
    issuers.add(set, IIssuers.Key(DOUBLE_X, DOUBLE_Y));
    assertTrue(credentials.isAttestationValid(uid));
    skip(1 days);
    vm.prank(curator);
    issuers.remove(set, 1);
    assertFalse(credentials.isAttestationValid(uid));
    _standing(alice, 3, block.timestamp);
    uint256[9] memory s = signalsOf(alice, 3, _end, "alice", 1);
    bytes32 second = show(alice, s);
    assertNotEq(second, uid);
    assertTrue(credentials.isAttestationValid(second));
    expectRefused(alice, s, abi.encodeWithSelector(ICredentials.Replayed.selector, s[7]));
  }

  function test_rotate_leavesWhatWasShown() public {
    bytes32 uid = show(alice, signalsOf(alice, 3, _end, "alice", 1));
    vm.prank(curator);
    issuers.rotate(set, 0, IIssuers.Key(DOUBLE_X, DOUBLE_Y));
    assertTrue(credentials.isAttestationValid(uid));
  }

  /// @dev All within a second: what was ended stays ended, and each has a uid of its own.
  function test_show_replacedAndRevokedInOneBlock() public {
    vm.warp(_end - 1 days);
    uint256[9] memory s = signalsOf(alice, 3, _end, "alice", 1);
    bytes32 first = show(alice, s);
    bytes32 second = show(alice, signalsOf(alice, 2, _end + PERIOD, "alice", 2));
    issuers.revoke(2);
    assertFalse(credentials.isAttestationValid(second));
    bytes32 third = show(alice, s);
    assertTrue(first != third && second != third);
    assertFalse(credentials.isAttestationValid(first));
    assertTrue(credentials.isAttestationValid(third));
  }

  // ---- keys

  function test_constructor_developmentKeysOnlyOnADevelopmentChain() public {
    IScoreVerifier[] memory verifiers = new IScoreVerifier[](1);
    verifiers[0] = credentials.verifierOf(0);
    vm.chainId(1);
    vm.expectRevert(abi.encodeWithSelector(ICredentials.DevelopmentKeysRefused.selector, 1));
    Built.credentials(models, issuers, verifiers, true);
    assertFalse(Built.credentials(models, issuers, verifiers, false).developmentKeys());
  }

  function test_scoreVerifier_keyThatForgesIsRefused() public {
    IVerifier.VerifyingKey memory key = scoreTrapdoor.scoreKey(0);
    key.delta = key.gamma;
    vm.expectRevert(IVerifier.ForgeableKey.selector);
    Built.scoreVerifier(key);
    key = scoreTrapdoor.scoreKey(0);
    key.ic[9] = Bn254.G1(0, 0);
    vm.expectRevert(abi.encodeWithSelector(IVerifier.BadKeyPoint.selector, "ic", 9));
    Built.scoreVerifier(key);
    key.ic = new Bn254.G1[](9);
    vm.expectRevert(abi.encodeWithSelector(IVerifier.WrongSignalCount.selector, 9));
    Built.scoreVerifier(key);
  }

  function test_scoreVerifier_hashesItsKey() public view {
    assertEq(credentials.verifierOf(1).keyHash(), keccak256(abi.encode(scoreTrapdoor.scoreKey(1))));
  }

  /// @dev Every signal is bound: none is left out of the statement.
  function test_scoreVerifier_everySignalCounts() public view {
    uint256[9] memory s = signalsOf(alice, 3, _end, "alice", 1);
    uint256[8] memory proof = scoreTrapdoor.proveScore(0, s);
    IScoreVerifier verifier = credentials.verifierOf(0);
    assertTrue(verifier.verify(s, proof));
    for (uint256 i; i < 9; ++i) {
      uint256[9] memory other = s;
      uint256 right = s[i];
      other[i] = addmod(right, 1, Bn254.R);
      assertFalse(verifier.verify(other, proof));
      other[i] = right + Bn254.R;
      assertFalse(verifier.verify(other, proof));
      other[i] = right;
    }
    assertTrue(verifier.verify(s, proof));
  }

  function _standing(address subject, uint256 bracket, uint256 end) private view {
    (uint256 k, uint256 e) = credentials.standingOf(subject, MODEL, set);
    assertEq(k, bracket);
    assertEq(e, end);
  }
}
