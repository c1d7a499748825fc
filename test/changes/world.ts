import { modelFrom, type World } from '../model/inline.js';
import { type Entity, type State, shapes } from './state.js';

/** The model that is changed: keys, defaults, complex values, lists, containment, relations of every shape. */
export const model = modelFrom(`
<ComplexType Name="Address"><Property Name="Street" Type="Edm.String"/><Property Name="City" Type="Edm.String" DefaultValue="Bern"/></ComplexType>
<EntityType Name="Customer">
  <Key><PropertyRef Name="ID"/></Key>
  <Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <Property Name="Name" Type="Edm.String" MaxLength="20"/>
  <Property Name="Level" Type="Edm.Int32" Nullable="false" DefaultValue="5"/>
  <Property Name="Address" Type="T.Address"/>
  <Property Name="Nicknames" Type="Collection(Edm.String)" Nullable="false"/>
  <NavigationProperty Name="Orders" Type="Collection(T.Order)" Partner="Customer"/>
  <NavigationProperty Name="Friend" Type="T.Customer"/>
  <NavigationProperty Name="Tags" Type="Collection(T.Tag)" Partner="Customers"/>
  <NavigationProperty Name="Notes" Type="Collection(T.Note)" ContainsTarget="true"/>
  <NavigationProperty Name="Card" Type="T.Card" ContainsTarget="true"/>
</EntityType>
<EntityType Name="Order">
  <Key><PropertyRef Name="ID"/></Key>
  <Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <Property Name="Text" Type="Edm.String" MaxLength="20"/>
  <NavigationProperty Name="Customer" Type="T.Customer" Partner="Orders"/>
  <NavigationProperty Name="Lines" Type="Collection(T.Line)" ContainsTarget="true"/>
</EntityType>
<EntityType Name="Tag">
  <Key><PropertyRef Name="Name"/></Key>
  <Property Name="Name" Type="Edm.String" Nullable="false"/>
  <Property Name="Label" Type="Edm.String" MaxLength="20"/>
  <NavigationProperty Name="Customers" Type="Collection(T.Customer)" Partner="Tags"/>
</EntityType>
<EntityType Name="Note"><Key><PropertyRef Name="No"/></Key>
  <Property Name="No" Type="Edm.Int32" Nullable="false"/><Property Name="Text" Type="Edm.String" MaxLength="20"/></EntityType>
<EntityType Name="Line"><Key><PropertyRef Name="No"/></Key>
  <Property Name="No" Type="Edm.Int32" Nullable="false"/><Property Name="Count" Type="Edm.Int32" Nullable="false" DefaultValue="1"/></EntityType>
<EntityType Name="Card"><Property Name="Number" Type="Edm.String" MaxLength="20"/></EntityType>
<EntityContainer Name="C">
  <EntitySet Name="Customers" EntityType="T.Customer">
    <NavigationPropertyBinding Path="Orders" Target="Orders"/>
    <NavigationPropertyBinding Path="Friend" Target="Customers"/>
    <NavigationPropertyBinding Path="Tags" Target="Tags"/>
  </EntitySet>
  <EntitySet Name="Orders" EntityType="T.Order"><NavigationPropertyBinding Path="Customer" Target="Customers"/></EntitySet>
  <EntitySet Name="Tags" EntityType="T.Tag"><NavigationPropertyBinding Path="Customers" Target="Customers"/></EntitySet>
</EntityContainer>`);

const queries = [
  'Customers?$expand=Orders($select=ID),Friend($select=ID),Tags($select=Name),Notes,Card',
  'Orders?$expand=Customer($select=ID),Lines',
  'Tags?$expand=Customers($select=ID)',
];

/** The whole database as the API shows it. */
export async function shown(world: World): Promise<unknown> {
  const parts: unknown[] = [];
  for (const query of queries) {
    const reply = await world.ask('GET', query, { headers: { accept: 'application/json;odata.metadata=none' } });
    if (reply.status !== 200) throw new Error(`${query}: ${reply.status} ${reply.text}`);
    parts.push(reply.json.value);
  }
  return parts;
}

/** The same of the database in memory. */
export function pictured(state: State): unknown {
  return [...state.sets.values()].map((set) => [...set.values()].sort(byKey).map((entity) => picture(entity, state)));
}

function byKey({ key: left }: Entity, { key: right }: Entity): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return String(left) < String(right) ? -1 : 1;
}

function picture(entity: Entity, state: State): Record<string, unknown> {
  const shape = shapes[entity.type];
  const shownAs = { ...(shape.key === null ? {} : { [shape.key]: entity.key }), ...Object.fromEntries(entity.values) };
  for (const [name, { many }] of Object.entries(shape.contained)) {
    const items = [...(entity.contained.get(name)?.values() ?? [])].sort(byKey).map((item) => picture(item, state));
    Object.assign(shownAs, { [name]: many ? items : (items[0] ?? null) });
  }
  for (const [name, { many }] of Object.entries(shape.related)) {
    const keys = [...state.related(entity, name)]
      .sort(byKey)
      .map(({ type, key }) => ({ [shapes[type].key ?? '']: key }));
    Object.assign(shownAs, { [name]: many ? keys : (keys[0] ?? null) });
  }
  return shownAs;
}
