// A line over rounds. The figures stand in the table beside it, for those who do not see it.
import { useEffect, useRef } from 'preact/hooks';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

interface Props {
  readonly title: string;
  readonly rounds: readonly number[];
  readonly values: readonly (number | undefined)[];
  readonly show: (value: number) => string;
  /** Least and largest value; by the values unless given. */
  readonly range?: readonly [number, number];
}

const height = 180;

export function Chart({ title, rounds, values, show, range }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | undefined>(undefined);
  useEffect(() => {
    const place = box.current!;
    const colour = (name: string) => getComputedStyle(place).getPropertyValue(name);
    const axis = {
      stroke: colour('--quiet'),
      grid: { stroke: colour('--rule'), width: 1 },
      ticks: { show: false },
    };
    const made = new UPlot(
      {
        width: place.clientWidth,
        height,
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: false, range: (_, least, most) => [Math.min(1, least), Math.max(2, most)] },
          ...(range && { y: { range: [range[0], range[1]] as [number, number] } }),
        },
        axes: [
          { ...axis, size: 28, incrs: [1, 2, 5, 10, 20, 50, 100] },
          { ...axis, size: 56, values: (_, ticks) => ticks.map(show) },
        ],
        series: [
          {},
          {
            stroke: colour('--accent'),
            width: 2,
            spanGaps: true,
            points: { show: true, fill: colour('--accent') },
          },
        ],
      },
      [[], []],
      place,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: place.clientWidth, height }));
    observer.observe(place);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, []);
  useEffect(() => {
    plot.current?.setData([[...rounds], values.map((value) => value ?? null)]);
  }, [rounds.join(), values.join()]);
  return (
    <figure>
      <figcaption>{title}</figcaption>
      <div ref={box} aria-hidden="true" />
    </figure>
  );
}
