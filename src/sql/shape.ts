import { type Json, printJson, readJson, type Shapes, type TypeShape } from '../tables/index.js';

/** How stored JSON is to be written; planning prints these options. */
interface Options {
  readonly version: '4.0' | '4.01';
  readonly metadata: 'none' | 'minimal' | 'full';
  readonly ieee754Compatible: boolean;
  readonly select: readonly string[] | null;
}

/**
 * JSON in storage form as the client sees it (JSON 7.1, 7.2, 4.5.3): enumerations by name, Decimal and Int64 as numbers or strings,
 * type information in the version of the payload. `type` is a qualified name, `Collection(…)`, or empty for dynamic properties.
 */
export function shapeStoredText(json: string, type: string, options: string, shapes: Shapes): string {
  const shaper = new Shaper(optionsOf(options), shapes);
  return printJson(shaper.value(readJson(json), type, true));
}

/** The same few texts come with every row. */
let lastOptions: { readonly text: string; readonly options: Options } | null = null;

function optionsOf(text: string): Options {
  if (lastOptions?.text !== text) lastOptions = { text, options: JSON.parse(text) as Options };
  return lastOptions.options;
}

class Shaper {
  constructor(
    private readonly options: Options,
    private readonly shapes: Shapes,
  ) {}

  value(node: Json, type: string, outermost = false): Json {
    const item = /^Collection\((.*)\)$/.exec(type)?.[1];
    if (item !== undefined || node.kind === 'array')
      return node.kind === 'array'
        ? { kind: 'array', items: node.items.map((each) => this.value(each, item ?? type, outermost)) }
        : node;
    if (node.kind === 'null') return node;
    const shape = this.shapes.get(type);
    if (shape?.kind === 'definition') return this.value(node, shape.type);
    if (shape?.kind === 'enum') return enumNames(node, shape);
    if (node.kind === 'object' && !type.startsWith('Edm.Geo')) return this.object(node.members, type, outermost);
    return this.primitive(node, type);
  }

  private primitive(node: Json, type: string): Json {
    switch (type) {
      case 'Edm.Int64':
        return node.kind === 'number' && this.options.ieee754Compatible ? { kind: 'string', value: node.text } : node;
      case 'Edm.Decimal':
        return node.kind === 'string' && !this.options.ieee754Compatible ? { kind: 'number', text: node.value } : node;
      case 'Edm.Double':
      case 'Edm.Single':
        return node.kind === 'number' && /e\+?999$/i.test(node.text)
          ? { kind: 'string', value: node.text.startsWith('-') ? '-INF' : 'INF' }
          : node;
      default:
        return node;
    }
  }

  private object(stored: ReadonlyMap<string, Json>, declared: string, outermost: boolean): Json {
    const named = stored.get('@type');
    const type = named?.kind === 'string' ? named.value : declared;
    const shape = this.shapes.get(type);
    const declaredMembers = shape?.kind === 'complex' ? shape.members : null;
    const members = new Map<string, Json>();
    if (type !== '' && (type !== declared || this.options.metadata === 'full')) this.annotate(members, '', type);
    for (const [name, node] of stored) {
      if (name.includes('@') || (outermost && !this.isSelected(name))) continue;
      const member = declaredMembers?.get(name);
      const dynamic = stored.get(`${name}@type`);
      const own =
        member === undefined
          ? dynamic?.kind === 'string'
            ? dynamic.value
            : ''
          : typeName(member.type, member.collection);
      if (member === undefined && own !== '') this.annotate(members, name, own);
      members.set(name, this.value(node, own));
    }
    return { kind: 'object', members };
  }

  private isSelected(name: string): boolean {
    return this.options.select === null || this.options.select.includes(name);
  }

  /** `@odata.type` in 4.0, `@type` in 4.01; names of the Edm namespace go without it (JSON 4.5.3). */
  private annotate(members: Map<string, Json>, name: string, type: string): void {
    if (this.options.metadata === 'none') return;
    const control = this.options.version === '4.0' ? '@odata.type' : '@type';
    members.set(`${name}${control}`, {
      kind: 'string',
      value: `#${type.replace(/^#/, '').replace(/^(Collection\()?Edm\./, '$1')}`,
    });
  }
}

function typeName(type: string, collection: boolean): string {
  return collection ? `Collection(${type})` : type;
}

function enumNames(node: Json, shape: Extract<TypeShape, { kind: 'enum' }>): Json {
  if (node.kind !== 'number') return node;
  const value = BigInt(node.text);
  const exact = shape.members.find(([, number]) => number === value);
  if (exact !== undefined) return { kind: 'string', value: exact[0] };
  const parts = shape.flags ? shape.members.filter(([, bit]) => bit > 0n && (value & bit) === bit) : [];
  const covered = parts.reduce((all, [, bit]) => all | bit, 0n) === value;
  return { kind: 'string', value: covered && parts.length > 0 ? parts.map(([name]) => name).join(',') : node.text };
}
