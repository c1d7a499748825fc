import type { Context } from 'koa';
import { ODataError } from '../errors.js';

/** Where a service stands, as the client sees it. */
export interface RootOptions {
  /** Path of the service root, `/` or `/beta`. */
  readonly root: string;
  /** Absolute URL of the service root; when given, every link begins with it, whatever the request says. */
  readonly publicUrl: string | null;
  /** Believe `X-Forwarded-Proto`, `X-Forwarded-Host`: only behind a proxy that sets them. */
  readonly trustProxy: boolean;
}

/** `/beta/` for `beta`, `/beta`, `/beta/`. */
export function normalRoot(root: string): string {
  const path = root.replace(/^\/+|\/+$/g, '');
  return path === '' ? '/' : `/${path}/`;
}

/** The part of the request's URL behind the service root, undecoded; null when it is not beneath the root. */
export function relativeTo(url: string, root: string): string | null {
  const path = absoluteForm(url);
  if (path.startsWith(root)) return path.slice(root.length);
  const bare = root.slice(0, -1);
  if (path === bare) return '';
  return bare !== '' && path.startsWith(`${bare}?`) ? path.slice(bare.length) : null;
}

/** A request line may hold a whole URL (RFC 9112 3.2.2). */
function absoluteForm(url: string): string {
  const match = /^https?:\/\/[^/?#]*([/?].*)?$/i.exec(url);
  if (match === null) return url;
  const rest = match[1] ?? '/';
  return rest.startsWith('?') ? `/${rest}` : rest;
}

const hostForm = /^(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/** The absolute URL of the service root, ending in `/` (design decision 7). Throws MalformedHeader for a Host that is none. */
export function baseOf(ctx: Context, options: RootOptions): string {
  if (options.publicUrl !== null) return options.publicUrl;
  const forwarded = options.trustProxy ? first(ctx.get('x-forwarded-host')) : '';
  const host = forwarded === '' ? ctx.get('host') : forwarded;
  if (!hostForm.test(host)) throw new ODataError('MalformedHeader', 'The Host header is not a host name.', 'Host');
  const scheme = options.trustProxy ? first(ctx.get('x-forwarded-proto')) : '';
  const secure = scheme === 'https' || (scheme === '' && 'encrypted' in ctx.req.socket);
  return `${secure ? 'https' : 'http'}://${host}${options.root}`;
}

function first(list: string): string {
  return (list.split(',', 1)[0] ?? '').trim();
}
