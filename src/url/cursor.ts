import { ODataError } from '../errors.js';

/** How much one URL may ask of the parser, and whether it reads strictly. */
export interface UrlLimits {
  /** Nesting of any kind: parentheses, arguments, JSON, nested options, and chains of left-associative operators. */
  readonly depth: number;
  /** Nodes of the whole URL. */
  readonly nodes: number;
  /** Switches the leniencies of `lenient.ts` off. */
  readonly strict: boolean;
}

/** Limits of a server that sets none. */
export const defaultLimits: UrlLimits = { depth: 100, nodes: 20_000, strict: false };

/** Counts nodes over all parts of one URL. */
export interface Budget {
  readonly limits: UrlLimits;
  nodes: number;
}

/** Throws LimitExceeded, naming the limit, its setting and the value found. */
function exceeded(setting: 'depth' | 'nodes', limit: number, target: string): never {
  throw new ODataError(
    'LimitExceeded',
    `${target}: more than ${limit} ${setting === 'depth' ? 'levels of nesting' : 'nodes'} (limit '${setting}' is ${limit}, found ${limit + 1}). Ask for less at once.`,
    target,
  );
}

/** Decodes percent escapes once (URL 2.1); refuses malformed escapes, invalid UTF-8 and NUL. */
export function decode(text: string, target: string): string {
  if (!text.includes('%') && !text.includes('\0')) return text;
  let decoded: string;
  try {
    decoded = decodeURIComponent(text);
  } catch {
    throw malformed(target, 'percent-encoded UTF-8', text.indexOf('%'), 'a malformed escape');
  }
  if (decoded.includes('\0')) throw malformed(target, 'no NUL character', 0, 'one');
  return decoded;
}

/** The error of everything that is not well-formed: option, what was expected, where, and what was found. */
export function malformed(target: string, expected: string, at: number, found: string): ODataError {
  const code = target === 'path' ? 'MalformedUrl' : 'MalformedQueryOption';
  return new ODataError(code, `${target}: expected ${expected} at ${at}, found ${found}`, target);
}

/** A place in the decoded text of one part of the URL. */
export class Cursor {
  readonly text: string;
  position = 0;
  private depth = 0;
  private readonly offsets: readonly number[] | null;

  constructor(
    raw: string,
    readonly target: string,
    readonly budget: Budget,
    private readonly base = 0,
  ) {
    this.text = decode(raw, target);
    this.offsets = this.text.length === raw.length ? null : offsetsOf(raw);
  }

  /** The offset of `position` in the undecoded text. */
  at(position = this.position): number {
    return this.base + (this.offsets ? (this.offsets[position] ?? 0) : position);
  }

  /** Counts one node and says where it begins. */
  node(position = this.position): number {
    if (++this.budget.nodes > this.budget.limits.nodes) exceeded('nodes', this.budget.limits.nodes, this.target);
    return this.at(position);
  }

  /** Runs a recursive rule one level deeper. */
  nested<T>(rule: () => T): T {
    this.enter();
    const result = rule();
    this.depth--;
    return result;
  }

  /** One level deeper until `leave`. */
  enter(): void {
    if (++this.depth > this.budget.limits.depth) exceeded('depth', this.budget.limits.depth, this.target);
  }

  leave(levels = 1): void {
    this.depth -= levels;
  }

  get done(): boolean {
    return this.position >= this.text.length;
  }

  peek(text: string): boolean {
    return this.text.startsWith(text, this.position);
  }

  take(text: string): boolean {
    if (!this.peek(text)) return false;
    this.position += text.length;
    return true;
  }

  expect(text: string): void {
    if (!this.take(text)) this.fail(`'${text}'`);
  }

  /** Matches a sticky pattern here and moves behind it. */
  match(pattern: RegExp): string | null {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text);
    if (!found) return null;
    this.position += found[0].length;
    return found[0];
  }

  /** BWS: blanks and tabs; true when there was one (RWS). */
  blanks(): boolean {
    const start = this.position;
    while (this.text[this.position] === ' ' || this.text[this.position] === '\t') this.position++;
    return this.position > start;
  }

  /** A word after required white space, any letter case; stays where it was when it is not there. */
  word(word: string): boolean {
    const start = this.position;
    if (this.blanks()) {
      const end = this.position + word.length;
      const found = this.text.slice(this.position, end);
      if (found.toLowerCase() === word && !/[\w$]/.test(this.text[end] ?? '')) {
        this.position = end;
        return true;
      }
    }
    this.position = start;
    return false;
  }

  end(expected = 'the end'): void {
    if (!this.done) this.fail(expected);
  }

  fail(expected: string): never {
    const found = this.done
      ? 'the end'
      : `'${/^\s*(\w{1,20}|.)/su.exec(this.text.slice(this.position, this.position + 40))?.[0] ?? ''}'`;
    throw malformed(this.target, expected, this.at(), found);
  }
}

/** For every UTF-16 unit of the decoded text, where it began in the raw text. */
function offsetsOf(raw: string): number[] {
  const offsets: number[] = [];
  for (let at = 0; at < raw.length; ) {
    offsets.push(at);
    if (raw[at] !== '%') {
      at++;
      continue;
    }
    const lead = Number.parseInt(raw.slice(at + 1, at + 3), 16);
    if (lead >= 0xf0) offsets.push(at);
    at += lead < 0x80 ? 3 : lead < 0xe0 ? 6 : lead < 0xf0 ? 9 : 12;
  }
  offsets.push(raw.length);
  return offsets;
}

/** rule *( BWS "," BWS rule ) */
export function separated<T>(input: Cursor, rule: () => T): T[] {
  const items = [rule()];
  for (;;) {
    const start = input.position;
    input.blanks();
    if (!input.take(',')) {
      input.position = start;
      return items;
    }
    input.blanks();
    items.push(rule());
  }
}
