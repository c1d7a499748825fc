import cors from '@koa/cors';
import Koa, { type Context, type Next } from 'koa';
import { ODataError } from '../errors.js';
import type { Service } from '../service/index.js';
import { headersOf, requestIdOf, requestOf, respond, respondError } from './adapter.js';
import { type Authenticate, anonymous } from './authentication.js';
import { receiveBody } from './body.js';
import { compression, tagPerEncoding } from './compression.js';
import { defaultHttpLimits, type HttpLimits } from './limits.js';
import { baseOf, normalRoot, relativeTo } from './root.js';

/** How a service stands on the web. */
export interface AppOptions {
  /** Path of the service root; default `/`. */
  readonly root?: string;
  /** Absolute URL of the service root, for links; default: from the request's Host. */
  readonly publicUrl?: string | null;
  readonly trustProxy?: boolean;
  /** Default: everybody may do everything. */
  readonly authentication?: Authenticate;
  /** Origins that pages may call from, or `*`; null: none. Default `*`: tokens, never cookies, say who asks. */
  readonly cors?: string | null;
  readonly limits?: Partial<HttpLimits>;
  /** Told of every answer. */
  readonly onAnswer?: (answer: Answer) => void;
  /** Told of what failed outside the service. */
  readonly onError?: (error: unknown, requestId: string) => void;
}

/** One line of the log; nothing in it is secret. */
export interface Answer {
  readonly requestId: string;
  readonly method: string;
  /** Path and query, cut to a length that fits a line. */
  readonly url: string;
  readonly status: number;
  readonly milliseconds: number;
  readonly user: string | null;
}

const exposed =
  'OData-Version,ETag,Location,OData-EntityId,Preference-Applied,Retry-After,X-CSRF-Token,request-id,client-request-id,AsyncResult,Allow';

/** A koa app that serves a service beneath a path; everything outside it is 404, `/healthz` says that the process lives. */
export function createApp(service: Service, options: AppOptions = {}): Koa {
  const app = new Koa();
  const limits = { ...defaultHttpLimits, ...options.limits };
  app.silent = true;
  app.use((ctx, next) => outermost(ctx, next, options));
  if (options.cors !== null)
    app.use(cors({ origin: originOf(options.cors ?? '*'), exposeHeaders: exposed, maxAge: 600 }));
  app.use(compression());
  app.use(tagPerEncoding);
  app.use(health);
  app.use((ctx) => serve(ctx, service, options, limits));
  return app;
}

function originOf(origins: string): string | ((ctx: Context) => string) {
  if (!origins.includes(',')) return origins;
  const allowed = new Set(origins.split(',').map((origin) => origin.trim()));
  return (ctx) => (allowed.has(ctx.get('origin')) ? ctx.get('origin') : '');
}

/** Nothing leaves here but an OData answer (Protocol 9.4). */
async function outermost(ctx: Context, next: Next, options: AppOptions): Promise<void> {
  const start = performance.now();
  ctx.state.requestId = requestIdOf(ctx);
  ctx.state.user = null;
  try {
    await next();
  } catch (error) {
    if (!(error instanceof ODataError) || error.status >= 500) options.onError?.(error, ctx.state.requestId);
    respondError(ctx, error);
  }
  ctx.set('request-id', ctx.state.requestId);
  const echoed = ctx.get('client-request-id');
  if (/^[\w.{}-]{1,128}$/.test(echoed)) ctx.set('client-request-id', echoed);
  options.onAnswer?.({
    requestId: ctx.state.requestId,
    method: ctx.method,
    url: ctx.url.slice(0, 2000),
    status: ctx.status,
    milliseconds: Math.round((performance.now() - start) * 100) / 100,
    user: ctx.state.user,
  });
}

async function health(ctx: Context, next: Next): Promise<void> {
  if (ctx.path !== '/healthz') return next();
  if (ctx.method !== 'GET' && ctx.method !== 'HEAD')
    throw new ODataError('MethodNotAllowed', 'Use GET to ask for the health.', null, {
      headers: { Allow: 'GET, HEAD' },
    });
  ctx.set('Cache-Control', 'no-store');
  ctx.body = { status: 'ok' };
}

async function serve(ctx: Context, service: Service, options: AppOptions, limits: HttpLimits): Promise<void> {
  if (ctx.url.length > limits.maxUrlLength)
    throw new ODataError(
      'UrlTooLong',
      `The URL is longer than ${limits.maxUrlLength} characters, the limit of the setting 'maxUrlLength'; send the query as body of a POST to /$query.`,
    );
  const root = normalRoot(options.root ?? '/');
  const url = relativeTo(ctx.url, root);
  if (url === null) throw new ODataError('ResourceNotFound', `There is nothing here; the service root is ${root}.`);
  const base = baseOf(ctx, { root, publicUrl: options.publicUrl ?? null, trustProxy: options.trustProxy ?? false });
  const user = await (options.authentication ?? anonymous)(headersOf(ctx).authorization ?? null);
  ctx.state.user = user?.id ?? user?.name ?? null;
  const body = await receiveBody(ctx.req, limits.maxBodySize);
  respond(ctx, await service.handle(requestOf(ctx, { url, base, user, ...body })));
}
