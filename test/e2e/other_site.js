// What another site's page in the same browser tries at the desk, with the very token of a link that is still good.
// `desk` and `token` come from the page's address.
const { searchParams } = new URL(location.href);
const [desk, token] = [searchParams.get('desk'), searchParams.get('token')];
const outcome = (promise) =>
  promise.then(
    async (answer) => `${answer.type} ${answer.status} ${await answer.text()}`,
    () => 'refused',
  );
const post = { method: 'POST', body: JSON.stringify({ token }) };
const json = { 'content-type': 'application/json' };

/** What an element comes to that loads something of the desk. */
function loaded(name, path) {
  const element = document.createElement(name);
  const { promise, resolve } = Promise.withResolvers();
  element.onload = () => resolve(element.contentDocument?.body.innerText ?? 'loaded, and cannot be read');
  element.onerror = () => resolve('refused');
  element.src = `${desk}${path}`;
  document.body.append(element);
  return promise;
}

window.tried = (async () => ({
  read: await outcome(fetch(`${desk}/api/market`)),
  exchanged: await outcome(fetch(`${desk}/api/session`, { ...post, headers: json })),
  sentBlindly: await outcome(fetch(`${desk}/api/session`, { ...post, mode: 'no-cors' })),
  script: await loaded('script', '/api/market'),
  image: await loaded('img', '/api/market'),
  frame: await loaded('iframe', '/'),
}))();
