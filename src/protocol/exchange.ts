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

/** Header fields by lower-case name; several values joined by `, `. */
export type Headers = Readonly<Record<string, string | undefined>>;

/** One request, whoever sent it: HTTP, a part of a batch, a job, a test. */
export interface ODataRequest {
  readonly method: Method;
  /** Path and query relative to the service root, undecoded, without leading slash: `user/42/profile?$select=id`. */
  readonly url: string;
  readonly headers: Headers;
  /** The body, whole; null when there is none, or it comes as `stream`. */
  readonly body: Buffer | null;
  /** A body that has not been read yet, for streams of any size; to be read once. Absent: it is in `body`. */
  readonly stream?: AsyncIterable<Uint8Array>;
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
  /** The body as it was compressed beforehand. */
  readonly compressed?: Compressed;
  /** The content of a stream, a part at a time, when `body` is null; `Content-Length` says how much it is. */
  readonly stream?: AsyncIterable<Uint8Array>;
}

/** The same bytes, compressed; an encoding that is missing is not ready. */
export type Compressed = Readonly<Partial<Record<'br' | 'gzip', Buffer>>>;

/** Protocol 8.1.5: what a payload is written in. */
export type ODataVersion = '4.0' | '4.01';
export type MetadataLevel = 'none' | 'minimal' | 'full';

/** What was agreed on for one response (Protocol 7, 8). */
export interface Negotiated {
  readonly version: ODataVersion;
  readonly metadata: MetadataLevel;
  /** `IEEE754Compatible=true`: Int64 and Decimal are strings (JSON 3.2). */
  readonly ieee754Compatible: boolean;
  /** The media type of the answer: one of those the resource offers. */
  readonly mediaType: string;
  /** True when the client asks for an order of members that it can read as they come (JSON 4.4): it is always written so. */
  readonly streaming?: boolean;
  /** `utf-8` when the client asked for it; a charset that was not asked for is not stated (Protocol 8.2.1). */
  readonly charset: 'utf-8' | null;
}

/** What the client would like (Protocol 8.2.8); null or false: nothing said. Unknown preferences are ignored. */
export interface Preferences {
  readonly return: 'representation' | 'minimal' | null;
  readonly handling: 'strict' | 'lenient' | null;
  readonly maxPageSize: number | null;
  readonly omitValues: 'nulls' | 'defaults' | null;
  readonly includeAnnotations: readonly AnnotationPattern[] | null;
  readonly allowEntityReferences: boolean;
  readonly continueOnError: boolean | null;
  readonly respondAsync: boolean;
  /** Seconds. */
  readonly wait: number | null;
  readonly trackChanges: boolean;
  /** The URL to be called. */
  readonly callback: string | null;
}

/** One item of `include-annotations` (Protocol 8.2.8.4): `*`, `NS.*` or `NS.Term`, perhaps excluded, perhaps qualified. */
export interface AnnotationPattern {
  readonly excluded: boolean;
  readonly name: string;
  readonly qualifier: string | null;
}
