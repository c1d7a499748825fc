import { alternateKeysOf } from './alternate-key.js';
import type {
  Annotation,
  ComplexType,
  EntityType,
  KeyProperty,
  NavigationProperty,
  Position,
  Property,
} from './model.js';

/** What entity and complex types share while they are linked; members of base types are gathered when first asked for. */
abstract class Structured<Self extends Structured<Self>> {
  annotations: readonly Annotation[] = [];
  abstract = false;
  open = false;
  baseType: Self | null = null;
  readonly derivedTypes: Self[] = [];
  readonly ownProperties = new Map<string, Property>();
  readonly ownNavigationProperties = new Map<string, NavigationProperty>();
  readonly qualifiedName: string;
  private allProperties: ReadonlyMap<string, Property> | null = null;
  private allNavigation: ReadonlyMap<string, NavigationProperty> | null = null;

  constructor(
    readonly namespace: string,
    readonly name: string,
    readonly at: Position,
  ) {
    this.qualifiedName = `${namespace}.${name}`;
  }

  get properties(): ReadonlyMap<string, Property> {
    this.allProperties ??=
      this.baseType === null ? this.ownProperties : new Map([...this.baseType.properties, ...this.ownProperties]);
    return this.allProperties;
  }

  get navigationProperties(): ReadonlyMap<string, NavigationProperty> {
    this.allNavigation ??=
      this.baseType === null
        ? this.ownNavigationProperties
        : new Map([...this.baseType.navigationProperties, ...this.ownNavigationProperties]);
    return this.allNavigation;
  }
}

/** An entity type being linked (CSDL 6). */
export class LinkedEntityType extends Structured<LinkedEntityType> implements EntityType {
  readonly kind = 'entity';
  hasStream = false;
  /** null: the type declares none. */
  ownKey: readonly KeyProperty[] | null = null;
  private ownAlternateKeys: readonly (readonly KeyProperty[])[] | null = null;

  get key(): readonly KeyProperty[] {
    return this.ownKey ?? this.baseType?.key ?? [];
  }

  get alternateKeys(): readonly (readonly KeyProperty[])[] {
    this.ownAlternateKeys ??= [...(this.baseType?.alternateKeys ?? []), ...alternateKeysOf(this)];
    return this.ownAlternateKeys;
  }
}

/** A complex type being linked (CSDL 9). */
export class LinkedComplexType extends Structured<LinkedComplexType> implements ComplexType {
  readonly kind = 'complex';
}
