/** The language of the room `protocol`: one request and one response, as the service sees them (no koa, no sockets). */

export type Method = 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT' | 'DELETE' | 'OPTIONS';

/** Who asks; comes from the verified token. `id` null is the anonymous caller. */
export interface User {
  /** `oid`, else `sub`. */
  readonly id: string | null;
  /** Display name, when the token has one. */
  readonly name: string | null;
  /** Application name or id (`app_displayname`, `appid`, `azp`). */
  readonly application: string | null;
  /** Delegated scopes (`scp`). */
  readonly scopes: ReadonlySet<string>;
  /** Application permissions (`roles`). */
  readonly roles: ReadonlySet<string>;
  /** True when the server runs without authentication: every scope is granted. */
  readonly unrestricted: boolean;
}

/** One request, whoever sent it: HTTP, a part of a batch, a job, a test. */
export interface ODataRequest {
  readonly method: Method;
  /** Path and query relative to the service root, undecoded, without leading slash: `user/42/profile?$select=id`. */
  readonly url: string;
  /** Lower-case names; several values joined by `, `. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The body, whole; null when there is none. */
  readonly body: Buffer | null;
  /** null: no credentials were given. */
  readonly user: User | null;
  /** Absolute URL of the service root, ending in `/`; every link of the answer begins with it. */
  readonly base: string;
  /** For log and error answers. */
  readonly requestId: string;
}

/** One response. */
export interface ODataResponse {
  readonly status: number;
  /** Names in their usual spelling. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string | null;
}

/** Protocol 8.1.5: what a payload is written in. */
export type ODataVersion = '4.0' | '4.01';
export type MetadataLevel = 'none' | 'minimal' | 'full';

/** What was agreed on for one response (Protocol 7, 8). */
export interface Negotiated {
  readonly version: ODataVersion;
  readonly metadata: MetadataLevel;
  /** `IEEE754Compatible=true`: Int64 and Decimal are strings (JSON 3.2). */
  readonly ieee754Compatible: boolean;
}
