// Plain JavaScript, so that an old Node gets one clear line instead of a syntax error.
const needed = 24;

/** Ends the process with one line where Node is too old to run TypeScript as it is. */
export function requireNode() {
  if (Number(process.versions.node.split('.')[0]) >= needed) return;
  const mend =
    process.platform === 'linux'
      ? `Run it by npx or npm (in a checkout after \`npm ci\`), which bring Node ${needed}, or install that`
      : `Install Node ${needed}: the npm registry has none for ${process.platform}`;
  console.error(
    `murmuration: Node ${process.versions.node} is too old, ${needed} or later is needed. ${mend}.`,
  );
  process.exit(1);
}
