import type {
  Alias,
  DeltaPart,
  NamedScalar,
  ObjectMember,
  Order,
  Past,
  Reading,
  Relation,
  Scalar,
  UnionBranch,
  Writing,
} from '../plan/index.js';
import type { Dialect } from './dialect.js';
import { isJoined } from './joined.js';
import { isFree, pastBeneath, printPast, sourcesOf } from './past.js';
import type { SqlValue, Statement } from './statement.js';

/** A reading statement as SQL; its columns are those the kind of reading names. */
export function compileReading(reading: Reading, dialect: Dialect): Statement {
  const timed = reading.kind === 'collection' || reading.kind === 'count' || reading.kind === 'delta';
  const printer = new Printer(dialect, timed);
  return printer.statement(printer.reading(reading));
}

/** A writing statement as SQL. */
export function compileWriting(writing: Writing, dialect: Dialect): Statement {
  const printer = new Printer(dialect);
  return printer.statement(printer.writing(writing));
}

/** The clauses of one `select`, collected while walking down a relation. */
interface Clauses {
  readonly source: string;
  readonly conditions: readonly string[];
  readonly order: string;
  readonly limit: string;
}

/** Stands for the n-th value until the whole text is known: a dialect may move or repeat its operands. */
const mark = (index: number) => `\u0001${index};`;

/** Prints a tree; every value goes through `bind`, never into the text. */
class Printer {
  private readonly values: SqlValue[] = [];
  /** The sources that stand beside each other in what is being printed. */
  private beside: ReadonlySet<Alias> = new Set();
  constructor(
    private readonly dialect: Dialect,
    /** Scans ask whether there is time left (design decision 10); reads by key need not. */
    private readonly timed = false,
  ) {}

  /** Marks become placeholders, values stand in the order in which these are used. */
  statement(marked: string): Statement {
    const values: SqlValue[] = [];
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the mark is a control character so that no name can hold it
    const text = marked.replace(/\u0001(\d+);/g, (_, index: string) => {
      const position = values.push(this.values[Number(index)] ?? null);
      return this.dialect.placeholder(position);
    });
    return { text, values };
  }

  reading(reading: Reading): string {
    switch (reading.kind) {
      case 'collection':
        return this.collection(reading);
      case 'single': {
        const item = this.dialect.bytes(this.outermost(reading.item));
        const etag = reading.etag === null ? 'null' : this.scalar(reading.etag);
        const positions = (reading.positions ?? []).map((position) => `, ${this.scalar(position)}`);
        const found = `select ${item}, ${etag}, 1${positions.join('')} from ${this.body(reading.rows)}`;
        if (reading.parent === null) return found;
        return `${found} union all select null, null, 0${positions.map(() => ', 0').join('')} from ${this.body(reading.parent)} limit 1`;
      }
      case 'count': {
        const count = this.count(reading.rows);
        return `select ${count}, ${this.parent(reading.parent)}`;
      }
      case 'columns': {
        const columns = reading.columns.map((column) => this.scalar(column));
        return `select ${columns.join(', ')} from ${this.body(reading.rows)}`;
      }
      case 'delta':
        return this.delta(reading);
    }
  }

  private delta({ parts, take, parent, positions }: Extract<Reading, { kind: 'delta' }>): string {
    const { lines, keyLines, limit } = this.dialect;
    const union = parts.map((part) => this.deltaPart(part)).join(' union all ');
    const page = `select distinct * from (${union}) order by "phase", "sort"${limit(this.bind(BigInt(take + 1)), null)}`;
    const columns = [
      lines('"item"'),
      'count(*)',
      keyLines(['"phase"', '"sort"']),
      this.parent(parent),
      ...positions.map((position) => this.scalar(position)),
    ];
    return `select ${columns.join(', ')} from (${page})`;
  }

  private deltaPart({ phase, rows, sort, after, item, before }: DeltaPart): string {
    const old = before === null ? '' : `, ${this.outermost(before)} as "before"`;
    const inner = `select ${this.scalar(sort)} as "sort", ${this.outermost(item)} as "item"${old} from ${this.body(rows)}`;
    const conditions = [
      ...(before === null ? [] : ['"item" is not "before"']),
      ...(after === null ? [] : [`"sort" > ${this.bind(after)}`]),
    ];
    const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
    return `select ${phase} as "phase", "sort", "item" from (${inner})${where}`;
  }

  private collection(reading: Extract<Reading, { kind: 'collection' }>): string {
    const columns = [
      this.dialect.lines(this.outermost(reading.item)),
      'count(*)',
      reading.sortKeys.length === 0 ? 'null' : this.dialect.keyLines(reading.sortKeys.map((key) => this.scalar(key))),
      reading.total === null ? 'null' : this.count(reading.total),
      this.parent(reading.parent),
      reading.etag === null || reading.parent === null
        ? 'null'
        : `(select ${this.scalar(reading.etag)} from ${this.body(reading.parent)})`,
      ...(reading.positions ?? []).map((position) => this.scalar(position)),
    ];
    return `select ${columns.join(', ')} from ${this.body(reading.rows)}`;
  }

  private parent(parent: Relation | null): string {
    return parent === null ? '1' : `exists (select 1 from ${this.body(parent)})`;
  }

  private count(relation: Relation): string {
    // A bare count needs no row, only the tree of an index.
    if (relation.kind === 'scan') return `(select count(*) from ${this.name(relation.table)})`;
    return relation.kind === 'limit' || relation.kind === 'page'
      ? `(select count(*) from (select 1 from ${this.body(relation)}))`
      : `(select count(*) from ${this.body(relation)})`;
  }

  /** What stands behind `from`: sources, conditions, order, limit. */
  private body(relation: Relation): string {
    const around = this.beside;
    this.beside = new Set(sourcesOf(relation));
    const { source, conditions, order, limit } = this.clauses(relation);
    this.beside = around;
    const filter = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
    return `${source}${filter}${order}${limit}`;
  }

  private clauses(relation: Relation): Clauses {
    const plain = { conditions: [], order: '', limit: '' };
    switch (relation.kind) {
      case 'scan':
        return {
          source: `${this.name(relation.table)} as ${this.name(relation.as)}`,
          ...plain,
          conditions: this.timed ? [this.dialect.deadline(this.name(relation.as))] : [],
        };
      case 'each':
        return { source: `${this.dialect.each(this.scalar(relation.json))} as ${this.name(relation.as)}`, ...plain };
      case 'page':
        return { source: this.page(relation), ...plain };
      case 'chain':
        return { source: this.chain(relation), ...plain };
      case 'group':
        return { source: this.group(relation), ...plain };
      case 'project':
        return { source: this.project(relation), ...plain };
      case 'union':
        return { source: this.union(relation), ...plain };
      case 'recursive':
        return { source: this.recursive(relation), ...plain };
      case 'named':
        return { source: `${this.name(relation.name)} as ${this.name(relation.as)}`, ...plain };
      case 'join': {
        const left = this.clauses(relation.left);
        const right = this.clauses(relation.right);
        const on = this.scalar(relation.on);
        if (relation.outer) {
          const matched = [...right.conditions, on].join(' and ');
          return {
            ...left,
            source: `${left.source} left join ${this.oneSource(relation.right, right.source)} on ${matched}`,
          };
        }
        return {
          ...left,
          source: `${left.source} join ${right.source}`,
          conditions: [...left.conditions, ...right.conditions, on],
        };
      }
      case 'past':
        return this.past(relation, []);
      case 'where': {
        const beneath = pastBeneath(relation);
        if (beneath !== null) return this.past(beneath.past, beneath.conditions);
        const from = this.clauses(relation.from);
        return { ...from, conditions: [...from.conditions, this.scalar(relation.condition)] };
      }
      case 'order': {
        const from = this.clauses(relation.from);
        return { ...from, order: this.orderBy(relation.by) };
      }
      case 'limit': {
        const from = this.clauses(relation.from);
        return { ...from, limit: this.limits(relation.skip, relation.take) };
      }
    }
  }

  /** Several sources stand in parentheses; a single one must not, or it would be a sub-select that sees nothing beside it. */
  private oneSource(relation: Relation, source: string): string {
    const from = relation.kind === 'where' ? relation.from : relation;
    return from.kind === 'join' ? `(${source})` : source;
  }

  private limits(skip: number | null, take: number | null): string {
    const most = take === null ? null : this.bind(BigInt(take));
    return this.dialect.limit(most, skip === null || skip === 0 ? null : this.bind(BigInt(skip)));
  }

  /** A sub-select sees nothing of what stands beside it: conditions that speak of that stay outside. */
  private past(past: Past, conditions: readonly Scalar[]): Clauses {
    const others = new Set([...this.beside].filter((alias) => alias !== past.as));
    const within = conditions.filter((condition) => isFree(condition, others));
    const outside = conditions.filter((condition) => !within.includes(condition));
    const printing = {
      dialect: this.dialect,
      timed: this.timed,
      bind: (value: SqlValue) => this.bind(value),
      scalar: (node: Scalar) => this.scalar(node),
    };
    return {
      source: printPast(past, within, printing),
      conditions: outside.map((condition) => this.scalar(condition)),
      order: '',
      limit: '',
    };
  }

  private page(page: Extract<Relation, { kind: 'page' }>): string {
    const extra = page.extra.map((column) => `, ${this.scalar(column.value)} as ${this.name(column.name)}`).join('');
    const columns = page.bare ? extra.slice(2) : `${this.name(page.of)}.*${extra}`;
    return `(select ${columns} from ${this.body(page.from)}) as ${this.name(page.of)}`;
  }

  private chain({ parts, skip, take, as }: Extract<Relation, { kind: 'chain' }>): string {
    const union = parts.map((part) => `select * from ${this.page(part)}`).join(' union all ');
    return `(${union}${this.limits(skip, take)}) as ${this.name(as)}`;
  }

  private columns(columns: readonly NamedScalar[]): string {
    if (columns.length === 0) return '1';
    return columns.map((column) => `${this.scalar(column.value)} as ${this.name(column.name)}`).join(', ');
  }

  private project({ from, columns, distinct, as }: Extract<Relation, { kind: 'project' }>): string {
    return `(select ${distinct ? 'distinct ' : ''}${this.columns(columns)} from ${this.body(from)}) as ${this.name(as)}`;
  }

  private union({ branches, as }: Extract<Relation, { kind: 'union' }>): string {
    return `(${branches.map((branch) => this.select(branch)).join(' union all ')}) as ${this.name(as)}`;
  }

  private select({ from, columns }: UnionBranch): string {
    return `select ${this.columns(columns)} from ${this.body(from)}`;
  }

  private recursive({ base, name, seed, step, as }: Extract<Relation, { kind: 'recursive' }>): string {
    const tables = [
      `${this.name(base.name)} as materialized (${this.select(base)})`,
      `${this.name(name)} as (${this.select(seed)} union ${this.select(step)})`,
    ];
    return `(with recursive ${tables.join(', ')} select * from ${this.name(name)}) as ${this.name(as)}`;
  }

  private group({ from, keys, values, as }: Extract<Relation, { kind: 'group' }>): string {
    const by = keys.length === 0 ? '' : ` group by ${keys.map((_, index) => index + 1).join(', ')}`;
    return `(select ${this.columns([...keys, ...values])} from ${this.body(from)}${by}) as ${this.name(as)}`;
  }

  private orderBy(by: readonly Order[]): string {
    if (by.length === 0) return '';
    return ` order by ${by.map((order) => `${this.scalar(order.value)}${order.descending ? ' desc' : ''}`).join(', ')}`;
  }

  scalar(node: Scalar): string {
    switch (node.kind) {
      case 'column':
        return `${this.name(node.of)}.${this.name(node.name)}`;
      case 'value':
        return this.bind(node.value);
      case 'operator':
        return this.dialect.operators[node.name](...node.operands.map((operand) => this.scalar(operand)));
      case 'junction':
        return this.junction(node.operator, node.operands);
      case 'case': {
        const branches = node.branches.map(
          (branch) => `when ${this.scalar(branch.when)} then ${this.scalar(branch.gives)}`,
        );
        const otherwise = node.otherwise === null ? '' : ` else ${this.scalar(node.otherwise)}`;
        return `case ${branches.join(' ')}${otherwise} end`;
      }
      case 'exists':
        return `exists (select 1 from ${this.body(node.relation)})`;
      case 'within': {
        const values = node.values.map((one) => this.scalar(one)).join(', ');
        const columns = node.columns.map((column) => this.scalar(column)).join(', ');
        return `((${values}) in (select ${columns} from ${this.body(node.relation)}))`;
      }
      case 'subquery': {
        const value = this.scalar(node.value);
        return `(select ${value} from ${this.body(node.relation)})`;
      }
      case 'count':
        return this.count(node.relation);
      case 'aggregate':
        return this.dialect.aggregates[node.name](node.operand === null ? '*' : this.scalar(node.operand));
      case 'window':
        return this.window(node);
      case 'json':
        return this.dialect.json(this.scalar(node.value), node.form);
      case 'object':
        return isJoined(node)
          ? this.dialect.parsed(this.text(node))
          : this.dialect.object(node.members.map((member) => [member.name, this.scalar(member.value)] as const));
      case 'items': {
        if (isJoined(node)) return this.dialect.parsed(this.text(node));
        const item = this.scalar(node.item);
        return this.dialect.array(item, this.body(node.relation));
      }
    }
  }

  private window({ name, operand, partition, order, before }: Extract<Scalar, { kind: 'window' }>): string {
    const by = partition.length === 0 ? '' : `partition by ${partition.map((part) => this.scalar(part)).join(', ')}`;
    const isRunning = name !== 'rowNumber' && (order.length > 0 || before);
    const rows = isRunning ? ` rows between unbounded preceding and ${before ? '1 preceding' : 'current row'}` : '';
    const of = operand === null ? '' : this.scalar(operand);
    return `${this.dialect.windows[name](of)} over (${by}${this.orderBy(order)}${rows})`;
  }

  /** An item of the answer: what is joined as text need not become JSON first. */
  private outermost(item: Scalar): string {
    return isJoined(item) ? this.text(item) : this.scalar(item);
  }

  /** A JSON value as text: joined all the way down to where nothing may be absent. */
  private text(node: Scalar): string {
    if (!isJoined(node)) return this.dialect.text(this.scalar(node));
    switch (node.kind) {
      case 'object': {
        const joined = (members: readonly ObjectMember[]) =>
          members.map(({ name, value, when, optional = false }) => ({
            name,
            text: this.text(value),
            when: when === undefined ? null : this.scalar(when),
            optional,
          }));
        const members = joined(node.members);
        const spread = node.spread === undefined ? null : this.scalar(node.spread);
        return this.dialect.joinedObject(members, spread, joined(node.last ?? []));
      }
      case 'items': {
        const item = this.text(node.item);
        return this.dialect.joinedArray(item, this.body(node.relation));
      }
      case 'subquery': {
        const value = this.text(node.value);
        return this.dialect.operators.coalesce(`(select ${value} from ${this.body(node.relation)})`, `'null'`);
      }
      case 'case': {
        const branches = node.branches.map(({ when, gives }) => `when ${this.scalar(when)} then ${this.text(gives)}`);
        const otherwise = node.otherwise === null ? `'null'` : this.text(node.otherwise);
        return `(case ${branches.join(' ')} else ${otherwise} end)`;
      }
      default:
        return this.dialect.text(this.scalar(node));
    }
  }

  /** Halves a long chain again and again: SQLite refuses trees deeper than 1,000. */
  private junction(operator: 'and' | 'or', operands: readonly Scalar[]): string {
    if (operands.length <= 2) return `(${operands.map((operand) => this.scalar(operand)).join(` ${operator} `)})`;
    const middle = operands.length >> 1;
    const left = this.junction(operator, operands.slice(0, middle));
    return `(${left} ${operator} ${this.junction(operator, operands.slice(middle))})`;
  }

  writing(writing: Writing): string {
    const table = this.name(writing.table);
    switch (writing.kind) {
      case 'insert': {
        const names = writing.columns.map((column) => this.name(column.name)).join(', ');
        const values = writing.columns.map((column) => this.scalar(column.value)).join(', ');
        return `insert ${writing.ignore ? 'or ignore ' : ''}into ${table} (${names}) values (${values})`;
      }
      case 'update': {
        const sets = writing.columns
          .map((column) => `${this.name(column.name)} = ${this.scalar(column.value)}`)
          .join(', ');
        return `update ${table} as ${this.name(writing.as)} set ${sets} where ${this.scalar(writing.where)}`;
      }
      case 'delete':
        return `delete from ${table} as ${this.name(writing.as)} where ${this.scalar(writing.where)}`;
    }
  }

  private name(name: string): string {
    return this.dialect.quote(name);
  }

  private bind(value: SqlValue): string {
    return mark(this.values.push(value) - 1);
  }
}
