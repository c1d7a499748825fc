import { type CsdlElement, Malformed, none } from './element.js';
import type { JsonMember, JsonNode } from './json-text.js';

type ObjectNode = Extract<JsonNode, { kind: 'object' }>;

/**
 * The annotations that an object states for itself (`prefix` empty) or for its member `prefix`, as `Annotation` elements
 * (CSDL JSON 14.2): `@Term#Qualifier`, and `@Term#Qualifier@Other` for annotations of annotations.
 */
export function readJsonAnnotations(node: ObjectNode, prefix: string): readonly CsdlElement[] {
  const start = `${prefix}@`;
  const found: CsdlElement[] = [];
  for (const member of node.members) {
    const { name } = member;
    if (!name.startsWith(start) || name.indexOf('@', start.length) !== -1 || isControl(name.slice(start.length)))
      continue;
    found.push(annotation(member, name.slice(start.length), node));
  }
  return found.length === 0 ? none : found;
}

/** Control information has no dot: `@type`, `@odata.type` (JSON 4.6). */
function isControl(name: string): boolean {
  return !name.includes('.') || name.startsWith('odata.');
}

function annotation({ name, value, at }: JsonMember, term: string, node: ObjectNode): CsdlElement {
  const hash = term.indexOf('#');
  const attributes = hash === -1 ? { Term: term } : { Term: term.slice(0, hash), Qualifier: term.slice(hash + 1) };
  return {
    name: 'Annotation',
    attributes,
    children: [jsonExpression(value), ...readJsonAnnotations(node, name)],
    text: '',
    at,
  };
}

/** Members with one operand, with a list of operands, and what else they carry (CSDL JSON 14.4). */
const unary: ReadonlySet<string> = new Set(['Not', 'Neg', 'Cast', 'IsOf', 'LabeledElement', 'UrlRef']);
const lists: ReadonlySet<string> = new Set(
  'And Or Eq Ne Gt Ge Lt Le Has In Add Sub Mul Div DivBy Mod If Apply'.split(' '),
);
const carried: readonly string[] = ['Function', 'Type', 'Name', 'MaxLength', 'Precision', 'Scale', 'SRID', 'Unicode'];

/** One value of an annotation. Plain values become `JsonString` and `JsonNumber`: the term decides what they are. */
export function jsonExpression(node: JsonNode): CsdlElement {
  const { at } = node;
  switch (node.kind) {
    case 'string':
    case 'number':
      return {
        name: node.kind === 'string' ? 'JsonString' : 'JsonNumber',
        attributes: {},
        children: none,
        text: node.text,
        at,
      };
    case 'boolean':
      return { name: 'Bool', attributes: {}, children: none, text: String(node.value), at };
    case 'null':
      return { name: 'Null', attributes: {}, children: none, text: '', at };
    case 'array':
      return { name: 'Collection', attributes: {}, children: node.items.map(jsonExpression), text: '', at };
    case 'object':
      return dynamic(node) ?? record(node);
  }
}

function dynamic(node: ObjectNode): CsdlElement | null {
  const own = readJsonAnnotations(node, '');
  for (const { name, value } of node.members) {
    if (!name.startsWith('$')) continue;
    const kind = name.slice(1);
    if (kind === 'Path' || kind === 'LabeledElementReference')
      return { name: kind, attributes: {}, children: own, text: textOf(value), at: node.at };
    if (kind === 'Null') return { name: kind, attributes: {}, children: own, text: '', at: node.at };
    const operands = unary.has(kind) ? [jsonExpression(value)] : lists.has(kind) ? listOf(value) : null;
    if (operands === null) continue;
    return { name: kind, attributes: attributesOf(node), children: [...operands, ...own], text: '', at: node.at };
  }
  return null;
}

function listOf(node: JsonNode): readonly CsdlElement[] {
  if (node.kind !== 'array') throw new Malformed('json-shape', 'The operands must be an array.', node.at);
  return node.items.map(jsonExpression);
}

function textOf(node: JsonNode): string {
  if (node.kind === 'string' || node.kind === 'number') return node.text;
  if (node.kind === 'boolean') return String(node.value);
  throw new Malformed('json-shape', 'A string is expected here.', node.at);
}

function attributesOf(node: ObjectNode): Record<string, string> {
  const attributes: Record<string, string> = {};
  let collection = false;
  for (const { name, value } of node.members) {
    if (name === '$Collection') collection = value.kind === 'boolean' && value.value;
    else if (carried.includes(name.slice(1)) && name.startsWith('$')) attributes[name.slice(1)] = textOf(value);
  }
  if (collection) attributes.Type = `Collection(${attributes.Type ?? 'Edm.String'})`;
  return attributes;
}

function record(node: ObjectNode): CsdlElement {
  const children: CsdlElement[] = [];
  const attributes: Record<string, string> = {};
  for (const { name, value, at } of node.members) {
    if (name === '@type' || name === '@odata.type') attributes.Type = textOf(value).replace(/^.*#/, '');
    if (name.includes('@')) continue;
    const inner = [jsonExpression(value), ...readJsonAnnotations(node, name)];
    children.push({ name: 'PropertyValue', attributes: { Property: name }, children: inner, text: '', at });
  }
  children.push(...readJsonAnnotations(node, ''));
  return { name: 'Record', attributes, children, text: '', at: node.at };
}
