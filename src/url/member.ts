import { aggregateItems } from './apply.js';
import { type Cursor, parenthesised } from './cursor.js';
import { expression } from './expression.js';
import { argumentList } from './key.js';
import { nestedOptions } from './options.js';
import type { Alias, Arguments, Path, PathSegment } from './syntax.js';

const roots = /\$(?:it|this|root|these)(?![\w$])/y;
const ofCount: ReadonlySet<string> = new Set(['$filter', '$search']);

/** odataIdentifier */
export function name(input: Cursor, expected = 'a name'): string {
  return input.identifier() ?? input.fail(expected);
}

/** A path of an expression, or an alias when nothing follows it      URL 5.1.1.15, 5.3 */
export function path(input: Cursor): Path | Alias {
  const { code, position: start } = input;
  if (code === 36) return rooted(input);
  if (code === 64) return annotationOrAlias(input, start);
  const first = input.qualified();
  return first === null ? input.fail('a name') : pathFrom(input, first, start);
}

/** A path where an alias alone cannot stand. */
export function memberPath(input: Cursor): Path {
  const start = input.position;
  const found = path(input);
  if (found.kind === 'path') return found;
  input.position = start;
  return input.fail('a path');
}

/** A path whose first name has just been read. A qualified name alone is a type, and what is asked of it must follow. */
export function pathFrom(input: Cursor, first: string, start: number): Path {
  const at = input.node(start);
  const segments: PathSegment[] = [];
  if (input.code === 40) {
    const word = first.toLowerCase();
    if (word === 'any' || word === 'all') input.fail(`a collection and '/' before '${word}'`);
    call(input, first, at, segments);
  } else {
    if (input.code !== 47 && first.includes('.')) input.fail("'/' or '('");
    segments.push({ kind: 'name', name: first, arguments: null, key: null, at });
  }
  return { kind: 'path', root: null, segments: rest(input, segments), at };
}

function rest(input: Cursor, segments: PathSegment[]): readonly PathSegment[] {
  while (input.code === 47) {
    input.position++;
    laterSegment(input, segments);
  }
  return segments;
}

/** `$it`, `$this/Name`, `$root/Set(1)/Name`      URL 5.1.1.14 */
function rooted(input: Cursor): Path {
  const at = input.node();
  const root = (input.match(roots) as Path['root']) ?? input.fail('an expression');
  if (root === '$root' && input.code !== 47) input.fail("'/'");
  return { kind: 'path', root, segments: rest(input, []), at };
}

/** `@name`, `@name/Member`: an alias; `@NS.Term`, `@Term#q` begin an annotation path. */
function annotationOrAlias(input: Cursor, start: number): Path | Alias {
  input.position++;
  const found = input.qualified() ?? input.fail('the name of an alias');
  if (found.includes('.') || input.code === 35) {
    input.position = start;
    const at = input.node();
    const segments: PathSegment[] = [];
    laterSegment(input, segments);
    return { kind: 'path', root: null, segments: rest(input, segments), at };
  }
  const alias: Alias = { kind: 'alias', name: found, at: input.node(start) };
  if (input.code !== 47) return alias;
  return { kind: 'path', root: alias, segments: rest(input, []), at: alias.at };
}

/** A segment behind another one. */
function laterSegment(input: Cursor, segments: PathSegment[]): void {
  switch (input.code) {
    case 64: // @
      segments.push(annotation(input));
      return;
    case 36: // $
      dollar(input, segments);
      return;
  }
  const at = input.node();
  const name = input.qualified() ?? input.fail('a name');
  if (input.code !== 40) segments.push({ kind: 'name', name, arguments: null, key: null, at });
  else behindCollection(input, name, at, segments);
}

/** `@NS.Term#qualifier` as a segment      URL 5.1.1.15 */
export function annotation(input: Cursor): PathSegment {
  const at = input.node();
  input.expect('@');
  const term = input.qualified() ?? input.fail('the name of a term');
  return { kind: 'annotation', term, qualifier: input.take('#') ? name(input, 'a qualifier') : null, at };
}

/** `any(…)`, `all(…)`, `aggregate(…)`, or a call like any other. */
function behindCollection(input: Cursor, name: string, at: number, segments: PathSegment[]): void {
  const word = name.toLowerCase();
  if (word === 'any' || word === 'all') segments.push(parenthesised(input, () => lambda(input, word, at)));
  else if (word === 'aggregate') segments.push({ kind: 'aggregate', items: parenthesised(input, aggregateItems), at });
  else call(input, name, at, segments);
}

function call(input: Cursor, name: string, at: number, segments: PathSegment[]): void {
  segments.push({ kind: 'name', name, arguments: argumentList(input), key: keyBehind(input), at });
}

/** The key predicate that may follow a call or a filtered collection directly      URL 4.3 */
function keyBehind(input: Cursor): Arguments | null {
  return input.code === 40 ? argumentList(input) : null;
}

const words = /\$(?:count|filter|value|ref)(?!\w)/y;

function dollar(input: Cursor, segments: PathSegment[]): void {
  const at = input.node();
  const word = input.match(words);
  switch (word) {
    case '$count':
      segments.push({ kind: '$count', options: nestedOptions(input, ofCount), at });
      return;
    case '$filter':
      segments.push({ kind: '$filter', predicate: parenthesised(input, expression), key: keyBehind(input), at });
      return;
    case '$value':
    case '$ref':
      segments.push({ kind: word, at });
      return;
    default:
      input.fail('a name');
  }
}

/** any( [ variable ":" predicate ] ), all( variable ":" predicate )      URL 5.1.1.13 */
function lambda(input: Cursor, operator: 'any' | 'all', at: number): PathSegment {
  if (operator === 'any' && input.code === 41) return { kind: 'lambda', operator, variable: null, predicate: null, at };
  const variable = name(input, 'a lambda variable');
  input.blanks();
  input.expect(':');
  input.blanks();
  return { kind: 'lambda', operator, variable, predicate: expression(input), at };
}
