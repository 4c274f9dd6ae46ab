// A process of its own: proves, stops, and must then end by itself.
import { createBackend, ensureDevelopmentKeys } from '@murmuration/prover';
import { cacheFolder } from '../../cache_folder.ts';
import { honestWitness } from '../support/witness.ts';

const keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
const backend = createBackend({ name: 'snarkjs', parallel: 2 });
await backend.start();
await backend.prove({ key: keys.circuit('update').provingKey, witness: await honestWitness(keys) });
console.log('proved');
await backend.stop();
console.log('stopped');
