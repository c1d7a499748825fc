import {
  annotationOf,
  booleanValue,
  type Model,
  memberFlag,
  memberOf,
  recordValue,
  stringValues,
} from '../edm/index.js';
import { ODataError } from '../errors.js';

/** What the model says of batches (Capabilities.BatchSupport); nothing said: everything is supported. */
export interface BatchSupport {
  /** Media types; empty: both. */
  readonly formats: readonly string[];
  readonly continueOnError: boolean;
  /** References in bodies. */
  readonly bodyReferences: boolean;
  /** References to what another change set of a multipart batch made. */
  readonly referencesAcross: boolean;
  readonly etagReferences: boolean;
  readonly conditions: boolean;
}

/** Throws NotImplemented where the model rules batches out. */
export function batchSupportOf({ container }: Model): BatchSupport {
  const term = (name: 'BatchSupported' | 'BatchSupport') =>
    container === null ? null : annotationOf(container, `Org.OData.Capabilities.V1.${name}`);
  const record = recordValue(term('BatchSupport'));
  const tag = term('BatchSupported');
  const isOff = (tag !== null && booleanValue(tag) === false) || memberFlag(record, 'Supported') === false;
  if (isOff) throw new ODataError('NotImplemented', 'This service takes no batches; send each request by itself.');
  const flag = (name: string) => memberFlag(record, name) ?? true;
  return {
    formats: stringValues(memberOf(record, 'SupportedFormats')),
    continueOnError: flag('ContinueOnErrorSupported'),
    bodyReferences: flag('ReferencesInRequestBodiesSupported'),
    referencesAcross: flag('ReferencesAcrossChangeSetsSupported'),
    etagReferences: flag('EtagReferencesSupported'),
    conditions: flag('RequestDependencyConditionsSupported'),
  };
}
