import type { EntityChange, Occasion } from '../bind/index.js';
import type { EntityType, NavigationProperty, Property } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { Restriction, StoredValue, Writing } from '../plan/index.js';
import type { ODataRequest } from '../protocol/index.js';
import { compileWriting, sqlite } from '../sql/index.js';
import type { Session } from '../store/index.js';
import { identity, type Origin, type StoredRow } from './locate.js';
import type { Engine } from './service.js';

/** What every part of one modification shares. */
export interface Applying {
  readonly engine: Engine;
  readonly session: Session;
  readonly occasion: Occasion;
  /** Where the request stands, for references in its body. */
  readonly origin: Origin;
  /** What the caller may reach: references to anything else lead nowhere. */
  readonly restriction: Restriction;
  /** First data: computed values and service-made keys are taken from the body. */
  readonly seeding: boolean;
  /** The version of new rows. Never one that a removed row of the same key may have had. */
  readonly firstVersion: bigint;
  readonly written: Written;
  /** The request; null: there is none, and no hooks are called. */
  readonly request: ODataRequest | null;
  /** ETags within the body are conditions: the request says that it is written in 4.01 (Protocol 11.4.1.1). */
  readonly bodyETags: boolean;
}

/** How a change meets what is stored: merged into it (PATCH), or put in its place (PUT). */
export type Manner = 'merge' | 'replace';

/** A row that was written, and where in the body it came from. */
export interface WrittenRow {
  readonly row: StoredRow;
  readonly target: string;
}

/** What one modification has written so far: looked at when all of it is done. */
export class Written {
  private readonly found = new Map<string, WrittenRow>();
  private readonly gone: StoredRow[] = [];
  private readonly made = new Map<EntityChange, StoredRow>();

  note(row: StoredRow, change: EntityChange): void {
    this.found.set(rowName(row), { row, target: change.target });
    this.made.set(change, row);
  }

  /** A row whose relationships were changed from elsewhere. */
  touch(row: StoredRow): void {
    const name = rowName(row);
    if (!this.found.has(name)) this.found.set(name, { row, target: '' });
  }

  /** What a part of the modification made, which has been checked already. */
  absorb(part: Written): void {
    for (const [change, row] of part.made) this.made.set(change, row);
  }

  /** A row that is gone. */
  forget(row: StoredRow): void {
    this.found.delete(rowName(row));
    this.gone.push(row);
  }

  get removed(): readonly StoredRow[] {
    return this.gone;
  }

  get rows(): readonly WrittenRow[] {
    return [...this.found.values()];
  }

  /** The row that a part of the body became; undefined when it became none. */
  rowOf(change: EntityChange): StoredRow | undefined {
    return this.made.get(change);
  }
}

/** Names a row among all rows: its table and its key. */
export function rowName(row: StoredRow): string {
  return `${row.table.name}\n${[...identity(row).values()].map(String).join('\n')}`;
}

/** Runs a writing statement; the number of rows it wrote. */
export function write(applying: Applying, writing: Writing): Promise<number> {
  return applying.session.run(compileWriting(writing, sqlite));
}

/** The concrete type of a stored row. */
export function typeOfRow(row: StoredRow): EntityType {
  const name = row.table.typeColumn === null ? null : row.values.get(row.table.typeColumn.name);
  return (
    [row.table.type, ...row.table.type.derivedTypes].find((type) =>
      name === null ? !type.abstract : type.qualifiedName === name,
    ) ?? row.table.type
  );
}

/** True for a property that alone is a part of the key. */
export function isKey(type: EntityType, property: Property): boolean {
  return type.key.some((part) => part.properties.length === 1 && part.properties[0] === property);
}

/** True when this very property belongs to the type, not one of the same name in another subtype. */
export function belongsTo(property: Property, type: EntityType): boolean {
  return type.properties.get(property.name) === property;
}

/** Equal as the database sees it; bytes by their content. */
export function sameStored(a: StoredValue | undefined, b: StoredValue | undefined): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  return (a ?? null) === (b ?? null);
}

/** An entity of which nothing is said. */
export function emptyChange(type: EntityType, target: string): EntityChange {
  return {
    kind: 'entity',
    type,
    typeNamed: false,
    key: new Map(),
    properties: new Map(),
    dynamic: new Map(),
    navigation: new Map(),
    id: null,
    etag: null,
    contentId: null,
    media: null,
    asInsert: null,
    target,
  };
}

/** The entity type a navigation property leads to. Throws NotImplemented for `Edm.EntityType`. */
export function targetType(property: NavigationProperty): EntityType {
  if (property.type.kind === 'entity') return property.type;
  throw new ODataError('NotImplemented', `'${property.name}' has no type of its own.`, property.name);
}

/** A path of the body with one more segment. */
export function below(target: string, segment: string): string {
  return target === '' ? segment : `${target}/${segment}`;
}
