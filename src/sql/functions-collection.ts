import { Buffer } from 'node:buffer';
import { ODataError } from '../errors.js';
import { printStored, readStored } from '../tables/index.js';
import type { SqlValue } from './statement.js';

/** The items of a JSON array in storage form, each as its own text: equal items are equal texts, no digit is lost. */
function itemsOf(json: SqlValue): readonly string[] {
  const stored = readStored(String(json));
  return stored.kind === 'array' ? stored.items.map(printStored) : [];
}

const arrayOf = (items: readonly string[]): SqlValue => `[${items.join(',')}]`;

/** Where a run of items begins; -1: nowhere. */
function position(items: readonly string[], run: readonly string[]): number {
  for (let at = 0; at + run.length <= items.length; at++)
    if (run.every((item, index) => items[at + index] === item)) return at;
  return -1;
}

function containsSubset(items: readonly string[], wanted: readonly string[]): boolean {
  const rest = [...items];
  return wanted.every((item) => {
    const at = rest.indexOf(item);
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  });
}

function containsSubsequence(items: readonly string[], wanted: readonly string[]): boolean {
  let at = 0;
  for (const item of items) if (at < wanted.length && item === wanted[at]) at++;
  return at === wanted.length;
}

const truth = (holds: boolean): SqlValue => (holds ? 1n : 0n);

/** The functions on ordered collections, over JSON arrays (URL 5.1.1.5, 5.1.1.6). */
export function onCollection(name: SqlValue, left: SqlValue, right: SqlValue = null, third: SqlValue = null): SqlValue {
  const items = itemsOf(left);
  switch (name) {
    case 'length':
      return BigInt(items.length);
    case 'substring': {
      const from = Number(right);
      const start = from < 0 ? Math.max(0, items.length + from) : from;
      return arrayOf(items.slice(start, third === null ? undefined : start + lengthOf(third)));
    }
    case 'concat':
      return arrayOf([...items, ...itemsOf(right)]);
    case 'contains':
      return truth(position(items, itemsOf(right)) >= 0);
    case 'indexof':
      return BigInt(position(items, itemsOf(right)));
    case 'startswith':
      return truth(position(items.slice(0, itemsOf(right).length), itemsOf(right)) === 0);
    case 'endswith': {
      const tail = itemsOf(right);
      return truth(
        tail.length === 0 || (tail.length <= items.length && position(items.slice(-tail.length), tail) === 0),
      );
    }
    case 'hassubset':
      return truth(containsSubset(items, itemsOf(right)));
    case 'hassubsequence':
      return truth(containsSubsequence(items, itemsOf(right)));
    default:
      throw new ODataError('NotImplemented', `'${String(name)}' is not defined for collections.`);
  }
}

/** Throws InvalidValue for a negative one (URL 5.1.1.5.7-3). */
export function lengthOf(count: SqlValue): number {
  const length = Number(count);
  if (length < 0) throw new ODataError('InvalidValue', `'substring' takes no negative length.`, '$filter');
  return length;
}

interface Geo {
  readonly type: string;
  readonly coordinates: unknown;
}

type Position = readonly [number, number];

function geoOf(json: SqlValue): Geo {
  const geo: Geo = JSON.parse(Buffer.isBuffer(json) ? json.toString() : String(json));
  return geo;
}

/** Metres on a sphere of the earth's mean radius, for geography; the plane's own unit for geometry (URL 5.1.1.11). */
function distance(a: Position, b: Position, geography: boolean): number {
  if (!geography) return Math.hypot(a[0] - b[0], a[1] - b[1]);
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const [dLat, dLon] = [radians(b[1] - a[1]), radians(b[0] - a[0])];
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(radians(a[1])) * Math.cos(radians(b[1])) * Math.sin(dLon / 2) ** 2;
  return 2 * 6_371_008.8 * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Inside or on the boundary of a ring. */
function inRing([x, y]: Position, ring: readonly Position[]): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [a, b] = [ring[i], ring[j]];
    if (a === undefined || b === undefined) continue;
    const cross = (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]);
    const within =
      Math.min(a[0], b[0]) <= x && x <= Math.max(a[0], b[0]) && Math.min(a[1], b[1]) <= y && y <= Math.max(a[1], b[1]);
    if (cross === 0 && within) return true;
    if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside;
  }
  return inside;
}

function onRing(point: Position, ring: readonly Position[]): boolean {
  return ring.some((a, index) => {
    const b = ring[(index + 1) % ring.length];
    if (b === undefined) return false;
    const cross = (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]);
    return (
      cross === 0 &&
      Math.min(a[0], b[0]) <= point[0] &&
      point[0] <= Math.max(a[0], b[0]) &&
      Math.min(a[1], b[1]) <= point[1] &&
      point[1] <= Math.max(a[1], b[1])
    );
  });
}

/** `geo.distance`, `geo.length`, `geo.intersects` over GeoJSON. */
export function onGeo(name: SqlValue, kind: SqlValue, left: SqlValue, right: SqlValue = null): SqlValue {
  const geography = kind === 'geography';
  const first = geoOf(left);
  switch (name) {
    case 'geo.length': {
      const line = first.coordinates as readonly Position[];
      return line.slice(1).reduce((sum, point, index) => sum + distance(line[index] ?? point, point, geography), 0);
    }
    case 'geo.distance':
      return distance(first.coordinates as Position, geoOf(right).coordinates as Position, geography);
    default: {
      const point = first.coordinates as Position;
      const [outer = [], ...holes] = geoOf(right).coordinates as readonly (readonly Position[])[];
      return truth(inRing(point, outer) && !holes.some((hole) => inRing(point, hole) && !onRing(point, hole)));
    }
  }
}
