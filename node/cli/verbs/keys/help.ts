// `murmur keys dev|verify|info`.
import { flag, operand, withShown } from '../../command/flag.ts';
import { cache, json, presets } from '../../command/flags.ts';
import { path, text } from '../../command/rules.ts';
import { action, type Group } from '../../command/verb.ts';

const folder = operand('FOLDER', 'the folder of the keys', path);

export const keys: Group = {
  summary: 'development keys of the proof system; checks any keys',
  actions: {
    dev: action({
      summary: 'make the keys of a preset from a public text, or find them made',
      details: `INSECURE: anyone can forge with them. No deployment outside a local development chain accepts
        them; for others, hold a ceremony.`,
      flags: {
        presets,
        seed: withShown(
          flag('TEXT', 'public text that the secret is hashed from', text(4096)),
          'the same in every clone',
        ),
        cache,
        json,
      },
      examples: ['murmur keys dev --presets tiny,quick'],
      run: async (settings) => (await import('./run.ts')).makeDevelopmentKeys(settings),
    }),
    verify: action({
      summary: 'check every file, circuit, key and power of a folder of keys',
      details: `Files against the manifest, circuits against this version's, each key for what would make it
        unsound, and the powers; development keys are also made again and compared (a minute for \`base\`).`,
      flags: { folder, cache, json },
      examples: ['murmur keys verify build/keys/quick-development-0123456789abcdef'],
      run: async (settings) => (await import('./run.ts')).verify(settings),
    }),
    info: action({
      summary: 'print what the manifest says, without checking files',
      flags: { folder, json },
      examples: ['murmur keys info build/keys/quick-development-0123456789abcdef'],
      run: async (settings) => (await import('./run.ts')).info(settings),
    }),
  },
  examples: [
    'murmur keys dev --presets tiny,quick',
    'murmur keys verify build/keys/quick-development-0123456789abcdef',
  ],
};
