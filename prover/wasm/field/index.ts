// Arithmetic modulo a prime, as code.
export { type Constants, createConstants } from './constants.ts';
export { balancedLimbs, createDoubles, doubleLimbs, doublesPackOffset, valueOfDoubles } from './doubles.ts';
export type { FieldCode } from './field_code.ts';
export { createIntegers, integerLimbs, integerLimbsOf, valueOfIntegers } from './integers.ts';
export { centred, inverse, mod, power } from './modular.ts';
export {
  type Addend,
  BoundError,
  type Bounds,
  type Num,
  type Operand,
  type Product,
  type Step,
  stepCode,
} from './number.ts';
