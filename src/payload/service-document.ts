import { annotationOf, type ContainerChild, type Model, stringValue } from '../edm/index.js';
import type { MetadataLevel, ODataVersion } from '../protocol/index.js';
import { controlName } from './envelope.js';

/** The service document (JSON 5): sets, singletons and function imports, in the order of the model. `base` ends in `/`. */
export function serviceDocument(model: Model, base: string, version: ODataVersion, metadata: MetadataLevel): string {
  const items = [...(model.container?.children.values() ?? [])].filter(isListed).map(entry);
  const context = metadata === 'none' ? {} : { [controlName('context', version)]: `${base}$metadata` };
  return JSON.stringify({ ...context, value: items });
}

function isListed(child: ContainerChild): boolean {
  switch (child.kind) {
    case 'entitySet':
      return child.includeInServiceDocument;
    case 'functionImport':
      return child.includeInServiceDocument;
    case 'singleton':
      return true;
    case 'actionImport':
      return false; // JSON 5: not listed
  }
}

const kinds = {
  entitySet: 'EntitySet',
  singleton: 'Singleton',
  functionImport: 'FunctionImport',
  actionImport: '',
} as const;

function entry(child: ContainerChild): object {
  const title = titleOf(child);
  return { name: child.name, ...(title === null ? {} : { title }), kind: kinds[child.kind], url: child.name };
}

function titleOf(child: ContainerChild): string | null {
  return stringValue(annotationOf(child, 'Org.OData.Core.V1.Description'));
}
