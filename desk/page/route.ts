// Which view is shown: what stands behind the # of the page's address.
import { signal } from '@preact/signals';

/** A view of the page. */
export type Route =
  | { readonly view: 'market' | 'runs' | 'site' | 'plan' | 'wallet' }
  | { readonly view: 'task' | 'run' | 'audit' | 'model' | 'host'; readonly task: string };

function read(): Route {
  const [, plain] = /^#\/(runs|site|plan|wallet)$/.exec(location.hash) ?? [];
  if (plain !== undefined) return { view: plain as 'runs' | 'site' | 'plan' | 'wallet' };
  const [, view, task] = /^#\/(task|run|audit|model|host)\/(\d{1,20})$/.exec(location.hash) ?? [];
  return task === undefined
    ? { view: 'market' }
    : { view: view as 'task' | 'run' | 'audit' | 'model' | 'host', task };
}

export const route = signal<Route>(read());

addEventListener('hashchange', () => {
  route.value = read();
  // Who reads by ear or moves by keys is at the new view's beginning.
  requestAnimationFrame(() => document.querySelector<HTMLElement>('h1')?.focus());
});
