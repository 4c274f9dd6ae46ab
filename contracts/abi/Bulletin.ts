// biome-ignore-all format: written by contracts/tools/render_abi.ts, one entry a line
/** ABI of Bulletin.sol. */
export const bulletinAbi = [
  {"type":"function","name":"post","inputs":[{"name":"task","type":"uint256"},{"name":"topic","type":"bytes32"},{"name":"digest","type":"bytes32"}],"outputs":[],"stateMutability":"nonpayable"},
  {"type":"event","name":"Posted","inputs":[{"name":"task","type":"uint256","indexed":true},{"name":"sender","type":"address","indexed":true},{"name":"topic","type":"bytes32","indexed":true},{"name":"digest","type":"bytes32","indexed":false}],"anonymous":false},
] as const;
