import fc, { type Arbitrary } from 'fast-check';
import type {
  AggregateExpression,
  Arguments,
  ExpandItem,
  Expression,
  HierarchyArguments,
  Literal,
  OrderItem,
  Path,
  PathSegment,
  QueryOptions,
  ResourceSegment,
  SearchExpression,
  SelectItem,
  Transformation,
  Url,
} from '../../src/url/index.js';
import { printExpression } from '../../src/url/index.js';

/** Arbitrary syntax trees, of every kind of node; every `at` is 0. */
const at = fc.constant(0);
const name = fc.constantFrom('Name', 'a', 'Größe', '_x', 'Order', 'notes', 'INFO', 'order', 'x'.repeat(128));
const qualified = fc.constantFrom('NS.Type', 'My.Own.Sub', 'Edm.String');
const text = fc.string({ unit: 'grapheme', maxLength: 8 }).filter((value) => !value.includes('\0'));
const filled = text.filter((value) => value.length > 0);

const written = (form: Literal['form'], ...texts: readonly string[]): Arbitrary<Literal> =>
  fc.record({
    kind: fc.constant('literal' as const),
    form: fc.constant(form),
    text: fc.constantFrom(...texts),
    type: fc.constant(null),
    at,
  });

const literal: Arbitrary<Literal> = fc.oneof(
  written('null', 'null'),
  written('boolean', 'true', 'false'),
  written('integer', '0', '-5', '+7', '9223372036854775807', '007'),
  written('decimal', '1.50', '-0.1'),
  written('double', '1e3', '-1.5E-7', 'INF', '-INF', 'NaN'),
  written('guid', 'abcdef01-2345-6789-abcd-ef0123456789', '01234567-89AB-cdef-0123-456789abcdef'),
  written('date', '2024-02-29', '-10000-04-01'),
  written('dateTimeOffset', '2024-05-01T08:00:00.5+02:00', '2012-09-03T23:59:60Z'),
  written('timeOfDay', '10:00', '23:59:59.123456789012'),
  written('duration', 'P1DT2H', '-PT1.5S'),
  written('binary', '', 'Zg==', 'Zm9v'),
  written('geography', 'SRID=4326;Point(1.5 -2)'),
  written('geometry', 'SRID=0;LineString(1 2,3 4)'),
  fc.record({
    kind: fc.constant('literal' as const),
    form: fc.constant('string' as const),
    text,
    type: fc.constant(null),
    at,
  }),
  fc.record({
    kind: fc.constant('literal' as const),
    form: fc.constant('enum' as const),
    text: fc.constantFrom('Red', 'Red,Blue', '-4'),
    type: qualified,
    at,
  }),
);

const named = (value: Arbitrary<string>): Arbitrary<PathSegment> =>
  fc.record({
    kind: fc.constant('name' as const),
    name: value,
    arguments: fc.constant(null),
    key: fc.constant(null),
    at,
  });

interface Tied {
  expression: Expression;
  path: Path;
  later: readonly PathSegment[];
  given: Arguments;
  options: QueryOptions;
  search: SearchExpression;
  aggregate: AggregateExpression;
  steps: readonly Transformation[];
  expand: ExpandItem;
  select: SelectItem;
}

const order = (expression: Arbitrary<Expression>): Arbitrary<OrderItem> =>
  fc.record({ expression, descending: fc.boolean(), at });

const few = <T>(item: Arbitrary<T>, minLength = 0) => fc.array(item, { minLength, maxLength: 3 });

/** Some of the options, or none. */
function optionsOf(
  tie: (key: keyof Tied) => Arbitrary<never>,
  names: readonly (keyof QueryOptions)[],
): Arbitrary<QueryOptions> {
  const expression: Arbitrary<Expression> = tie('expression');
  const all: { readonly [Name in keyof QueryOptions]?: Arbitrary<unknown> } = {
    $filter: expression,
    $orderby: few(order(expression), 1),
    $compute: few(fc.record({ expression, name, at }), 1),
    $search: tie('search'),
    $select: few(tie('select'), 1),
    $expand: few(tie('expand'), 1),
    $apply: tie('steps'),
    $top: fc.nat(),
    $skip: fc.nat(),
    $count: fc.boolean(),
    $levels: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant('max')),
    $index: fc.integer({ min: -9, max: 9 }),
    $format: fc.constantFrom('json', 'application/json;metadata=full'),
    $schemaversion: fc.constantFrom('*', '1.0-beta'),
    $skiptoken: filled,
    $deltatoken: filled,
    $id: filled,
  };
  const chosen = Object.fromEntries(Object.entries(all).filter(([option]) => names.some((other) => other === option)));
  const aliases = names.includes('aliases') ? few(fc.tuple(name, expression)) : fc.constant([]);
  const custom = names.includes('custom')
    ? few(
        fc.tuple(
          filled.map((value) => `x-${value}`),
          text,
        ),
      )
    : fc.constant([]);
  return fc.record(
    { ...chosen, written: fc.constant([]), aliases: aliases.map((pairs) => new Map(pairs)), custom },
    { requiredKeys: ['written', 'aliases', 'custom'] },
  ) as Arbitrary<QueryOptions>;
}

const ofReferences: readonly (keyof QueryOptions)[] = ['$filter', '$search', '$orderby', '$skip', '$top', '$count'];
const ofSelected: readonly (keyof QueryOptions)[] = [...ofReferences, '$select', '$compute', 'aliases'];

const hierarchy = (tie: (key: keyof Tied) => Arbitrary<never>): Arbitrary<HierarchyArguments> =>
  fc.record({
    collection: tie('path'),
    qualifier: name,
    property: tie('path'),
    start: tie('steps'),
    distance: fc.option(fc.nat({ max: 9 })),
    keepStart: fc.boolean(),
    order: fc.constant(null),
    orderby: fc.constant([]),
  });

const kinds = <Kind extends string>(...all: readonly Kind[]): Arbitrary<Kind> => fc.constantFrom(...all);

const trees = fc.letrec<Tied>((tie) => {
  const expression = tie('expression') as Arbitrary<Expression>;
  const path = tie('path');
  const steps = tie('steps');
  const later = tie('later') as Arbitrary<readonly PathSegment[]>;
  const branch = fc.record({ transformations: steps, name });
  const own = tie as (key: keyof Tied) => Arbitrary<never>;
  return {
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      literal,
      path,
      fc.record({ kind: kinds('alias'), name, at }),
      fc.record({ kind: kinds('list'), items: few(expression), at }),
      fc.record({ kind: kinds('object'), members: few(fc.tuple(text, expression)), at }),
      fc.record({
        kind: kinds('binary'),
        operator: fc.constantFrom('eq', 'ne', 'gt', 'has', 'in', 'add', 'sub', 'mul', 'div', 'divby', 'mod'),
        left: expression,
        right: expression,
        at,
      }),
      fc.record({ kind: kinds('junction'), operator: fc.constantFrom('and', 'or'), operands: few(expression, 2), at }),
      fc.record({ kind: kinds('unary'), operator: fc.constantFrom('not', '-'), operand: expression, at }),
      fc.record({
        kind: kinds('call'),
        name: fc.constantFrom('contains', 'now', 'geo.length'),
        arguments: few(expression),
        at,
      }),
      fc.record({
        kind: kinds('cast', 'isof'),
        operand: fc.option(expression),
        type: qualified,
        collection: fc.boolean(),
        at,
      }),
      fc.record({ kind: kinds('case'), branches: few(fc.record({ condition: expression, value: expression }), 1), at }),
    ) as Arbitrary<Expression>,
    path: fc.oneof(
      fc.record({
        kind: kinds('path'),
        root: fc.constantFrom('$it', '$this', '$these'),
        segments: later,
        at,
      }),
      fc.record({ kind: kinds('path'), root: fc.constant('$root'), segments: fc.tuple(named(name)), at }),
      fc
        .tuple(
          name,
          later.filter((behind) => behind.length > 0),
        )
        .map(([alias, segments]) => ({ kind: 'path', root: { kind: 'alias', name: alias, at: 0 }, segments, at: 0 })),
      fc
        .tuple(named(name), later)
        .map(([first, later]) => ({ kind: 'path', root: null, segments: [first, ...later], at: 0 })),
      fc
        .tuple(
          named(qualified),
          later.filter((behind) => behind.length > 0),
        )
        .map(([first, later]) => ({ kind: 'path', root: null, segments: [first, ...later], at: 0 })),
      fc
        .tuple(
          fc.record({
            kind: kinds('name'),
            name: qualified,
            arguments: tie('given'),
            key: fc.option(tie('given')),
            at,
          }),
          later,
        )
        .map(([first, later]) => ({ kind: 'path', root: null, segments: [first, ...later], at: 0 })),
    ) as Arbitrary<Path>,
    later: fc
      .array(
        fc.oneof(
          { depthSize: 'small' },
          named(name).map((segment) => [segment]),
          named(qualified).map((segment) => [segment]),
          fc
            .record({ kind: kinds('annotation'), term: qualified, qualifier: fc.option(name), at })
            .map((segment) => [segment]),
          fc.record({ kind: kinds('$value', '$ref'), at }).map((segment) => [segment]),
          fc
            .record({
              kind: kinds('lambda'),
              operator: fc.constantFrom('any', 'all'),
              variable: name,
              predicate: expression,
              at,
            })
            .map((segment) => [segment]),
          fc.constant([{ kind: 'lambda', operator: 'any', variable: null, predicate: null, at: 0 }]),
          fc
            .record({ kind: kinds('$count'), options: optionsOf(own, ['$filter', '$search']), at })
            .map((segment) => [segment]),
          fc.record({ kind: kinds('aggregate'), items: few(tie('aggregate'), 1), at }).map((segment) => [segment]),
          fc
            .record({ kind: kinds('$filter'), predicate: expression, key: fc.option(tie('given')), at })
            .map((segment) => [segment]),
          fc
            .record({ kind: kinds('name'), name, arguments: tie('given'), key: fc.option(tie('given')), at })
            .map((segment) => [segment]),
        ),
        { maxLength: 3 },
      )
      .map((parts) => parts.flat()) as Arbitrary<readonly PathSegment[]>,
    given: fc.oneof(
      fc.record({ kind: kinds('positional'), values: few(expression, 1) }),
      fc.record({ kind: kinds('named'), values: few(fc.record({ name, value: expression, at })) }),
    ) as Arbitrary<Arguments>,
    options: optionsOf(own, []),
    search: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.record({
        kind: kinds('word'),
        text: fc.constantFrom('blue', "Daniel's", 'a;b', 'a&b#', '08/15', 'not', 'Größe'),
        at,
      }),
      fc.record({ kind: kinds('phrase'), text: filled, at }),
      fc.record({ kind: kinds('not'), operand: tie('search'), at }),
      fc.record({
        kind: kinds('junction'),
        operator: fc.constantFrom('and', 'or'),
        operands: few(tie('search'), 2),
        at,
      }),
    ) as Arbitrary<SearchExpression>,
    aggregate: fc.oneof(
      { depthSize: 'small' },
      fc.record({
        expression: fc
          .tuple(named(name), few(named(name)))
          .map(([first, more]) => ({ kind: 'path', root: null, segments: [first, ...more], at: 0 })),
        method: fc.option(fc.constantFrom('sum', 'NS.median')),
        from: few(fc.record({ paths: few(path, 1), method: fc.constantFrom('average', 'NS.median'), at })), // without a method a comma goes on with it
        alias: fc.option(name),
        nested: fc.constant(null),
        at,
      }),
      fc.record({
        expression: fc
          .tuple(named(name), few(named(name)))
          .map(([first, more]) => ({ kind: 'path', root: null, segments: [first, ...more], at: 0 })),
        method: fc.constant(null),
        from: fc.constant([]),
        alias: fc.constant(null),
        nested: few(tie('aggregate'), 1),
        at,
      }),
    ) as Arbitrary<AggregateExpression>,
    steps: fc.array(
      fc.oneof(
        { depthSize: 'small' },
        fc.record({ kind: kinds('identity'), at }),
        fc.record({ kind: kinds('aggregate'), items: few(tie('aggregate'), 1), at }),
        fc.record({
          kind: kinds('groupby'),
          by: few(
            fc.oneof(
              fc.record({ kind: kinds('path'), path, at }),
              fc.record({ kind: kinds('rollup'), items: few(fc.oneof(path, fc.constant('$all')), 1), at }),
              fc.record({ kind: kinds('rolluprecursive'), arguments: hierarchy(own), at }),
            ),
            1,
          ),
          transformations: steps,
          at,
        }),
        fc.record({ kind: kinds('filter'), predicate: expression, at }),
        fc.record({ kind: kinds('orderby'), items: few(order(expression), 1), at }),
        fc.record({ kind: kinds('search'), expression: tie('search'), at }),
        fc.record({ kind: kinds('compute'), items: few(fc.record({ expression, name, at }), 1), at }),
        fc.record({ kind: kinds('skip', 'top'), count: expression, at }),
        fc.record({ kind: kinds('topcount', 'bottomsum', 'toppercent'), amount: expression, by: expression, at }),
        fc.record({ kind: kinds('concat'), branches: few(steps, 2), at }),
        fc.record({ kind: kinds('join', 'outerjoin'), path, name, transformations: steps, at }),
        fc.record({ kind: kinds('nest'), branches: few(branch, 1), at }),
        fc.record({ kind: kinds('addnested'), path, branches: few(branch, 1), at }),
        fc.record({ kind: kinds('expand'), item: tie('expand'), transformations: steps, at }),
        fc.record({ kind: kinds('ancestors', 'descendants'), arguments: hierarchy(own), at }),
        fc.record({
          kind: kinds('traverse'),
          arguments: fc
            .tuple(hierarchy(own), fc.constantFrom('preorder', 'postorder'), few(order(expression)))
            .map(([found, direction, orderby]) => ({
              ...found,
              distance: null,
              keepStart: false,
              order: direction,
              orderby,
            })),
          at,
        }),
        fc.record({
          kind: kinds('custom'),
          name: qualified,
          arguments: fc.record({ kind: kinds('named'), values: few(fc.record({ name, value: expression, at })) }),
          at,
        }),
      ),
      { minLength: 1, maxLength: 2 },
    ) as Arbitrary<readonly Transformation[]>,
    expand: fc.oneof(
      { depthSize: 'small' },
      fc.record({
        all: fc.constant(true),
        segments: few(named(name)),
        suffix: fc.constant(null),
        options: optionsOf(own, ['$levels']),
        at,
      }),
      fc.record({
        all: fc.boolean(),
        segments: few(named(name)),
        suffix: kinds('$ref'),
        options: optionsOf(own, []),
        at,
      }),
      fc.record({
        all: fc.constant(false),
        segments: few(named(name), 1),
        suffix: kinds('$ref'),
        options: optionsOf(own, ofReferences),
        at,
      }),
      fc.record({
        all: fc.constant(false),
        segments: few(named(name), 1),
        suffix: kinds('$count'),
        options: optionsOf(own, ['$filter', '$search']),
        at,
      }),
      fc.record({
        all: fc.constant(false),
        segments: few(named(name)),
        suffix: kinds('$value'),
        options: optionsOf(own, []),
        at,
      }),
      fc.record({
        all: fc.constant(false),
        segments: few(fc.oneof(named(name), named(qualified)), 1),
        suffix: fc.constant(null),
        options: optionsOf(own, [...ofSelected, '$expand', '$levels', '$apply']),
        at,
      }),
    ) as Arbitrary<ExpandItem>,
    select: fc.oneof(
      { depthSize: 'small' },
      fc.constant({ kind: 'all', at: 0 }),
      fc.record({ kind: kinds('allOperations'), namespace: qualified, at }),
      fc.record({
        kind: kinds('path'),
        segments: few(fc.oneof(named(name), named(qualified)), 1),
        options: optionsOf(own, ofSelected),
        at,
      }),
      few(name).map((parameters) => ({
        kind: 'path',
        segments: [
          {
            kind: 'name',
            name: 'NS.F',
            arguments: {
              kind: 'positional',
              values: parameters.map((parameter) => ({
                kind: 'path',
                root: null,
                segments: [{ kind: 'name', name: parameter, arguments: null, key: null, at: 0 }],
                at: 0,
              })),
            },
            key: null,
            at: 0,
          },
        ],
        options: { aliases: new Map(), custom: [] },
        at: 0,
      })),
    ) as Arbitrary<SelectItem>,
  };
});

/** An expression of any kind. */
export const anyExpression = trees.expression as Arbitrary<Expression>;

const keyValues = fc.oneof(literal, fc.record({ kind: kinds('alias'), name, at })) as Arbitrary<Expression>;
const key: Arbitrary<Arguments> = fc.oneof(
  fc.record({ kind: kinds('positional'), values: few(keyValues, 1) }),
  fc.record({ kind: kinds('named'), values: few(fc.record({ name, value: keyValues, at })) }),
);

function parenthesised(given: Arguments | null): string {
  if (given === null) return '';
  const values =
    given.kind === 'named'
      ? given.values.map((item) => `${item.name}=${printExpression(item.value)}`)
      : given.values.map((item) => printExpression(item));
  return `(${decodeURIComponent(values.join(','))})`;
}

/** A name, what is given in parentheses, and a key behind that. */
function resource([found, given, behind]: readonly [string, Arguments | null, Arguments | null]): ResourceSegment {
  const own = given === null ? null : behind;
  const text = found + parenthesised(given) + parenthesised(own);
  return { kind: 'name', name: found, arguments: given, key: own, text, at: 0 };
}

const resourcePath: Arbitrary<readonly ResourceSegment[]> = fc
  .tuple(
    fc.tuple(name, fc.option(key), fc.option(key)).map(resource),
    few(
      fc.oneof(
        fc.tuple(fc.oneof(name, qualified), fc.option(key), fc.option(key)).map(resource),
        fc.record({ kind: kinds('$filter'), predicate: anyExpression, key: fc.option(key), at }),
        filled
          .filter((text) => !/[(]|^\$/.test(text))
          .map((text): ResourceSegment => ({ kind: 'name', name: text, arguments: null, key: null, text, at: 0 })),
      ),
    ),
    fc.option(fc.record({ kind: kinds('$count', '$ref', '$value', '$query', '$each'), at })),
  )
  .map(([first, more, last]) => [first, ...more, ...(last === null ? [] : [last])]);

const topLevel: readonly (keyof QueryOptions)[] = [
  ...ofSelected,
  '$expand',
  '$apply',
  '$index',
  '$format',
  '$schemaversion',
  '$skiptoken',
  '$deltatoken',
  '$id',
  'custom',
];

/** A whole URL. */
export const anyUrl: Arbitrary<Url> = fc.record({
  segments: resourcePath,
  path: fc.constant(''),
  options: optionsOf((part) => trees[part] as Arbitrary<never>, topLevel),
});

/** The tree without its positions, and without the texts it was made of, as plain data. */
export function bare(tree: unknown): unknown {
  return JSON.parse(
    JSON.stringify(tree, (property, value: unknown) => {
      if (property === 'at' || property === 'written' || (property === 'path' && typeof value === 'string'))
        return undefined;
      return value instanceof Map ? [...value] : value;
    }),
  );
}
