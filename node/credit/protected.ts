// Attributes that law protects somewhere: a schema that has one must say why, and a reader sees that it does.
// The words are those of ECOA (15 U.S.C. 1691), article 9 GDPR and article 21 of the EU's Charter, and of common names of columns.

const words = [
  'age',
  'alien',
  'birth',
  'caste',
  'children',
  'citizen',
  'citizenship',
  'color',
  'colour',
  'dependants',
  'dependents',
  'disability',
  'ethnic',
  'ethnicity',
  'foreign',
  'foreigner',
  'gender',
  'genetic',
  'health',
  'language',
  'marital',
  'married',
  'nationality',
  'orientation',
  'personal',
  'political',
  'pregnancy',
  'pregnant',
  'race',
  'religion',
  'religious',
  'sex',
  'sexual',
  'union',
  'welfare',
] as const;

/** The protected attribute that a column's name speaks of; a column whose name hides it is not found. */
export function protectedWord(column: string): string | undefined {
  const parts = column
    .normalize('NFKD')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
  return words.find((word) => parts.includes(word));
}
