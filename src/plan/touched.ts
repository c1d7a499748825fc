import type { Expansion } from '../bind/index.js';
import { type Column, type Log, logColumns, logOf, type Table } from '../tables/index.js';
import { call, columnOf, value, where } from './build.js';
import type { Planner, Positions } from './place.js';
import type { Alias, Relation, Scalar } from './relation.js';

/** Conditions that logs give: which rows have changed since a state, or lead to such rows. All of them are met by index. */
export class Touched {
  constructor(
    private readonly since: Positions,
    private readonly planner: Planner,
  ) {}

  /** The rows that have changed themselves. */
  row(table: Table, as: Alias): Scalar {
    const log = logOf(table);
    return this.logged(
      log,
      log.key.map((column) => columnOf(as, column)),
      log.key,
    );
  }

  /** True when anything in the table has changed. */
  any(log: Log): Scalar {
    return { kind: 'exists', relation: this.later(log, this.planner.fresh()) };
  }

  /**
   * The rows of which an expanded navigation property shows something otherwise than before: it leads to changed rows, or to rows of
   * which the same is true, or led to such rows when they were as the log has them.
   */
  through(table: Table, as: Alias, expansion: Expansion): readonly Scalar[] {
    const link = table.links.get(expansion.property);
    if (link === undefined) return [];
    const inner = expansion.options.projection?.expanded ?? [];
    const log = logOf(link.target);
    const target = this.planner.fresh();
    const conditions = [
      this.row(link.target, target),
      ...inner.flatMap((nested) => this.through(link.target, target, nested)),
    ];
    const reached = where({ kind: 'scan', table: link.target.name, as: target }, [anyOf(conditions)]);
    if (link.kind === 'columns') {
      const own = link.pairs.map((pair) => columnOf(as, pair.own));
      const theirs = link.pairs.map((pair) => pair.target);
      return [within(own, reached, target, theirs), this.logged(log, own, theirs)];
    }
    const between = this.planner.fresh();
    const own = link.sourcePairs.map((pair) => columnOf(as, pair.own));
    const theirs = link.targetPairs.map((pair) => columnOf(between, pair.own));
    const columns = link.targetPairs.map((pair) => pair.target);
    const leading = anyOf([within(theirs, reached, target, columns), this.logged(log, theirs, columns)]);
    const links = where({ kind: 'scan', table: link.name, as: between }, [leading]);
    const sources = link.sourcePairs.map((pair) => pair.target);
    const linkLog = this.planner.logs.get(link.name);
    return [
      within(own, links, between, sources),
      ...(linkLog === undefined ? [] : [this.logged(linkLog, own, sources)]),
    ];
  }

  private logged(log: Log, values: readonly Scalar[], columns: readonly Column[]): Scalar {
    const as = this.planner.fresh();
    return within(values, this.later(log, as), as, columns);
  }

  private later(log: Log, as: Alias): Relation {
    const position = value(this.since.get(log.of) ?? 0n);
    return where({ kind: 'scan', table: log.name, as }, [call('gt', columnOf(as, logColumns.position), position)]);
  }
}

function within(values: readonly Scalar[], relation: Relation, as: Alias, columns: readonly Column[]): Scalar {
  return { kind: 'within', values, relation, columns: columns.map((column) => columnOf(as, column)) };
}

/** At least one of them. */
export function anyOf(operands: readonly Scalar[]): Scalar {
  const [only] = operands;
  return only !== undefined && operands.length === 1 ? only : { kind: 'junction', operator: 'or', operands };
}

/** The tables in which the links of an expansion and of those within it stand, once for each; null: they stand elsewhere. */
export function tablesOf(table: Table, { property, path, options }: Expansion): readonly string[] | null {
  const link = path.length > 0 ? undefined : table.links.get(property);
  if (link === undefined) return null;
  const inner = (options.projection?.expanded ?? []).map((nested) => tablesOf(link.target, nested));
  const names = inner.flatMap((found) => found ?? []);
  return [link.target.name, ...(link.kind === 'linkTable' ? [link.name] : []), ...names];
}
