// A process of its own, with a prover's name: proves, stops, and must then end by itself.
import {
  type BackendSetting,
  createBackend,
  ensureDevelopmentKeys,
  parseBackendSetting,
} from '@murmuration/prover';
import { cacheFolder } from '../../cache_folder.ts';
import { honestWitness } from '../support/witness.ts';

const keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
const backend = createBackend({ ...parseBackendSetting(process.argv[2]!), parallel: 2 } as BackendSetting);
await backend.start();
await backend.prove({ key: keys.circuit('update').provingKey, witness: await honestWitness(keys) });
console.log('proved');
await backend.stop();
console.log('stopped');
