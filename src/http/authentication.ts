import { type CryptoKey, createRemoteJWKSet, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { ODataError } from '../errors.js';
import type { User } from '../protocol/index.js';

/** Who asks, from the `Authorization` header; null: no credentials were given. Throws Unauthenticated for those that are not valid. */
export type Authenticate = (authorization: string | null) => Promise<User | null>;

/** How bearer tokens are verified. */
export interface BearerOptions {
  /** The `iss` claim that is demanded. */
  readonly issuer: string;
  /** The `aud` claim that is demanded. */
  readonly audience: string;
  /** URL of the issuer's key set, or the keys themselves. */
  readonly keys: URL | CryptoKey | JWTVerifyGetKey;
  /** Signature algorithms; only asymmetric ones, so that no public key can pass for a secret. */
  readonly algorithms?: readonly string[];
}

const asymmetric = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const longestToken = 16_384;

/** JWT bearer tokens (RFC 6750): signature, issuer, audience and expiry are checked. */
export function bearer({ issuer, audience, keys, algorithms = asymmetric }: BearerOptions): Authenticate {
  const key = keys instanceof URL ? createRemoteJWKSet(keys) : keys;
  const options = { issuer, audience, algorithms: [...algorithms], clockTolerance: 5, requiredClaims: ['exp'] };
  return async (authorization) => {
    const token = tokenOf(authorization);
    if (token === null) return null;
    try {
      const verified =
        typeof key === 'function' ? await jwtVerify(token, key, options) : await jwtVerify(token, key, options);
      return userOf(verified.payload);
    } catch (error) {
      throw invalid(isExpired(error) ? 'The token has expired; get a new one.' : 'The token is not valid here.', error);
    }
  };
}

/** Everybody is one named anonymous caller who may do everything (`--auth none`). */
export const anonymous: Authenticate = async () => ({
  id: null,
  name: 'anonymous',
  application: null,
  scopes: new Set(),
  roles: new Set(),
  unrestricted: true,
});

function tokenOf(authorization: string | null): string | null {
  if (authorization === null || authorization === '') return null;
  const match = /^Bearer +([\w.~+/=-]+) *$/i.exec(authorization);
  if (match?.[1] === undefined) throw invalid('The Authorization header should be: Bearer, a blank, and the token.');
  if (match[1].length > longestToken) throw invalid(`The token is longer than ${longestToken} characters.`);
  return match[1];
}

function isExpired(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_JWT_EXPIRED';
}

function invalid(message: string, cause: unknown = null): ODataError {
  const error = new ODataError('Unauthenticated', message, 'Authorization', {
    headers: { 'WWW-Authenticate': `Bearer error="invalid_token", error_description="${message}"` },
  });
  error.cause = cause;
  return error;
}

/** `oid`, else `sub`, is the user; `scp` are delegated scopes, `roles` application permissions (design §6). */
function userOf(claims: JWTPayload): User {
  return {
    id: text(claims.oid) ?? text(claims.sub),
    name: text(claims.name) ?? text(claims.preferred_username),
    application: text(claims.app_displayname) ?? text(claims.appid) ?? text(claims.azp),
    scopes: new Set((text(claims.scp) ?? '').split(' ').filter((scope) => scope !== '')),
    roles: new Set(Array.isArray(claims.roles) ? claims.roles.filter((role) => typeof role === 'string') : []),
    unrestricted: false,
  };
}

function text(claim: unknown): string | null {
  return typeof claim === 'string' && claim !== '' ? claim : null;
}
