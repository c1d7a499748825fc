/**
 * The language of the room `tables`: which table and column holds what of a model.
 * Plans ask it and know nothing else about storage. Hidden tables and columns begin with `@`, which no OData name can.
 */
import type {
  ComplexType,
  EntitySet,
  EntityType,
  EnumType,
  NavigationProperty,
  Property,
  SchemaType,
  Singleton,
} from '../edm/index.js';

/** How a value stands in its column. All of them keep order, equality and value exact. */
export type Codec =
  | { readonly kind: 'boolean' }
  /** Byte, SByte, Int16, Int32; `wide`: Int64, which JSON may have to write as a string */
  | { readonly kind: 'integer'; readonly wide?: boolean }
  | { readonly kind: 'enum'; readonly type: EnumType }
  | { readonly kind: 'double' | 'single' }
  | { readonly kind: 'string' }
  /** lower-case text */
  | { readonly kind: 'guid' }
  | { readonly kind: 'binary' }
  /** integer: value × 10^scale, for precision ≤ 18 */
  | { readonly kind: 'scaledDecimal'; readonly scale: number }
  /** order-keeping text */
  | { readonly kind: 'decimal' }
  /** `YYYY-MM-DD` */
  | { readonly kind: 'date' }
  /** fixed-width text with `precision` fraction digits */
  | { readonly kind: 'timeOfDay'; readonly precision: number }
  /** fixed-width UTC text with `precision` fraction digits, ends in `Z` */
  | { readonly kind: 'dateTimeOffset'; readonly precision: number }
  /** integer of 10^-precision seconds */
  | { readonly kind: 'duration'; readonly precision: number }
  /** GeoJSON text */
  | { readonly kind: 'geo' }
  /** JSON text in storage form: enumerations as integers, Int64 and Decimal exact as numbers or text, declared members all present */
  | { readonly kind: 'json' };

export interface Column {
  readonly name: string;
  readonly codec: Codec;
  readonly nullable: boolean;
  /** The value of rows that were there before the column was; absent: null. */
  readonly default?: bigint | number | string;
}

/** Where the value of a structural property stands. */
export type Storage =
  | { readonly kind: 'column'; readonly property: Property; readonly column: Column }
  | FlattenedStorage
  /** One JSON column: a collection of anything, or a complex value that cannot be flattened. */
  | { readonly kind: 'json'; readonly property: Property; readonly column: Column }
  /** JSON column that describes the stream; its content stands in a table of its own. */
  | { readonly kind: 'stream'; readonly property: Property; readonly column: Column };

/** What a row keeps of a stream. */
export interface StreamDescription {
  /** Under which its parts stand in the table of contents; another one for every content. */
  readonly id: number;
  /** Its media type, as it was sent. */
  readonly type: string;
  /** Bytes in all. */
  readonly size: number;
}

/** A single complex value spread over columns. */
export interface FlattenedStorage {
  readonly kind: 'flattened';
  readonly property: Property;
  readonly type: ComplexType;
  /** 1 when there is a value, 0 or NULL when it is null; null when the property is not nullable. */
  readonly presence: Column | null;
  readonly members: ReadonlyMap<Property, Storage>;
  /** Navigation properties of the complex type that lead somewhere. */
  readonly links: ReadonlyMap<NavigationProperty, Link>;
}

/** One equality of a link: a column here, a column there. */
export interface ColumnPair {
  readonly own: Column;
  readonly target: Column;
}

/** How a navigation property leads from a row of its table to rows of another. */
export type Link =
  | {
      readonly kind: 'columns';
      readonly target: Table;
      readonly pairs: readonly ColumnPair[];
      /** Which side's columns are written when the relationship changes. Containment is always `target`. */
      readonly writtenOn: 'own' | 'target';
    }
  | {
      readonly kind: 'linkTable';
      readonly target: Table;
      readonly name: string;
      /** `own`: column of the source table; `target`: column of the link table. */
      readonly sourcePairs: readonly ColumnPair[];
      /** `own`: column of the link table; `target`: column of the target table. */
      readonly targetPairs: readonly ColumnPair[];
    };

/** How rows of a contained table belong to their parent's rows. */
export interface ParentLink {
  /** The tables whose rows may be parents: one, unless the navigation property is reached from several tables. */
  readonly tables: readonly Table[];
  /** `own`: the column here; `target`: the parent's (the same name in all parent tables). */
  readonly pairs: readonly ColumnPair[];
  readonly navigation: NavigationProperty;
}

/** One table: an entity set, a singleton, or one declared containment navigation property. */
export interface Table {
  readonly name: string;
  readonly source: EntitySet | Singleton | NavigationProperty;
  /** The declared type; the rows may be of any of its subtypes. */
  readonly type: EntityType;
  /** Primary key: the parent's columns first (contained collections), or the parent's alone (contained single values). */
  readonly primaryKey: readonly Column[];
  /** The columns of the entity key, in the order of `type.key`. */
  readonly key: readonly Column[];
  /** Database-wide unique integer id of the row (`@id`), when children hang on it; else null. */
  readonly rowId: Column | null;
  readonly parent: ParentLink | null;
  /** Every structural property of the type and its subtypes. */
  readonly storage: ReadonlyMap<Property, Storage>;
  /** Every navigation property that leads somewhere; those without a binding are absent. */
  readonly links: ReadonlyMap<NavigationProperty, Link>;
  /** JSON object of dynamic properties, when some type is open. */
  readonly dynamic: Column | null;
  /** Hidden `@type` column holding the qualified name, when more than one concrete type is possible. */
  readonly typeColumn: Column | null;
  /** Hidden `@version` integer, source of the ETag; null in a database we did not make. */
  readonly version: Column | null;
  /** Media entity: hidden column that describes its stream (`StreamDescription` as JSON); null for others. */
  readonly media: Column | null;
  /** Every column that describes a stream: `media`, and those of stream properties. */
  readonly streams: readonly Column[];
  /** The columns whose values make the ETag, where the model names them (Core.OptimisticConcurrency); null: the version does. */
  readonly etag: readonly Column[] | null;
  /** Every column in order of creation, hidden ones included. */
  readonly columns: readonly Column[];
  /** Column lists to be indexed, beyond the primary key. */
  readonly indexes: readonly { readonly name: string; readonly columns: readonly Column[]; readonly unique: boolean }[];
  /** Foreign keys of relationships; the one to the parent follows from `parent`. */
  readonly foreignKeys: readonly ForeignKey[];
}

/** What the database keeps true of a relationship. */
export interface ForeignKey {
  readonly target: Table;
  /** `target` columns are the target's primary key. */
  readonly pairs: readonly ColumnPair[];
  readonly onDelete: 'cascade' | 'set null' | 'set default' | 'no action';
}

/** The types of a model by qualified name; plain data, so that it can go to another thread. */
export type Types = ReadonlyMap<string, SchemaType>;

/** The whole layout of a model. */
export interface Layout {
  readonly tables: readonly Table[];
  /** The table of an entity set, singleton, or containment navigation property; undefined when it has none. */
  tableOf(source: EntitySet | Singleton | NavigationProperty): Table | undefined;
  /** Link tables of many-to-many relationships, once each. */
  readonly linkTables: readonly {
    readonly name: string;
    readonly columns: readonly Column[];
    readonly source: Table;
    readonly sourcePairs: readonly ColumnPair[];
    readonly target: Table;
    readonly targetPairs: readonly ColumnPair[];
  }[];
  /** What stands within JSON columns, by qualified name. */
  readonly types: Types;
  /** Every chosen name of a table, column or index by what it stands for; a later layout is given them, so that nothing is renamed. */
  readonly names: ReadonlyMap<string, string>;
}
