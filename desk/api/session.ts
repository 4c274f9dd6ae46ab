// How a page gets its session: the token behind the `#` of a link, which is good once.
import { z } from 'zod';

const secret = z.string().regex(/^[\w-]{43}$/, '32 bytes in base64url');

export const linkSchema = z.strictObject({ token: secret.describe('of the link, behind its #; good once') });
export const sessionSchema = z.strictObject({
  session: secret.describe('a bearer token, as long as the node runs'),
});
export const newLinkSchema = z.strictObject({
  link: z.url().describe('opens the page, once'),
  proof: secret.describe("HMAC-SHA256 of the link under the desk's door key"),
});
