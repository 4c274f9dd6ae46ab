// The phases of a round, in words.
export const phases: Readonly<Record<string, string>> = {
  support: 'everybody trains, and what travels is chosen',
  submit: 'encrypted updates are sent and proven',
  inspect: 'contents are looked at',
  aggregate: 'the sum is added and opened',
  commit: 'validators judge the new model',
  reveal: 'validators show their votes',
  settle: 'who helped is proven, and paid',
};
