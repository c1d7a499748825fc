import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { ODataError } from '../errors.js';
import { type Authenticate, bearer } from './authentication.js';

/** Tokens for development: verified like any other, signed with a key of this machine. */
export interface DevelopmentIdentity {
  readonly authenticate: Authenticate;
  /** A token that is good for a day. */
  token(claims: DevelopmentClaims): Promise<string>;
}

export interface DevelopmentClaims {
  /** The user. */
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
}

const issuer = 'urn:edmund:development';
const audience = 'urn:edmund:development';
const algorithm = 'ES256';

/** Opens or makes the signing key in `file`, readable by its owner alone. Throws InvalidModel when the file is not such a key. */
export async function development(file: string): Promise<DevelopmentIdentity> {
  const jwk = existsSync(file) ? readKey(file) : await makeKey(file);
  const { d: _, ...open } = jwk;
  const [secret, key] = [await imported(jwk), await imported(open)];
  return {
    authenticate: bearer({ issuer, audience, keys: key, algorithms: [algorithm] }),
    token: ({ id, name, scopes }) =>
      new SignJWT({ oid: id, name, scp: scopes.join(' '), app_displayname: 'Edmund development' })
        .setProtectedHeader({ alg: algorithm })
        .setSubject(id)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime('24h')
        .sign(secret),
  };
}

async function imported(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, algorithm);
  if (key instanceof Uint8Array) throw new ODataError('InvalidModel', 'The development key is not a key pair.');
  return key;
}

function readKey(file: string): JWK {
  const jwk: JWK = JSON.parse(readFileSync(file, 'utf8'));
  if (jwk.kty === 'EC' && typeof jwk.d === 'string') return jwk;
  throw new ODataError('InvalidModel', `'${file}' is not a development key; remove it to have one made.`);
}

async function makeKey(file: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const jwk = await exportJWK(privateKey);
  writeFileSync(file, JSON.stringify(jwk), { mode: 0o600 });
  return jwk;
}
