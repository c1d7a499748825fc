import { type Cursor, parenthesised, separated, comma as takenComma } from './cursor.js';
import { expression, isCanonical } from './expression.js';
import { argumentList } from './key.js';
import { transformationName } from './lenient.js';
import { name, memberPath as path } from './member.js';
import { computeItems, orderItems } from './options.js';
import { expandItem } from './projection.js';
import { search } from './search.js';
import type {
  AggregateExpression,
  Expression,
  GroupingItem,
  HierarchyArguments,
  OrderItem,
  Path,
  PathSegment,
  Transformation,
} from './syntax.js';

const word = /[A-Za-z]\w*(?:\.\w+)*/y;

/** transformations = transformation *( "/" transformation )      Aggregation 3 */
export function apply(input: Cursor): readonly Transformation[] {
  return input.nested(() => {
    const steps = [transformation(input)];
    while (input.take('/')) steps.push(transformation(input));
    return steps;
  });
}

type Rule = (input: Cursor, at: number) => Transformation;

/** What stands between the parentheses of each transformation. */
const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['aggregate', (input, at) => ({ kind: 'aggregate', items: aggregateItems(input), at })],
  ['groupby', groupby],
  ['filter', (input, at) => ({ kind: 'filter', predicate: expression(input), at })],
  ['orderby', (input, at) => ({ kind: 'orderby', items: orderItems(input), at })],
  ['search', (input, at) => ({ kind: 'search', expression: search(input), at })],
  ['compute', (input, at) => ({ kind: 'compute', items: computeItems(input), at })],
  ['skip', (input, at) => ({ kind: 'skip', count: expression(input), at })],
  ['top', (input, at) => ({ kind: 'top', count: expression(input), at })],
  ['topcount', amountAndValue('topcount')],
  ['bottomcount', amountAndValue('bottomcount')],
  ['topsum', amountAndValue('topsum')],
  ['bottomsum', amountAndValue('bottomsum')],
  ['toppercent', amountAndValue('toppercent')],
  ['bottompercent', amountAndValue('bottompercent')],
  ['concat', concat],
  ['join', joining('join')],
  ['outerjoin', joining('outerjoin')],
  ['nest', (input, at) => ({ kind: 'nest', branches: branches(input), at })],
  ['addnested', addnested],
  ['expand', expanding],
  ['ancestors', related('ancestors')],
  ['descendants', related('descendants')],
  ['traverse', (input, at) => ({ kind: 'traverse', arguments: traversal(input), at })],
]);

function transformation(input: Cursor): Transformation {
  const at = input.node();
  const start = input.position;
  const found = input.match(word) ?? input.fail('a transformation');
  const known = transformationName(found, input.budget);
  if (known === 'identity' && !input.peek('(')) return { kind: 'identity', at };
  const rule = rules.get(known);
  if (rule !== undefined && input.peek('(')) return parenthesised(input, () => rule(input, at));
  if (found.includes('.') && input.peek('('))
    return { kind: 'custom', name: found, arguments: argumentList(input), at };
  input.position = start;
  return input.fail('a transformation');
}

function comma(input: Cursor): void {
  if (!takenComma(input)) input.fail("','");
}

/** The text of an aggregate expression on its own, as an annotation has it. */
export const aggregateExpression = (input: Cursor): AggregateExpression => aggregateItem(input);

/** aggregateExpr *( "," aggregateExpr )      Aggregation 3.2.1 */
export function aggregateItems(input: Cursor): readonly AggregateExpression[] {
  return input.nested(() => separated(input, aggregateItem));
}

function aggregateItem(input: Cursor): AggregateExpression {
  const at = input.node();
  const nested = prefixed(input, at);
  if (nested !== null) return nested;
  if (input.match(/\$count(?!\w)/y) !== null)
    return {
      expression: countOfInput(at),
      method: null,
      from: fromItems(input),
      alias: alias(input),
      nested: null,
      at,
    };
  const value = expression(input);
  const method = input.word('with') ? methodName(input) : null;
  return { expression: value, method, from: fromItems(input), alias: alias(input), nested: null, at };
}

/** `$count` counts the input set itself. */
function countOfInput(at: number): Expression {
  return {
    kind: 'path',
    root: null,
    segments: [{ kind: '$count', options: { written: [], aliases: new Map(), custom: [] }, at }],
    at,
  };
}

/** `Sales(Amount with sum as X)`: aggregates behind a common path; null when what stands here is something else, a function call. */
function prefixed(input: Cursor, at: number): AggregateExpression | null {
  const start = input.position;
  const segments: PathSegment[] = [];
  let found = input.qualified();
  while (found !== null) {
    segments.push({ kind: 'name', name: found, arguments: null, key: null, at });
    if (!input.peek('/')) break;
    input.position++;
    found = input.qualified();
  }
  if (found === null || !input.peek('(') || isFunction(found) || givesArguments(input)) {
    input.position = start;
    return null;
  }
  const path: Path = { kind: 'path', root: null, segments, at };
  return { expression: path, method: null, from: [], alias: null, nested: parenthesised(input, aggregateItems), at };
}

const lambdas: ReadonlySet<string> = new Set(['any', 'all', 'aggregate']);

function isFunction(name: string): boolean {
  return isCanonical(name) || lambdas.has(name.toLowerCase());
}

/** Whether the parenthesis here opens the parameters of a function, or a key. */
function givesArguments(input: Cursor): boolean {
  return (
    input.text.charAt(input.position + 1) === ')' || lookahead(input, /\([ \t]*(?:[-+@'\d]|[\p{L}_][\p{L}\p{N}_]*=)/uy)
  );
}

function lookahead(input: Cursor, pattern: RegExp): boolean {
  const start = input.position;
  const found = input.match(pattern) !== null;
  input.position = start;
  return found;
}

function methodName(input: Cursor): string {
  input.blanks();
  return input.match(word) ?? input.fail('the name of an aggregation method');
}

/** *( RWS "from" RWS path *( "," path ) [ RWS "with" RWS method ] )      Aggregation 3.2.1.5 */
function fromItems(input: Cursor): AggregateExpression['from'] {
  const items: { paths: readonly Path[]; method: string | null; at: number }[] = [];
  while (input.word('from')) {
    input.blanks();
    const at = input.node();
    const paths = separated(input, () => path(input));
    items.push({ paths, method: input.word('with') ? methodName(input) : null, at });
  }
  return items;
}

function alias(input: Cursor): string | null {
  if (!input.word('as')) return null;
  input.blanks();
  return name(input);
}

/** "groupby" "(" "(" item *( "," item ) ")" [ "," transformations ] ")"      Aggregation 3.2.3 */
function groupby(input: Cursor, at: number): Transformation {
  const by = parenthesised(input, () => separated(input, groupingItem));
  const transformations = takenComma(input) ? apply(input) : [];
  return { kind: 'groupby', by, transformations, at };
}

function groupingItem(input: Cursor): GroupingItem {
  const at = input.node();
  if (input.match(/rolluprecursive(?=\()/y) !== null)
    return { kind: 'rolluprecursive', arguments: parenthesised(input, () => hierarchy(input, false)), at };
  if (input.match(/rollup(?=\()/y) !== null)
    return {
      kind: 'rollup',
      items: parenthesised(input, () =>
        separated(input, () => (input.match(/\$all(?!\w)/y) === null ? path(input) : '$all')),
      ),
      at,
    };
  return { kind: 'path', path: path(input), at };
}

function amountAndValue(
  kind: 'topcount' | 'bottomcount' | 'topsum' | 'bottomsum' | 'toppercent' | 'bottompercent',
): Rule {
  return (input, at) => {
    const amount = expression(input);
    comma(input);
    return { kind, amount, by: expression(input), at };
  };
}

function concat(input: Cursor, at: number): Transformation {
  const found = separated(input, () => apply(input));
  if (found.length < 2) input.fail("',' and a second sequence");
  return { kind: 'concat', branches: found, at };
}

/** path "as" alias [ "," transformations ]      Aggregation 3.5.1 */
function joining(kind: 'join' | 'outerjoin'): Rule {
  return (input, at) => {
    const found = path(input);
    const named = alias(input) ?? input.fail("'as' and a name");
    return { kind, path: found, name: named, transformations: takenComma(input) ? apply(input) : [], at };
  };
}

function branches(input: Cursor) {
  return separated(input, () => {
    const transformations = apply(input);
    return { transformations, name: alias(input) ?? input.fail("'as' and a name") };
  });
}

function addnested(input: Cursor, at: number): Transformation {
  const found = path(input);
  comma(input);
  return { kind: 'addnested', path: found, branches: branches(input), at };
}

function expanding(input: Cursor, at: number): Transformation {
  const item = expandItem(input);
  return { kind: 'expand', item, transformations: takenComma(input) ? apply(input) : [], at };
}

function related(kind: 'ancestors' | 'descendants'): Rule {
  return (input, at) => ({ kind, arguments: hierarchy(input, true), at });
}

/** collection "," qualifier "," path [ "," transformations ] [ "," distance ] [ "," "keep start" ]      Aggregation 6.2.1, 6.3 */
function hierarchy(input: Cursor, startRequired: boolean): HierarchyArguments {
  const { collection, qualifier, property } = hierarchyHead(input);
  let start: readonly Transformation[] = [];
  let distance: number | null = null;
  let keepStart = false;
  let first = true;
  while (takenComma(input)) {
    const digits = input.match(/\d+(?!\w)/y);
    if (input.match(/keep[ \t]+start(?!\w)/y) !== null) keepStart = true;
    else if (digits !== null) distance = Number(digits);
    else if (first) start = apply(input);
    else input.fail('a distance or keep start');
    first = false;
  }
  if (startRequired && start.length === 0) input.fail("',' and the transformations that give the start nodes");
  return { collection, qualifier, property, start, distance, keepStart, order: null, orderby: [] };
}

function hierarchyHead(input: Cursor) {
  const collection = path(input);
  comma(input);
  const qualifier = name(input, 'the qualifier of a hierarchy');
  comma(input);
  return { collection, qualifier, property: path(input) };
}

/** collection "," qualifier "," path "," ( "preorder" / "postorder" ) [ "," transformations ] *( "," orderby item )      Aggregation 6.2.2 */
function traversal(input: Cursor): HierarchyArguments {
  const head = hierarchyHead(input);
  comma(input);
  const order = input.match(/(?:pre|post)order(?!\w)/y) ?? input.fail('preorder or postorder');
  let start: readonly Transformation[] = [];
  const orderby: OrderItem[] = [];
  while (takenComma(input)) {
    if (orderby.length === 0 && start.length === 0 && isTransformation(input)) start = apply(input);
    else orderby.push(...orderItems(input));
  }
  return { ...head, start, distance: null, keepStart: false, order: order as 'preorder' | 'postorder', orderby };
}

function isTransformation(input: Cursor): boolean {
  const start = input.position;
  const found = input.match(word);
  const open = input.peek('(');
  input.position = start;
  return found !== null && (found === 'identity' || (open && (rules.has(found) || found.includes('.'))));
}
