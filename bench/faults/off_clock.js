// `murmur` on a machine whose clock is off: `node bench/faults/off_clock.js SECONDS trainer run ...`.
const [seconds, ...args] = process.argv.slice(2);
const off = Number(seconds) * 1000;
const rightDate = Date;

globalThis.Date = class extends rightDate {
  constructor(...given) {
    if (given.length === 0) super(rightDate.now() + off);
    else super(...given);
  }
  static now() {
    return rightDate.now() + off;
  }
};

const murmur = new URL('../../node/murmur.js', import.meta.url);
process.argv = [process.argv[0], murmur.pathname, ...args];
await import(murmur.href);
