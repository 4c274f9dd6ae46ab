// Points of a curve: code for adding many of them at once.
export { additionFunctions, advance, inversionDigits, times } from './additions.ts';
export { type Degree, entryBytes, packedBytes, pointBytes, rowBytes } from './layout.ts';
export { listFunctions } from './lists.ts';
export { moveFunctions, tableFunctions } from './moves.ts';
