// The files of a prover service, as its own commands and the doctor take them.
import { flag, withDefault } from './flag.ts';
import { path } from './rules.ts';

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
