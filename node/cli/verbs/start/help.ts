// `murmur start`, which is `npm start` in a checkout.
import { flag, saying, withDefault } from '../../command/flag.ts';
import { cache, demonstration, demonstrationLists, json, selector } from '../../command/flags.ts';
import { path, whole } from '../../command/rules.ts';
import { action } from '../../command/verb.ts';

export const start = action({
  summary: 'a whole federation, with a report at the end',
  details: `A planner, trainers, validators and a prover train one model of a scenario's rows: real encryption,
    proofs, contracts on a local chain, and peers over TCP, all on this machine. In a checkout \`npm start --\`
    is the same.`,
  flags: {
    ...demonstration,
    selector: withDefault(selector, 'probe'),
    port: withDefault(flag('N', 'port of the chain; 0 takes a free one', whole(0, 65_535)), 0),
    out: withDefault(
      flag('FOLDER', 'where report.html, report.json, content and state go', path),
      'build/start',
    ),
    cache,
    json: saying(json, 'print the report as JSON at the end instead of the table'),
  },
  lists: demonstrationLists,
  examples: [
    'murmur start',
    'murmur start --rounds 3 --adversary garbage-proof,lazy-vote',
    'murmur start --preset tiny --rounds 2 --json > report.json',
  ],
  run: async (settings) => (await import('./run.ts')).start(settings),
});
