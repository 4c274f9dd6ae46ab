// The flags of `murmur relay`.
import { flag, many, needed, saying, withShown } from '../../command/flag.ts';
import * as flags from '../../command/flags.ts';
import { taskNumber } from '../../command/rules.ts';

const { announce, deployment, home, interval, json, listen, rpc } = flags;

export const relayFlags = {
  task: needed(many(flag('N', 'a task whose members it serves', taskNumber))),
  listen: withShown(saying(listen, 'where members reach it'), '/ip4/0.0.0.0/tcp/4001'),
  announce,
  interval,
  rpc,
  deployment,
  home,
  json: saying(json, 'print one line of JSON an event'),
} as const;
