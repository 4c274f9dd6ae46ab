// `murmur model save|show|describe|evaluate|predict|adapt|export`.
import { flag, many, needed, output, saying, toggle, withDefault } from '../../command/flag.ts';
import * as flags from '../../command/flags.ts';
import { data as dataRule, oneOf, path, programSetting, text, whole } from '../../command/rules.ts';
import { action, type Group } from '../../command/verb.ts';

const { chainFlags, home, json, seed, table, tableOrDigits, task, trainingData } = flags;

const file = needed(flag('FILE', 'a model that `save` or `adapt` wrote', path));

/** Forms that a model goes out in. */
const formats = {
  safetensors: 'the parameters by name, for whatever reads tensors',
  onnx: 'from raw rows to probabilities and label: scaling, categories and missing values are inside',
  tfjs: 'for TensorFlow.js: model.json, and a file of weights beside it; it takes encoded rows',
} as const;

export const model: Group = {
  summary: 'get the trained model, check where it comes from, use it',
  details: `A model is one file of JSON: the task's description, the statistics that its data are scaled by,
    the digests of all rounds, and the parameters as float32, little-endian, in base64 (node/cli/README.md).`,
  actions: {
    save: action({
      summary: 'compute the model again from what is public, check every round, write it',
      details: `It needs deployment, chain and content store, no account; during a task it gives the model
        after the last closed round.`,
      flags: { task, out: output(needed(flag('FILE', 'where the model goes', path))), ...chainFlags },
      examples: ['murmur model save --task 1 --out heart.json'],
      run: async (settings) => (await import('./save.ts')).save(settings),
    }),
    show: action({
      summary: 'where a model comes from: task, rounds, votes, digests',
      flags: { model: file, home, json },
      examples: ['murmur model show --model heart.json'],
      run: async (settings) => (await import('./show.ts')).show(settings),
    }),
    describe: action({
      summary: "a program's files, settings and parameters, as a task's description names them",
      details: `Prints the member "model" of a description. The program is run, and asked for its parameters.`,
      flags: {
        exec: needed(flags.programFlags.exec),
        execWalls: flags.programFlags.execWalls,
        execShows: flags.programFlags.execShows,
        file: many(
          flag(
            'NAME',
            'a file of the program, below its folder; the first is the one that is run',
            text(200),
          ),
        ),
        set: many(flag('SETTING', 'a setting of the program, such as hidden=16', programSetting)),
        home,
        json: saying(json, 'print it on one line'),
      },
      examples: [
        'murmur model describe --exec "python3 train.py" --file train.py --file murmur.py --set hidden=16',
      ],
      run: async (settings) => (await import('./describe.ts')).describe(settings),
    }),
    evaluate: action({
      summary: 'accuracy, AUC, log loss and calibration error on rows with a label',
      flags: {
        model: file,
        data: saying(trainingData, tableOrDigits),
        seed,
        ...flags.readingFlags,
        ...flags.programFlags,
        home,
        json,
      },
      examples: ['murmur model evaluate --model heart.json --data csv:test.csv'],
      run: async (settings) => (await import('./use.ts')).judge(settings),
    }),
    predict: action({
      summary: 'probabilities of rows, as CSV',
      flags: {
        model: file,
        data: saying(trainingData, `${table} in the task's schema; the target's column may be missing`),
        id: many(flag('COLUMN', 'a column that is carried over, such as the number of a patient', text(200))),
        out: output(flag('FILE', 'where the predictions go; without it, the terminal', path)),
        ...flags.readingFlags,
        ...flags.programFlags,
        home,
        json,
      },
      examples: ['murmur model predict --model heart.json --data csv:new.csv --id patient --out scores.csv'],
      run: async (settings) => (await import('./use.ts')).predict(settings),
    }),
    adapt: action({
      summary: "fit one number to a site's own rows: a bias on the logit",
      details: `A federation's model is right on the average of its sites; the share of ill people, or of bad loans, is
        each site's own. The bias corrects that, and costs b²/8 beside the log loss. --blend averages the logit with
        that of a logistic regression of the site's own, fitted here to the same rows; half each. Rows that the
        federation did not train on may say otherwise: of --aside, a quarter, three quarters, none or all is taken where
        it is better by more than a standard error. Nothing leaves this process.

        What is gained is measured on rows set aside: those of --aside, or without them the rows are dealt to five parts,
        each class evenly, and each part is judged by what was fitted to the other four, the regression's strength
        included; rows that the federation trained on flatter its model a little then. Intervals are of 1,000 draws of
        the rows. Two classes, 20 rows and two of each class at least. An adaptation that the file has is replaced.`,
      flags: {
        model: file,
        data: saying(trainingData, `${table} in the task's schema: the site's own rows`),
        blend: toggle("average with a model of the site's own, fitted here"),
        aside: flag(
          'DATA',
          'rows that nobody trained on: to judge by, and to choose the share of --blend',
          dataRule,
        ),
        out: output(needed(flag('FILE', 'where the adapted model goes', path))),
        seed: withDefault(flag('N', 'deals the rows to parts', whole(0, Number.MAX_SAFE_INTEGER)), 1),
        ...flags.readingFlags,
        home,
        json,
      },
      examples: ['murmur model adapt --model heart.json --data csv:north.csv --blend --out north.json'],
      run: async (settings) => (await import('./adapt.ts')).adaptModel(settings),
    }),
    export: action({
      summary: 'the model for other tools: safetensors, ONNX or TensorFlow.js',
      details: `Its lineage goes along: chain, marketplace, task, rounds, digests, how many trained it. What the
        files hold and how they are used: docs/models.md.`,
      flags: {
        model: file,
        format: needed(
          flag(
            'NAME',
            'safetensors, onnx or tfjs (below)',
            oneOf(...(Object.keys(formats) as (keyof typeof formats)[])),
          ),
        ),
        out: output(needed(flag('FILE', 'where it goes', path))),
        licence: flag('TEXT', 'what the metadata say of its licence, such as CC-BY-4.0', text(200)),
        home,
        json,
      },
      lists: { Formats: formats },
      examples: [
        'murmur model export --model heart.json --format onnx --out heart.onnx',
        'murmur model export --model heart.json --format safetensors --out heart.safetensors --licence CC-BY-4.0',
        'murmur model export --model heart.json --format tfjs --out model.json',
      ],
      run: async (settings) => (await import('./export.ts')).exportModel(settings),
    }),
  },
  examples: [
    'murmur model save --task 1 --out heart.json',
    'murmur model export --model heart.json --format onnx --out heart.onnx',
    'murmur model evaluate --model heart.json --data csv:test.csv',
  ],
};
