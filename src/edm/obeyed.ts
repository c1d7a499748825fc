/**
 * The terms that the engine obeys, by vocabulary. Whoever asks for an annotation asks for one of these, or it does not compile;
 * every other term is kept, checked and written, and changes nothing. What each does: docs/terms.md.
 */
export const obeyed = {
  'Org.OData.Core.V1': [
    'AcceptableMediaTypes',
    'AdditionalProperties',
    'AlternateKeys',
    'Computed',
    'ComputedDefaultValue',
    'ContentDisposition',
    'ContentID',
    'DataModificationException',
    'DefaultNamespace',
    'Description',
    'ExplicitOperationBindings',
    'Immutable',
    'IsMediaType',
    'IsURL',
    'MediaType',
    'OperationAvailable',
    'OptimisticConcurrency',
    'OptionalParameter',
    'Ordered',
    'Permissions',
    'PositionalInsert',
    'RequiresExplicitBinding',
    'RequiresType',
    'SchemaVersion',
  ],
  'Org.OData.Authorization.V1': ['Authorizations', 'SecuritySchemes'],
  'Org.OData.Capabilities.V1': [
    'AsynchronousRequestsSupported',
    'BatchSupport',
    'BatchSupported',
    'ChangeTracking',
    'CollectionPropertyRestrictions',
    'ComputeSupported',
    'CountRestrictions',
    'CrossJoinSupported',
    'DeepInsertSupport',
    'DeepUpdateSupport',
    'DefaultCapabilities',
    'DeleteRestrictions',
    'ExpandRestrictions',
    'FilterFunctions',
    'FilterRestrictions',
    'IndexableByKey',
    'InsertRestrictions',
    'NavigationRestrictions',
    'OperationRestrictions',
    'ReadRestrictions',
    'SearchRestrictions',
    'SelectSupport',
    'SkipSupported',
    'SortRestrictions',
    'TopSupported',
    'UpdateRestrictions',
  ],
  'Org.OData.Aggregation.V1': [
    'ApplySupported',
    'ApplySupportedDefaults',
    'CustomAggregate',
    'LeveledHierarchy',
    'RecursiveHierarchy',
  ],
  'Org.OData.Repeatability.V1': ['Supported'],
  'Org.OData.Validation.V1': [
    'AllowedValues',
    'Constraint',
    'DerivedTypeConstraint',
    'Exclusive',
    'ItemsOf',
    'MaxItems',
    'Maximum',
    'MinItems',
    'Minimum',
    'MultipleOf',
    'OpenPropertyTypeConstraint',
    'Pattern',
  ],
  'Org.OData.Measures.V1': ['DurationGranularity', 'Scale'],
  'Edmund.V1': [
    'AggregateExpression',
    'Changes',
    'Column',
    'CreatedWith',
    'DefaultOrder',
    'OnInsert',
    'OnUpdate',
    'Owner',
    'PageSize',
    'Searchable',
    'Table',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

type Vocabularies = typeof obeyed;

/** The terms of one vocabulary. */
export type TermsOf<V extends keyof Vocabularies> = Vocabularies[V][number];

/** The qualified name of a term that the engine obeys. */
export type ObeyedTerm = { [V in keyof Vocabularies]: `${V}.${Vocabularies[V][number]}` }[keyof Vocabularies];

const names: ReadonlySet<string> = new Set(
  Object.entries(obeyed).flatMap(([vocabulary, terms]) => terms.map((term) => `${vocabulary}.${term}`)),
);

/** Whether the engine obeys a term. */
export function isObeyed(termName: string): termName is ObeyedTerm {
  return names.has(termName);
}
