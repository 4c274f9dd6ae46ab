// `murmur ceremony init|contribute|beacon|verify|finalize`.
import { flag, needed, toggle, withDefault, withShown } from '../../command/flag.ts';
import { cache, json } from '../../command/flags.ts';
import { oneOf, path, text, textLike, whole } from '../../command/rules.ts';
import { action, type Group } from '../../command/verb.ts';

const folder = withDefault(flag('FOLDER', "the ceremony's folder", path), 'build/ceremony');
const ptau = needed(
  flag(
    'FILE',
    'public, prepared Powers of Tau (bn128; power 12 for tiny, 15 for quick and score, 17 for base)',
    path,
  ),
);

const contributor = textLike(/^[ -~]{1,64}$/, '1 to 64 printable ASCII characters');
const randomness = textLike(/^([0-9a-f]{2}){16,128}$/, '16 to 128 bytes as hexadecimal digits in lower case');

export const ceremony: Group = {
  summary: 'make keys together that nobody can forge with',
  details: `The keys are sound if one contributor was honest and forgot its secret. The folder travels from
    one institution to the next; its transcript.json lists every step with hashes, for anyone to check with
    \`verify\`.`,
  actions: {
    init: action({
      summary: 'begin from a public, prepared Powers of Tau file',
      flags: {
        ptau,
        preset: withShown(
          flag('NAME', 'tiny, quick, base or wide', oneOf('tiny', 'quick', 'base', 'wide')),
          'base',
        ),
        score: toggle("for the statement `score` of `murmur credit`, in place of a preset's"),
        folder,
        cache,
        json,
      },
      examples: [
        'murmur ceremony init --ptau powersOfTau28_hez_final_17.ptau --preset base',
        'murmur ceremony init --ptau powersOfTau28_hez_final_15.ptau --score --folder build/score-ceremony',
      ],
      run: async (settings) => (await import('./run.ts')).init(settings),
    }),
    contribute: action({
      summary: 'mix a fresh secret into the keys of all circuits; publish the hashes that are printed',
      flags: {
        name: needed(flag('NAME', 'who contributes, for the transcript', contributor)),
        entropy: flag('TEXT', "mixed with the system's random numbers", text(65_536)),
        folder,
        json,
      },
      examples: ['murmur ceremony contribute --name "First University"'],
      run: async (settings) => (await import('./run.ts')).contribute(settings),
    }),
    beacon: action({
      summary: 'close the list with public randomness that nobody could foresee',
      details: "Such as a later block's hash.",
      flags: {
        hash: needed(flag('HEX', 'the randomness', randomness)),
        iterationsExp: withDefault(flag('N', 'the beacon is hashed 2^N times', whole(10, 32)), 10),
        folder,
        json,
      },
      examples: [
        'murmur ceremony beacon --hash 00000000000000000001f3f0a2b1c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5',
      ],
      run: async (settings) => (await import('./run.ts')).beacon(settings),
    }),
    verify: action({
      summary: 'check everything: files, circuits, contributions, beacon, powers',
      flags: {
        ptau,
        unfinished: toggle('verify what is there so far, before contributing'),
        folder,
        cache,
        json,
      },
      examples: ['murmur ceremony verify --ptau powersOfTau28_hez_final_17.ptau'],
      run: async (settings) => (await import('./run.ts')).verify(settings),
    }),
    finalize: action({
      summary: 'verify, then write the keys with a manifest of kind `ceremony`',
      details: 'Of the statement `score` a folder for each shape, with a manifest of its own.',
      flags: { ptau, out: needed(flag('FOLDER', 'where the keys go', path)), folder, cache, json },
      examples: [
        'murmur ceremony finalize --ptau powersOfTau28_hez_final_17.ptau --out build/keys/base-ceremony',
      ],
      run: async (settings) => (await import('./run.ts')).finalize(settings),
    }),
  },
  examples: [
    'murmur ceremony init --ptau powersOfTau28_hez_final_17.ptau --preset base',
    'murmur ceremony contribute --name "First University"',
  ],
};
