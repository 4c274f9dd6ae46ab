// Plain JavaScript, so that an old Node gets one clear line instead of a syntax error.
const needed = 24;

/** Ends the process with one line where Node is too old to run TypeScript as it is. */
export function requireNode() {
  if (Number(process.versions.node.split('.')[0]) >= needed) return;
  console.error(
    `murmuration: Node ${process.versions.node} is too old, ${needed} or later is needed. Run it through npm or npx after \`npm ci\` (on Linux that brings Node ${needed}), or install Node ${needed}.`,
  );
  process.exit(1);
}
