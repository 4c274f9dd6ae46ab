// A digest as files of the command line hold it.
import { type Hex, isHex } from 'viem';
import { z } from 'zod';

/** 32 bytes: 0x and 64 hexadecimal digits, in either case. */
export const digest = z.custom<Hex>(
  (value) => isHex(value) && value.length === 66,
  '0x and 64 hexadecimal digits',
);
