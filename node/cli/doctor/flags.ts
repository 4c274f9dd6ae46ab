// The flags of `murmur doctor`.
import { flag, type Settings, saying, toggle, withDefault } from '../command/flag.ts';
import { cache, keys, lookingFlags, presets } from '../command/flags.ts';
import { taskNumber, url, whole } from '../command/rules.ts';
import { serviceFiles } from '../command/service_files.ts';

export const doctorFlags = {
  task: flag('N', 'a task: its keys, content and peers are looked at, too', taskNumber),
  service: toggle("look at a prover service's settings instead of a member's home"),
  at: withDefault(flag('URL', 'where that service answers', url), 'http://127.0.0.1:8420'),
  presets,
  keys: saying(keys, 'keys of a ceremony; without it, development keys that were made here'),
  cache,
  ...serviceFiles,
  timeout: withDefault(flag('SECONDS', 'a check that takes longer is given up', whole(1, 600)), 60),
  ...lookingFlags,
} as const;

export type DoctorSettings = Settings<typeof doctorFlags>;
