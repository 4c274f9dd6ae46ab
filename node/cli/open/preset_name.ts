// A preset by its name.
import { presetNames } from '@murmuration/core';
import { presets } from '@murmuration/prover';

/** The name of a preset that a task names by its id; the id itself where this version does not know it. */
export const presetName = (id: string): string => presetNames.find((name) => presets[name].id === id) ?? id;
