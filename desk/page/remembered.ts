// What was filled in, kept with the tab: a reload loses nothing of it.
import { useState } from 'preact/hooks';

/** A state that outlives a reload. */
export function useRemembered<T extends string | boolean | undefined>(
  key: string,
  initial: T,
): readonly [T, (value: T) => void] {
  const place = `murmuration-form ${key}`;
  const [value, setValue] = useState<T>(() => {
    const kept = sessionStorage.getItem(place);
    return kept === null ? initial : (JSON.parse(kept) as T);
  });
  return [
    value,
    (next) => {
      if (next === undefined) sessionStorage.removeItem(place);
      else sessionStorage.setItem(place, JSON.stringify(next));
      setValue(next);
    },
  ];
}
