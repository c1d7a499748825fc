import type { ServiceOptions } from '../../src/index.js';
import { modelFrom, open, type World } from './inline.js';

/** The types of the shop: everything that can be written in some form. */
export const types = `
<EnumType Name="Level"><Member Name="Normal" Value="0"/><Member Name="Gold" Value="1"/></EnumType>
<ComplexType Name="Address">
  <Property Name="Street" Type="Edm.String"/>
  <Property Name="City" Type="Edm.String"/>
  <Property Name="Country" Type="Edm.String" DefaultValue="CH"/>
</ComplexType>
<ComplexType Name="Contact" OpenType="true">
  <Property Name="Kind" Type="Edm.String" Nullable="false"/>
  <Property Name="Value" Type="Edm.String"/>
</ComplexType>
<EntityType Name="Customer">
  <Key><PropertyRef Name="ID"/></Key>
  <Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <Property Name="Name" Type="Edm.String" Nullable="false" MaxLength="20"/>
  <Property Name="Email" Type="Edm.String"/>
  <Property Name="Level" Type="T.Level" Nullable="false" DefaultValue="Normal"/>
  <Property Name="Credit" Type="Edm.Decimal" Precision="10" Scale="2" DefaultValue="100"/>
  <Property Name="Address" Type="T.Address"/>
  <Property Name="Contacts" Type="Collection(T.Contact)" Nullable="false"/>
  <Property Name="Nicknames" Type="Collection(Edm.String)" Nullable="false"/>
  <Property Name="Code" Type="Edm.String"><Annotation Term="Core.Immutable"/></Property>
  <Property Name="Stamp" Type="Edm.Int32"><Annotation Term="Core.Computed"/></Property>
  <NavigationProperty Name="Orders" Type="Collection(T.Order)" Partner="Customer"/>
  <NavigationProperty Name="Friend" Type="T.Customer"/>
  <Annotation Term="Core.AlternateKeys"><Collection><Record><PropertyValue Property="Key"><Collection>
    <Record><PropertyValue Property="Name" PropertyPath="Email"/><PropertyValue Property="Alias" String="Email"/></Record>
  </Collection></PropertyValue></Record></Collection></Annotation>
</EntityType>
<EntityType Name="Order">
  <Key><PropertyRef Name="ID"/></Key>
  <Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <Property Name="Note" Type="Edm.String"/>
  <Property Name="CustomerID" Type="Edm.Int32" Nullable="false"/>
  <NavigationProperty Name="Customer" Type="T.Customer" Nullable="false" Partner="Orders">
    <ReferentialConstraint Property="CustomerID" ReferencedProperty="ID"/>
  </NavigationProperty>
  <NavigationProperty Name="Lines" Type="Collection(T.Line)" ContainsTarget="true" Partner="Order"/>
  <NavigationProperty Name="Invoice" Type="T.Invoice" ContainsTarget="true"/>
</EntityType>
<EntityType Name="Line">
  <Key><PropertyRef Name="No"/></Key>
  <Property Name="No" Type="Edm.Int32" Nullable="false"/>
  <Property Name="Count" Type="Edm.Int32" Nullable="false" DefaultValue="1"/>
  <NavigationProperty Name="Product" Type="T.Product"/>
  <NavigationProperty Name="Order" Type="T.Order" Nullable="false" Partner="Lines"/>
  <NavigationProperty Name="Remarks" Type="Collection(T.Remark)" ContainsTarget="true"/>
</EntityType>
<EntityType Name="Remark">
  <Key><PropertyRef Name="ID"/></Key>
  <Property Name="ID" Type="Edm.Guid" Nullable="false"><Annotation Term="Core.Computed"/></Property>
  <Property Name="Text" Type="Edm.String"/>
</EntityType>
<EntityType Name="Invoice">
  <Property Name="Total" Type="Edm.Decimal" Precision="10" Scale="2"/>
</EntityType>
<EntityType Name="Product" OpenType="true">
  <Key><PropertyRef Name="Sku"/></Key>
  <Property Name="Sku" Type="Edm.String" Nullable="false"/>
  <Property Name="Name" Type="Edm.String"/>
  <NavigationProperty Name="Tags" Type="Collection(T.Tag)" Partner="Products"/>
  <NavigationProperty Name="Parts" Type="Collection(T.Product)"/>
</EntityType>
<EntityType Name="Book" BaseType="T.Product" OpenType="true">
  <Property Name="Pages" Type="Edm.Int32"/>
  <NavigationProperty Name="Author" Type="T.Customer"/>
</EntityType>
<EntityType Name="Tag">
  <Key><PropertyRef Name="Name"/></Key>
  <Property Name="Name" Type="Edm.String" Nullable="false"/>
  <NavigationProperty Name="Products" Type="Collection(T.Product)" Partner="Tags"/>
</EntityType>
<EntityType Name="Desk">
  <Property Name="Title" Type="Edm.String"/>
  <NavigationProperty Name="Best" Type="T.Product"/>
</EntityType>`;

/** The container of the shop. */
export const container = `
<EntityContainer Name="C">
  <EntitySet Name="Customers" EntityType="T.Customer">
    <NavigationPropertyBinding Path="Orders" Target="Orders"/>
    <NavigationPropertyBinding Path="Friend" Target="Customers"/>
  </EntitySet>
  <EntitySet Name="Orders" EntityType="T.Order">
    <NavigationPropertyBinding Path="Customer" Target="Customers"/>
    <NavigationPropertyBinding Path="Lines/Product" Target="Products"/>
  </EntitySet>
  <EntitySet Name="Products" EntityType="T.Product">
    <NavigationPropertyBinding Path="Tags" Target="Tags"/>
    <NavigationPropertyBinding Path="Parts" Target="Products"/>
    <NavigationPropertyBinding Path="T.Book/Author" Target="Customers"/>
  </EntitySet>
  <EntitySet Name="Tags" EntityType="T.Tag"><NavigationPropertyBinding Path="Products" Target="Products"/></EntitySet>
  <Singleton Name="Desk" Type="T.Desk"><NavigationPropertyBinding Path="Best" Target="Products"/></Singleton>
  <Singleton Name="Spare" Type="T.Desk" Nullable="true"/>
</EntityContainer>`;

const model = modelFrom(types + container);

/** A shop with two customers, an order, three products and two tags. */
export async function openShop(options: ServiceOptions = {}): Promise<World> {
  const world = await open(model, options);
  for (const [method, url, body] of first) {
    const { status, text } = await world.ask(method, url, { body });
    if (status >= 300) throw new Error(`${method} ${url}: ${status} ${text}`);
  }
  return world;
}

const first: readonly (readonly [method: string, url: string, body: unknown])[] = [
  [
    'POST',
    'Customers',
    { ID: 1, Name: 'Ann', Email: 'ann@x', Code: 'A', Address: { Street: 'S', City: 'Bern' }, Nicknames: ['a', 'b'] },
  ],
  ['POST', 'Customers', { ID: 2, Name: 'Ben', Email: 'ben@x', Contacts: [{ Kind: 'tel', Value: '1' }] }],
  ['POST', 'Tags', { Name: 'new' }],
  ['POST', 'Tags', { Name: 'old' }],
  ['POST', 'Products', { Sku: 'p1', Name: 'Pen', Colour: 'blue', Tags: [{ '@id': "Tags('new')" }] }],
  ['POST', 'Products', { Sku: 'p2', Name: 'Pad' }],
  ['POST', 'Products', { '@type': '#T.Book', Sku: 'b1', Name: 'Book', Pages: 9, Author: { '@id': 'Customers(1)' } }],
  [
    'POST',
    'Orders',
    {
      ID: 1,
      Customer: { '@id': 'Customers(1)' },
      Lines: [{ No: 1, Count: 2, Product: { '@id': "Products('p1')" }, Remarks: [{ Text: 'r' }] }, { No: 2 }],
    },
  ],
  ['PATCH', 'Desk', { Title: 'Front', Best: { '@id': "Products('p2')" } }],
];
