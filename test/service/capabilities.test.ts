import assert from 'node:assert/strict';
import { rules } from '../../src/service/capabilities.js';
import { bodyPromises } from '../../src/service/capabilities-body.js';
import { queryRules } from '../../src/service/capabilities-query.js';
import { open } from '../model/inline.js';
import { type AnnotationRow, annotatedModel, note, record, restrict, testAnnotations } from './annotations.js';

const post = (body: unknown, without: number, with_: number) => ['POST', 'Es', body, without, with_] as const;
const patch = (body: unknown, without: number, with_: number) => ['PATCH', 'Es(1)', body, without, with_] as const;
const get = (url: string, without: number, with_: number) => ['GET', url, undefined, without, with_] as const;
const del = (url: string, without: number, with_: number) => ['DELETE', url, undefined, without, with_] as const;
const delta = { '@context': '#$delta', value: [{ ID: 1, N: 1 }] };
const navigation = (path: string, members: Readonly<Record<string, unknown>>) =>
  note(
    'Capabilities.NavigationRestrictions',
    '',
    `<Record><PropertyValue Property="RestrictedProperties"><Collection><Record><PropertyValue Property="NavigationProperty" NavigationPropertyPath="${path}"/>${record(members).replace(/^<Record>/, '')}</Collection></PropertyValue></Record>`,
  );
const tag = (term: string) => note(`Capabilities.${term}`, 'Bool="false"');
const kind = (term: string, member: string, type: string, value: string) =>
  note(
    `Capabilities.${term}`,
    '',
    `<Record><PropertyValue Property="${member}" EnumMember="Capabilities.${type}/${value}"/></Record>`,
  );
const expression = (allowed: string) =>
  note(
    'Capabilities.FilterRestrictions',
    '',
    `<Record><PropertyValue Property="FilterExpressionRestrictions"><Collection><Record><PropertyValue Property="Property" PropertyPath="N"/><PropertyValue Property="AllowedExpressions" String="${allowed}"/></Record></Collection></PropertyValue></Record>`,
  );

/** Each names the promises it tests as the tables of rules do. */
const rows: readonly (AnnotationRow & { readonly promise: string })[] = [
  {
    promise: 'InsertRestrictions/Insertable',
    ids: 'KI1',
    at: 'Es',
    annotation: restrict('InsertRestrictions', { Insertable: false }),
    asked: [
      post({ ID: 9 }, 201, 405),
      ['POST', 'Es(2)/Many', { ID: 9 }, 201, 405],
      ['PUT', 'Es(9)', {}, 201, 201],
      ['POST', 'Es(1)/Parts', { No: 9 }, 201, 201],
    ],
  },
  {
    promise: 'InsertRestrictions/MaxLevels',
    ids: 'KI2',
    at: 'Es',
    annotation: restrict('InsertRestrictions', { MaxLevels: 0 }),
    asked: [post({ ID: 9 }, 201, 201), ['POST', 'Es(2)/Many', { ID: 9 }, 201, 405]],
  },
  {
    promise: 'InsertRestrictions/TypecastSegmentSupported',
    ids: 'KI3',
    at: 'Es',
    annotation: restrict('InsertRestrictions', { TypecastSegmentSupported: false }),
    asked: [['POST', 'Es/T.F', { ID: 9 }, 201, 501]],
  },
  {
    promise: 'InsertRestrictions/NonInsertableProperties, NonInsertableNavigationProperties, RequiredProperties',
    ids: 'KI4',
    at: 'Es',
    annotation: restrict('InsertRestrictions', { NonInsertableProperties: ['A', 'P/X'] }),
    asked: [
      post({ ID: 9, A: 'a' }, 201, 400),
      post({ ID: 9, P: { X: 1 } }, 201, 400),
      post({ ID: 9, P: { Y: 1 } }, 201, 201),
      patch({ A: 'x' }, 200, 200),
    ],
  },
  {
    promise: '',
    ids: 'KI4',
    at: 'Es',
    annotation: note(
      'Capabilities.InsertRestrictions',
      '',
      '<Record><PropertyValue Property="NonInsertableNavigationProperties"><Collection><NavigationPropertyPath>Other</NavigationPropertyPath></Collection></PropertyValue></Record>',
    ),
    asked: [
      post({ ID: 9, Other: { ID: 8 } }, 201, 400),
      post({ ID: 9, Other: { '@id': 'Es(1)' } }, 201, 400),
      post({ ID: 9 }, 201, 201),
    ],
  },
  {
    promise: '',
    ids: 'KI5',
    at: 'Es',
    annotation: restrict('InsertRestrictions', { RequiredProperties: ['A'] }),
    asked: [post({ ID: 9 }, 201, 400), post({ ID: 9, A: null }, 201, 201), ['PUT', 'Es(9)', {}, 201, 400]],
  },
  {
    promise: 'DeepInsertSupport/Supported, DeepUpdateSupport/Supported',
    ids: 'K28',
    at: 'Es',
    annotation: restrict('DeepInsertSupport', { Supported: false }),
    asked: [
      post({ ID: 9, Other: { ID: 8 } }, 201, 501),
      post({ ID: 9, Other: { '@id': 'Es(1)' } }, 201, 201),
      post({ ID: 9, Parts: [{ No: 1 }] }, 201, 501),
    ],
  },
  {
    promise: '',
    ids: 'K30',
    at: 'Es',
    annotation: restrict('DeepUpdateSupport', { Supported: false }),
    asked: [patch({ Parts: [{ No: 1 }] }, 200, 501), patch({ Other: { '@id': 'Es(2)' } }, 200, 200)],
  },
  {
    promise: 'InsertRestrictions/Insertable, UpdateRestrictions/Updatable of nested entities',
    ids: 'KI1 P11.4.2.2-2',
    what: 'nested',
    at: 'Es',
    annotation: navigation('Other', {
      InsertRestrictions: { Insertable: false },
      UpdateRestrictions: { Updatable: false },
    }),
    asked: [post({ ID: 9, Other: { ID: 8 } }, 201, 400), patch({ Other: { ID: 2, N: 1 } }, 200, 400)],
  },
  {
    promise: 'UpdateRestrictions/Updatable',
    ids: 'KU1',
    at: 'Es',
    annotation: restrict('UpdateRestrictions', { Updatable: false, Upsertable: true, DeltaUpdateSupported: true }),
    asked: [
      patch({}, 200, 405),
      ['PUT', 'Es(1)', {}, 200, 405],
      ['PATCH', 'Es/$each', {}, 204, 405],
      ['PATCH', 'Es(1)/Parts(1)', {}, 200, 405],
      del('Es(1)/Parts(1)', 204, 405),
      del('Es(1)', 204, 204),
    ],
  },
  {
    promise: 'UpdateRestrictions/Updatable, of parts',
    ids: 'KU1',
    what: 'parts',
    at: 'Es',
    annotation: restrict('UpdateRestrictions', { Updatable: false }),
    asked: [
      ['PUT', 'Es(1)/A', { value: 'x' }, 200, 405],
      ['POST', 'Es(1)/L', { value: 'x' }, 200, 405],
      ['PUT', 'Es(1)/Other/$ref', { '@id': 'Es(2)' }, 204, 405],
      del('Es(1)/P', 204, 405),
      ['POST', 'Es(2)/Many/$ref', { '@id': 'Es(3)' }, 204, 405],
    ],
  },
  {
    promise: '',
    ids: 'KU1 V07 P11.4.3-6',
    what: 'by the instance',
    at: 'Es',
    annotation: note(
      'Capabilities.UpdateRestrictions',
      '',
      '<Record><PropertyValue Property="Updatable" Path="Free"/></Record>',
    ),
    asked: [
      patch({ A: 'x' }, 200, 403),
      ['PATCH', 'Es(2)', { A: 'x' }, 200, 200],
      ['PUT', 'Es(1)/A', { value: 'x' }, 200, 403],
    ],
  },
  {
    promise: '',
    ids: 'KU2',
    at: 'Es',
    annotation: restrict('UpdateRestrictions', { Updatable: true }),
    asked: [
      ['PUT', 'Es(9)', {}, 201, 404],
      ['PATCH', 'Es(9)', {}, 201, 404],
      ['PUT', 'Es(1)/Parts(9)', {}, 201, 404],
    ],
  },
  {
    promise: '',
    ids: 'KU2',
    at: 'Es',
    annotation: restrict('UpdateRestrictions', { Upsertable: true }),
    asked: [['PUT', 'Es(9)', {}, 201, 201]],
  },
  {
    promise: 'UpdateRestrictions/DeltaUpdateSupported',
    ids: 'KU3',
    at: 'Es',
    annotation: restrict('UpdateRestrictions', {}),
    asked: [
      ['PATCH', 'Es', delta, 200, 405],
      ['PUT', 'Es', { value: [] }, 200, 405],
    ],
  },
  {
    promise: 'UpdateRestrictions/UpdateMethod',
    ids: 'KU4',
    at: 'Es',
    annotation: note(
      'Capabilities.UpdateRestrictions',
      '',
      '<Record><PropertyValue Property="UpdateMethod" EnumMember="Capabilities.HttpMethod/PUT Capabilities.HttpMethod/GET"/></Record>',
    ),
    asked: [patch({}, 200, 405), ['PUT', 'Es(1)', {}, 200, 200]],
  },
  {
    promise: 'UpdateRestrictions/FilterSegmentSupported',
    ids: 'KU5',
    at: 'Es',
    annotation: restrict('UpdateRestrictions', { FilterSegmentSupported: false }),
    asked: [
      ['PATCH', 'Es/$filter(ID eq 1)/$each', {}, 204, 501],
      ['PATCH', 'Es/$each', {}, 204, 204],
    ],
  },
  {
    promise: 'UpdateRestrictions/TypecastSegmentSupported',
    ids: 'KU6',
    at: 'Es',
    annotation: restrict('UpdateRestrictions', { TypecastSegmentSupported: false }),
    asked: [['PATCH', 'Es/T.F/$each', {}, 204, 501]],
  },
  {
    promise: 'UpdateRestrictions/MaxLevels',
    ids: 'KU7',
    at: 'Es',
    annotation: restrict('UpdateRestrictions', { MaxLevels: 0 }),
    asked: [['PATCH', 'Es(2)/Many(1)', {}, 200, 405], patch({}, 200, 200)],
  },
  {
    promise: 'UpdateRestrictions/NonUpdatableProperties',
    ids: 'KU8',
    at: 'Es',
    annotation: restrict('UpdateRestrictions', { NonUpdatableProperties: ['A'] }),
    asked: [
      ['PUT', 'Es(1)/A', { value: 'x' }, 200, 405],
      del('Es(1)/A', 204, 405),
      ['PUT', 'Es(1)/N', { value: 1 }, 200, 200],
      post({ ID: 9, A: 'a' }, 201, 201),
    ],
  },
  {
    promise: 'UpdateRestrictions/NonUpdatableNavigationProperties',
    ids: 'KU8',
    at: 'Es',
    annotation: note(
      'Capabilities.UpdateRestrictions',
      '',
      '<Record><PropertyValue Property="NonUpdatableNavigationProperties"><Collection><NavigationPropertyPath>Other</NavigationPropertyPath></Collection></PropertyValue></Record>',
    ),
    asked: [
      ['PUT', 'Es(1)/Other/$ref', { '@id': 'Es(2)' }, 204, 405],
      del('Es(1)/Other/$ref', 204, 405),
      ['POST', 'Es(1)/Many/$ref', { '@id': 'Es(2)' }, 204, 204],
    ],
  },
  {
    promise: 'UpdateRestrictions/NonUpdatableNavigationProperties, RequiredProperties',
    ids: 'KU8',
    what: 'in bodies',
    at: 'Es',
    annotation: note(
      'Capabilities.UpdateRestrictions',
      '',
      '<Record><PropertyValue Property="NonUpdatableNavigationProperties"><Collection><NavigationPropertyPath>Other</NavigationPropertyPath></Collection></PropertyValue></Record>',
    ),
    asked: [patch({ Other: { '@id': 'Es(2)' } }, 200, 400)],
  },
  {
    promise: '',
    ids: 'KU9',
    at: 'Es',
    annotation: restrict('UpdateRestrictions', { RequiredProperties: ['A'] }),
    asked: [patch({ N: 1 }, 200, 400), patch({ A: 'x' }, 200, 200)],
  },
  {
    promise: 'DeleteRestrictions/Deletable',
    ids: 'KD1',
    at: 'Es',
    annotation: restrict('DeleteRestrictions', { Deletable: false }),
    asked: [del('Es(1)', 204, 405), del('Es/$each', 204, 405), del('Es(1)/Parts(1)', 204, 204)],
  },
  {
    promise: '',
    ids: 'KD1 V07',
    what: 'by the instance',
    at: 'Es',
    annotation: note(
      'Capabilities.DeleteRestrictions',
      '',
      '<Record><PropertyValue Property="Deletable" Path="Free"/></Record>',
    ),
    asked: [del('Es(1)', 204, 403), del('Es(3)', 204, 204), del('Es/$each', 204, 403)],
  },
  {
    promise: 'DeleteRestrictions/FilterSegmentSupported',
    ids: 'KD2',
    at: 'Es',
    annotation: restrict('DeleteRestrictions', { FilterSegmentSupported: false }),
    asked: [del('Es/$filter(ID eq 1)/$each', 204, 501), del('Es/$each', 204, 204)],
  },
  {
    promise: 'DeleteRestrictions/TypecastSegmentSupported',
    ids: 'KD2',
    at: 'Es',
    annotation: restrict('DeleteRestrictions', { TypecastSegmentSupported: false }),
    asked: [del('Es/T.F/$each', 204, 501)],
  },
  {
    promise: 'DeleteRestrictions/MaxLevels',
    ids: 'KD3',
    at: 'Es',
    annotation: restrict('DeleteRestrictions', { MaxLevels: 0 }),
    asked: [del('Es(2)/Many(1)', 204, 405)],
  },
  {
    promise: 'CollectionPropertyRestrictions',
    ids: 'KN3',
    at: 'Es',
    annotation: note(
      'Capabilities.CollectionPropertyRestrictions',
      '',
      '<Collection><Record><PropertyValue Property="CollectionProperty" PropertyPath="L"/><PropertyValue Property="Insertable" Bool="false"/><PropertyValue Property="Deletable" Bool="false"/></Record></Collection>',
    ),
    asked: [
      ['POST', 'Es(1)/L', { value: 'x' }, 200, 405],
      del('Es(1)/L', 204, 405),
      ['PUT', 'Es(1)/L', { value: [] }, 200, 200],
    ],
  },
  {
    promise: 'Core.Permissions',
    ids: 'C18',
    at: 'Es',
    annotation: note('Core.Permissions', 'EnumMember="Core.Permission/Read"'),
    asked: [
      post({ ID: 9 }, 201, 405),
      patch({}, 200, 405),
      del('Es(1)', 204, 405),
      get('Es', 200, 200),
      get('Es(1)', 200, 200),
    ],
  },
  {
    promise: '',
    ids: 'C18',
    at: 'E',
    annotation: note('Core.Permissions', 'EnumMember="Core.Permission/Write"'),
    asked: [get('Es', 200, 405), get('Es(1)/A', 200, 405), post({ ID: 9 }, 201, 201)],
  },
  {
    promise: 'NavigationRestrictions/Navigability',
    ids: 'K12 KN1',
    at: 'Es',
    annotation: note(
      'Capabilities.NavigationRestrictions',
      '',
      '<Record><PropertyValue Property="Navigability" EnumMember="Capabilities.NavigationType/None"/></Record>',
    ),
    asked: [get('Es(1)/Parts', 200, 404), get('Es(1)', 200, 200)],
  },
  {
    promise: '',
    ids: 'K12',
    at: 'Es',
    annotation: note(
      'Capabilities.NavigationRestrictions',
      '',
      '<Record><PropertyValue Property="Navigability" EnumMember="Capabilities.NavigationType/Single"/></Record>',
    ),
    asked: [get('Es(2)/Many', 200, 200), get('Es(2)/Many(1)/Parts', 200, 404)],
  },
  {
    promise: 'IndexableByKey',
    ids: 'K13',
    at: 'Es',
    annotation: tag('IndexableByKey'),
    asked: [get('Es(1)', 200, 501), patch({}, 200, 501), get('Es', 200, 200)],
  },
  {
    promise: 'CrossJoinSupported',
    ids: 'K08',
    at: 'C',
    annotation: tag('CrossJoinSupported'),
    asked: [get('$crossjoin(Es,Opens)', 200, 501)],
  },
  {
    promise: 'ReadRestrictions/Readable, of sets read together',
    ids: 'K30',
    at: 'Es',
    annotation: note('Capabilities.ReadRestrictions', '', record({ Readable: false })),
    asked: [get('$crossjoin(Es,Opens)', 200, 405), get('$all', 200, 405)],
  },
  {
    promise: 'Nullable of a singleton',
    ids: 'P11.4.5-3',
    at: 'C',
    annotation: '<Singleton Name="S" Type="T.Open"/>',
    asked: [del('S', 404, 405)],
  },
  {
    promise: 'ContainsTarget of a single-valued navigation property',
    ids: 'P11.4.2-13',
    at: 'E',
    annotation: '<NavigationProperty Name="Solo" Type="T.Part"/>',
    asked: [
      ['POST', 'Es(1)/Solo', { No: 1 }, 404, 405],
      ['POST', 'Es(1)/One', { No: 1 }, 201, 201],
    ],
  },
  {
    promise: 'ReadRestrictions/Readable',
    ids: 'KR1',
    at: 'Es',
    annotation: note(
      'Capabilities.ReadRestrictions',
      '',
      '<Record><PropertyValue Property="Readable" Bool="false"/><PropertyValue Property="ReadByKeyRestrictions"><Record><PropertyValue Property="Readable" Bool="true"/></Record></PropertyValue></Record>',
    ),
    asked: [get('Es', 200, 405), get('Es/$count', 200, 405), get('Es(1)', 200, 200)],
  },
  {
    promise: 'ReadRestrictions/ReadByKeyRestrictions',
    ids: 'KR3',
    at: 'Es',
    annotation: restrict('ReadRestrictions', { Readable: false }),
    asked: [get('Es(1)', 200, 405), get('Es(1)/A', 200, 405)],
  },
  {
    promise: 'ReadRestrictions/TypecastSegmentSupported',
    ids: 'KR2',
    at: 'Es',
    annotation: restrict('ReadRestrictions', { TypecastSegmentSupported: false }),
    asked: [get('Es/T.F', 200, 501)],
  },
  {
    promise: 'CountRestrictions/Countable',
    ids: 'K11',
    at: 'Es',
    annotation: restrict('CountRestrictions', { Countable: false }),
    asked: [get('Es/$count', 200, 501), get('Es?$count=true', 200, 501), get('Es', 200, 200)],
  },
  {
    promise: 'FilterRestrictions/Filterable',
    ids: 'KF1 K21',
    at: 'Es',
    annotation: restrict('FilterRestrictions', { Filterable: false }),
    asked: [
      get('Es?$filter=ID eq 1', 200, 501),
      get('Es/$filter(ID eq 1)', 200, 501),
      get('Es(2)?$expand=Many($filter=ID eq 1)', 200, 501),
    ],
  },
  {
    promise: 'FilterRestrictions/RequiresFilter',
    ids: 'KF2',
    at: 'Es',
    annotation: restrict('FilterRestrictions', { RequiresFilter: true }),
    asked: [get('Es', 200, 400), get('Es?$filter=ID gt 0', 200, 200), get('Es(1)', 200, 200)],
  },
  {
    promise: 'FilterRestrictions/MaxLevels',
    ids: 'KF3',
    at: 'Es',
    annotation: restrict('FilterRestrictions', { MaxLevels: 1 }),
    asked: [get('Es?$filter=Other/A eq null', 200, 200), get('Es?$filter=Other/Other/A eq null', 200, 400)],
  },
  {
    promise: 'FilterRestrictions/RequiredProperties',
    ids: 'KF4',
    at: 'Es',
    annotation: restrict('FilterRestrictions', { RequiredProperties: ['A'] }),
    asked: [
      get('Es', 200, 400),
      get('Es?$filter=ID eq 1', 200, 400),
      get("Es?$filter=A eq 'a'", 200, 200),
      get('Es(1)', 200, 200),
    ],
  },
  {
    promise: 'FilterRestrictions/NonFilterableProperties',
    ids: 'KF5',
    at: 'Es',
    annotation: restrict('FilterRestrictions', { NonFilterableProperties: ['A', 'P', 'Many/A'] }),
    asked: [
      get("Es?$filter=A eq 'a'", 200, 400),
      get('Es?$filter=P/X eq 1', 200, 400),
      get("Es?$filter=Many/any(m:m/A eq 'a')", 200, 400),
      get('Es?$filter=N eq 1', 200, 200),
      get("Es?$filter=not (N eq 1 or contains(A,'x'))", 200, 400),
    ],
  },
  ...(
    [
      [
        'SingleValue',
        'KF7',
        [
          ['N eq 1', 200],
          ['N eq 1 or N eq 2', 400],
          ['N gt 1', 400],
        ],
      ],
      [
        'MultiValue',
        'KF8',
        [
          ['N eq 1 or N eq 2', 200],
          ['N in (1,2)', 200],
          ['N gt 1', 400],
          ["A eq 'x' and N eq 1", 200],
        ],
      ],
      [
        'SingleRange',
        'KF9',
        [
          ['N gt 1 and N lt 5', 200],
          ['N ne 1', 400],
        ],
      ],
      [
        'MultiRange',
        'KF10',
        [
          ['N gt 5 or N lt 2', 200],
          ['N ne 1', 200],
        ],
      ],
      ['SearchExpression', 'KF11', [['N eq 1', 400]]],
      [
        'MultiRangeOrSearchExpression',
        'KF12',
        [
          ['N eq 1', 200],
          ['not (N eq 1)', 400],
        ],
      ],
    ] as const
  ).map(([allowed, ids, cases]) => ({
    promise: 'FilterRestrictions/FilterExpressionRestrictions',
    ids: `KF6 ${ids}`,
    at: 'Es' as const,
    annotation: expression(allowed),
    asked: cases.map(([filter, status]) => get(`Es?$filter=${filter}`, 200, status)),
  })),
  {
    promise: 'FilterFunctions',
    ids: 'K20',
    at: 'Es',
    annotation: note(
      'Capabilities.FilterFunctions',
      '',
      '<Collection><String>eq</String><String>contains</String></Collection>',
    ),
    asked: [get("Es?$filter=contains(A,'x')", 200, 200), get("Es?$filter=startswith(A,'x')", 200, 501)],
  },
  {
    promise: 'SortRestrictions/Sortable',
    ids: 'KS1 K22',
    at: 'Es',
    annotation: restrict('SortRestrictions', { Sortable: false }),
    asked: [get('Es?$orderby=A', 200, 501)],
  },
  {
    promise: 'SortRestrictions/NonSortableProperties, AscendingOnlyProperties, DescendingOnlyProperties',
    ids: 'KS2 KS3',
    at: 'Es',
    annotation: restrict('SortRestrictions', {
      NonSortableProperties: ['A'],
      AscendingOnlyProperties: ['N'],
      DescendingOnlyProperties: ['D'],
    }),
    asked: [
      get('Es?$orderby=A', 200, 400),
      get('Es?$orderby=N', 200, 200),
      get('Es?$orderby=N desc', 200, 400),
      get('Es?$orderby=D', 200, 400),
      get('Es?$orderby=D desc', 200, 200),
    ],
  },
  {
    promise: 'ExpandRestrictions/Expandable',
    ids: 'KE1 K23',
    at: 'Es',
    annotation: restrict('ExpandRestrictions', { Expandable: false }),
    asked: [get('Es?$expand=Parts', 200, 501), get('Es(1)?$expand=Parts', 200, 501)],
  },
  {
    promise: 'ExpandRestrictions/MaxLevels',
    ids: 'KE3',
    at: 'Es',
    annotation: restrict('ExpandRestrictions', { MaxLevels: 1 }),
    asked: [get('Es?$expand=Other', 200, 200), get('Es?$expand=Other($expand=Other)', 200, 400)],
  },
  {
    promise: 'ExpandRestrictions/NonExpandableProperties',
    ids: 'KE4',
    at: 'Es',
    annotation: note(
      'Capabilities.ExpandRestrictions',
      '',
      '<Record><PropertyValue Property="NonExpandableProperties"><Collection><NavigationPropertyPath>Many</NavigationPropertyPath></Collection></PropertyValue></Record>',
    ),
    asked: [get('Es?$expand=Many', 200, 400), get('Es?$expand=Other', 200, 200)],
  },
  {
    promise: 'SearchRestrictions/Searchable',
    ids: 'K24',
    at: 'Es',
    annotation: restrict('SearchRestrictions', { Searchable: false }),
    asked: [get('Es?$search=a', 200, 501)],
  },
  {
    promise: 'SearchRestrictions/UnsupportedExpressions',
    ids: 'K24',
    at: 'Es',
    annotation: kind('SearchRestrictions', 'UnsupportedExpressions', 'SearchExpressions', 'NOT'),
    asked: [get('Es?$search=a AND b', 200, 200), get('Es?$search=a AND NOT b', 200, 501)],
  },
  {
    promise: 'CountRestrictions/NonCountableProperties, NonCountableNavigationProperties',
    ids: 'K11',
    at: 'Es',
    annotation: note(
      'Capabilities.CountRestrictions',
      '',
      '<Record><PropertyValue Property="NonCountableNavigationProperties"><Collection><NavigationPropertyPath>Parts</NavigationPropertyPath></Collection></PropertyValue></Record>',
    ),
    asked: [
      get('Es?$filter=Parts/$count gt 1', 200, 400),
      get('Es?$orderby=Parts/$count', 200, 400),
      get('Es?$filter=Many/$count gt 1', 200, 200),
    ],
  },
  {
    promise: 'SelectSupport/Supported',
    ids: 'K17 KL1',
    at: 'Es',
    annotation: restrict('SelectSupport', { Supported: false }),
    asked: [get('Es?$select=A', 200, 501)],
  },
  {
    promise: 'TopSupported',
    ids: 'K14',
    at: 'Es',
    annotation: tag('TopSupported'),
    asked: [get('Es?$top=1', 200, 501)],
  },
  {
    promise: 'SkipSupported',
    ids: 'K15',
    at: 'Es',
    annotation: tag('SkipSupported'),
    asked: [get('Es?$skip=1', 200, 501)],
  },
  {
    promise: 'ComputeSupported',
    ids: 'K16',
    at: 'Es',
    annotation: tag('ComputeSupported'),
    asked: [get('Es?$compute=N add 1 as M&$select=M', 200, 501)],
  },
];

describe('Capabilities: what $metadata promises is what is enforced', () => {
  testAnnotations(rows);

  testAnnotations([
    {
      ids: 'V04 a more specific path wins',
      at: 'Es',
      annotation:
        restrict('InsertRestrictions', { Insertable: false }) +
        navigation('Many', { InsertRestrictions: { Insertable: true } }),
      asked: [post({ ID: 9 }, 201, 405), ['POST', 'Es(2)/Many', { ID: 9 }, 201, 201]],
    },
    {
      ids: 'V06 on the path, from outside',
      at: 'outside',
      annotation: `<Annotations Target="T.C/Es/Parts">${restrict('InsertRestrictions', { Insertable: false })}</Annotations>`,
      asked: [['POST', 'Es(1)/Parts', { No: 9 }, 201, 405], post({ ID: 9 }, 201, 201)],
    },
    {
      ids: 'V05 K40 defaults of the container',
      at: 'C',
      annotation: note(
        'Capabilities.DefaultCapabilities',
        '',
        record({ DeleteRestrictions: { Deletable: false }, TopSupported: false }),
      ),
      asked: [del('Es(1)', 204, 405), get('Es?$top=1', 200, 501)],
    },
    {
      ids: 'V05 a set states more than the defaults',
      at: 'C',
      annotation: note('Capabilities.DefaultCapabilities', '', record({ InsertRestrictions: { Insertable: false } })),
      asked: [post({ ID: 9 }, 201, 405)],
    },
  ]);

  it('KU8 P11.4.3-5 a property that cannot be updated keeps its value, whatever is sent', async () => {
    const world = await open(annotatedModel({ Es: restrict('UpdateRestrictions', { NonUpdatableProperties: ['A'] }) }));
    await world.ask('POST', 'Es', { body: { ID: 1, A: 'a', N: 1 } });
    const merged = await world.ask('PATCH', 'Es(1)', { body: { A: 'x', N: 2 } });
    assert.deepEqual([merged.json.A, merged.json.N], ['a', 2]);
    const put = await world.ask('PUT', 'Es(1)', { body: { A: 'x' } });
    assert.deepEqual([put.json.A, put.json.N], ['a', null]);
    await world.close();
  });

  it('K28 ContentIDSupported decides whether labels come back', async () => {
    for (const supported of [true, false]) {
      const world = await open(
        annotatedModel({ Es: restrict('DeepInsertSupport', { ContentIDSupported: supported }) }),
      );
      const body = { ID: 1, Parts: [{ No: 1, '@Core.ContentID': 'p' }] };
      const reply = await world.ask('POST', 'Es', { body });
      assert.equal(reply.json.Parts[0]['@Core.ContentID'], supported ? 'p' : undefined);
      await world.close();
    }
  });

  it('P9.2.2-1 Allow names what is left; so does OPTIONS', async () => {
    const world = await open(annotatedModel({ Es: restrict('UpdateRestrictions', { Updatable: false }) }));
    assert.equal((await world.ask('PATCH', 'Es(1)', { body: {} })).headers.allow, 'GET, HEAD, DELETE');
    assert.equal((await world.ask('OPTIONS', 'Es(1)')).headers.allow, 'GET, HEAD, DELETE');
    assert.equal((await world.ask('OPTIONS', 'Es')).headers.allow, 'GET, HEAD, POST');
    await world.close();
  });

  it('every rule has a test', () => {
    const tested = new Set(rows.map(({ promise }) => promise));
    const all = [...rules.map(([promise]) => promise), ...queryRules.map(([promise]) => promise), ...bodyPromises];
    assert.deepEqual(
      all.filter((promise) => !tested.has(promise)),
      [],
    );
  });
});
