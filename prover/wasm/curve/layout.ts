// How points lie in memory. `degree` is that of the field of coordinates over Fp: 1 for G1, 2 for G2.
//
// packed: x and y of a table, 32 bytes for each element of Fp; see `packOffset` of the field.
// point:  x and y as numbers of their own, 40 bytes for each element of Fp.
// entry:  as many additions as the kernel has lanes: x1, y1, x2, y2 in rows. The sum takes the place of x1, y1.
import { type Kernel, numberBytes } from '../kernel.ts';

export type Degree = 1 | 2;

export const packedBytes = (degree: Degree): number => 64 * degree;
export const pointBytes = (degree: Degree): number => 2 * numberBytes * degree;
export const rowBytes = ({ lanes }: Kernel, degree: Degree): number => numberBytes * lanes * degree;
export const entryBytes = (kernel: Kernel, degree: Degree): number => 4 * rowBytes(kernel, degree);
