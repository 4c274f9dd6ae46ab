// What of `murmur credit` touches the chain: deploying, sets of issuers, models that validators answer for, credentials, loans.
import { flag, many, needed, output, saying, toggle, withShown } from '../../command/flag.ts';
import * as flags from '../../command/flags.ts';
import { address, path, taskNumber, textLike, whole } from '../../command/rules.ts';
import { type Action, action } from '../../command/verb.ts';
import { decimalAmount, hexWord, keyPoint } from './flags.ts';

const { account, accountFlags, cache, chainFlags, deployment } = flags;

const setNumber = flag('N', 'a set of issuers', whole(1, Number.MAX_SAFE_INTEGER));
const set = needed(setNumber);
const schema = needed(flag('FILE', 'a schema that `schema` wrote', path));
const model = needed(flag('FILE', 'a model in integers that `quantise` wrote', path));
const pool = needed(flag('ADDRESS', 'a lending pool', address));
const ptau = many(flag('FILE', 'Powers of Tau that the ceremony of --keys began with', path));
const scoreKeys = many(
  flag(
    'MANIFEST',
    'keys of a ceremony for `score`, one of each shape; else, on a development chain, development keys',
    path,
  ),
);
const digest = textLike(/^0x(0|[1-9a-f][0-9a-f]{0,63})$/, '0x12 or another digest');

/** The actions, by their names. */
export const onChain: Readonly<Record<string, Action>> = {
  deploy: action({
    summary: 'add credit to a deployment: issuers, models, credentials',
    details: `The contracts of the deployment know nothing of these, so they may come at any time, by anybody; the deployment's file
      gets \`credit\`, and is given to everybody who takes part again. On a chain that is no development chain the keys must be
      of a ceremony for the statement with two contributors or more, whose transcript is checked against --ptau; without
      --keys they are INSECURE development keys, which such chains refuse.`,
    flags: {
      keys: scoreKeys,
      ptau,
      cache,
      ...accountFlags,
      account: saying(account, 'who pays; without a keystore, on a development chain, its first account'),
      deployment: saying(deployment, 'the file that gets credit'),
    },
    examples: [
      'murmur credit deploy',
      'murmur credit deploy --keys keys/score/logistic --keys keys/score/network --ptau powersOfTau28_hez_final_15.ptau',
    ],
    run: async (settings) => (await import('./deploy.ts')).deployCreditTo(settings),
  }),
  approve: action({
    summary: "sign, as a validator, that integers are the task's final model",
    details: `Computes the integers again from a trained model's file, which \`murmur model save\` computes from the chain, and signs only
      the same bytes, and only of the model that the chain ends with. Prints JSON; give it to whoever publishes.`,
    flags: {
      model,
      schema,
      trained: needed(flag('FILE', 'the trained model that your own `murmur model save` wrote', path)),
      ...accountFlags,
    },
    examples: [
      'murmur credit approve --model score.json --schema schema.json --trained loans.json > approval.json',
    ],
    run: async (settings) => (await import('./accept.ts')).approve(settings),
  }),
  publish: action({
    summary: 'put a model on chain that validators have approved',
    details: `Validators with more than half of the task's stake must have signed; the contract reads committee and stake itself, once
      the task has ended. Their stake must be noted before its appeal window is over: without --approval that is done, and
      nothing else.`,
    flags: {
      model,
      schema,
      approval: many(flag('FILE', 'what `approve` printed', path)),
      ...accountFlags,
    },
    examples: [
      'murmur credit publish --model score.json --schema schema.json --approval v1.json --approval v2.json',
    ],
    run: async (settings) => (await import('./accept.ts')).publish(settings),
  }),
  curate: action({
    summary: 'make a set of issuers, or change one',
    details: `Without --set a new one is made; its curator is the account. A key that is removed ends all credentials of the set, since
      who showed what it signed stays hidden: the others show theirs again. One that is rotated ends none.`,
    flags: {
      set: withShown(setNumber, 'a new one'),
      add: many(
        flag('POINT', "an issuer's key, x and y as `issuer` prints them, with a comma between", keyPoint),
      ),
      rotate: flag('INDEX', 'the place of a key that --add takes', whole(0, 255)),
      remove: flag('INDEX', 'the place of a key', whole(0, 255)),
      recall: toggle('end all credentials of the set'),
      ...accountFlags,
    },
    examples: ['murmur credit curate --add 0x12,0x34', 'murmur credit curate --set 1 --remove 0'],
    run: async (settings) => (await import('./issuers.ts')).curateSet(settings),
  }),
  place: action({
    summary: 'what a proof must name now: writes the set, prints contract and time',
    flags: {
      set,
      out: output(needed(flag('FILE', 'where the set goes: --issuers of `prove`', path))),
      ...chainFlags,
    },
    examples: ['murmur credit place --set 1 --out issuers.json'],
    run: async (settings) => (await import('./issuers.ts')).place(settings),
  }),
  revoke: action({
    summary: 'revoke a record, as its issuer or its holder',
    details: 'By its serial, which is public afterwards. It ends the credential at once, and for ever.',
    flags: { serial: needed(flag('SERIAL', "the record's serial", hexWord)), ...accountFlags },
    examples: ['murmur credit revoke --serial 0x1234'],
    run: async (settings) => (await import('./issuers.ts')).revoke(settings),
  }),
  show: action({
    summary: 'show a proof to the chain: a credential of the account',
    flags: { proof: needed(flag('FILE', 'a proof that `prove` wrote', path)), set, ...accountFlags },
    examples: ['murmur credit show --proof proof.json --set 1'],
    run: async (settings) => (await import('./show.ts')).show(settings),
  }),
  status: action({
    summary: "an account's credential and loan, and what trained a pool's score",
    details: `With --pool alone: task, rounds, members and digests behind the score that it lends by, found from the chain; no
      deployment's file is needed. With --digest and --set what they say, of any model.`,
    flags: {
      subject: flag('ADDRESS', 'whose credential', address),
      digest: flag('DIGEST', 'the digest of a model in integers', digest),
      set: setNumber,
      pool: flag('ADDRESS', 'a lending pool', address),
      task: flag('N', "whose validators' word counts, where several tasks claim a pool's model", taskNumber),
      ...chainFlags,
    },
    examples: [
      'murmur credit status --pool 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
      'murmur credit status --digest 0x12 --set 1',
    ],
    run: async (settings) => (await import('./show.ts')).status(settings),
  }),
  borrow: action({
    summary: 'add collateral at a pool, and borrow',
    details: "Of the pool's tokens, in whole units. What is asked for follows the account's bracket.",
    flags: {
      pool,
      collateral: flag('AMOUNT', 'added first', decimalAmount),
      amount: flag('AMOUNT', 'borrowed', decimalAmount),
      ...accountFlags,
    },
    examples: [
      'murmur credit borrow --pool 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 --collateral 1 --amount 1500',
    ],
    run: async (settings) => (await import('./loan.ts')).borrowFrom(settings),
  }),
  repay: action({
    summary: 'repay, and take collateral back',
    flags: {
      pool,
      amount: flag('AMOUNT', 'repaid; more than the debt pays the debt', decimalAmount),
      collateral: flag('AMOUNT', 'taken back afterwards', decimalAmount),
      ...accountFlags,
    },
    examples: ['murmur credit repay --pool 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 --amount 1500'],
    run: async (settings) => (await import('./loan.ts')).repayTo(settings),
  }),
};
