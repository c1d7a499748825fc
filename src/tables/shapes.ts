import type { ComplexType, EnumType, Model, Property, Type } from '../edm/index.js';

/** What writing stored JSON needs to know of the model's types, by qualified name; plain data, so that it can go to another thread. */
export type Shapes = ReadonlyMap<string, TypeShape>;

/** One type, as far as its values within JSON go. Primitive types need no entry. */
export type TypeShape =
  | {
      readonly kind: 'enum';
      readonly flags: boolean;
      readonly members: readonly (readonly [name: string, value: bigint])[];
    }
  | { readonly kind: 'definition'; readonly type: string }
  | { readonly kind: 'complex'; readonly members: ReadonlyMap<string, MemberShape> };

/** A declared member of a complex type. */
export interface MemberShape {
  readonly type: string;
  readonly collection: boolean;
}

/** The shapes of all types of a model that may stand within JSON. */
export function shapesOf(model: Model): Shapes {
  const shapes = new Map<string, TypeShape>();
  for (const schema of model.schemas.values())
    for (const type of schema.types.values()) {
      const shape = shapeOf(type);
      if (shape !== null) shapes.set(type.qualifiedName, shape);
    }
  return shapes;
}

function shapeOf(type: Type): TypeShape | null {
  switch (type.kind) {
    case 'enum':
      return enumShape(type);
    case 'typeDefinition':
      return { kind: 'definition', type: type.underlyingType.name };
    case 'complex':
      return complexShape(type);
    case 'primitive':
    case 'abstract':
    case 'entity':
      return null;
  }
}

function enumShape(type: EnumType): TypeShape {
  return {
    kind: 'enum',
    flags: type.isFlags,
    members: [...type.members.values()].map((member) => [member.name, member.value] as const),
  };
}

function complexShape(type: ComplexType): TypeShape {
  const member = (property: Property): readonly [string, MemberShape] => [
    property.name,
    { type: property.type.qualifiedName, collection: property.collection },
  ];
  return { kind: 'complex', members: new Map([...type.properties.values()].map(member)) };
}
