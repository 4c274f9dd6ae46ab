// `murmur credit schema|quantise|card|issuer|sign|score|prove|verify`, and what touches the chain.
import { flag, many, needed, output, saying, toggle, withDefault, withShown } from '../../command/flag.ts';
import * as flags from '../../command/flags.ts';
import { address, path, text, whole } from '../../command/rules.ts';
import { action, type Group } from '../../command/verb.ts';
import { onChain } from './chain_help.ts';
import { groupedBy, ladder, protectedColumn } from './flags.ts';

const { account, cache, home, json, keystore, passwordFile, readingFlags, table, trainingData } = flags;

const schemaFile = needed(flag('FILE', 'a schema that `schema` wrote', path));
const modelFile = needed(flag('FILE', 'a model in integers that `quantise` wrote', path));
const recordFile = needed(flag('FILE', 'a record that `sign` wrote', path));
const trained = needed(flag('FILE', 'a trained model that `murmur model save` wrote', path));
const seconds = whole(0, Number.MAX_SAFE_INTEGER);
const number = withDefault(
  flag('N', "which of the issuer's keys: a rotation takes the next", whole(1, 1_000_000)),
  1,
);
const issuer = { number, account, keystore, passwordFile, home, json } as const;

export const credit: Group = {
  summary: 'a credit score, computed at home and believed on chain',
  details: `Lenders train a score together; it is published in integers. An issuer, such as a bank, signs a record of
    a borrower's data. The borrower computes the score at home, and proves to a lender on chain in which of ten brackets
    it is: no value of the record, no issuer's name and no score leave the borrower's machine (docs/credit.md).`,
  actions: {
    schema: action({
      summary: 'what an issuer attests: the columns of a task as features',
      details: `Numeric columns need a range, and no column may have a rule for missing values. A column whose name speaks of a
        protected attribute (age, sex, origin, family and others) is refused unless --protected says why it is there; the
        reason stands in the schema. A name that hides what it is of is not found: who publishes a schema answers for it.`,
      flags: {
        model: trained,
        name: needed(flag('NAME', 'what the schema is called', text(200))),
        protected: many(flag('REASON', 'a protected column and why it may decide', protectedColumn)),
        out: output(needed(flag('FILE', 'where the schema goes', path))),
        home,
        json,
      },
      examples: [
        'murmur credit schema --model loans.json --name "consumer credit" --out schema.json',
        'murmur credit schema --model loans.json --name credit --protected "age=ECOA allows it in such a score" --out schema.json',
      ],
      run: async (settings) => (await import('./publish.ts')).schema(settings),
    }),
    quantise: action({
      summary: 'the trained model in integers, held against it on given rows',
      details: `The rule stands in docs/credit.md, and anyone who follows it gets the same file, byte for byte. Prints AUC, Gini and
        KS of both models, and refuses where AUC differs by more than 0.002, Gini by 0.004, KS by 0.01, or any logit by 0.05.
        Default is the second class of the task unless --bad names the other.`,
      flags: {
        model: trained,
        schema: schemaFile,
        data: saying(trainingData, `${table} with labels: rows that nobody trained on`),
        bad: withShown(flag('NAME', 'the class that is default', text(100)), 'the second class'),
        ladder: withShown(
          flag('CHANCES', 'of default, at which the brackets 1 to 9 begin', ladder),
          '0.02,0.05,0.1,0.15,0.2,0.3,0.4,0.5,0.65',
        ),
        out: output(needed(flag('FILE', 'where the model goes', path))),
        ...readingFlags,
        home,
        json,
      },
      examples: [
        'murmur credit quantise --model loans.json --schema schema.json --data csv:held-out.csv --out score.json',
      ],
      run: async (settings) => (await import('./publish.ts')).quantiseModel(settings),
    }),
    card: action({
      summary: 'a model card: lineage, columns, accuracy, outcomes across groups',
      details: `Written as Markdown. Intervals are of 1,000 draws of the rows. --group names a column of the file, which the score
        need not have; numbers are cut by age:26,40,60. Of each group: how many defaulted, the chance that the score gives
        them, the collateral that it asks of them, and how many who paid are in brackets 4 to 9.`,
      flags: {
        model: trained,
        schema: schemaFile,
        score: needed(flag('FILE', 'the model in integers that `quantise` wrote', path)),
        data: saying(trainingData, `${table} with labels: rows that nobody trained on`),
        group: many(flag('COLUMN', 'whose groups are compared, such as sex or age:26,40,60', groupedBy)),
        out: output(needed(flag('FILE', 'where the card goes', path))),
        ...readingFlags,
        home,
        json,
      },
      examples: [
        'murmur credit card --model loans.json --schema schema.json --score score.json --data csv:held-out.csv --group personal --group age:26,40,60 --out card.md',
      ],
      run: async (settings) => (await import('./card.ts')).card(settings),
    }),
    issuer: action({
      summary: "an issuer's public key, derived from an account of the keystore",
      details: `Nothing is written: the keystore has all of it. Whoever keeps the lender's set of issuers adds the key there. After a
        leak, --number takes the next key, and the old one is removed from the sets.`,
      flags: issuer,
      examples: ['murmur credit issuer', 'murmur credit issuer --number 2 --json'],
      run: async (settings) => (await import('./issue.ts')).issuer(settings),
    }),
    sign: action({
      summary: 'sign a record: values of a person, for an account, until a day',
      details: `Values are a JSON object by the schema's columns. A value that is missing, out of its range, of no category or of no
        column is refused. The person's name for --person is the issuer's own and never leaves it: records have a number
        derived from it by the issuer's secret, one a person, so that a person has one credential a model and period.
        The file is the person's; its serial revokes it, so that issuer and person keep it to themselves.`,
      flags: {
        schema: schemaFile,
        values: needed(flag('FILE', "JSON: the person's values by column", path)),
        subject: needed(flag('ADDRESS', 'the account that may show proofs', address)),
        person: needed(
          flag('TEXT', "the issuer's own name for the person, such as a customer's number", text(200)),
        ),
        days: withDefault(flag('N', 'until the record expires', whole(1, 3660)), 90),
        out: output(needed(flag('FILE', 'where the record goes', path))),
        ...issuer,
      },
      examples: [
        'murmur credit sign --schema schema.json --values anna.json --subject 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 --person 4711 --out record.json',
      ],
      run: async (settings) => (await import('./issue.ts')).sign(settings),
    }),
    score: action({
      summary: 'at home: the score, its bracket, and what would change it',
      details: `Reasons are the columns by what their value costs against the column's best value, everything else being as it
        is. A change is the least one of one column alone that gives a better bracket.`,
      flags: {
        schema: schemaFile,
        model: modelFile,
        record: recordFile,
        reasons: withDefault(flag('N', 'reasons that are shown', whole(1, 64)), 4),
        home,
        json,
      },
      examples: ['murmur credit score --schema schema.json --model score.json --record record.json'],
      run: async (settings) => (await import('./borrow.ts')).score(settings),
    }),
    prove: action({
      summary: 'at home: a proof of the bracket, for one chain and contract',
      details: `Checks first what the chain will check: schema, model, account, expiry, and that the issuer is in the set. The proof shows
        nothing but its nine public numbers, which are printed.`,
      flags: {
        schema: schemaFile,
        model: modelFile,
        record: recordFile,
        issuers: needed(flag('FILE', "the lender's set: JSON of keys in their places", path)),
        contract: needed(flag('ADDRESS', 'the contract that takes the proof', address)),
        chain: withDefault(flag('N', 'the id of its chain', whole(1, Number.MAX_SAFE_INTEGER)), 31_337),
        until: needed(flag('SECONDS', 'since 1970, until when the credential shall hold', seconds)),
        subject: withShown(flag('ADDRESS', 'who shows it', address), "the record's"),
        keys: flag('MANIFEST', 'keys of the statement; without it INSECURE development keys', path),
        out: output(needed(flag('FILE', 'where the proof goes', path))),
        cache,
        home,
        json,
      },
      examples: [
        'murmur credit prove --schema schema.json --model score.json --record record.json --issuers issuers.json --contract 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 --until 1767744000 --out proof.json',
      ],
      run: async (settings) => (await import('./borrow.ts')).proveScore(settings),
    }),
    verify: action({
      summary: 'whether a proof holds, without a chain',
      flags: {
        proof: needed(flag('FILE', 'a proof that `prove` wrote', path)),
        keys: flag('MANIFEST', 'keys of the statement; without it INSECURE development keys', path),
        snarkjs: toggle('print key, signals and proof as `snarkjs groth16 verify` reads them'),
        cache,
        home,
        json,
      },
      examples: ['murmur credit verify --proof proof.json'],
      run: async (settings) => (await import('./borrow.ts')).verifyProof(settings),
    }),
    ...onChain,
  },
  examples: [
    'murmur credit score --schema schema.json --model score.json --record record.json',
    'murmur credit issuer',
  ],
};
