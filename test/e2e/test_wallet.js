// In the page: a provider whose requests go to the wallet of the test, announced by EIP-6963. NAME and BOUND are filled in.
(() => {
  const name = NAME;
  const reach = window[BOUND];
  const hearers = new Map();
  const provider = {
    async request({ method, params }) {
      const { result, error } = await reach(method, params);
      if (error) throw Object.assign(new Error(error.message), { code: error.code });
      return result;
    },
    on: (event, hear) => hearers.set(event, (hearers.get(event) ?? new Set()).add(hear)),
    removeListener: (event, hear) => hearers.get(event)?.delete(hear),
  };
  window.addEventListener('test-wallet', ({ detail }) => {
    if (detail.name === name) for (const hear of hearers.get(detail.event) ?? []) hear(detail.value);
  });
  // A wallet's icon is an image in its announcement, which the page's policy would not load.
  const icon = 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"/>';
  const info = { uuid: `uuid of ${name}`, name, icon, rdns: `test.${BOUND}` };
  const announce = () =>
    window.dispatchEvent(
      new CustomEvent('eip6963:announceProvider', { detail: Object.freeze({ info, provider }) }),
    );
  window.addEventListener('eip6963:requestProvider', announce);
  announce();
})();
