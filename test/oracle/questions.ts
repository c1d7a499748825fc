import fc from 'fast-check';
import type { Property, StructuredType, Type } from '../../src/edm/index.js';
import { type Chooser, chooserOf } from '../random/chooser.js';
import type { Data } from './data.js';
import { model } from './data.js';
import { Expressions, type Scope } from './expressions.js';
import { keyOf } from './load.js';
import { type Kind, pathsOf } from './paths.js';
import type { Instance } from './value.js';

/** A GET: a URL, percent-encoded, and the size of the pages it is read by. */
export interface Question {
  readonly url: string;
  readonly pageSize: number | null;
}

/** Random questions about the data. */
export const questions = (data: Data): fc.Arbitrary<Question> =>
  fc.gen().map((generate) => new Asker(chooserOf(generate), data).question());

/** Everything that is special between the options of a query. */
function encoded(text: string): string {
  return encodeURI(text).replace(/[&#+]/g, (mark) => encodeURIComponent(mark));
}

interface Target {
  readonly path: string;
  readonly type: Type;
  readonly collection: boolean;
}

class Asker {
  private readonly expressions: Expressions;
  /** What `$it` is, for nested options. */
  private it: StructuredType | null = null;
  constructor(
    private readonly choose: Chooser,
    private readonly data: Data,
  ) {
    this.expressions = new Expressions(choose);
  }

  question(): Question {
    const { choose } = this;
    const target = this.target();
    this.it = target.type.kind === 'entity' || target.type.kind === 'complex' ? target.type : null;
    const counted = target.collection && choose.chance(0.08);
    const options = counted ? this.countOptions(target) : this.options(target, 2);
    const query = options.map(([name, value]) => `${name}=${encoded(value)}`).join('&');
    const paged = target.collection && target.type.kind === 'entity' && !counted && choose.chance(0.2);
    return {
      url: `${target.path}${counted ? '/$count' : ''}${query === '' ? '' : `?${query}`}`,
      pageSize: paged ? choose.whole(1, 4) : null,
    };
  }

  /** A set; from there perhaps an entity, what it is related to, or one of its properties. */
  private target(): Target {
    const { choose } = this;
    const [name, entities] = choose.of([...this.data.sets]);
    const type = model.container?.children.get(name);
    if (type?.kind !== 'entitySet' || entities.length === 0) throw new Error('There is no such set.');
    const set: Target = { path: name, type: type.type, collection: true };
    if (choose.chance(0.05))
      return {
        ...set,
        path: `${name}/$filter(${encoded(this.expressions.condition(this.scope(type.type), 1)).replaceAll('/', '%2F')})`,
      };
    if (choose.chance(0.55)) return this.cast(set);
    const entity = choose.of(entities);
    return this.below({ path: `${name}${keyOf(entity)}`, type: type.type, collection: false }, entity);
  }

  private cast(target: Target): Target {
    const { type } = target;
    if (type.kind !== 'entity' || type.derivedTypes.length === 0 || !this.choose.chance(0.15)) return target;
    const derived = this.choose.of(type.derivedTypes);
    return { ...target, path: `${target.path}/${derived.qualifiedName}`, type: derived };
  }

  private below(target: Target, entity: Instance): Target {
    const { choose } = this;
    if (choose.chance(0.2)) return target;
    const type = target.type as StructuredType;
    if (type.navigationProperties.size > 0 && choose.chance(0.6)) {
      const navigation = choose.of([...type.navigationProperties.values()]);
      const path = `${target.path}/${navigation.name}`;
      const linked = entity.links.get(navigation.name) ?? null;
      if (navigation.collection || linked === null || Array.isArray(linked) || choose.chance(0.4))
        return this.cast({ path, type: navigation.type, collection: navigation.collection });
      return this.below({ path, type: navigation.type, collection: false }, linked);
    }
    return this.property(target.path, choose.of([...type.properties.values()]), entity);
  }

  /** A property, and perhaps what is within it: a member, the raw value, an item by its position. */
  private property(before: string, property: Property, of: Instance): Target {
    const { choose } = this;
    const { type, collection } = property;
    const path = `${before}/${property.name}`;
    const value = of.values.get(property.name) ?? null;
    if (type.kind === 'complex' && value !== null && 'type' in value && choose.chance(0.6))
      return this.below({ path, type, collection }, value);
    if (property.name === 'Scores' && choose.chance(0.5))
      return { path: `${path}/${choose.whole(-2, 2)}`, type, collection: false };
    if (type.kind !== 'complex' && !collection && choose.chance(0.3))
      return { path: `${path}/$value`, type, collection };
    return { path, type, collection };
  }

  private scope(type: Type): Scope {
    return type.kind === 'entity' || type.kind === 'complex'
      ? { self: type, variables: [], names: [], roots: this.roots() }
      : { self: type, variables: [{ name: '$it', type }], names: [], roots: this.roots() };
  }

  private roots(): Scope['roots'] {
    const { choose } = this;
    if (!choose.chance(0.2)) return [];
    const [name, entities] = choose.of([...this.data.sets]);
    const entity = choose.of(entities);
    const set = model.container?.children.get(name);
    if (set?.kind !== 'entitySet') return [];
    return [{ text: `$root/${name}${decodeURIComponent(keyOf(entity))}`, type: set.type }];
  }

  private countOptions({ type }: Target): readonly (readonly [string, string])[] {
    return this.choose.chance(0.8) ? [['$filter', this.expressions.condition(this.scope(type), 2)]] : [];
  }

  /** Any combination of the options that apply. */
  private options({ type, collection }: Target, depth: number): readonly (readonly [string, string])[] {
    const { choose, expressions } = this;
    const options: (readonly [string, string])[] = [];
    const structured = type.kind === 'entity' || type.kind === 'complex' ? type : null;
    let scope = this.scope(type);
    if (this.it !== null && choose.chance(0.1))
      scope = { ...scope, roots: [...scope.roots, { text: '$it', type: this.it }] };
    if (depth === 2 && collection && structured?.kind === 'entity' && choose.chance(0.12))
      return this.apply(structured, scope);
    if (structured?.kind === 'entity' && choose.chance(0.2)) {
      const items = this.computed(scope);
      scope = { ...scope, names: items.map(({ name, kind }) => ({ name, kind })) };
      options.push(['$compute', items.map(({ name, text }) => `${text} as ${name}`).join(',')]);
    }
    if (collection && choose.chance(0.6)) options.push(['$filter', expressions.condition(scope, choose.whole(0, 3))]);
    if (collection && structured !== null && choose.chance(0.08)) options.push(['$search', this.search()]);
    if (collection && structured?.kind === 'entity' && choose.chance(0.4))
      options.push(['$orderby', this.orderby(scope)]);
    if (collection && choose.chance(0.25)) options.push(['$top', String(choose.whole(0, 5))]);
    if (collection && choose.chance(0.15)) options.push(['$skip', String(choose.whole(0, 4))]);
    if (collection && choose.chance(0.2)) options.push(['$count', choose.of(['true', 'false'])]);
    if (structured !== null && choose.chance(0.5)) options.push(['$select', this.select(structured, scope)]);
    if (structured?.kind === 'entity' && structured.navigationProperties.size > 0 && depth > 0 && choose.chance(0.3))
      options.push(['$expand', this.expand(structured, depth - 1)]);
    return options;
  }

  /** `$apply`, and options that go on with what it gives. */
  private apply(type: StructuredType, scope: Scope): readonly (readonly [string, string])[] {
    const { choose, expressions } = this;
    const before: string[] = [];
    if (choose.chance(0.4)) before.push(`filter(${expressions.condition(scope, 1)})`);
    let names = scope.names;
    if (choose.chance(0.25)) {
      const items = this.computed(scope);
      before.push(`compute(${items.map(({ name, text }) => `${text} as ${name}`).join(',')})`);
      names = items;
    }
    const sortable = ['ID', 'Number', 'Age', 'Pos'].filter((name) => type.properties.has(name));
    if (choose.chance(0.1))
      before.push(`${choose.of(['topcount', 'bottomcount'])}(${choose.whole(1, 8)},${choose.of(sortable)})`);
    if (choose.chance(0.15)) {
      before.push(`orderby(${choose.of(sortable)}${choose.of([' desc', ' asc', ''])})`);
      if (choose.chance(0.3)) before.push(`skip(${choose.whole(0, 3)})`);
      before.push(`top(${choose.whole(1, 8)})`);
    }
    const { text, given, by } = this.grouping(type, { ...scope, names });
    const options: (readonly [string, string])[] = [['$apply', [...before, text].join('/')]];
    const after: Scope = { self: type, variables: [], names: given, roots: [] };
    const own = given.filter(({ kind }) => kind === 'integer' || kind === 'decimal' || kind === 'double');
    if (own.length > 0 && choose.chance(0.4))
      options.push([
        '$filter',
        `${choose.of(own).name} ${choose.of(['gt', 'le', 'ne'])} ${expressions.literal('integer')}`,
      ]);
    const orders = [...by, ...after.names.map(({ name }) => name)];
    if (orders.length > 0 && choose.chance(0.5))
      options.push(['$orderby', `${choose.of(orders)}${choose.of([' desc', ''])}`]);
    if (choose.chance(0.3)) options.push(['$top', String(choose.whole(1, 4))]);
    if (choose.chance(0.2)) options.push(['$skip', String(choose.whole(0, 2))]);
    if (choose.chance(0.3)) options.push(['$count', 'true']);
    return options;
  }

  private grouping(type: StructuredType, scope: Scope) {
    const { choose } = this;
    const single = pathsOf(type, 1).values.filter(
      ({ kind, text }) => kind !== 'other' && kind !== 'double' && !text.includes('.'),
    );
    const by = [...new Set(Array.from({ length: choose.of([0, 1, 1, 2]) }, () => choose.of(single).text))];
    const methods = ['sum', 'average', 'min', 'max', 'countdistinct'] as const;
    const items = Array.from({ length: choose.whole(by.length === 0 ? 1 : 0, 3) }, (_, at) => {
      const name = `a${at}`;
      if (choose.chance(0.2)) return { name, kind: 'decimal' as Kind, text: `$count as ${name}` };
      const method = choose.of(methods);
      const kinds: readonly Kind[] =
        method === 'sum' || method === 'average'
          ? ['integer', 'decimal', 'double']
          : ['integer', 'decimal', 'double', 'string', 'date', 'moment', 'time', 'duration'];
      const kind = choose.of(kinds);
      const own = pathsOf(type, 0).values.filter(
        // what doubles cancel out depends on the order in which they are added
        (path) =>
          path.kind === kind &&
          !path.text.includes('.') &&
          (method !== 'average' || !/(^|\/)(Big|Far)$/.test(path.text)),
      );
      const given = scope.names.filter((one) => one.kind === kind).map((one) => one.name);
      const among = [...own.map(({ text }) => text), ...given];
      if (among.length === 0) return { name, kind: 'decimal' as Kind, text: `$count as ${name}` };
      const gives: Kind = method === 'countdistinct' ? 'decimal' : method === 'average' ? 'double' : kind;
      return { name, kind: gives, text: `${choose.of(among)} with ${method} as ${name}` };
    });
    const aggregates = items.length === 0 ? '' : `aggregate(${items.map(({ text }) => text).join(',')})`;
    const text =
      by.length === 0 ? aggregates : `groupby((${by.join(',')})${aggregates === '' ? '' : `,${aggregates}`})`;
    return { text, given: items, by };
  }

  private computed(scope: Scope): readonly { readonly name: string; readonly kind: Kind; readonly text: string }[] {
    const kinds: readonly Kind[] = [
      'integer',
      'string',
      'decimal',
      'double',
      'boolean',
      'date',
      'moment',
      'duration',
      'time',
      'guid',
      'enum',
    ];
    return Array.from({ length: this.choose.whole(1, 2) }, (_, at) => {
      const kind = this.choose.of(kinds);
      return { name: `c${at}`, kind, text: this.expressions.value(kind, scope, 2) };
    });
  }

  private search(): string {
    const { choose } = this;
    const word = () => choose.of(['a', 'ab', 'pad', 'x', '7', 'strasse', 'up', '"Ab c"', 'true', 'éa', 'q']);
    return choose.of([
      () => word(),
      () => `${word()} AND ${word()}`,
      () => `${word()} OR ${word()}`,
      () => `NOT ${word()}`,
      () => `(${word()} OR ${word()}) NOT ${word()}`,
    ])();
  }

  private orderby(scope: Scope): string {
    const { choose } = this;
    const kinds: readonly Kind[] = [
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
    const items = Array.from(
      { length: choose.whole(1, 3) },
      () => `${this.expressions.value(choose.of(kinds), scope, choose.whole(0, 1))}${choose.of(['', ' desc', ' asc'])}`,
    );
    return items.join(',');
  }

  private select(type: StructuredType, scope: Scope): string {
    const { choose } = this;
    if (choose.chance(0.1)) return '*';
    const own = [...type.properties.values()];
    const paths = own.flatMap((property) =>
      property.type.kind === 'complex'
        ? [
            property.name,
            ...[...property.type.properties.keys()].map((name) => `${property.name}/${name}`),
            `${property.name}($select=City)`.replace('City', [...property.type.properties.keys()][1] ?? '*'),
          ]
        : [property.name],
    );
    const derived =
      type.kind === 'entity'
        ? type.derivedTypes.flatMap((sub) =>
            [...sub.ownProperties.keys()].map((name) => `${sub.qualifiedName}/${name}`),
          )
        : [];
    const all = [...paths, ...derived, ...scope.names.map(({ name }) => name)];
    return [...new Set(Array.from({ length: choose.whole(1, 4) }, () => choose.of(all)))].join(',');
  }

  private expand(type: StructuredType, depth: number): string {
    const { choose } = this;
    const all = [...type.navigationProperties.values()];
    const derived =
      type.kind === 'entity'
        ? type.derivedTypes.flatMap((sub) =>
            [...sub.ownNavigationProperties.values()].map((one) => ({ prefix: `${sub.qualifiedName}/`, one })),
          )
        : [];
    const chosen = new Map(
      Array.from({ length: choose.whole(1, 2) }, () =>
        choose.of([...all.map((one) => ({ prefix: '', one })), ...derived]),
      ).map((item) => [item.one, item]),
    );
    return [...chosen.values()]
      .map(({ prefix, one }) => {
        if (one.collection && choose.chance(0.08)) return `${prefix}${one.name}/$count`;
        if (choose.chance(0.06)) return `${prefix}${one.name}/$ref`;
        const target = this.cast({ path: `${prefix}${one.name}`, type: one.type, collection: one.collection });
        const options = [...this.options(target, depth)];
        if (one.type === type && choose.chance(0.15)) options.push(['$levels', String(choose.whole(1, 3))]);
        const inner = options.map(([name, value]) => `${name}=${value}`).join(';');
        return `${target.path}${inner === '' ? '' : `(${inner})`}`;
      })
      .join(',');
  }
}
