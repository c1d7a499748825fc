import type { EntityChange, NavigationChange, ValueChange } from '../bind/index.js';
import { printValue, type Type, type Value } from '../edm/index.js';
import { printJson } from '../payload/index.js';

type Plain = Readonly<Record<string, unknown>>;

/** What a body says as plain JSON, for hooks; integers beyond 2^53 and enumerations are strings. */
export function plainChange(change: EntityChange): Plain {
  const members: Record<string, unknown> = {};
  for (const [property, value] of change.key) members[property.name] = plainValue(value, property.type);
  for (const [property, value] of change.properties) members[property.name] = plainValueOf(value, property.type);
  for (const [name, { json }] of change.dynamic) members[name] = JSON.parse(printJson(json));
  for (const [property, nested] of change.navigation)
    members[nested.kind === 'delta' ? `${property.name}@delta` : property.name] = plainNested(
      nested,
      property.collection,
    );
  return members;
}

/** A value as plain JSON. */
export function plainValueOf(change: ValueChange, type: Type): unknown {
  switch (change.kind) {
    case 'value':
      return plainValue(change.value, type);
    case 'collection':
    case 'appended':
      return change.items.map((item) => plainValueOf(item, type));
    case 'complex':
      return Object.fromEntries([
        ...[...change.members].map(([member, value]) => [member.name, plainValueOf(value, member.type)]),
        ...[...change.dynamic].map(([name, { json }]) => [name, JSON.parse(printJson(json))]),
      ]);
    case 'stream':
      return { '@mediaContentType': change.type, size: change.bytes.length };
  }
}

function plainValue(value: Value, type: Type): unknown {
  if (type.kind === 'enum') return value === null ? null : printValue(type, value);
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  const base = type.kind === 'typeDefinition' ? type.underlyingType : type;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64url');
  if (typeof value !== 'string') return value;
  if (base.qualifiedName === 'Edm.Decimal') return Number(value);
  return /^Edm\.Geo/.test(base.qualifiedName) ? JSON.parse(value) : value;
}

function plainNested(change: NavigationChange, collection: boolean): unknown {
  switch (change.kind) {
    case 'null':
      return null;
    case 'entity':
      return plainChange(change.item);
    case 'bind': {
      const references = change.references.map(({ url }) => ({ '@id': url }));
      return collection ? references : references[0];
    }
    case 'replace':
    case 'delta':
      return change.items.map((item) => {
        if (item.kind === 'reference') return { '@id': item.url };
        if (item.kind === 'entity') return plainChange(item);
        const key = [...item.key].map(
          ([property, value]) => [property.name, plainValue(value, property.type)] as const,
        );
        return {
          '@removed': { reason: item.reason },
          ...(item.id === null ? {} : { '@id': item.id }),
          ...Object.fromEntries(key),
        };
      });
  }
}
