/** Whether what takes long runs, too, though a shorter test asks the same: `npm test -- --all` sets it. */
export const long = process.env.MURMURATION_LONG === '1';
