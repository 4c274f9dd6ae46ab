// Writes the vectors: `node test/vectors/generate.ts [NAME...]`. Only needed when an encoding changes, which changes what
// every part must agree on; the tests compare the files with what the code computes now.
import { writeFileSync } from 'node:fs';
import { challengeVectors } from './generators/challenge.ts';
import { hashVectors } from './generators/hashes.ts';
import { commitmentVectors, openingVectors } from './generators/kzg.ts';
import { packing } from './generators/packing.ts';
import { poseidonVectors } from './generators/poseidon.ts';
import { scoreVectors } from './generators/scores.ts';
import { spongeVectors } from './generators/sponge.ts';
import { supportVectors } from './generators/support.ts';
import { trapdoor } from './generators/trapdoor.ts';
import { render } from './write.ts';

/** Every vector file by its name, and what makes it. */
export const generators: Readonly<Record<string, () => unknown>> = {
  packing,
  sponge: spongeVectors,
  poseidon: poseidonVectors,
  challenge: challengeVectors,
  commitment: commitmentVectors,
  opening: openingVectors,
  scores: scoreVectors,
  hashes: hashVectors,
  support: supportVectors,
  trapdoor,
};

if (import.meta.main) {
  const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(generators);
  for (const name of names) {
    const generator = generators[name];
    if (!generator) throw new Error(`no vectors are called ${name}; there are ${Object.keys(generators).join(', ')}`);
    writeFileSync(new URL(`${name}.json`, import.meta.url), render(await generator()));
    console.log(`wrote test/vectors/${name}.json`);
  }
}
