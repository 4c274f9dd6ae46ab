// Which view is shown: what stands behind the # of the page's address.
import { signal } from '@preact/signals';

/** A view of the page. */
export type Route =
  | { readonly view: 'market' | 'runs' }
  | { readonly view: 'task' | 'run'; readonly task: string };

function read(): Route {
  if (location.hash === '#/runs') return { view: 'runs' };
  const [, view, task] = /^#\/(task|run)\/(\d{1,20})$/.exec(location.hash) ?? [];
  return task === undefined ? { view: 'market' } : { view: view as 'task' | 'run', task };
}

export const route = signal<Route>(read());

addEventListener('hashchange', () => {
  route.value = read();
  // Who reads by ear or moves by keys is at the new view's beginning.
  requestAnimationFrame(() => document.querySelector<HTMLElement>('h1')?.focus());
});
