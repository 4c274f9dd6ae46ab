// `murmur open`.
import { flag, saying, toggle, withDefault } from '../../command/flag.ts';
import * as flags from '../../command/flags.ts';
import { oneOf, path, whole } from '../../command/rules.ts';
import { action } from '../../command/verb.ts';

const {
  account,
  announce,
  cache,
  disk,
  home,
  json,
  keys,
  keystore,
  listen,
  peer,
  programFlags,
  relay,
  rpc,
  store,
} = flags;

export const open = action({
  summary: 'the desk: a page to look at tasks and train, with an example',
  details: `Serves a page on this machine alone and opens it in the browser: the tasks of a chain with all their
    terms, and which of them fit a file of yours. Without --deployment it is the chain of an example, in which
    you train with a click. It is kept below HOME/example: started again, it goes on where it was. With
    --deployment an account of the keystore is unlocked, or made, in the page, and takes part from there.

    The link is good once. While the desk runs, \`murmur open\` makes another one.`,
  flags: {
    deployment: flag('FILE', "a federation's deployment; without it, the example", path),
    rpc,
    account: saying(account, 'of --deployment: which account is chosen first'),
    keystore,
    keys,
    store,
    peer,
    disk,
    listen,
    announce,
    relay,
    exec: saying(programFlags.exec, 'of tasks that are planned in the page: makes the first model'),
    execLimit: programFlags.execLimit,
    execWalls: programFlags.execWalls,
    execShows: programFlags.execShows,
    preset: withDefault(
      flag('NAME', "the example's size: base, quick or tiny", oneOf('base', 'quick', 'tiny')),
      'quick',
    ),
    port: withDefault(flag('N', 'port of the page; 0 takes a free one', whole(0, 65_535)), 0),
    printOnly: toggle('print the link, and open no browser'),
    cache,
    home,
    json: saying(json, 'print what happens as JSON lines'),
  },
  examples: ['murmur open', 'murmur open --deployment deployment.json --rpc https://rpc.example'],
  run: async (settings) => (await import('./run.ts')).open(settings),
});
