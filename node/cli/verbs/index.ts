// Every verb of `murmur`, grouped as its help shows them.
import type { Verb } from '../command/verb.ts';
import { account } from './account/help.ts';
import { audit } from './audit/help.ts';
import { ceremony } from './ceremony/help.ts';
import { credit } from './credit/help.ts';
import { data } from './data/help.ts';
import { deploy } from './deploy/help.ts';
import { deployment } from './deployment/help.ts';
import { dispute } from './dispute/help.ts';
import { doctor } from './doctor/help.ts';
import { host } from './host/help.ts';
import { keys } from './keys/help.ts';
import { model } from './model/help.ts';
import { open } from './open/help.ts';
import { owner } from './owner/help.ts';
import { planner } from './planner/help.ts';
import { prover } from './prover/help.ts';
import { relay } from './relay/help.ts';
import { simulate } from './simulate/help.ts';
import { start } from './start/help.ts';
import { trainer } from './trainer/help.ts';
import { up } from './up/help.ts';
import { validator } from './validator/help.ts';

export const verbGroups: Readonly<Record<string, Readonly<Record<string, Verb>>>> = {
  'On this machine': { open, start, up, simulate },
  'A federation of many': {
    account,
    owner,
    deploy,
    deployment,
    planner,
    trainer,
    validator,
    prover,
    relay,
    host,
    data,
    model,
    dispute,
    audit,
    credit,
    doctor,
    keys,
    ceremony,
  },
};

export const allVerbs: Readonly<Record<string, Verb>> = Object.assign({}, ...Object.values(verbGroups));
