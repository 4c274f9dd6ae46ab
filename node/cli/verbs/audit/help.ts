// `murmur audit`, and `murmur audit verify`.
import { flag, many, needed, withDefault, withShown } from '../../command/flag.ts';
import * as flags from '../../command/flags.ts';
import { path, textLike } from '../../command/rules.ts';
import { action, type Group } from '../../command/verb.ts';

const { cache, home, json, keys, task, confirmations } = flags;

const did = textLike(
  /^did:key:z6Mk[1-9A-HJ-NP-Za-km-z]{40,60}$/,
  'a did:key of an Ed25519 key, such as did:key:z6Mk…',
);

export const audit: Group = {
  summary: 'compute a whole task again, and certify what came of it',
  details: `From chain and content alone: every registration, proof, opening, encryption proof, sum, model,
    vote, strike, fee and payment. It takes nobody's word, not the contracts' either. Into OUT go
    report.json, report.html for people, and certificate.json: a verifiable credential (W3C) that vouches for
    both, signed by a key that follows from the account. Exit code 1: a check fails, or something could not
    be checked; the files are there all the same.`,
  itself: action({
    summary: 'compute a whole task again, and certify what came of it',
    flags: {
      task,
      out: needed(flag('FOLDER', 'where report and certificate go', path)),
      keys,
      cache,
      confirmations,
      ...flags.accountFlags,
    },
    examples: ['murmur audit --task 1 --out audit-1'],
    run: async (settings) => (await import('./run.ts')).runAudit(settings),
  }),
  actions: {
    verify: action({
      summary: 'check a certificate and its files, without chain or account',
      details: `The signature, and that report and page are those that were signed. With --issuer, that it is
        this auditor's; with --contents, that the contents that the report names are still those.`,
      flags: {
        out: withDefault(flag('FOLDER', 'where report and certificate are', path), '.', 'this folder'),
        issuer: withShown(flag('DID', "the auditor's did:key", did), 'whoever signed; it is shown'),
        contents: many(flag('FOLDER', 'a content store to look at, too', path)),
        home,
        json,
      },
      examples: ['murmur audit verify --out audit-1'],
      run: async (settings) => (await import('./verify.ts')).verify(settings),
    }),
    site: action({
      summary: "hold a site's own log against the chain: what left it, and that nothing else did",
      details: `Every process of an account writes down what is about to leave, before it does; every
        transaction of the account carries the hash of all that. Compared are all transactions that the chain
        has counted, and the contents that they announce. No password: nothing is signed. Into OUT go site.json
        and site.html. Exit code 1: something does not agree, or could not be compared.`,
      flags: {
        logs: many(withShown(flag('FOLDER', 'a log of the account', path), 'all below HOME/state')),
        out: withShown(flag('FOLDER', 'where report and page go', path), 'none is written'),
        confirmations,
        ...flags.lookingFlags,
      },
      examples: ['murmur audit site --home consortium/north --out north-1'],
      run: async (settings) => (await import('./site.ts')).runSiteAudit(settings),
    }),
  },
  examples: [
    'murmur audit --task 1 --out audit-1',
    'murmur audit verify --out audit-1',
    'murmur audit site --home consortium/north --out north-1',
  ],
};
