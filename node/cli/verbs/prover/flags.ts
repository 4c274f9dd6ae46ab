// The flags of the prover service.
import { flag, operand, saying, toggle, withDefault, withShown } from '../../command/flag.ts';
import { cache, home, json, keys, presets, rpc } from '../../command/flags.ts';
import { amount, path, someOf, textLike, url, whole } from '../../command/rules.ts';
import { serviceFiles } from '../../command/service_files.ts';

const name = textLike(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'a name in lower case, such as trainer-1');
const { serviceKey, tokens } = serviceFiles;

/** Of servers and agents. */
const proving = {
  presets,
  keys: saying(keys, 'keys of a ceremony; without it INSECURE development keys'),
  parallel: withDefault(flag('N', 'proofs at the same time; each uses all processors', whole(1, 16)), 1),
  proofTimeout: withDefault(
    flag('SECONDS', 'a proof that takes longer is given to another agent', whole(1, 86_400)),
    600,
  ),
  serviceKey,
  cache,
  home,
  json: saying(json, 'print one line of JSON an event'),
} as const;

/** Of `run` without a task. */
export const marketFlags = {
  tokenPrice: withShown(
    flag('ETHER', 'what one token is worth: fees are compared with gas by it', amount),
    '1 on a development chain; elsewhere needed without --task',
  ),
  floor: withDefault(flag('TOKENS', 'what a sum has to bring above its gas, at least', amount), 0n, '0'),
  atOnce: withDefault(flag('N', 'sums under way at the same time', whole(1, 64)), 4),
} as const;

export const serveFlags = {
  host: withDefault(
    flag('HOST', 'the address to listen on', textLike(/^[a-zA-Z0-9.:-]{1,253}$/, 'a host or an address')),
    '127.0.0.1',
  ),
  port: withDefault(flag('N', 'the port to listen on; 0: any', whole(0, 65_535)), 8420),
  tlsCert: flag('FILE', 'certificate chain, PEM; needed off this machine', path),
  tlsKey: flag('FILE', 'its private key, PEM', path),
  behindProxy: toggle('plain HTTP off this machine: TLS ends before it'),
  apiOnly: toggle('prove nothing here; agents do'),
  perMinute: withDefault(flag('N', 'requests of one token in a minute, at most', whole(1, 1_000_000)), 6000),
  tokens,
  ...proving,
} as const;

export const agentFlags = {
  circuits: withShown(
    flag('NAMES', 'update, aggregate, alignment, with commas', someOf('update', 'aggregate', 'alignment')),
    'all',
  ),
  name: withShown(flag('NAME', 'how jobs name it', name), 'by machine and process'),
  ...proving,
} as const;

export const benchFlags = {
  presets,
  circuits: agentFlags.circuits,
  runs: withDefault(flag('N', 'proofs of each circuit that are counted', whole(1, 1000)), 5),
  hourly: withDefault(flag('ETHER', 'what the machine costs in an hour', amount), 0n, '0'),
  tokenPrice: flag(
    'ETHER',
    "what one of the tasks' tokens is worth; without it fees are told in ether",
    amount,
  ),
  keys: proving.keys,
  cache,
  rpc: saying(rpc, "the chain's node, for the present price of gas"),
  home,
  json,
} as const;

export const sealFlags = {
  file: operand('FILE', 'the job, JSON with signals and inputs in decimal digits', path),
  service: withDefault(flag('URL', 'the service that is to prove it', url), 'http://127.0.0.1:8420'),
  tokenFile: withDefault(
    flag('FILE', 'holds the token that the job is sent with', path),
    (home: string) => `${home}/service/token`,
    'HOME/service/token',
  ),
  home,
  json: saying(json, 'the job is JSON anyway; so is a fault then'),
} as const;

export const tokenFlags = {
  name: operand('NAME', 'whose it is; a new token of the same name replaces the old one', name),
  scopes: withDefault(
    flag(
      'NAMES',
      'public, secret, operate, metrics, with commas',
      someOf('public', 'secret', 'operate', 'metrics'),
    ),
    ['public'] as const,
    'public',
  ),
  tokens,
  home,
  json,
} as const;
