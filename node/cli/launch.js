// The one entry of every npm script: plain JavaScript, so that an old Node gets one clear line instead of a syntax error.
const needed = 24;
const [script, ...args] = process.argv.slice(2);
const scripts = {
  start: '../start.ts',
  murmur: './murmur.ts',
  build: './build.ts',
  bench: './bench.ts',
  test: '../../test/run.ts',
};

if (Number(process.versions.node.split('.')[0]) < needed) {
  console.error(
    `murmuration: Node ${process.versions.node} is too old, ${needed} or later is needed. Run it through npm after \`npm ci\` (on Linux that brings Node ${needed}), or install Node ${needed}.`,
  );
  process.exit(1);
}
if (!Object.hasOwn(scripts, script)) {
  console.error(
    `murmuration: unknown script ${JSON.stringify(script)}; known: ${Object.keys(scripts).join(', ')}.`,
  );
  process.exit(1);
}

let describe = (error) => (error instanceof Error ? error.message : String(error));
try {
  ({ describeError: describe } = await import('./errors.ts'));
  const { main } = await import(scripts[script]);
  process.exitCode = await main(args);
} catch (error) {
  console.error(`murmuration: ${describe(error)}`);
  if (process.env.MURMURATION_DEBUG) console.error(error);
  else console.error('Set MURMURATION_DEBUG=1 for the stack.');
  process.exitCode = 1;
}
