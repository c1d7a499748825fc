import type { Aggregate, BoundOptions, Grouping, SortItem, Transformation } from '../bind/index.js';
import type { NavigationProperty, Property } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { Codec } from '../tables/index.js';
import { call, columnOf, value, where } from './build.js';
import { type Context, isThere, locate, planCondition, planValue } from './expression.js';
import type { GroupedPlace, Place, Stored } from './place.js';
import type { AggregateName, Alias, NamedScalar, Order, Relation, Scalar } from './relation.js';
import { found } from './search.js';
import { asDecimal, asReal } from './value.js';

/** A collection on its way through `$apply`: its rows, what one of them is, the names given so far, and its order. */
export interface Applied {
  readonly rows: Relation;
  readonly item: Place | Stored;
  readonly context: Context;
  /** A later order keeps the earlier one among equals (AG043). */
  readonly order: readonly Order[];
}

/** Each transformation applied to what the one before it gives (Aggregation 3); `order` is the order that the input has. */
export function applied(
  options: BoundOptions,
  { rows, item, order }: Pick<Applied, 'rows' | 'item' | 'order'>,
  context: Context,
): Applied {
  const start: Applied = { rows, item, context, order };
  return (options.apply ?? []).reduce((current, step) => transformed(current, step, options), start);
}

function transformed(current: Applied, step: Transformation, options: BoundOptions): Applied {
  const { rows, context } = current;
  switch (step.kind) {
    case 'filter':
      return { ...current, rows: where(rows, [planCondition(step.predicate, context)]) };
    case 'search':
      return { ...current, rows: where(rows, [found(step.search, current.item, context)]) };
    case 'orderby':
      return { ...current, order: [...step.items.map((item) => orderOf(item, context)), ...current.order] };
    case 'skip':
      return limited(current, step.count, null);
    case 'top':
      return limited(current, null, step.count);
    case 'compute': {
      const computed = new Map(context.computed);
      for (const item of step.items) computed.set(item.name, planValue(item.expression, { ...context, computed }));
      return { ...current, context: { ...context, computed } };
    }
    case 'group':
      return grouped(current, step.by, step.aggregates, options);
  }
}

function orderOf(item: SortItem, context: Context): Order {
  return { value: planValue(item.expression, context).scalar, descending: item.descending };
}

/** Cut in the order there is; equals come by key, the same every time (AG009). */
function limited(current: Applied, skip: number | null, take: number | null): Applied {
  const as = aliasOf(current.item);
  const by = [...current.order, ...keyOrder(current.item)];
  const limit: Relation = { kind: 'limit', from: { kind: 'order', from: current.rows, by }, skip, take };
  return { ...current, rows: { kind: 'page', from: limit, of: as, extra: [] } };
}

function aliasOf(item: Place | Stored): Alias {
  if (item.kind === 'row' || item.kind === 'grouped') return item.as;
  throw new ODataError('NotImplemented', '$apply is supported for collections of entities only.', '$apply');
}

/** What makes an order total: the key of a row, everything by which a group was made. */
export function keyOrder(item: Place | Stored): readonly Order[] {
  if (item.kind === 'row')
    return item.table.primaryKey.map((column) => ({ value: columnOf(item.as, column), descending: false }));
  if (item.kind !== 'grouped') return [];
  return item.keys.map((name) => ({ value: columnOf(item.as, name), descending: false }));
}

/** Rows with the same values of the grouping paths become one, with the aggregates of all of them (Aggregation 3.2.1, 3.2.3). */
function grouped(
  current: Applied,
  by: readonly Grouping[],
  aggregates: readonly Aggregate[],
  options: BoundOptions,
): Applied {
  const { context, item } = current;
  if (item.kind !== 'row' && item.kind !== 'grouped')
    throw new ODataError('NotImplemented', '$apply is supported for collections of entities only.', '$apply');
  const as = context.planner.fresh();
  const builder = new GroupBuilder(as, context);
  const root = builder.structure(by, item.type);
  const computed = new Map(builder.aliases);
  const values = aggregates.map((aggregate, index): NamedScalar => {
    const { scalar, codec } = aggregateOf(aggregate, context);
    const name = `a${index}`;
    computed.set(aggregate.name, { kind: 'stored', scalar: columnOf(as, name), codec, nullable: true });
    return { name, value: scalar };
  });
  const rows: Relation = { kind: 'group', from: current.rows, keys: builder.keys, values, as };
  const bindings = new Map(context.bindings);
  if (options.variable !== null) bindings.set(options.variable, root);
  return { rows, item: root, context: { ...context, bindings, computed }, order: [] };
}

/** Gathers the columns of a grouping, and how they make up the structure of its results. */
class GroupBuilder {
  readonly keys: NamedScalar[] = [];
  readonly aliases = new Map<string, Stored>();
  constructor(
    private readonly as: Alias,
    private readonly context: Context,
  ) {}

  structure(by: readonly Grouping[], type: GroupedPlace['type']): GroupedPlace {
    for (const { expression, alias } of by)
      if (alias !== null) this.aliases.set(alias, this.key(planValue(expression, this.context)));
    const paths = by.filter(({ alias }) => alias === null);
    const members = this.members(paths, 0);
    return { kind: 'grouped', as: this.as, type, members, there: null, keys: this.keys.map(({ name }) => name) };
  }

  private members(paths: readonly Grouping[], depth: number): GroupedPlace['members'] {
    const members = new Map<Property | NavigationProperty, Stored | GroupedPlace>();
    for (const step of new Set(paths.map(({ steps }) => steps[depth]))) {
      if (step === undefined) continue;
      const through = paths.filter(({ steps }) => steps[depth] === step);
      const leaf = through.find(({ steps }) => steps.length === depth + 1);
      members.set(
        step,
        leaf === undefined ? this.nested(through, step, depth) : this.key(planValue(leaf.expression, this.context)),
      );
    }
    return members;
  }

  /** A null on the way is another group than a null at its end (AG092): whether something is there is a key of its own. */
  private nested(through: readonly Grouping[], step: Property | NavigationProperty, depth: number): GroupedPlace {
    const [first] = through;
    const type = step.type.kind === 'entity' || step.type.kind === 'complex' ? step.type : null;
    if (first === undefined || type === null)
      throw new ODataError('InternalError', 'A grouping path leads through a value.');
    const there = this.key({
      kind: 'stored',
      scalar: isThere(locate(ownerOf(first, depth), this.context)),
      codec: { kind: 'boolean' },
      nullable: false,
    });
    return {
      kind: 'grouped',
      as: this.as,
      type,
      members: this.members(through, depth + 1),
      there: there.scalar,
      keys: [],
    };
  }

  private key(stored: Stored): Stored {
    const name = `g${this.keys.length}`;
    this.keys.push({ name, value: stored.scalar });
    return { ...stored, scalar: columnOf(this.as, name) };
  }
}

/** The expression for the value at `depth` of a grouping path. */
function ownerOf({ expression, steps }: Grouping, depth: number) {
  let at = expression;
  for (let length = steps.length - 1; length > depth && (at.kind === 'property' || at.kind === 'navigation'); length--)
    at = at.of;
  return at;
}

const decimal: Codec = { kind: 'decimal' };
const aggregate = (name: AggregateName, operand: Scalar | null): Scalar => ({ kind: 'aggregate', name, operand });
const asCount = (scalar: Scalar): { scalar: Scalar; codec: Codec } => ({
  scalar,
  codec: { kind: 'integer', wide: true },
});

/** Null does not count; of nothing the sum is null and the count 0 (AG048, AG060 to AG066). */
function aggregateOf(
  { method, expression }: Aggregate,
  context: Context,
): { readonly scalar: Scalar; readonly codec: Codec | null } {
  if (expression === null) return asCount(aggregate('count', null));
  const operand = planValue(expression, context);
  const { codec } = operand;
  switch (method) {
    case 'count':
      return asCount(aggregate('count', operand.scalar));
    case 'countdistinct':
      return asCount(aggregate('countDistinct', operand.scalar));
    case 'min':
    case 'max':
      return { scalar: aggregate(method, operand.scalar), codec };
    case 'sum':
      if (codec?.kind === 'decimal') return { scalar: aggregate('decimalSum', operand.scalar), codec: decimal };
      return {
        scalar: aggregate('sum', operand.scalar),
        codec: codec?.kind === 'integer' ? { kind: 'integer', wide: true } : codec,
      };
    case 'average': {
      if (codec?.kind !== 'decimal' && codec?.kind !== 'scaledDecimal')
        return { scalar: aggregate('average', asReal(operand)), codec: { kind: 'double' } };
      const sum =
        codec.kind === 'decimal'
          ? aggregate('decimalSum', operand.scalar)
          : asDecimal({ ...operand, scalar: aggregate('sum', operand.scalar) });
      const count = call('decimalKey', aggregate('count', operand.scalar), value(0n));
      return { scalar: call('decimalArithmetic', value('divby'), sum, count), codec: decimal };
    }
  }
}
