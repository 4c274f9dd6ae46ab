// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Test } from "forge-std/Test.sol";
import { Issuers } from "../../src/credit/Issuers.sol";
import { IIssuers } from "../../src/credit/interfaces/IIssuers.sol";
import { Poseidon } from "../../src/credit/libraries/Poseidon.sol";
import { Built } from "../Built.sol";

/// @title Sets of issuers, and revocation
contract IssuersTest is Test {
  uint256 private constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
  uint256 private constant BASE_X =
    5299619240641551281634865583518297030282874472190772894086521144482721001553;
  uint256 private constant BASE_Y =
    16950150798460657717958625567821834550301663161624707787222815936182638968203;

  Issuers private _issuers = Built.issuers();
  uint256 private _set;

  address private _stranger = vm.addr(0xF100);

  /// @dev Multiples of the base point, from 1.
  IIssuers.Key[] private _keys;

  function setUp() public {
    _set = _issuers.create();
    IIssuers.Key memory key = IIssuers.Key(BASE_X, BASE_Y);
    for (uint256 i; i < 10; ++i) {
      _keys.push(key);
      key = _sum(key, IIssuers.Key(BASE_X, BASE_Y));
    }
  }

  // ---- the tree

  function test_rootOf_emptySetIsTheEmptyTree() public view {
    bytes memory constants = Poseidon.table();
    uint256 node;
    for (uint256 i; i < 8; ++i) {
      node = Poseidon.hash(constants, node, node);
    }
    assertEq(_issuers.rootOf(_set), node);
    assertEq(_issuers.rootOf(77), node);
  }

  /// @dev Against a tree that is computed whole, after each change.
  function test_rootOf_isThatOfAllKeys() public {
    for (uint256 i; i < 5; ++i) {
      assertEq(_issuers.add(_set, _keys[i]), i);
      assertEq(_issuers.rootOf(_set), _whole());
    }
    _issuers.rotate(_set, 2, _keys[9]);
    assertEq(_issuers.rootOf(_set), _whole());
    _issuers.remove(_set, 4);
    assertEq(_issuers.rootOf(_set), _whole());
    _issuers.remove(_set, 0);
    assertEq(_issuers.rootOf(_set), _whole());
    assertEq(_issuers.add(_set, _keys[0]), 5);
    assertEq(_issuers.rootOf(_set), _whole());
  }

  /// @dev The length of the set's keys is written, as if 255 had come and gone.
  function test_add_fillsTheSetAndNoMore() public {
    vm.store(address(_issuers), bytes32(uint256(keccak256(abi.encode(_set, 2))) + 2), bytes32(uint256(255)));
    assertEq(_issuers.add(_set, _keys[0]), 255);
    assertEq(_issuers.rootOf(_set), _whole());
    vm.expectRevert(abi.encodeWithSelector(IIssuers.SetFull.selector, _set));
    _issuers.add(_set, _keys[1]);
  }

  function test_add_sameKeyTwiceIsRefused() public {
    _issuers.add(_set, _keys[0]);
    vm.expectRevert(abi.encodeWithSelector(IIssuers.IssuerKnown.selector, _set, 0));
    _issuers.add(_set, _keys[0]);
    _issuers.add(_set, _keys[1]);
    vm.expectRevert(abi.encodeWithSelector(IIssuers.IssuerKnown.selector, _set, 0));
    _issuers.rotate(_set, 1, _keys[0]);
  }

  function test_add_sameKeyInAnotherSet() public {
    _issuers.add(_set, _keys[0]);
    uint256 other = _issuers.create();
    _issuers.add(other, _keys[0]);
    assertEq(_issuers.rootOf(other), _issuers.rootOf(_set));
  }

  function test_add_offTheCurveOrNeutralIsRefused() public {
    _refused(IIssuers.Key(BASE_X, BASE_Y + 1));
    _refused(IIssuers.Key(0, 1));
    _refused(IIssuers.Key(0, R - 1));
    _refused(IIssuers.Key(0, 0));
    // The same point under another name would be another leaf.
    _refused(IIssuers.Key(BASE_X + R, BASE_Y));
    _refused(IIssuers.Key(BASE_X, BASE_Y + R));
  }

  function _refused(IIssuers.Key memory key) private {
    vm.expectRevert(abi.encodeWithSelector(IIssuers.KeyInvalid.selector, key.x, key.y));
    _issuers.add(_set, key);
  }

  function test_rotate_unknownOrRemovedIsRefused() public {
    _issuers.add(_set, _keys[0]);
    vm.expectRevert(abi.encodeWithSelector(IIssuers.IssuerUnknown.selector, _set, 1));
    _issuers.rotate(_set, 1, _keys[1]);
    _issuers.remove(_set, 0);
    vm.expectRevert(abi.encodeWithSelector(IIssuers.IssuerUnknown.selector, _set, 0));
    _issuers.rotate(_set, 0, _keys[1]);
    vm.expectRevert(abi.encodeWithSelector(IIssuers.IssuerUnknown.selector, _set, 0));
    _issuers.remove(_set, 0);
  }

  // ---- generations

  function test_remove_recallsAndRotateDoesNot() public {
    _issuers.add(_set, _keys[0]);
    _issuers.rotate(_set, 0, _keys[1]);
    assertEq(_issuers.generationOf(_set), 0);
    vm.warp(1000);
    _issuers.remove(_set, 0);
    assertEq(_issuers.generationOf(_set), 1);
    assertEq(_issuers.recalledAt(_set, 0), 1000);
    assertEq(_issuers.recalledAt(_set, 1), 0);
    vm.warp(2000);
    _issuers.recall(_set);
    assertEq(_issuers.recalledAt(_set, 0), 1000);
    assertEq(_issuers.recalledAt(_set, 1), 2000);
  }

  // ---- the curator

  function test_curator_aloneChangesItsSet() public {
    _issuers.add(_set, _keys[0]);
    bytes memory refusal = abi.encodeWithSelector(IIssuers.NotCurator.selector, _set, _stranger);
    vm.startPrank(_stranger);
    vm.expectRevert(refusal);
    _issuers.add(_set, _keys[1]);
    vm.expectRevert(refusal);
    _issuers.rotate(_set, 0, _keys[1]);
    vm.expectRevert(refusal);
    _issuers.remove(_set, 0);
    vm.expectRevert(refusal);
    _issuers.recall(_set);
    vm.expectRevert(refusal);
    _issuers.handOver(_set, _stranger);
    vm.expectRevert(refusal);
    _issuers.takeOver(_set);
  }

  function test_takeOver_onlyByWhomTheCuratorNamed() public {
    _issuers.handOver(_set, _stranger);
    assertEq(_issuers.curatorOf(_set), address(this));
    vm.expectRevert(abi.encodeWithSelector(IIssuers.NotCurator.selector, _set, address(this)));
    _issuers.takeOver(_set);
    vm.prank(_stranger);
    _issuers.takeOver(_set);
    assertEq(_issuers.curatorOf(_set), _stranger);
    vm.expectRevert(abi.encodeWithSelector(IIssuers.NotCurator.selector, _set, address(this)));
    _issuers.add(_set, _keys[0]);
  }

  function test_takeOver_noMoreAfterTheCuratorTookItBack() public {
    _issuers.handOver(_set, _stranger);
    _issuers.handOver(_set, address(0));
    vm.expectRevert(abi.encodeWithSelector(IIssuers.NotCurator.selector, _set, _stranger));
    vm.prank(_stranger);
    _issuers.takeOver(_set);
  }

  // ---- serials

  function test_revoke_byWhoKnowsTheSerial() public {
    uint256 serial = 0x1234;
    uint256 serialHash = _issuers.serialHashOf(serial);
    assertEq(_issuers.revokedAt(serialHash), 0);
    vm.warp(500);
    vm.prank(_stranger);
    assertEq(_issuers.revoke(serial), serialHash);
    assertEq(_issuers.revokedAt(serialHash), 500);
    vm.warp(600);
    vm.expectRevert(abi.encodeWithSelector(IIssuers.AlreadyRevoked.selector, serialHash));
    _issuers.revoke(serial);
  }

  /// @dev Were it reduced, a second preimage of each serial were known.
  function test_revoke_aliasIsRefused() public {
    vm.expectRevert(abi.encodeWithSelector(Poseidon.NotInField.selector, R + 5));
    _issuers.revoke(R + 5);
  }

  // ---- helpers

  /// @dev Of Baby Jubjub's points (EIP-2494).
  function _sum(IIssuers.Key memory p, IIssuers.Key memory q) private view returns (IIssuers.Key memory) {
    uint256 t = mulmod(168_696, mulmod(mulmod(p.x, q.x, R), mulmod(p.y, q.y, R), R), R);
    uint256 x = addmod(mulmod(p.x, q.y, R), mulmod(p.y, q.x, R), R);
    uint256 y = addmod(mulmod(p.y, q.y, R), R - mulmod(168_700, mulmod(p.x, q.x, R), R), R);
    return IIssuers.Key(mulmod(x, _inverse(addmod(1, t, R)), R), mulmod(y, _inverse(addmod(1, R - t, R)), R));
  }

  function _inverse(uint256 a) private view returns (uint256) {
    (bool ok, bytes memory inverse) = address(5).staticcall(abi.encode(32, 32, 32, a, R - 2, R));
    require(ok, "the modular exponentiation failed");
    return abi.decode(inverse, (uint256));
  }

  /// @dev The root over all 256 leaves, level by level.
  function _whole() private view returns (uint256) {
    bytes memory constants = Poseidon.table();
    IIssuers.Key[] memory keys = _issuers.keysOf(_set);
    uint256[] memory level = new uint256[](256);
    for (uint256 i; i < keys.length; ++i) {
      if (keys[i].x != 0) level[i] = Poseidon.hash(constants, keys[i].x, keys[i].y);
    }
    for (uint256 width = 128; width > 0; width /= 2) {
      for (uint256 i; i < width; ++i) {
        level[i] = Poseidon.hash(constants, level[2 * i], level[2 * i + 1]);
      }
    }
    return level[0];
  }
}
