import {
  type Body,
  type Entity,
  type Key,
  Refused,
  type Shape,
  type State,
  shapes,
  type TypeName,
  type Verb,
} from './state.js';

/** Inserts an entity of a set (Protocol 11.4.2). */
export function insert(state: State, type: TypeName, body: Body, key: Key = keyIn(type, body)): Entity {
  if (state.has(type, key)) throw new Refused(`${type} ${key} is there.`);
  const made = fresh(type, key);
  state.sets.get(type)?.set(key, made);
  change(state, made, body, 'insert');
  return made;
}

/** PATCH or PUT by key, also where there is nothing yet (Protocol 11.4.3, 11.4.4). */
export function upsert(state: State, type: TypeName, key: Key, body: Body, verb: 'merge' | 'replace'): Entity {
  if (!state.has(type, key)) return insert(state, type, body, key);
  const entity = state.find(type, key);
  change(state, entity, body, verb);
  return entity;
}

/** With the defaults of its type. */
export function fresh(type: TypeName, key: Key | null): Entity {
  const made: Entity = { type, key, values: new Map(), contained: new Map() };
  toDefaults(made);
  return made;
}

function toDefaults({ type, values }: Entity): void {
  const shape = shapes[type];
  for (const [name, value] of Object.entries(shape.values)) values.set(name, value);
  for (const name of Object.keys(shape.complex)) values.set(name, null);
  for (const name of shape.lists) values.set(name, []);
}

export function keyIn(type: TypeName, body: Body): Key {
  const { key } = shapes[type];
  const found = key === null ? undefined : body[key];
  if (typeof found !== 'string' && typeof found !== 'number') throw new Refused(`A ${type} needs its key.`);
  return found;
}

/** Writes what the body says; a replacement begins with the defaults. Navigation properties that are not named stay. */
export function change(state: State, entity: Entity, body: Body, verb: Verb): void {
  const shape = shapes[entity.type];
  const before = new Map(entity.values);
  if (verb === 'replace') toDefaults(entity);
  for (const [name, value] of Object.entries(body)) {
    if (name === shape.key || name.startsWith('@')) continue;
    const [plain = name, delta] = name.split('@');
    if (delta === 'delta' && verb === 'insert') throw new Refused('There is nothing yet that a delta could change.');
    if (plain in shape.contained) contain(state, entity, plain, value, verb, delta === 'delta');
    else if (plain in shape.related) relate(state, entity, plain, value, verb, delta === 'delta');
    else setValue(entity, name, value, shape, verb === 'merge' ? (before.get(name) ?? null) : null);
  }
}

/** A structural property; complex values merge member by member. */
export function setValue(entity: Entity, name: string, value: unknown, shape: Shape, before: unknown): void {
  const complex = shape.complex[name];
  if (complex !== undefined && value !== null) {
    entity.values.set(name, { ...complex, ...(before === null ? {} : (before as object)), ...(value as object) });
    return;
  }
  if (name === 'Level' || name === 'Count') {
    if (typeof value !== 'number') throw new Refused(`${name} is a number.`);
  } else if (typeof value === 'number' || (typeof value === 'string' && value.length > 20))
    throw new Refused(`${name} is a text of at most 20.`);
  entity.values.set(name, value);
}

function contain(state: State, entity: Entity, name: string, value: unknown, verb: Verb, isDelta: boolean): void {
  const held = shapes[entity.type].contained[name];
  if (held === undefined) throw new Error(name);
  const now = entity.contained.get(name) ?? new Map<Key | null, Entity>();
  entity.contained.set(name, now);
  if (!held.many) {
    if (value === null) now.clear();
    else put(state, now, held.type, null, value as Body, verb);
    return;
  }
  const items = value as readonly Body[];
  const keys = items.map((item) => keyIn(held.type, item));
  if (!isDelta) for (const key of [...now.keys()]) if (!keys.includes(key as Key)) now.delete(key);
  for (const [index, item] of items.entries()) {
    const key = keys[index] ?? null;
    if ('@removed' in item) {
      if (!now.delete(key)) throw new Refused(`There is no ${held.type} ${key}.`);
    } else put(state, now, held.type, key, item, verb);
  }
}

/** One contained entity: changed where it is there, else made. */
export function put(
  state: State,
  into: Map<Key | null, Entity>,
  type: TypeName,
  key: Key | null,
  body: Body,
  verb: Verb,
): void {
  const found = into.get(key);
  if (found !== undefined && verb === 'insert') throw new Refused(`${type} ${key} is there.`);
  const entity = found ?? fresh(type, key);
  change(state, entity, body, found === undefined ? 'insert' : verb);
  into.set(key, entity);
}

function relate(state: State, entity: Entity, name: string, value: unknown, verb: Verb, isDelta: boolean): void {
  const related = shapes[entity.type].related[name];
  if (related === undefined) throw new Error(name);
  if (!related.many) {
    for (const other of state.related(entity, name)) state.unlink(entity, name, other);
    if (value === null) return;
    const other = target(state, related.type, value as Body, verb);
    if (other === entity && verb === 'insert') throw new Refused('It is not there yet.');
    state.link(entity, name, other);
    return;
  }
  const items = value as readonly Body[];
  if (!isDelta) {
    const others = items.map((item) => target(state, related.type, item, verb));
    for (const other of state.related(entity, name)) if (!others.includes(other)) state.unlink(entity, name, other);
    for (const other of others) state.link(entity, name, other);
    return;
  }
  for (const item of items) {
    if ('@removed' in item) unrelate(state, entity, name, related.type, item);
    else state.link(entity, name, target(state, related.type, item, verb));
  }
}

/** Unlinked, or also deleted (Protocol 11.4.3.1). */
function unrelate(state: State, entity: Entity, name: string, type: TypeName, item: Body): void {
  const other = state.find(type, keyIn(type, item));
  if (!state.related(entity, name).includes(other)) throw new Refused('They are not related.');
  if ((item['@removed'] as Body).reason === 'deleted') state.remove(other);
  else state.unlink(entity, name, other);
}

/** What is named by a reference, or changed or made by what is nested. */
function target(state: State, type: TypeName, item: Body, verb: Verb): Entity {
  const id = item['@id'];
  if (typeof id === 'string') return byReference(state, id);
  const key = keyIn(type, item);
  return verb === 'insert' ? insert(state, type, item, key) : upsert(state, type, key, item, verb);
}

/** `Customers(1)`, `Tags('a')`. */
export function byReference(state: State, id: string): Entity {
  const [, set, text = ''] = /^(\w+)\((.*)\)$/.exec(id) ?? [];
  const type = (Object.keys(shapes) as TypeName[]).find((name) => shapes[name].set === set);
  if (type === undefined) throw new Refused(`There is no ${id}.`);
  return state.find(type, text.startsWith("'") ? text.slice(1, -1) : Number(text));
}
