import type { Facets, StructuredType, Type } from '../../src/edm/index.js';
import { builtInType } from '../../src/edm/index.js';
import type { Chooser } from '../random/chooser.js';
import { model } from './data.js';
import { type Kind, kindOf, type Path, pathsOf } from './paths.js';
import { textsOf } from './pools.js';

/** What may be spoken of in an expression. */
export interface Scope {
  /** What unprefixed names are asked of. */
  readonly self: Type;
  readonly variables: readonly { readonly name: string; readonly type: Type }[];
  /** Names given by `$compute`. */
  readonly names: readonly { readonly name: string; readonly kind: Kind }[];
  /** Entities that `$root` leads to, and `$it`, where they may stand. */
  readonly roots: readonly { readonly text: string; readonly type: StructuredType }[];
}

const typeOfKind: Readonly<Record<Exclude<Kind, 'other' | 'enum'>, string>> = {
  boolean: 'Edm.Boolean',
  integer: 'Edm.Int32',
  decimal: 'Edm.Decimal',
  double: 'Edm.Double',
  string: 'Edm.String',
  date: 'Edm.Date',
  moment: 'Edm.DateTimeOffset',
  time: 'Edm.TimeOfDay',
  duration: 'Edm.Duration',
  guid: 'Edm.Guid',
};

const patterns = [
  'a',
  '^[A-Z]',
  '\\s',
  '.x$',
  '^$',
  '(a|b)+',
  '\\d{1,2}',
  '^.$',
  '😀',
  '[^\\s]$',
  'e.b',
  '\\u00e9',
  '[\\S]a',
];
const comparisons = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const;
const ordered: readonly Kind[] = [
  'integer',
  'string',
  'decimal',
  'double',
  'date',
  'moment',
  'time',
  'duration',
  'enum',
  'boolean',
  'guid',
];

/** Random expressions as text, not percent-encoded, each of a kind that is asked for. */
export class Expressions {
  constructor(private readonly choose: Chooser) {}

  /** A condition; `depth` bounds its nesting. */
  condition(scope: Scope, depth: number): string {
    const { choose } = this;
    if (depth <= 0) return this.comparison(scope, 0);
    const forms = [
      () => this.comparison(scope, depth - 1),
      () => this.comparison(scope, depth - 1),
      () => this.onText(scope, depth - 1),
      () => `${this.condition(scope, depth - 1)} ${choose.of(['and', 'or'])} ${this.condition(scope, depth - 1)}`,
      () => `(${this.condition(scope, depth - 1)} ${choose.of(['or', 'and'])} ${this.condition(scope, depth - 1)})`,
      () => `not (${this.condition(scope, depth - 1)})`,
      () => this.membership(scope),
      () => this.lambda(scope, depth - 1),
      () => this.counting(scope, depth - 1),
      () => this.presence(scope),
      () => this.value('boolean', scope, depth - 1),
      () => this.flags(scope),
      () => this.typeTest(scope),
      () => this.onCollections(scope),
      () => this.dynamic(scope),
    ];
    return choose.of(forms)();
  }

  /** An operand in parentheses where it is more than one word. */
  private operand(kind: Kind, scope: Scope, depth: number): string {
    const text = this.value(kind, scope, depth);
    return /^[^ ]*$|^\w+\(.*\)$|^'[^']*'$/.test(text) ? text : `(${text})`;
  }

  private comparison(scope: Scope, depth: number): string {
    const { choose } = this;
    const kind = choose.of(ordered);
    const path = this.path(kind, scope);
    const operator = choose.of(comparisons);
    if (path === null && kind === 'enum') return 'true';
    if (path === null) return `${this.operand(kind, scope, depth)} ${operator} ${this.literal(kind)}`;
    if (choose.chance(0.5)) return `${path.text} ${operator} ${this.literal(kind, path.type, path.property)}`;
    if (choose.chance(0.15)) return `${path.text} ${operator} null`;
    if (kind === 'enum') return `${path.text} ${operator} ${this.path('enum', scope, path.type)?.text ?? 'null'}`;
    const numeric: readonly Kind[] = ['integer', 'decimal', 'double'];
    const other = numeric.includes(kind) ? choose.of(numeric) : kind;
    const [left, right] = [path.text, this.operand(other, scope, depth)];
    return choose.chance(0.7) ? `${left} ${operator} ${right}` : `${right} ${operator} ${left}`;
  }

  private starts(scope: Scope): readonly { readonly prefix: string; readonly type: StructuredType }[] {
    const all = [{ name: '', type: scope.self }, ...scope.variables];
    return all.flatMap(({ name, type }) =>
      type.kind === 'entity' || type.kind === 'complex' ? [{ prefix: name === '' ? '' : `${name}/`, type }] : [],
    );
  }

  /** A path to a single value; lambda variables are preferred. `type`: of exactly this one. */
  private path(kind: Kind, scope: Scope, type: Type | null = null): Path | null {
    const { choose } = this;
    const fits = (path: Path) => path.kind === kind && (type === null || path.type === type);
    const direct: Path[] = scope.variables
      .filter((variable) => kindOf(variable.type) === kind && (type === null || variable.type === type))
      .map((variable) => ({ text: variable.name, type: variable.type, kind, property: null }));
    if (direct.length > 0 && choose.chance(0.8)) return choose.of(direct);
    const starts = this.starts(scope);
    const root = scope.roots.length > 0 && choose.chance(0.06) ? choose.of(scope.roots) : null;
    const chosen = starts.length > 1 && choose.chance(0.8) ? choose.of(starts.slice(1)) : starts[0];
    const start = root === null ? chosen : { prefix: `${root.text}/`, type: root.type };
    const found = start === undefined ? [] : pathsOf(start.type).values.filter(fits);
    const near = found.filter((path) => !path.text.includes('/'));
    const among = near.length > 0 && choose.chance(0.6) ? near : found;
    if (among.length === 0) return direct[0] ?? null;
    const path = choose.of(among);
    return { ...path, text: `${start?.prefix}${path.text}` };
  }

  literal(kind: Kind, type: Type | null = null, facets: Partial<Facets> | null = null): string {
    const { choose } = this;
    const of =
      type ?? (kind === 'enum' ? model.type('O.Color') : kind === 'other' ? null : builtInType(typeOfKind[kind]));
    if (of === null || of === undefined) return 'null';
    const near = choose.chance(0.8) ? facets : null;
    const texts = textsOf(of, near);
    return texts.length === 0 ? 'null' : quoted(choose.of(texts), kindOf(of), of);
  }

  /** An expression of the kind. */
  value(kind: Kind, scope: Scope, depth: number): string {
    const { choose } = this;
    const name = scope.names.filter((given) => given.kind === kind);
    if (name.length > 0 && choose.chance(0.3)) return choose.of(name).name;
    if (depth <= 0 || choose.chance(0.4)) return this.path(kind, scope)?.text ?? this.literal(kind);
    if (choose.chance(0.1)) return this.choice(kind, scope, depth - 1);
    return choose.of(this.forms(kind, scope, depth - 1))();
  }

  private choice(kind: Kind, scope: Scope, depth: number): string {
    if (kind === 'enum' || kind === 'other') return this.path(kind, scope)?.text ?? 'null';
    const branch = (condition: string) => `${condition}:${this.value(kind, scope, depth)}`;
    const last = this.choose.chance(0.5) ? `,${branch('true')}` : '';
    return `case(${branch(this.condition(scope, depth))}${last})`;
  }

  private forms(kind: Kind, scope: Scope, depth: number): readonly (() => string)[] {
    const { choose } = this;
    const of = (other: Kind) => this.operand(other, scope, depth);
    const call =
      (name: string, ...arguments_: readonly string[]) =>
      () =>
        `${name}(${arguments_.join(',')})`;
    const infix = (left: Kind, operators: readonly string[], right: Kind) => () =>
      `${of(left)} ${choose.of(operators)} ${of(right)}`;
    const cast = (from: Kind, type: string) => () => `cast(${of(from)},${type})`;
    switch (kind) {
      case 'boolean':
        return [() => this.onText(scope, depth), () => this.comparison(scope, depth), cast('string', 'Edm.Boolean')];
      case 'integer':
        return [
          infix('integer', ['add', 'sub', 'mul', 'div', 'mod'], 'integer'),
          infix('integer', ['add', 'sub', 'div', 'mod'], 'integer'),
          () => `-${of('integer').replace(/^-/, '')}`,
          () => call('length', of('string'))(),
          () => call('indexof', of('string'), of('string'))(),
          () => call(choose.of(['year', 'month', 'day']), of(choose.of(['date', 'moment'])))(),
          () => call(choose.of(['hour', 'minute', 'second']), of(choose.of(['time', 'moment'])))(),
          () => call(choose.of(['floor', 'ceiling', 'round']), of('integer'))(),
          () => call('totaloffsetminutes', of('moment'))(),
          () => this.count(scope, depth),
          cast(
            choose.of(['string', 'decimal', 'double', 'integer', 'enum']),
            choose.of(['Edm.Int32', 'Edm.Byte', 'Edm.Int64']),
          ),
        ];
      case 'decimal':
        return [
          infix('decimal', ['add', 'sub', 'mul', 'div', 'mod', 'divby'], choose.of(['decimal', 'integer'])),
          infix('integer', ['divby'], 'integer'),
          infix('integer', ['add', 'sub', 'mul', 'div', 'mod'], 'decimal'),
          () => call(choose.of(['floor', 'ceiling', 'round']), of('decimal'))(),
          () => call('fractionalseconds', of(choose.of(['moment', 'time'])))(),
          () => call('totalseconds', of('duration'))(),
          () => `-(${of('decimal')})`,
          cast(choose.of(['string', 'integer']), 'Edm.Decimal'),
        ];
      case 'double':
        return [
          infix('double', ['add', 'sub', 'mul', 'div', 'mod'], choose.of(['double', 'integer', 'decimal'])),
          infix('integer', ['add', 'sub', 'mul', 'div'], 'double'),
          () => call(choose.of(['floor', 'ceiling', 'round']), of('double'))(),
          () => `-(${of('double')})`,
          cast(choose.of(['integer', 'decimal']), 'Edm.Double'),
        ];
      case 'string':
        return [
          () => call('concat', of('string'), of('string'))(),
          () => call(choose.of(['tolower', 'toupper', 'trim']), of('string'))(),
          () => call('substring', of('string'), choose.of(['0', '1', '2', '-1', '-2', '5']))(),
          () => call('substring', of('string'), choose.of(['0', '1', '-3']), choose.of(['0', '1', '2', '9']))(),
          cast(choose.of(['integer', 'boolean', 'guid', 'decimal']), 'Edm.String'),
        ];
      case 'date':
        return [
          () => call('date', of('moment'))(),
          infix('date', ['add', 'sub'], 'duration'),
          cast('string', 'Edm.Date'),
        ];
      case 'moment':
        return [infix('moment', ['add', 'sub'], 'duration'), infix('duration', ['add'], 'moment')];
      case 'time':
        return [() => call('time', of('moment'))()];
      case 'duration':
        return [
          infix('date', ['sub'], 'date'),
          infix('moment', ['sub'], 'moment'),
          infix('duration', ['add', 'sub'], 'duration'),
          infix('duration', ['mul'], 'integer'),
          infix('integer', ['mul'], 'duration'),
          () => `-(${of('duration')})`,
        ];
      case 'guid':
      case 'enum':
      case 'other':
        return [() => this.path(kind, scope)?.text ?? this.literal(kind)];
    }
  }

  private onText(scope: Scope, depth: number): string {
    const name = this.choose.of(['contains', 'startswith', 'endswith', 'matchesPattern']);
    if (name === 'matchesPattern')
      return `matchesPattern(${this.operand('string', scope, depth)},'${this.choose.of(patterns)}')`;
    const part = this.choose.chance(0.6) ? this.literal('string') : this.operand('string', scope, depth);
    return `${name}(${this.operand('string', scope, depth)},${part})`;
  }

  private membership(scope: Scope): string {
    const { choose } = this;
    const kind = choose.of(ordered.filter((one) => one !== 'boolean'));
    const path = this.path(kind, scope);
    if (path === null) return `${this.literal(kind)} in (${this.literal(kind)},${this.literal(kind)})`;
    const collections = this.collections(scope).filter((one) => one.type === path.type && one.property !== null);
    if (collections.length > 0 && choose.chance(0.3)) return `${path.text} in ${choose.of(collections).text}`;
    const items = Array.from({ length: choose.whole(1, 4) }, () =>
      choose.chance(0.15) ? 'null' : this.literal(kind, path.type, path.property),
    );
    return `${path.text} in (${items.join(',')})`;
  }

  private collections(scope: Scope): readonly Path[] {
    return this.starts(scope).flatMap(({ prefix, type }) =>
      pathsOf(type).collections.map((path) => ({ ...path, text: `${prefix}${path.text}` })),
    );
  }

  private lambda(scope: Scope, depth: number): string {
    const { choose } = this;
    const collections = this.collections(scope);
    if (collections.length === 0) return this.comparison(scope, depth);
    const collection = choose.of(collections);
    if (choose.chance(0.1)) return `${collection.text}/any()`;
    const derived =
      collection.type.kind === 'entity' && choose.chance(0.15) ? collection.type.derivedTypes[0] : undefined;
    const type = derived ?? collection.type;
    const name = `x${scope.variables.length}`;
    const inner: Scope = { ...scope, variables: [...scope.variables, { name, type }] };
    const cast = derived === undefined ? this.filtered(collection, depth) : `/${derived.qualifiedName}`;
    return `${collection.text}${cast}/${choose.of(['any', 'all'])}(${name}:${this.condition(inner, depth)})`;
  }

  private count(scope: Scope, depth: number): string {
    const collections = this.collections(scope);
    if (collections.length === 0) return this.literal('integer');
    const collection = this.choose.of(collections);
    const structured = collection.type.kind === 'entity' || collection.type.kind === 'complex';
    if (!structured || this.choose.chance(0.5))
      return `${collection.text}${this.filtered(collection, Math.min(depth, 1))}/$count`;
    const inner: Scope = { self: collection.type, variables: [], names: [], roots: [] };
    return `${collection.text}/$count($filter=${this.condition(inner, Math.min(depth, 1))})`;
  }

  /** Sometimes a `/$filter(…)` behind the path of a collection of entities or complex values. */
  private filtered({ type }: Path, depth: number): string {
    if ((type.kind !== 'entity' && type.kind !== 'complex') || !this.choose.chance(0.15)) return '';
    return `/$filter(${this.condition({ self: type, variables: [], names: [], roots: [] }, depth)})`;
  }

  private counting(scope: Scope, depth: number): string {
    return `${this.count(scope, depth)} ${this.choose.of(comparisons)} ${this.choose.whole(0, 3)}`;
  }

  /** Whether a structured value is there, or is another one. */
  private presence(scope: Scope): string {
    const { choose } = this;
    const structures = this.starts(scope).flatMap(({ prefix, type }) =>
      pathsOf(type).structures.map((path) => ({ ...path, text: `${prefix}${path.text}` })),
    );
    if (structures.length === 0) return 'true';
    const { text, type } = choose.of(structures);
    // where complex values have subtypes their members are to be compared
    const alike = structures.filter((other) => other.type === type && (type.kind === 'entity' || !isBase(type)));
    if (alike.length === 0) return `${text} ne null`;
    return `${text} ${choose.of(['eq', 'ne'])} ${choose.chance(0.5) ? 'null' : choose.of(alike).text}`;
  }

  private flags(scope: Scope): string {
    const path = this.path('enum', scope, model.type('O.Rights'));
    return path === null ? this.comparison(scope, 0) : `${path.text} has ${this.literal('enum', path.type)}`;
  }

  private typeTest(scope: Scope): string {
    const start = this.starts(scope)[0];
    if (start?.type.kind !== 'entity' || start.type.derivedTypes.length === 0) return this.presence(scope);
    return `isof(${this.choose.of(start.type.derivedTypes).qualifiedName})`;
  }

  private onCollections(scope: Scope): string {
    const { choose } = this;
    const found = this.collections(scope).filter(({ kind }) => kind !== 'other');
    if (found.length === 0) return this.membership(scope);
    const path = choose.of(found);
    const alike = found.filter(({ type }) => type === path.type);
    const items = Array.from({ length: choose.whole(0, 2) }, () =>
      jsonOf(this.literal(path.kind, path.type, path.property)),
    );
    const other = choose.chance(0.3) ? choose.of(alike).text : `[${items.join(',')}]`;
    const name = choose.of(['hassubset', 'hassubsequence', 'contains', 'startswith', 'endswith', 'indexof', 'length']);
    if (name === 'length') return `length(${path.text}) ${choose.of(comparisons)} ${choose.whole(0, 3)}`;
    if (name === 'indexof') return `indexof(${path.text},${other}) ${choose.of(comparisons)} ${choose.whole(-1, 2)}`;
    return `${name}(${path.text},${other})`;
  }

  /** A property that no type declares, beside values of several types. */
  private dynamic(scope: Scope): string {
    const { choose } = this;
    const start = this.starts(scope).find(({ type }) => type.open);
    if (start === undefined) return this.presence(scope);
    const kind = choose.of(['string', 'integer', 'boolean'] as const);
    const value = choose.chance(0.1) ? 'null' : this.literal(kind);
    return `${start.prefix}Extra ${choose.of(comparisons)} ${value}`;
  }
}

/** An item of a JSON array: texts may stand in double quotes there. */
function jsonOf(literal: string): string {
  return literal.startsWith("'") ? JSON.stringify(literal.slice(1, -1).replaceAll("''", "'")) : literal;
}

function isBase(type: Type): boolean {
  return type.kind === 'complex' && (type.derivedTypes.length > 0 || type.baseType !== null);
}

function quoted(text: string, kind: Kind, type: Type): string {
  switch (kind) {
    case 'string':
      return `'${text.replaceAll("'", "''")}'`;
    case 'duration':
      return `duration'${text}'`;
    case 'enum':
      return `${type.qualifiedName}'${text}'`;
    default:
      return text;
  }
}
