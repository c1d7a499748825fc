import { SaxesParser } from 'saxes';
import { type CsdlElement, Malformed, maximumDepth, none, type Source } from './element.js';
import type { Position } from './model.js';

const edmx = 'http://docs.oasis-open.org/odata/ns/edmx';
const edm = 'http://docs.oasis-open.org/odata/ns/edm';

/** Attributes by name: objects of few shapes and without inherited members, as a name may be `constructor`. */
class Attributes {
  readonly [name: string]: string | undefined;
}
Object.setPrototypeOf(Attributes.prototype, null);

class XmlElement implements CsdlElement {
  children: readonly CsdlElement[] = none;
  text = '';

  constructor(
    readonly name: string,
    readonly attributes: CsdlElement['attributes'],
    readonly at: Position,
  ) {}
}

/** Prefixes in scope; a new link only where an element declares some. */
interface Prefixes {
  readonly depth: number;
  readonly outer: Prefixes | null;
  readonly names: ReadonlyMap<string, string>;
  /** Names of elements that were met, without their prefix; null: of a foreign namespace. */
  readonly locals: Map<string, string | null>;
}

function prefixOf(name: string): string {
  const colon = name.indexOf(':');
  return colon === -1 ? '' : name.slice(0, colon);
}

/** Attributes that have the same values again and again. */
const repeated: ReadonlySet<string> = new Set(['Type', 'Term', 'Property']);

const noAttributes: Readonly<Record<string, string>> = new Attributes() as Record<string, string>;

/** XML text to the tree of CSDL elements (CSDL XML 4). Elements of foreign namespaces are left out. Throws Malformed. */
export function readXmlText(source: Source): CsdlElement {
  return new TreeBuilder(source).read();
}

/** The state of one reading: the open elements, and how far lines have been counted. */
class TreeBuilder {
  private readonly parser = new SaxesParser({ xmlns: false });
  private readonly open: XmlElement[] = [];
  /** Elements that are closed while their parents are open, and where those of each open element begin. */
  private readonly closed: CsdlElement[] = [];
  private readonly starts: number[] = [];
  /** The attributes of the tag that is being read; null: none yet. */
  private attributes: Record<string, string> | null = null;
  /** Whether it declares namespaces. */
  private declares = false;
  /** One string for all equal names and values, however often they occur. */
  private readonly texts = new Map<string, string>();
  private prefixes: Prefixes | null = null;
  private depth = 0;
  /** Depth of the foreign element that is being skipped; 0 when none is. */
  private skipping = 0;
  private root: CsdlElement | null = null;
  private line = 1;
  private lineStart = 0;

  constructor(private readonly source: Source) {}

  read(): CsdlElement {
    const { parser } = this;
    // seven handlers: with one more V8 gives up on the parser's shape, and it takes five times as long
    parser.on('doctype', () => {
      throw this.malformed(
        'xml-doctype',
        'A document type declaration is not allowed here; remove it, entities are never expanded.',
      );
    });
    parser.on('error', (error) => {
      throw this.malformed(
        'xml-malformed',
        `The XML is not well-formed: ${error.message.replace(/^.*?\d+:\d+: /, '')}`,
      );
    });
    parser.on('attribute', ({ name, value }) => {
      this.attributes ??= new Attributes() as Record<string, string>;
      this.declares ||= name.startsWith('xmlns');
      this.attributes[name] = repeated.has(name) ? this.shared(value) : value;
    });
    parser.on('opentag', (tag) => this.openTag(this.shared(tag.name), this.attributes ?? noAttributes));
    parser.on('closetag', () => this.closeTag());
    parser.on('text', (text) => this.addText(text));
    parser.on('cdata', (text) => this.addText(text));
    parser.write(this.source.text).close();
    if (this.root === null) throw this.malformed('xml-malformed', 'The document holds no CSDL.');
    return this.root;
  }

  private malformed(code: string, message: string): Malformed {
    const { line, column } = this.parser;
    return new Malformed(code, message, { file: this.source.file, line, column: Math.max(1, column) });
  }

  /** Line and column of an offset that never goes back. */
  private position(offset: number): Position {
    const { text, file } = this.source;
    for (
      let next = text.indexOf('\n', this.lineStart);
      next !== -1 && next < offset;
      next = text.indexOf('\n', this.lineStart)
    ) {
      this.line++;
      this.lineStart = next + 1;
    }
    return { file, line: this.line, column: offset - this.lineStart + 1 };
  }

  private shared(text: string): string {
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    this.texts.set(text, text);
    return text;
  }

  private openTag(name: string, attributes: Readonly<Record<string, string>>): void {
    const { declares } = this;
    this.attributes = null;
    this.declares = false;
    this.depth++;
    if (this.depth > maximumDepth)
      throw this.malformed('too-deep', `Elements lie deeper than ${maximumDepth} levels in each other.`);
    if (this.skipping > 0) return;
    if (declares) for (const key in attributes) if (key.startsWith('xmlns')) this.declare(key, attributes[key] ?? '');
    const at = this.position(this.source.text.lastIndexOf('<', this.parser.position - 1)); // no attribute holds a '<'
    const local = this.localName(name);
    if (this.depth === 1) this.checkRoot(name, this.namespaceOf(prefixOf(name)), at);
    if (local === null) {
      this.skipping = this.depth;
      return;
    }
    const element = new XmlElement(local, attributes, at);
    this.root ??= element;
    this.open.push(element);
    this.starts.push(this.closed.length);
  }

  /** The name without its prefix; null for a foreign namespace. */
  private localName(name: string): string | null {
    const known = this.prefixes?.locals.get(name);
    if (known !== undefined) return known;
    const namespace = this.namespaceOf(prefixOf(name));
    const local = namespace === edm || namespace === edmx ? name.slice(name.indexOf(':') + 1) : null;
    this.prefixes?.locals.set(name, local);
    return local;
  }

  private checkRoot(name: string, namespace: string | undefined, at: Position): void {
    if (namespace === edmx && (name === 'Edmx' || name.endsWith(':Edmx'))) return;
    const old = namespace?.startsWith('http://schemas.microsoft.com/ado/')
      ? ' This is a document of OData version 1 to 3.'
      : '';
    throw new Malformed('not-csdl', `The root element must be 'Edmx' of the namespace ${edmx}.${old}`, at);
  }

  private declare(key: string, uri: string): void {
    const prefix = key === 'xmlns' ? '' : key.slice(6);
    const outer = this.prefixes;
    const same = outer !== null && outer.depth === this.depth;
    const names = new Map(outer?.names);
    names.set(prefix, uri);
    this.prefixes = { depth: this.depth, outer: same ? outer.outer : outer, names, locals: new Map() };
  }

  private namespaceOf(prefix: string): string | undefined {
    return this.prefixes?.names.get(prefix);
  }

  private closeTag(): void {
    if (this.skipping === 0) this.closeElement();
    else if (this.skipping === this.depth) this.skipping = 0;
    if (this.prefixes?.depth === this.depth) this.prefixes = this.prefixes.outer;
    this.depth--;
  }

  private closeElement(): void {
    const element = this.open.pop();
    const start = this.starts.pop() ?? 0;
    if (element === undefined) return;
    if (start < this.closed.length) element.children = this.closed.splice(start);
    this.closed.push(element);
  }

  private addText(text: string): void {
    if (this.skipping > 0) return;
    const element = this.open.at(-1);
    if (element === undefined || (element.text === '' && element.name !== 'String' && text.trim() === '')) return;
    element.text += text;
  }
}
