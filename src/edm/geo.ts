import { invalidValue, shown } from './invalid.js';
import type { PrimitiveTypeName } from './model.js';

/** How deep the coordinates of each GeoJSON geometry nest (RFC 7946, 3.1). */
const depthOf: ReadonlyMap<string, number> = new Map([
  ['Point', 0],
  ['MultiPoint', 1],
  ['LineString', 1],
  ['MultiLineString', 2],
  ['Polygon', 2],
  ['MultiPolygon', 3],
]);

const maxNesting = 20;

/** A GeoJSON geometry of the kind that the type names, as compact text (JSON 7.1). */
export function parseGeo(name: PrimitiveTypeName, text: string): string {
  const wanted = name.replace(/^Edm\.(Geography|Geometry)/, '').replace(/^Collection$/, 'GeometryCollection');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw invalidValue(`${shown(text)} is no ${name}; write a GeoJSON geometry object.`);
  }
  const problem = geometryProblem(parsed, wanted, 0);
  if (problem !== null) throw invalidValue(`This is no ${name}: ${problem}.`);
  return JSON.stringify(parsed);
}

function geometryProblem(geometry: unknown, wanted: string, nesting: number): string | null {
  if (nesting > maxNesting) return `geometry collections nest deeper than ${maxNesting}`;
  if (typeof geometry !== 'object' || geometry === null || !('type' in geometry)) return 'a GeoJSON object is expected';
  const { type } = geometry;
  if (typeof type !== 'string') return `its 'type' is no text`;
  if (wanted !== '' && type !== wanted) return `its 'type' is not '${wanted}'`;
  if ('crs' in geometry && !isNamedReferenceSystem(geometry.crs)) return `its 'crs' does not name an EPSG system`;
  if (type === 'GeometryCollection') {
    const parts: unknown = 'geometries' in geometry ? geometry.geometries : null;
    if (!Array.isArray(parts)) return `a GeometryCollection has an array 'geometries'`;
    for (const part of parts) {
      const problem = geometryProblem(part, '', nesting + 1);
      if (problem !== null) return problem;
    }
    return null;
  }
  const depth = depthOf.get(type);
  if (depth === undefined) return `'${type.slice(0, 40)}' is no kind of geometry`;
  const coordinates: unknown = 'coordinates' in geometry ? geometry.coordinates : null;
  return arePositions(coordinates, depth) ? null : `the 'coordinates' of a ${type} have another form`;
}

function isNamedReferenceSystem(crs: unknown): boolean {
  if (typeof crs !== 'object' || crs === null || !('properties' in crs) || !('type' in crs)) return false;
  const { properties } = crs;
  if (crs.type !== 'name' || typeof properties !== 'object' || properties === null || !('name' in properties))
    return false;
  return typeof properties.name === 'string' && /^EPSG:\d+$/.test(properties.name);
}

/** A position is two to four numbers: longitude, latitude, altitude, measure. */
function arePositions(value: unknown, depth: number): boolean {
  if (!Array.isArray(value)) return false;
  if (depth > 0) return value.every((item) => arePositions(item, depth - 1));
  return value.length >= 2 && value.length <= 4 && value.every((item) => typeof item === 'number');
}
