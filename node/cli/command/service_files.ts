// The files and presets of a prover service, as its own commands and the doctor take them.
import { flag, many, withDefault, withShown } from './flag.ts';
import { oneOf, path } from './rules.ts';

/** The presets that are served where development keys are. */
export const servedPreset = withShown(
  many(flag('NAME', 'tiny, quick, base or wide', oneOf('tiny', 'quick', 'base', 'wide'))),
  'quick',
);

const below = (place: string) => (folder: string) => `${folder}/service/${place}`;

const serviceKey = withDefault(
  flag('FILE', "seals the jobs' inputs; all servers and agents of a queue have the same", path),
  below('key'),
  'HOME/service/key',
);

const tokens = withDefault(
  flag('FILE', 'the tokens, hashed', path),
  below('tokens.json'),
  'HOME/service/tokens.json',
);

/** Files of a service. */
export const serviceFiles = { serviceKey, tokens } as const;
