import { SaxesParser } from 'saxes';
import { type CsdlElement, Malformed, maximumDepth, none, type Source } from './element.js';
import type { Position } from './model.js';

const edmx = 'http://docs.oasis-open.org/odata/ns/edmx';
const edm = 'http://docs.oasis-open.org/odata/ns/edm';

interface OpenElement extends CsdlElement {
  children: readonly CsdlElement[];
  text: string;
}

/** Prefixes in scope; a new link only where an element declares some. */
interface Prefixes {
  readonly depth: number;
  readonly outer: Prefixes | null;
  readonly names: ReadonlyMap<string, string>;
}

/** XML text to the tree of CSDL elements (CSDL XML 4). Elements of foreign namespaces are left out. Throws Malformed. */
export function readXmlText(source: Source): CsdlElement {
  return new TreeBuilder(source).read();
}

/** The state of one reading: the open elements, and how far lines have been counted. */
class TreeBuilder {
  private readonly parser = new SaxesParser({ xmlns: false });
  private readonly open: OpenElement[] = [];
  private prefixes: Prefixes | null = null;
  private depth = 0;
  /** Depth of the foreign element that is being skipped; 0 when none is. */
  private skipping = 0;
  private root: CsdlElement | null = null;
  private line = 1;
  private lineStart = 0;
  private start = 0;

  constructor(private readonly source: Source) {}

  read(): CsdlElement {
    const { parser } = this;
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
    parser.on('opentagstart', (tag) => {
      this.start = parser.position - tag.name.length - 2;
    });
    parser.on('opentag', (tag) => this.openTag(tag.name, tag.attributes));
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

  private openTag(name: string, attributes: Record<string, string>): void {
    this.depth++;
    if (this.depth > maximumDepth)
      throw this.malformed('too-deep', `Elements lie deeper than ${maximumDepth} levels in each other.`);
    if (this.skipping > 0) return;
    for (const key in attributes)
      if (key.charCodeAt(0) === 120 && key.startsWith('xmlns')) this.declare(key, attributes[key] ?? '');
    const colon = name.indexOf(':');
    const namespace = this.namespaceOf(colon === -1 ? '' : name.slice(0, colon));
    const at = this.position(this.start);
    if (this.depth === 1) this.checkRoot(name, namespace, at);
    if (namespace !== edm && namespace !== edmx) {
      this.skipping = this.depth;
      return;
    }
    const element: OpenElement = {
      name: colon === -1 ? name : name.slice(colon + 1),
      attributes,
      children: none,
      text: '',
      at,
    };
    const parent = this.open.at(-1);
    if (parent === undefined) this.root = element;
    else if (parent.children === none) parent.children = [element];
    else (parent.children as CsdlElement[]).push(element);
    this.open.push(element);
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
    this.prefixes = { depth: this.depth, outer: same ? outer.outer : outer, names };
  }

  private namespaceOf(prefix: string): string | undefined {
    return this.prefixes?.names.get(prefix);
  }

  private closeTag(): void {
    if (this.skipping === 0) this.open.pop();
    else if (this.skipping === this.depth) this.skipping = 0;
    if (this.prefixes?.depth === this.depth) this.prefixes = this.prefixes.outer;
    this.depth--;
  }

  private addText(text: string): void {
    if (this.skipping > 0) return;
    const element = this.open.at(-1);
    if (element === undefined || (element.text === '' && element.name !== 'String' && text.trim() === '')) return;
    element.text += text;
  }
}
