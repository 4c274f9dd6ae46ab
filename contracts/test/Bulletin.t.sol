// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Test } from "forge-std/Test.sol";
import { Bulletin } from "../src/Bulletin.sol";
import { IBulletin } from "../src/interfaces/IBulletin.sol";
import { Built } from "./Built.sol";

contract BulletinTest is Test {
  function testFuzz_post_namesItsSender(address sender, uint256 task, bytes32 topic, bytes32 digest) public {
    Bulletin bulletin = Built.bulletin();
    vm.expectEmit(true, true, true, true, address(bulletin));
    emit IBulletin.Posted(task, sender, topic, digest);
    vm.prank(sender);
    bulletin.post(task, topic, digest);
  }
}
