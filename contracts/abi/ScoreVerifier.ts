// biome-ignore-all format: written by contracts/tools/render_abi.ts, one entry a line
/** ABI of credit/ScoreVerifier.sol. */
export const scoreVerifierAbi = [
  {"type":"constructor","inputs":[{"name":"key","type":"tuple","components":[{"name":"alpha","type":"tuple","components":[{"name":"x","type":"uint256"},{"name":"y","type":"uint256"}]},{"name":"beta","type":"tuple","components":[{"name":"xImaginary","type":"uint256"},{"name":"xReal","type":"uint256"},{"name":"yImaginary","type":"uint256"},{"name":"yReal","type":"uint256"}]},{"name":"gamma","type":"tuple","components":[{"name":"xImaginary","type":"uint256"},{"name":"xReal","type":"uint256"},{"name":"yImaginary","type":"uint256"},{"name":"yReal","type":"uint256"}]},{"name":"delta","type":"tuple","components":[{"name":"xImaginary","type":"uint256"},{"name":"xReal","type":"uint256"},{"name":"yImaginary","type":"uint256"},{"name":"yReal","type":"uint256"}]},{"name":"ic","type":"tuple[]","components":[{"name":"x","type":"uint256"},{"name":"y","type":"uint256"}]}]}],"stateMutability":"nonpayable"},
  {"type":"function","name":"keyHash","inputs":[],"outputs":[{"name":"","type":"bytes32"}],"stateMutability":"view"},
  {"type":"function","name":"verify","inputs":[{"name":"signals","type":"uint256[9]"},{"name":"p","type":"uint256[8]"}],"outputs":[{"name":"","type":"bool"}],"stateMutability":"view"},
  {"type":"error","name":"BadKeyPoint","inputs":[{"name":"name","type":"string"},{"name":"index","type":"uint256"}]},
  {"type":"error","name":"ForgeableKey","inputs":[]},
  {"type":"error","name":"PrecompileFailed","inputs":[{"name":"precompile","type":"uint256"}]},
  {"type":"error","name":"WrongSignalCount","inputs":[{"name":"points","type":"uint256"}]},
] as const;
