// The demonstration's tasks: each carries one chunk, of no more of its model than is promised.
import { describe, expect, it } from 'vitest';
import { demoTask } from '../../../node/demo/index.ts';
import { modelLayout, supportShape } from '../../../node/learn/index.ts';
import { chunkShapes } from '../../../node/protocol/index.ts';

describe("a demonstration's task", () => {
  it.each([
    ['base', 0.05],
    ['quick', 0.05],
    ['tiny', 0.1],
  ] as const)('of %s carries a full chunk, and at most %s of its model', (preset, most) => {
    const task = demoTask({ preset });
    const layout = modelLayout(task.model);
    const { count } = supportShape(task, layout, 0);
    expect(task.compression.chunks).toBe(1);
    expect(count).toBe(chunkShapes[preset].coordinatesPerChunk);
    expect(count / layout.size).toBeLessThanOrEqual(most);
  });

  it.each([
    ['base', 6],
    ['quick', 7],
    ['tiny', 3],
  ] as const)('of %s carries a quarter of its model in %s chunks', (preset, chunks) => {
    expect(demoTask({ preset, density: 0.25 }).compression.chunks).toBe(chunks);
  });
});
