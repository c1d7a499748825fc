import assert from 'node:assert/strict';
import type { Model } from '../../src/index.js';
import { modelFrom, open, type World } from '../model/inline.js';

/** Where an annotation can stand in the model of these tests. */
export type Spot =
  | 'A'
  | 'N'
  | 'D'
  | 'L'
  | 'T'
  | 'G'
  | 'P'
  | 'X'
  | 'Other'
  | 'Parts'
  | 'Many'
  | 'E'
  | 'PType'
  | 'Es'
  | 'C'
  | 'Open'
  | 'outside'
  | 'Code'
  | 'One';

/** A model that has no annotation but the given ones. */
export function annotatedModel(given: Partial<Record<Spot, string>>) {
  const at = (spot: Spot) => given[spot] ?? '';
  return modelFrom(`
<TypeDefinition Name="Code" UnderlyingType="Edm.String">${at('Code')}</TypeDefinition>
<ComplexType Name="P">
  <Property Name="X" Type="Edm.Int32">${at('X')}</Property><Property Name="Y" Type="Edm.Int32"/>${at('PType')}
</ComplexType>
<ComplexType Name="Q" BaseType="T.P"/>
<EntityType Name="E"><Key><PropertyRef Name="ID"/></Key>
  <Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <Property Name="A" Type="Edm.String">${at('A')}</Property>
  <Property Name="N" Type="Edm.Int32">${at('N')}</Property>
  <Property Name="D" Type="Edm.Decimal" Precision="20" Scale="6">${at('D')}</Property>
  <Property Name="L" Type="Collection(Edm.String)" Nullable="false">${at('L')}</Property>
  <Property Name="T" Type="Edm.Duration" Precision="3">${at('T')}</Property>
  <Property Name="G" Type="T.Code">${at('G')}</Property>
  <Property Name="P" Type="T.P">${at('P')}</Property>
  <Property Name="Free" Type="Edm.Boolean"/>
  <NavigationProperty Name="Other" Type="T.E">${at('Other')}</NavigationProperty>
  <NavigationProperty Name="Many" Type="Collection(T.E)">${at('Many')}</NavigationProperty>
  <NavigationProperty Name="More" Type="Collection(T.E)"/>
  <NavigationProperty Name="Parts" Type="Collection(T.Part)" ContainsTarget="true">${at('Parts')}</NavigationProperty>
  <NavigationProperty Name="One" Type="T.Part" ContainsTarget="true">${at('One')}</NavigationProperty>
  ${at('E')}
</EntityType>
<EntityType Name="F" BaseType="T.E"/>
<EntityType Name="Part"><Key><PropertyRef Name="No"/></Key><Property Name="No" Type="Edm.Int32" Nullable="false"/><Property Name="W" Type="Edm.Int32"/></EntityType>
<EntityType Name="Open" OpenType="true"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>${at('Open')}</EntityType>
<EntityContainer Name="C">
  <EntitySet Name="Es" EntityType="T.E"><NavigationPropertyBinding Path="Other" Target="Es"/><NavigationPropertyBinding Path="Many" Target="Es"/><NavigationPropertyBinding Path="More" Target="Es"/>${at('Es')}</EntitySet>
  <EntitySet Name="Opens" EntityType="T.Open"/>
  ${at('C')}
</EntityContainer>
${at('outside')}`);
}

/** A request, and its status without the annotation and with it. */
export type Asked = readonly [method: string, url: string, body: unknown, without: number, with_: number];

export interface AnnotationRow {
  /** Rows of the vocabulary digest. */
  readonly ids: string;
  readonly what?: string;
  readonly at: Spot;
  readonly annotation: string;
  readonly asked: readonly Asked[];
  readonly headers?: Readonly<Record<string, string>>;
}

const seed: readonly (readonly [url: string, body: unknown])[] = [
  ['Es', { ID: 1, A: 'a', N: 5, L: ['x', 'y'], P: { X: 1, Y: 2 }, Free: false, Parts: [{ No: 1, W: 1 }] }],
  ['Es', { ID: 2, A: 'b', N: 7, Free: true, Many: [{ '@id': 'Es(1)' }] }],
  ['Es', { '@type': '#T.F', ID: 3, A: 'c', Free: true }],
];

/** Every row is asked twice: of a model without the annotation, and of one with it. */
export function testAnnotations(rows: readonly AnnotationRow[]): void {
  const plain = annotatedModel({});
  for (const { ids, what, at, annotation, asked, headers } of rows)
    it(`${ids} ${what ?? ''}`, async () => {
      const model = annotatedModel({ [at]: annotation });
      for (const [method, url, body, without, with_] of asked) {
        await expectStatus(await seeded(plain), method, url, body, without, headers);
        await expectStatus(await seeded(model), method, url, body, with_, headers);
      }
    });

  /** The data is there before anything is demanded of it. */
  async function seeded(model: Model): Promise<World> {
    const world = await open(plain);
    for (const [set, entity] of seed) await world.ask('POST', set, { body: entity });
    return model === plain ? world : open(model, { store: world.store });
  }
}

async function expectStatus(
  world: World,
  method: string,
  url: string,
  body: unknown,
  status: number,
  headers: Readonly<Record<string, string>> = { 'odata-version': '4.01' },
): Promise<void> {
  const before = await world.dump();
  const reply = await world.ask(method, url, body === undefined ? { headers } : { body, headers });
  assert.equal(reply.status, status, `${method} ${url} ${JSON.stringify(body)}: ${reply.text}`);
  if (status >= 400) {
    assert.equal(await world.dump(), before);
    assert.ok(reply.json.error.message.length > 0);
  }
  if (status === 405) assert.ok(reply.headers.allow !== undefined && !reply.headers.allow.split(', ').includes(method));
  await world.close();
}

/** `<Annotation Term="…" …/>`, with a value as attribute or content. */
export const note = (term: string, attributes = '', content = '') =>
  `<Annotation Term="${term}" ${attributes}>${content}</Annotation>`;

/** An annotation with a record of constant members. */
export const restrict = (term: string, members: Readonly<Record<string, unknown>>) =>
  note(`Capabilities.${term}`, '', record(members));

export function record(members: Readonly<Record<string, unknown>>): string {
  return `<Record>${Object.entries(members)
    .map(([name, value]) => `<PropertyValue Property="${name}"${member(value)}</PropertyValue>`)
    .join('')}</Record>`;
}

function member(value: unknown): string {
  if (typeof value === 'boolean') return ` Bool="${value}">`;
  if (typeof value === 'number') return ` Int="${value}">`;
  if (typeof value === 'string') return value.startsWith('<') ? `>${value}` : ` ${value}>`;
  if (Array.isArray(value))
    return `><Collection>${value.map((item) => `<PropertyPath>${item}</PropertyPath>`).join('')}</Collection>`;
  return `>${record(value as Readonly<Record<string, unknown>>)}`;
}
