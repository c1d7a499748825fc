import {
  alongNavigation,
  type DeltaItem,
  type EntityChange,
  type KeyValue,
  type LinkChange,
  type NavigationChange,
  type RemovedEntity,
  type Resource,
} from '../bind/index.js';
import type { NavigationProperty } from '../edm/index.js';
import type { ODataError } from '../errors.js';
import { collectionEnvelope, controlName, type JsonNode, type JsonObject, printJson } from '../payload/index.js';
import type { ODataResponse } from '../protocol/index.js';
import { type FailedOperation, failedItem, object, text } from './annotate.js';
import type { Applying } from './applying.js';
import type { Exchange } from './context.js';
import { contextOf, entityUrl } from './describe.js';
import { relativeUrl, type StoredRow } from './locate.js';
import { jsonResponse } from './response.js';
import { idOfMember, memberOfCollection } from './row-resource.js';
import { shownEntity } from './shown.js';

/** What became of one item of a delta payload. */
export interface Outcome {
  readonly item: DeltaItem;
  /** The row it is about: as it is now, as it was before a failure or a deletion; null: there is none. */
  readonly row: StoredRow | null;
  /** The item was to be a new entity. */
  readonly created: boolean;
  readonly error: ODataError | null;
}

/** The answer to a delta payload: the same structure and order, with what was not done annotated (Protocol 11.4.12). */
export async function deltaAnswer(
  outcomes: readonly Outcome[],
  resource: Resource,
  exchange: Exchange,
  applying: Applying,
  headers: Readonly<Record<string, string>>,
): Promise<ODataResponse> {
  const answer = new DeltaAnswer(outcomes, resource, exchange, applying);
  const items: string[] = [];
  for (const outcome of outcomes) items.push(printJson(await answer.item(outcome)));
  const { version } = exchange.negotiated;
  const context = contextOf({ ...exchange, url: { ...exchange.url, resource } });
  const frame = { context: context === null ? null : `${context}/$delta`, version };
  return jsonResponse(200, collectionEnvelope(frame, Buffer.from(`[${items.join(',')}]`)), exchange, headers);
}

class DeltaAnswer {
  /** Relative URLs of entities that were to be made and were not. */
  private readonly missing: ReadonlySet<string>;

  constructor(
    outcomes: readonly Outcome[],
    private readonly resource: Resource,
    private readonly exchange: Exchange,
    private readonly applying: Applying,
  ) {
    this.missing = new Set(
      outcomes.flatMap(({ item, created, error }) =>
        (item.kind === 'entity' || item.kind === 'invalid') && created && error !== null
          ? (this.urlOf(item) ?? [])
          : [],
      ),
    );
  }

  async item({ item, row, created, error }: Outcome): Promise<JsonObject> {
    switch (item.kind) {
      case 'entity':
        if (error === null) return row === null ? object({}) : this.entity(item, row, this.resource);
        if (created) return this.failed(this.removed(this.unborn(item), 'changed'), 'insert', error, item);
        return this.failed(await this.current(row, item), 'update', error, item);
      case 'invalid': {
        const told = error ?? item.error;
        if (created) return this.failed(this.removed(this.idIn(item, this.resource), 'changed'), 'insert', told, item);
        return this.failed(await this.current(row, item), 'update', told, item);
      }
      case 'removed':
        if (error === null) return this.removed(this.idOf(item, row), item.reason);
        return this.failed(await this.current(row, item), item.reason === 'deleted' ? 'delete' : 'unlink', error, item);
      case 'link':
        if (error === null) return this.link(item, '$link');
        return this.failed(this.link(item, '$deletedLink'), 'link', error, item);
      case 'deletedLink':
        if (error === null) return this.link(item, '$deletedLink');
        return this.failed(this.link(item, '$link'), 'unlink', error, item);
    }
  }

  private name(control: string): string {
    return controlName(control, this.exchange.negotiated.version);
  }

  /** An entity as it is now; nested deltas come back as deltas, in the order of the request. */
  private async entity(change: EntityChange, row: StoredRow, place: Resource): Promise<JsonObject> {
    const member = place.collection ? memberOfCollection(place, row) : place;
    const whole = {
      ...change,
      navigation: new Map([...change.navigation].filter(([, nested]) => nested.kind !== 'delta')),
    };
    const node = await shownEntity(member, whole, this.exchange, this.applying);
    if (node === null) return object({ [this.name('id')]: text(idOfMember(place, row, this.exchange.request.base)) });
    const members = new Map(node.members);
    for (const [property, nested] of change.navigation)
      if (nested.kind === 'delta')
        members.set(`${property.name}${this.name('delta')}`, await this.nested(property, nested, member));
    return { ...node, members };
  }

  private async nested(
    property: NavigationProperty,
    change: Extract<NavigationChange, { kind: 'delta' }>,
    owner: Resource,
  ): Promise<JsonNode> {
    const place = alongNavigation(owner, property);
    const items: JsonNode[] = [];
    for (const item of change.items) {
      if (item.kind === 'reference') items.push(object({ [this.name('id')]: text(item.url) }));
      else if (item.kind === 'removed') items.push(this.removed(this.idIn(item, place), item.reason));
      else {
        const row = this.applying.written.rowOf(item);
        if (row !== undefined) items.push(await this.entity(item, row, place));
      }
    }
    return { kind: 'array', items, at: 0 };
  }

  /** A deleted entity in the form of the answer's version (JSON 15.3). */
  private removed(named: Readonly<Record<string, JsonNode>>, reason: 'deleted' | 'changed'): JsonObject {
    if (this.exchange.negotiated.version === '4.0') {
      const context = `${contextOf({ ...this.exchange, url: { ...this.exchange.url, resource: this.resource } })}/$deletedEntity`;
      const { [this.name('id')]: id, ...rest } = named;
      return object({
        [this.name('context')]: text(context),
        ...(id === undefined ? {} : { id }),
        reason: text(reason),
        ...rest,
      });
    }
    return object({ [this.name('removed')]: object({ reason: text(reason) }), ...named });
  }

  private idOf(item: RemovedEntity, row: StoredRow | null): Readonly<Record<string, JsonNode>> {
    return row === null
      ? this.idIn(item, this.resource)
      : { [this.name('id')]: text(idOfMember(this.resource, row, this.exchange.request.base)) };
  }

  private idIn(item: Pick<RemovedEntity, 'id' | 'key'>, place: Resource): Readonly<Record<string, JsonNode>> {
    const url = item.id ?? this.urlIn(item, place);
    return url === null ? {} : { [this.name('id')]: text(this.absolute(url)) };
  }

  private absolute(url: string): string {
    const { base } = this.exchange.request;
    return `${base}${relativeUrl(url, base) ?? url}`;
  }

  /** What was to be made is named by what the body says of its key. */
  private unborn(item: EntityChange): Readonly<Record<string, JsonNode>> {
    const url = this.urlOf(item);
    return url === null ? {} : { [this.name('id')]: text(this.absolute(url)) };
  }

  private urlOf(item: Pick<EntityChange, 'id' | 'key'>): string | null {
    const { base } = this.exchange.request;
    return item.id === null ? this.urlIn(item, this.resource) : relativeUrl(item.id, base);
  }

  private urlIn(item: Pick<EntityChange, 'key'>, place: Resource): string | null {
    if (place.type?.kind !== 'entity') return null;
    const key: KeyValue[] = [];
    for (const { properties } of place.type.key) {
      const last = properties.at(-1);
      const value = last === undefined ? undefined : item.key.get(last);
      if (value === undefined) return null;
      key.push({ properties, value });
    }
    const steps = [...place.steps, { kind: 'key', key, alternate: false } as const];
    return key.length === 0 ? null : entityUrl({ ...place, kind: 'entity', collection: false, steps });
  }

  /** The entity as it still is, or at least its id. */
  private async current(row: StoredRow | null, item: Exclude<DeltaItem, LinkChange>): Promise<JsonObject> {
    if (row !== null) {
      const node = await shownEntity(memberOfCollection(this.resource, row), null, this.exchange, this.applying);
      if (node !== null) return node;
      return object({ [this.name('id')]: text(idOfMember(this.resource, row, this.exchange.request.base)) });
    }
    return object(item.kind === 'entity' ? this.unborn(item) : this.idIn(item, this.resource));
  }

  private link(item: LinkChange, kind: '$link' | '$deletedLink'): JsonObject {
    const { base } = this.exchange.request;
    const set = (relativeUrl(item.source, base) ?? item.source).replace(/\([^()]*\)$/, '');
    return object({
      [this.name('context')]: text(`${base}$metadata#${set}/${kind}`),
      source: text(item.source),
      relationship: text(item.relationship),
      ...(item.to === null ? {} : { target: text(item.to) }),
    });
  }

  /** 424 when it failed because what it refers to was not made (Protocol 11.4.12). */
  private failed(node: JsonObject, operation: FailedOperation, error: ODataError, item: DeltaItem): JsonObject {
    const { base } = this.exchange.request;
    const depends = referencesIn(item).some((url) => this.missing.has(relativeUrl(url, base) ?? url));
    return failedItem(node, operation, error, depends ? 424 : error.status, this.applying.engine);
  }
}

/** The URLs of other entities that an item holds. */
function referencesIn(item: DeltaItem): readonly string[] {
  if (item.kind === 'link' || item.kind === 'deletedLink')
    return item.to === null ? [item.source] : [item.source, item.to];
  if (item.kind === 'invalid') return [];
  if (item.kind === 'removed') return item.id === null ? [] : [item.id];
  return [...item.navigation.values()].flatMap((change): readonly string[] => {
    if (change.kind === 'bind') return change.references.map(({ url }) => url);
    if (change.kind === 'entity') return referencesIn(change.item);
    if (change.kind === 'null') return [];
    return change.items.flatMap((nested) =>
      nested.kind === 'reference' ? [nested.url] : nested.kind === 'entity' ? referencesIn(nested) : [],
    );
  });
}
