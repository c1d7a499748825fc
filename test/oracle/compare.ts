import type { JsonNode } from '../../src/payload/index.js';
import type { Answer, Shown } from './answer.js';
import { readExact } from './exact.js';
import type { Received } from './pages.js';
import { compareScalars, type Datum, isNumber, isScalar, read, type Scalar } from './value.js';

/** The first difference between what the service said and what is expected; null: there is none. */
export function difference(expected: Answer, { status, text, body }: Received): string | null {
  const wanted = expected.kind === 'missing' ? 404 : expected.kind === 'nothing' ? 204 : 200;
  if (status !== wanted) return `${wanted} expected: ${status} ${text.slice(0, 300)}`;
  switch (expected.kind) {
    case 'missing':
    case 'nothing':
      return null;
    case 'count':
      return text === String(expected.count) ? null : `${expected.count} expected: ${text}`;
    case 'raw':
      return isRaw(text, expected) ? null : `${printDatum(expected.value)} expected: ${text}`;
    case 'single':
      return differs(expected.item.kind === 'value' ? memberOf(body, 'value') : (body ?? undefined), expected.item, '');
    case 'collection': {
      const total = memberOf(body, '@odata.count');
      const found = total?.kind === 'number' ? total.text : null;
      if (found !== (expected.total === null ? null : String(expected.total)))
        return `count ${expected.total} expected: ${found}`;
      return differs(memberOf(body, 'value'), { kind: 'list', items: expected.items }, '');
    }
  }
}

/** Bytes stand for themselves, all else as in JSON without quotes (Protocol 11.2.4.1). */
function isRaw(text: string, { value, type }: Extract<Answer, { kind: 'raw' }>): boolean {
  if (!isScalar(value)) return false;
  return value.kind === 'binary'
    ? text === Buffer.from(value.value, 'base64url').toString()
    : isSame(text, value, type);
}

function memberOf(node: JsonNode | null, name: string): JsonNode | undefined {
  return node?.kind === 'object' ? node.members.get(name) : undefined;
}

function list(items: readonly JsonNode[], expected: readonly Shown[], path: string): string | null {
  if (items.length !== expected.length)
    return `${path}: ${expected.length} items expected: ${items.length}: ${print(items)} instead of ${expected.map(printShown)}`;
  for (const [at, item] of expected.entries()) {
    const found = differs(items[at], item, `${path}/${at}`);
    if (found !== null) return found;
  }
  return null;
}

function differs(node: JsonNode | undefined, expected: Shown, path: string): string | null {
  switch (expected.kind) {
    case 'list':
      return node?.kind === 'array' ? list(node.items, expected.items, path) : `${path}: an array expected`;
    case 'object':
      return objectDiffers(node, expected, path);
    case 'value':
      return valueDiffers(node, expected.value, expected, path);
  }
}

function objectDiffers(
  node: JsonNode | undefined,
  expected: Extract<Shown, { kind: 'object' }>,
  path: string,
): string | null {
  if (node?.kind !== 'object') return `${path}: an object expected: ${node === undefined ? 'absent' : print([node])}`;
  const names = [...node.members.keys()].filter((name) => !name.includes('@'));
  const wrong = names.filter((name) => !expected.members.has(name));
  const absent = [...expected.members.keys()].filter((name) => !names.includes(name));
  if (wrong.length + absent.length > 0) return `${path}: too much: ${wrong}; missing: ${absent}`;
  const typeNode = node.members.get('@odata.type');
  const typeName = typeNode?.kind === 'string' ? typeNode.value.slice(1) : null;
  if (typeName !== expected.typeName) return `${path}: type ${expected.typeName} expected: ${typeName}`;
  for (const [name, count] of expected.counts) {
    const found = node.members.get(`${name}@odata.count`);
    if (found?.kind !== 'number' || found.text !== String(count)) return `${path}/${name}: count ${count} expected`;
  }
  for (const [name, member] of expected.members) {
    const found = differs(node.members.get(name), member, `${path}/${name}`);
    if (found !== null) return found;
  }
  return null;
}

function valueDiffers(
  node: JsonNode | undefined,
  value: Datum,
  { type }: Extract<Shown, { kind: 'value' }>,
  path: string,
): string | null {
  const problem = () => `${path}: ${printDatum(value)} expected: ${node === undefined ? 'absent' : print([node])}`;
  if (node === undefined) return problem();
  if (value === null) return node.kind === 'null' ? null : problem();
  if (Array.isArray(value)) {
    if (node.kind !== 'array' || node.items.length !== value.length) return problem();
    return (
      value
        .map((item, at) => valueDiffers(node.items[at], item, { kind: 'value', value: item, type }, `${path}/${at}`))
        .find((found) => found !== null) ?? null
    );
  }
  if (!isScalar(value) || node.kind === 'object' || node.kind === 'array' || node.kind === 'null') return problem();
  if ((node.kind !== 'string') !== isBare(value)) return problem();
  const text = node.kind === 'number' ? node.text : String(node.kind === 'boolean' ? node.value : node.value);
  try {
    return isSame(text, value, type) ? null : problem();
  } catch {
    return problem();
  }
}

/** Numbers and Booleans stand without quotes, but for what JSON cannot write. */
function isBare(value: Scalar): boolean {
  if (value.kind === 'double') return Number.isFinite(value.value);
  return isNumber(value) || value.kind === 'boolean';
}

/** Doubles may differ in their last digits: sums depend on their order. */
function isSame(text: string, value: Scalar, type: Extract<Shown, { kind: 'value' }>['type']): boolean {
  switch (value.kind) {
    case 'double': {
      const found = Number(text.replace('INF', 'Infinity'));
      return found === value.value || Math.abs(found - value.value) <= 1e-12 * Math.abs(value.value);
    }
    case 'integer':
    case 'decimal':
      return compareScalars({ kind: 'decimal', value: readExact(text) }, value) === 0;
    case 'boolean':
      return text === String(value.value);
    case 'enum':
      return type === null ? true : compareScalars(read(type, text), value) === 0;
    default:
      return compareScalars(read(type ?? natural(value), text), value) === 0;
  }
}

function natural({ kind }: Scalar): Parameters<typeof read>[0] {
  const names = {
    date: 'Edm.Date',
    moment: 'Edm.DateTimeOffset',
    time: 'Edm.TimeOfDay',
    duration: 'Edm.Duration',
    guid: 'Edm.Guid',
    binary: 'Edm.Binary',
  } as const;
  const name = kind in names ? names[kind as keyof typeof names] : 'Edm.String';
  return { kind: 'primitive', name, qualifiedName: name };
}

function print(nodes: readonly JsonNode[]): string {
  const text = (node: JsonNode): unknown => {
    switch (node.kind) {
      case 'object':
        return Object.fromEntries(
          [...node.members]
            .filter(([name]) => !name.includes('@'))
            .slice(0, 3)
            .map(([name, member]) => [name, text(member)]),
        );
      case 'array':
        return node.items.map(text);
      case 'number':
        return node.text;
      case 'null':
        return null;
      default:
        return node.value;
    }
  };
  return JSON.stringify(nodes.map(text)).slice(0, 400);
}

function printShown(shown: Shown): string {
  if (shown.kind === 'value') return printDatum(shown.value);
  if (shown.kind === 'list') return `[${shown.items.map(printShown)}]`;
  return `{${[...shown.members].slice(0, 2).map(([name, member]) => `${name}: ${printShown(member)}`)}}`;
}

function printDatum(datum: Datum): string {
  return (
    JSON.stringify(datum, (_, value) => (typeof value === 'bigint' ? value.toString() : value))?.slice(0, 300) ?? ''
  );
}
