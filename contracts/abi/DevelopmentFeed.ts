// biome-ignore-all format: written by contracts/tools/render_abi.ts, one entry a line
/** ABI of development/DevelopmentFeed.sol. */
export const developmentFeedAbi = [
  {"type":"constructor","inputs":[{"name":"answer","type":"int256"}],"stateMutability":"nonpayable"},
  {"type":"function","name":"decimals","inputs":[],"outputs":[{"name":"","type":"uint8"}],"stateMutability":"pure"},
  {"type":"function","name":"latestRoundData","inputs":[],"outputs":[{"name":"","type":"uint80"},{"name":"","type":"int256"},{"name":"","type":"uint256"},{"name":"","type":"uint256"},{"name":"","type":"uint80"}],"stateMutability":"view"},
  {"type":"function","name":"set","inputs":[{"name":"answer","type":"int256"}],"outputs":[],"stateMutability":"nonpayable"},
  {"type":"error","name":"NotADevelopmentChain","inputs":[{"name":"chainId","type":"uint256"}]},
] as const;
