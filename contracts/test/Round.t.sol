// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { TaskStatus } from "../src/interfaces/Types.sol";
import { FederationTest } from "./federation/FederationTest.sol";

/// @title A whole task, from the posting to the last wei
contract RoundTest is FederationTest {
  function test_task_runsAllRoundsAndEnds() public {
    start(3, 2);
    for (uint256 i; i < 3; ++i) {
      runRound();
    }
    assertEq(uint256(marketplace.stateOf(task).status), uint256(TaskStatus.Ended));
  }
}
