import { annotationOf, type Model, stringValue } from '../edm/index.js';
import { ODataError } from '../errors.js';

/** The versions that `$metadata` shows (Core.SchemaVersion). */
function versionsOf({ main }: Model): ReadonlySet<string> {
  const stated = main.schemas.map((schema) => stringValue(annotationOf(schema, 'Org.OData.Core.V1.SchemaVersion')));
  return new Set(stated.filter((version) => version !== null));
}

/** `$schemaversion` names a version that `$metadata` shows, or `*` for whatever is current (Protocol 11.2.12). Throws ResourceNotFound. */
export function requireSchemaVersion(wanted: string | undefined, model: Model): void {
  if (wanted === undefined || wanted === '*') return;
  const versions = versionsOf(model);
  if (versions.has(wanted)) return;
  const known = versions.size === 0 ? 'it is not versioned' : `there is ${[...versions].join(', ')}`;
  throw new ODataError(
    'ResourceNotFound',
    `The schema has no version '${wanted.slice(0, 100)}': ${known}; leave $schemaversion out, or ask for *.`,
    '$schemaversion',
  );
}
