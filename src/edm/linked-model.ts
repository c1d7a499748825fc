import type { Document, EntityContainer, Model, Operation, Schema, Term, Type } from './model.js';
import { builtInType } from './primitive.js';

/** The finished model: the documents and the questions that are asked of them. */
export class LinkedModel implements Model {
  readonly schemas: ReadonlyMap<string, Schema>;
  readonly container: EntityContainer | null;
  private readonly aliases = new Map<string, string>();
  private readonly bound = new Map<Type, { readonly one: readonly Operation[]; readonly many: readonly Operation[] }>();
  private bindings: ReadonlyMap<Type, readonly Operation[]> | null = null;
  private defaults: ReadonlySet<string> | null = null;

  constructor(
    readonly main: Document,
    readonly documents: readonly Document[],
  ) {
    this.schemas = new Map(documents.flatMap(({ schemas }) => schemas.map((schema) => [schema.namespace, schema])));
    for (const document of [...documents].reverse()) this.takeAliases(document);
    this.container = this.containerInScope();
  }

  private takeAliases({ references, schemas }: Document): void {
    for (const include of references.flatMap(({ includes }) => includes))
      if (include.alias !== null) this.aliases.set(include.alias, include.namespace);
    for (const { alias, namespace } of schemas) if (alias !== null) this.aliases.set(alias, namespace);
  }

  private containerInScope(): EntityContainer | null {
    const own = this.main.schemas.flatMap(({ container }) => container ?? []);
    if (own.length > 0) return own[0] ?? null;
    const all = [...this.schemas.values()].flatMap(({ container }) => container ?? []);
    return all.length === 1 ? (all[0] ?? null) : null;
  }

  private locate(qualifiedName: string): { readonly schema: Schema | undefined; readonly name: string } {
    const dot = qualifiedName.lastIndexOf('.');
    const qualifier = qualifiedName.slice(0, Math.max(0, dot));
    const schema = this.schemas.get(qualifier) ?? this.schemas.get(this.aliases.get(qualifier) ?? '');
    return { schema, name: qualifiedName.slice(dot + 1) };
  }

  type(qualifiedName: string): Type | null {
    const { schema, name } = this.locate(qualifiedName);
    return schema?.types.get(name) ?? builtInType(qualifiedName);
  }

  operations(qualifiedName: string): readonly Operation[] {
    const { schema, name } = this.locate(qualifiedName);
    return [...(schema?.actions.get(name) ?? []), ...(schema?.functions.get(name) ?? [])];
  }

  term(qualifiedName: string): Term | null {
    const { schema, name } = this.locate(qualifiedName);
    return schema?.terms.get(name) ?? null;
  }

  boundOperations(type: Type, collection: boolean): readonly Operation[] {
    let found = this.bound.get(type);
    if (found === undefined) {
      const all = this.boundTo(type);
      const many = (operation: Operation) => operation.parameters[0]?.collection === true;
      found = { one: all.filter((operation) => !many(operation)), many: all.filter(many) };
      this.bound.set(type, found);
    }
    return collection ? found.many : found.one;
  }

  private boundTo(type: Type): readonly Operation[] {
    this.bindings ??= this.gatherBound();
    const found: Operation[] = [];
    const above: Type[] = [type];
    if (type.kind === 'entity' || type.kind === 'complex') {
      for (let base = type.baseType; base !== null; base = base.baseType) above.push(base);
      const top = builtInType(type.kind === 'entity' ? 'Edm.EntityType' : 'Edm.ComplexType');
      if (top !== null) above.push(top);
    }
    for (const one of above) found.push(...(this.bindings.get(one) ?? []));
    return found;
  }

  private gatherBound(): ReadonlyMap<Type, readonly Operation[]> {
    const map = new Map<Type, Operation[]>();
    for (const { actions, functions } of this.schemas.values())
      for (const operation of [...actions.values(), ...functions.values()].flat()) {
        const binding = operation.bound ? operation.parameters[0] : undefined;
        if (binding === undefined) continue;
        const list = map.get(binding.type);
        if (list === undefined) map.set(binding.type, [operation]);
        else list.push(operation);
      }
    return map;
  }

  get defaultNamespaces(): ReadonlySet<string> {
    this.defaults ??= this.gatherDefaults();
    return this.defaults;
  }

  private gatherDefaults(): ReadonlySet<string> {
    const found = new Set<string>();
    for (const { references, schemas } of [this.main]) {
      for (const item of [...references.flatMap(({ includes }) => includes), ...schemas])
        for (const { termName, value } of item.annotations) {
          const off = value?.kind === 'constant' && value.text === 'false';
          if (termName === 'Org.OData.Core.V1.DefaultNamespace' && !off) found.add(item.namespace);
        }
    }
    return found;
  }
}
