// Pictures of digits as one PNG file: a grid of gray squares, enlarged so that pixels are seen as they are.
import { crc32, deflateSync } from 'node:zlib';

const side = 28;
/** Pixels of the file for one of a digit, and between two digits. */
const [zoom, gap] = [3, 6];

/**
 * A grid of digits as a PNG file of 8 bits gray (ISO/IEC 15948).
 * @param grid lines of digits, 784 numbers from 0 (paper) to 255 (ink) each; undefined leaves a place empty.
 */
export function digitGrid(grid: readonly (readonly (Uint8Array | undefined)[])[]): Buffer {
  const cell = side * zoom + gap;
  const width = Math.max(...grid.map((line) => line.length)) * cell + gap;
  const height = grid.length * cell + gap;
  // One byte before each line says that it is not filtered.
  const raw = Buffer.alloc(height * (width + 1), 255);
  for (let y = 0; y < height; y++) raw[y * (width + 1)] = 0;
  grid.forEach((line, top) => {
    line.forEach((digit, left) => {
      if (!digit) return;
      for (let y = 0; y < side * zoom; y++)
        for (let x = 0; x < side * zoom; x++) {
          const at = (top * cell + gap + y) * (width + 1) + 1 + left * cell + gap + x;
          raw[at] = 255 - digit[Math.floor(y / zoom) * side + Math.floor(x / zoom)]!;
        }
    });
  });
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 8;
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(raw, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
