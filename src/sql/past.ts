import type { Alias, Past, Relation, Scalar } from '../plan/index.js';
import { logColumns } from '../tables/index.js';
import type { Dialect } from './dialect.js';

/** What the compiler does for the state of a table in the past. */
export interface PastPrinting {
  readonly dialect: Dialect;
  /** Binds a value. */
  readonly bind: (value: bigint | string) => string;
  readonly scalar: (node: Scalar) => string;
  /** The statement asks whether there is time left. */
  readonly timed: boolean;
}

/** A past state beneath conditions, taken apart; null: the relation is something else. */
export function pastBeneath(
  relation: Relation,
): { readonly past: Past; readonly conditions: readonly Scalar[] } | null {
  if (relation.kind === 'past') return { past: relation, conditions: [] };
  if (relation.kind !== 'where') return null;
  const inner = pastBeneath(relation.from);
  if (inner === null) return null;
  const { condition } = relation;
  const parts = condition.kind === 'junction' && condition.operator === 'and' ? condition.operands : [condition];
  return { past: inner.past, conditions: [...inner.conditions, ...parts] };
}

/**
 * A table as it was: the rows that have not changed since, and what the log kept of those that have. `conditions` stand within
 * both, where indexes serve them.
 */
export function printPast(
  { log, since, as, touched }: Past,
  conditions: readonly Scalar[],
  { dialect, bind, scalar, timed }: PastPrinting,
): string {
  const { quote } = dialect;
  const [alias, name, position, change] = [as, log.name, logColumns.position, logColumns.change].map(quote);
  const columns = log.columns.map((column) => `${alias}.${quote(column.name)}`).join(', ');
  const sameKey = log.key.map((column) => `l.${quote(column.name)} = ${alias}.${quote(column.name)}`).join(' and ');
  const later = () => `from ${name} as l where l.${position} > ${bind(since)} and ${sameKey}`;
  const own = () => conditions.map((condition) => ` and ${scalar(condition)}`).join('');
  const unchanged = () =>
    `select ${columns} from ${quote(log.of)} as ${alias} where ${timed ? dialect.deadline(alias ?? '') : '1'}${own()} and not exists (select 1 ${later()}) union all `;
  const kept = () =>
    `select ${columns} from ${name} as ${alias} where ${alias}.${position} > ${bind(since)} and ${alias}.${change} <> 'insert'${own()} and ${alias}.${position} = (select min(l.${position}) ${later()})`;
  return `(${touched ? '' : unchanged()}${kept()}) as ${alias}`;
}

/** The names of the row sources that stand side by side in a relation. */
export function sourcesOf(relation: Relation): readonly Alias[] {
  switch (relation.kind) {
    case 'scan':
    case 'past':
    case 'each':
    case 'group':
    case 'project':
    case 'union':
    case 'recursive':
    case 'named':
    case 'chain':
      return [relation.as];
    case 'page':
      return [relation.of];
    case 'join':
      return [...sourcesOf(relation.left), ...sourcesOf(relation.right)];
    case 'where':
    case 'order':
    case 'limit':
      return sourcesOf(relation.from);
  }
}

/** True when a condition speaks of columns and values only, and of no column of the named sources. */
export function isFree(condition: Scalar, of: ReadonlySet<Alias>): boolean {
  switch (condition.kind) {
    case 'column':
      return !of.has(condition.of);
    case 'value':
      return true;
    case 'operator':
    case 'junction':
      return condition.operands.every((operand) => isFree(operand, of));
    case 'within':
      return condition.values.every((one) => isFree(one, of));
    case 'json':
      return isFree(condition.value, of);
    case 'case':
    case 'exists':
    case 'subquery':
    case 'count':
    case 'aggregate':
    case 'window':
    case 'object':
    case 'items':
      return false;
  }
}
