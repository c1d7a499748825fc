import { ODataError } from '../errors.js';
import { decode, malformed, offsetsOf } from './decode.js';

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

/** A budget of which nothing has been used. */
export function freshBudget(limits: Partial<UrlLimits> | undefined): Budget {
  return { limits: limits === undefined ? defaultLimits : { ...defaultLimits, ...limits }, nodes: 0 };
}

/** Throws LimitExceeded, naming the limit, its setting and the value found. */
function exceeded(setting: 'depth' | 'nodes', limit: number, target: string): never {
  throw new ODataError(
    'LimitExceeded',
    `${target}: more than ${limit} ${setting === 'depth' ? 'levels of nesting' : 'nodes'} (limit '${setting}' is ${limit}, found ${limit + 1}). Ask for less at once.`,
    target,
  );
}

const anyName = /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}\p{Cf}]*/uy;
const longestName = 128;

/** True for the first character of a name in ASCII. Comparisons only: at the end of a text the code is not a number. */
export function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

const longestWord = 5;

/** The number by which `spacedWord` knows a word of at most five letters. */
export function wordNumber(word: string): number {
  return [...word].reduce((number, character) => number * 32 + (character.charCodeAt(0) & 31), 0);
}

/** True for every character that a word cannot be followed by. */
function continuesWord(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === 36 || code > 127;
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

/** Thrown in place of an error that nobody would see. */
export const unfit = new Error('does not fit');

/** A place in the decoded text of one part of the URL. */
export class Cursor {
  readonly text: string;
  position = 0;
  /** While true, what does not fit is thrown as `unfit`: nobody will see the message. */
  tentative = false;
  private depth = 0;
  private readonly offsets: readonly number[] | null;

  constructor(
    private readonly raw: string,
    readonly target: string,
    readonly budget: Budget,
    private readonly base = 0,
  ) {
    this.text = decode(raw, target, base);
    this.offsets = this.text.length === raw.length ? null : offsetsOf(raw);
  }

  /** The offset of `position` in the undecoded text. */
  at(position = this.position): number {
    return this.base + (this.offsets ? (this.offsets[position] ?? 0) : position);
  }

  /** Whether the character at `position` was percent-encoded. */
  isEncoded(position: number): boolean {
    return this.offsets !== null && this.raw[this.offsets[position] ?? 0] === '%';
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

  /** The character here, as UTF-16 unit; not a number at the end. */
  get code(): number {
    return this.text.charCodeAt(this.position);
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

  /** Where the name that begins at `start` ends; `start` when there is none. */
  private nameEnd(start: number): number {
    let at = start;
    let code = this.text.charCodeAt(at);
    if (isLetter(code))
      do code = this.text.charCodeAt(++at);
      while (isLetter(code) || isDigit(code));
    if (code > 127) {
      anyName.lastIndex = start;
      at = start + (anyName.exec(this.text)?.[0].length ?? 0);
    }
    return at - start > longestName && [...this.text.slice(start, at)].length > longestName ? start : at;
  }

  /** odataIdentifier; null when none stands here. */
  identifier(): string | null {
    const start = this.position;
    this.position = this.nameEnd(start);
    return this.position === start ? null : this.text.slice(start, this.position);
  }

  /** Identifiers joined by dots, a qualified name or a simple one; null when none stands here. */
  qualified(): string | null {
    const start = this.position;
    let end = this.nameEnd(start);
    while (end > start && this.text.charCodeAt(end) === 46) {
      const next = this.nameEnd(end + 1);
      if (next === end + 1) break;
      end = next;
    }
    this.position = end;
    return end === start ? null : this.text.slice(start, end);
  }

  /** BWS: blanks and tabs; true when there was one (RWS). */
  blanks(): boolean {
    const start = this.position;
    while (isBlank(this.text.charCodeAt(this.position))) this.position++;
    return this.position > start;
  }

  /** A word of lower-case letters after required white space, in any letter case; stays where it was when it is not there. */
  word(word: string): boolean {
    let at = this.position;
    while (isBlank(this.text.charCodeAt(at))) at++;
    if (at === this.position) return false;
    for (let index = 0; index < word.length; index++)
      if ((this.text.charCodeAt(at + index) | 32) !== word.charCodeAt(index)) return false;
    if (continuesWord(this.text.charCodeAt(at + word.length))) return false;
    this.position = at + word.length;
    return true;
  }

  /** The number of the short word that stands between blanks, in any letter case; 0, and nowhere else, when there is none. */
  spacedWord(): number {
    const start = this.position;
    let at = start;
    while (isBlank(this.text.charCodeAt(at))) at++;
    const first = at;
    if (first === start) return 0;
    let found = 0;
    let code = this.text.charCodeAt(at);
    while (isLetter(code) && at - first < longestWord) {
      found = found * 32 + (code & 31);
      code = this.text.charCodeAt(++at);
    }
    if (at === first || !isBlank(code)) return 0;
    this.position = at;
    return found;
  }

  end(expected = 'the end'): void {
    if (!this.done) this.fail(expected);
  }

  /** What stands here, for messages. */
  get found(): string {
    if (this.done) return 'the end';
    return `'${/^\s*(\w{1,20}|.)/su.exec(this.text.slice(this.position, this.position + 40))?.[0] ?? ''}'`;
  }

  fail(expected: string): never {
    if (this.tentative) throw unfit;
    throw malformed(this.target, expected, this.at(), this.found);
  }
}

/** rule *( BWS "," BWS rule ) */
export function separated<T>(input: Cursor, rule: (input: Cursor) => T): T[] {
  const items = [rule(input)];
  while (comma(input)) items.push(rule(input));
  return items;
}

/** BWS "," BWS; stays where it was when there is none. */
export function comma(input: Cursor): boolean {
  const start = input.position;
  input.blanks();
  if (input.code === 44) {
    input.position++;
    input.blanks();
    return true;
  }
  input.position = start;
  return false;
}

/** "(" BWS rule BWS ")" */
export function parenthesised<T>(input: Cursor, rule: (input: Cursor) => T): T {
  input.expect('(');
  input.blanks();
  const found = rule(input);
  input.blanks();
  input.expect(')');
  return found;
}
