/** A geo literal of a URL, `SRID=4326;Point(1 2)` (ABNF fullPointLiteral and its kin), taken apart. */
export interface GeoLiteral {
  readonly srid: number;
  /** `Point`, `LineString`, `Polygon`, `MultiPoint`, `MultiLineString`, `MultiPolygon`, `Collection`. */
  readonly shape: string;
  /** GeoJSON text. */
  readonly json: string;
}

const shapes: Readonly<Record<string, readonly [shape: string, depth: number]>> = {
  point: ['Point', 0],
  linestring: ['LineString', 1],
  polygon: ['Polygon', 2],
  multipoint: ['MultiPoint', 1],
  multilinestring: ['MultiLineString', 2],
  multipolygon: ['MultiPolygon', 3],
};

/** Reads a geo literal; null when it is not well-formed. */
export function parseGeoLiteral(text: string): GeoLiteral | null {
  const [, srid, rest = ''] = /^SRID=(\d{1,5});(.*)$/is.exec(text) ?? [];
  if (srid === undefined) return null;
  const reader = new Reader(rest);
  const geometry = reader.geometry(0);
  return geometry === null || !reader.done ? null : { srid: Number(srid), shape: geometry.shape, json: geometry.json };
}

const deepest = 10;

class Reader {
  private at = 0;
  constructor(private readonly text: string) {}

  get done(): boolean {
    return this.text.slice(this.at).trim() === '';
  }

  geometry(depth: number): { readonly shape: string; readonly json: string } | null {
    const word =
      this.match(/\s*([a-z]+)\s*/iy)
        ?.trim()
        .toLowerCase() ?? '';
    if ((word === 'geometrycollection' || word === 'collection') && depth < deepest) return this.collection(depth + 1);
    const known = shapes[word];
    if (known === undefined) return null;
    const [shape, levels] = known;
    const coordinates =
      shape === 'Point'
        ? this.inParentheses(() => this.position())
        : this.list(levels, shape, shape.startsWith('Multi'));
    return coordinates === null ? null : { shape, json: `{"type":"${shape}","coordinates":${coordinates}}` };
  }

  private collection(depth: number): { readonly shape: string; readonly json: string } | null {
    const items = this.items(() => this.geometry(depth)?.json ?? null);
    return items === null
      ? null
      : { shape: 'Collection', json: `{"type":"GeometryCollection","geometries":[${items}]}` };
  }

  /** Nested lists of positions; each point of a multi-point stands in parentheses of its own, and there may be none. */
  private list(levels: number, shape: string, mayBeEmpty: boolean): string | null {
    if (mayBeEmpty && this.match(/\s*\(\s*\)/y) !== null) return '[]';
    const inner = levels > 1 ? () => this.list(levels - 1, shape, false) : () => this.item(shape);
    const items = this.items(inner);
    return items === null ? null : `[${items}]`;
  }

  private item(shape: string): string | null {
    const before = this.at;
    if (shape !== 'MultiPoint') return this.position();
    const found = this.inParentheses(() => this.position());
    if (found === null) this.at = before;
    return found ?? this.position();
  }

  private items(item: () => string | null): string | null {
    return this.inParentheses(() => {
      const found: string[] = [];
      do {
        const next = item();
        if (next === null) return null;
        found.push(next);
      } while (this.match(/\s*,\s*/y) !== null);
      return found.join(',');
    });
  }

  private inParentheses(inner: () => string | null): string | null {
    if (this.match(/\s*\(\s*/y) === null) return null;
    const found = inner();
    return this.match(/\s*\)/y) === null ? null : found;
  }

  /** Two to four numbers with a blank between them. */
  private position(): string | null {
    const found = this.match(/[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?:\s+[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?){1,3}/iy);
    return found === null ? null : `[${found.split(/\s+/).map(Number).join(',')}]`;
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return null;
    this.at += found[0].length;
    return found[0];
  }
}

/** A stored GeoJSON geometry as geo literal without the type prefix, the raw form of its value (Protocol 11.2.4.1). */
export function printGeoLiteral(json: string, type: string): string {
  const geometry: Geometry = JSON.parse(json);
  const named = /^EPSG:(\d+)$/.exec(geometry.crs?.properties.name ?? '')?.[1];
  return `SRID=${named ?? (type.startsWith('Edm.Geography') ? '4326' : '0')};${printGeometry(geometry)}`;
}

/** GeoJSON as it has been checked before it was stored. */
interface Geometry {
  readonly type: string;
  readonly coordinates?: Coordinates;
  readonly geometries?: readonly Geometry[];
  readonly crs?: { readonly properties: { readonly name: string } };
}
type Coordinates = number | readonly Coordinates[];

function printGeometry({ type, coordinates = [], geometries = [] }: Geometry): string {
  if (type === 'GeometryCollection') return `Collection(${geometries.map(printGeometry).join(',')})`;
  const printed = printCoordinates(coordinates);
  const whole = type === 'MultiPoint' ? printed.replace(/[^,()]+/g, '($&)') : printed;
  return `${type}${type === 'Point' ? `(${whole})` : whole}`;
}

/** Positions are numbers behind blanks; what holds them stands in parentheses. */
function printCoordinates(coordinates: Coordinates): string {
  if (typeof coordinates === 'number') return String(coordinates);
  const isPosition = coordinates.every((item) => typeof item === 'number');
  return isPosition && coordinates.length > 0
    ? coordinates.join(' ')
    : `(${coordinates.map(printCoordinates).join(',')})`;
}
