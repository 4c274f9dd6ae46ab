// What a program may take and give, so that none can hang a role, fill its memory or flood its log.

/** Most bytes of the JSON line before a frame's numbers: 4096 names with their shapes fit. */
export const longestHeader = 2 ** 20;
/** Seconds from a program's start to its description: loading a library from a cold disk takes minutes. */
export const startSeconds = 300;
/** Seconds that any other order may take, unless the site says otherwise. */
export const orderSeconds = 3600;
/** Times that an order is given to a program that dies of it. */
export const livesOfAnOrder = 3;
/** Most characters of one line of a program that are shown. */
export const longestLine = 500;
/** Most lines of its standard error that are shown of one order. */
export const mostLines = 100;
/** Milliseconds between two reports of progress that are shown. */
export const progressPause = 1000;
/** Milliseconds in which what a program wrote before its end is read. */
export const lastWords = 2000;
