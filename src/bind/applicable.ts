import { ODataError } from '../errors.js';
import type { QueryOptions, Url } from '../url/index.js';
import type { ResourceKind } from './bound.js';

type Option = Extract<keyof QueryOptions, `$${string}`>;

const shaping: readonly Option[] = ['$compute', '$expand', '$select'];
const filtering: readonly Option[] = ['$apply', '$filter', '$search'];
const listing: readonly Option[] = ['$count', '$orderby', '$skip', '$top', '$skiptoken', '$deltatoken', '$index'];
const everything = [...shaping, ...filtering, ...listing];

/** The system query options of each kind of resource (URL 5.1); those of any resource are `anywhere`. */
const applicable: Readonly<Record<ResourceKind, readonly Option[]>> = {
  serviceDocument: [],
  metadata: [],
  batch: [],
  entityCollection: everything,
  entity: [...shaping, '$index', '$deltatoken'],
  complex: shaping,
  complexCollection: everything,
  primitive: [],
  primitiveCollection: [...filtering, ...listing],
  stream: [],
  // Sorting and paging do not change the number (Protocol 11.2.10)
  count: [...filtering, '$orderby', '$skip', '$top', '$expand'],
  rawValue: [],
  mediaValue: [],
  reference: ['$id', '$index'],
  referenceCollection: [...filtering, ...listing, '$id'],
  each: everything, // what shapes the answer to a change is never in its way (Protocol 11.4.1.5)
  action: everything,
  function: everything,
  all: everything,
  crossjoin: everything,
  entityById: shaping,
};
const anywhere: readonly Option[] = ['$format', '$schemaversion'];

/** An option that means nothing where it stands is refused, never ignored (URL 5.1). Throws QueryOptionNotApplicable. */
export function requireApplicable({ segments, options }: Url, kind: ResourceKind): void {
  const named = segments[0]?.kind === '$entity' ? ['$id'] : [];
  for (const option of Object.keys(options)) {
    if (!option.startsWith('$') || isIn(applicable[kind], option) || isIn(anywhere, option) || named.includes(option))
      continue;
    throw new ODataError(
      'QueryOptionNotApplicable',
      option === '$levels' ? '$levels stands within $expand.' : `${option} has no meaning here; leave it out.`,
      option,
    );
  }
}

function isIn(options: readonly Option[], name: string): boolean {
  return (options as readonly string[]).includes(name);
}
