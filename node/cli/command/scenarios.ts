// The scenarios of the local federation as help shows them. The names are written out here: asking for help must not
// load the learning. A test compares them.

/** What each of them is. */
export const scenarioLines = {
  digits: 'handwritten digits; the last trainer is left-handed: its digits are mirrored',
  clinics: "heart disease at four hospitals, by an allow-list: is joining better than each one's own model?",
  credit: 'loans of three lenders, likewise',
} as const;

/** Their names. */
export const scenarioNames = Object.keys(scenarioLines) as (keyof typeof scenarioLines)[];
