import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AppOptions, ODataError, type Operations, readModel, type ServiceOptions } from '../../src/index.js';
import { libraryFolder } from './library.js';
import { type Server, startServer } from './serve.js';

const parameter = (name: string, type: string, rest = '') => `<Parameter Name="${name}" Type="${type}"${rest}/>`;
const required = ' Nullable="false"';
const optional = (name: string, type: string, value?: string) =>
  `<Parameter Name="${name}" Type="${type}"><Annotation Term="Core.OptionalParameter"><Record>${
    value === undefined ? '' : `<PropertyValue Property="DefaultValue" String="${value}"/>`
  }</Record></Annotation></Parameter>`;
const returns = (type: string, rest = '') => `<ReturnType Type="${type}"${rest}/>`;

interface Declared {
  readonly bound?: boolean;
  readonly composable?: boolean;
  readonly path?: string;
}

function declare(element: 'Action' | 'Function', name: string, content: string, given: Declared = {}): string {
  const { bound = false, composable = false, path } = given;
  const attributes = [
    bound ? ' IsBound="true"' : '',
    composable ? ' IsComposable="true"' : '',
    path === undefined ? '' : ` EntitySetPath="${path}"`,
  ];
  return `<${element} Name="${name}"${attributes.join('')}>${content}</${element}>`;
}
const action = (name: string, content: string, given?: Declared) => declare('Action', name, content, given);
const functionOf = (name: string, content: string, given?: Declared) => declare('Function', name, content, given);

const book = parameter('book', 'Lib.Book', required);
const books = parameter('books', 'Collection(Lib.Book)', required);
const bound = { bound: true };
const composable = { composable: true };

/** Operations of every form over the library. */
const operationsXml = [
  // functions through imports
  functionOf('BooksByGenre', parameter('genre', 'Edm.String') + returns('Collection(Lib.Book)'), composable),
  functionOf('Cheapest', returns('Lib.Book'), composable),
  functionOf('Nobody', returns('Lib.Author', required), composable),
  functionOf('Maybe', returns('Lib.Author'), composable),
  functionOf('Echo', parameter('text', 'Edm.String') + returns('Edm.String'), composable),
  functionOf(
    'Types',
    ['Date', 'Guid', 'Int64', 'Decimal', 'Double', 'Boolean', 'Duration', 'Binary']
      .map((name) => optional(name, `Edm.${name}`))
      .join('') +
      optional('Genre', 'Lib.Genre') +
      optional('Marks', 'Lib.Marks') +
      optional('Place', 'Lib.Place') +
      optional('Words', 'Collection(Edm.String)') +
      optional('Places', 'Collection(Lib.Place)') +
      optional('Book', 'Lib.Book') +
      optional('Books', 'Collection(Lib.Book)') +
      returns('Edm.String'),
  ),
  functionOf(
    'Limited',
    parameter('max', 'Edm.Int32', required) +
      optional('min', 'Edm.Int32', '2') +
      optional('note', 'Edm.String') +
      returns('Edm.String'),
  ),
  functionOf('Shape', parameter('a', 'Edm.Int32') + returns('Edm.String')),
  functionOf('Shape', parameter('a', 'Edm.Int32') + parameter('b', 'Edm.Int32') + returns('Edm.String')),
  functionOf(
    'Unclear',
    optional('a', 'Edm.Int32') + optional('b', 'Edm.Int32') + optional('c', 'Edm.Int32') + returns('Edm.String'),
  ),
  functionOf(
    'Unclear',
    optional('a', 'Edm.Int32') + optional('b', 'Edm.Int32') + optional('d', 'Edm.String') + returns('Edm.String'),
  ),
  functionOf('Filter', parameter('filter', 'Edm.String') + returns('Edm.String')),
  functionOf('Places', returns('Collection(Lib.Place)'), composable),
  functionOf('Home', returns('Lib.Place'), composable),
  functionOf('Pick', returns('Lib.Book'), composable),
  functionOf('Numbers', returns('Collection(Edm.Int32)'), composable),
  functionOf('Empty', returns('Collection(Edm.Int32)'), composable),
  functionOf('Genres', returns('Collection(Lib.Genre)')),
  functionOf('Loose', returns('Collection(Lib.Book)'), composable),
  functionOf('Count', parameter('words', 'Collection(Edm.String)') + returns('Edm.Int32')),
  functionOf('Report', returns('Edm.Stream')),
  functionOf('Closed', returns('Collection(Lib.Book)')),
  functionOf('Wrong', returns('Edm.Int32', required)),
  functionOf('Writes', returns('Edm.String')),
  functionOf('Slow', returns('Edm.String')),
  functionOf('Missing', returns('Edm.String')),
  // bound functions
  functionOf('Similar', book + returns('Collection(Lib.Book)'), { ...bound, ...composable, path: 'book' }),
  functionOf('Label', book + returns('Edm.String', required), { ...bound, ...composable }),
  functionOf('Label', parameter('book', 'Lib.RareBook', required) + returns('Edm.String', required), {
    ...bound,
    ...composable,
  }),
  functionOf('Label', parameter('entity', 'Edm.EntityType', required) + returns('Edm.String', required), {
    ...bound,
    ...composable,
  }),
  functionOf('Costlier', books + parameter('than', 'Edm.Decimal', ' Scale="2"') + returns('Collection(Lib.Book)'), {
    ...bound,
    ...composable,
    path: 'books',
  }),
  functionOf('Titles', books + returns('Collection(Edm.String)'), { ...bound, ...composable }),
  functionOf('Size', parameter('entities', 'Collection(Edm.EntityType)') + returns('Edm.Int32'), bound),
  functionOf('Lent', book + returns('Collection(Lib.Copy)'), { ...bound, ...composable, path: 'book/Copies' }),
  functionOf('Writer', book + returns('Lib.Author'), { ...bound, ...composable, path: 'book/Author' }),
  functionOf('Shout', parameter('text', 'Edm.String') + returns('Edm.String'), { ...bound, ...composable }),
  functionOf('Line', parameter('place', 'Lib.Place') + returns('Edm.String'), bound),
  functionOf('Longest', parameter('words', 'Collection(Edm.String)') + returns('Edm.String'), bound),
  functionOf('Price', book + parameter('percent', 'Edm.Decimal', ' Scale="2"') + returns('Edm.Double'), bound),
  // actions
  action('Reset', ''),
  action(
    'Add',
    parameter('id', 'Edm.Int32', required) +
      parameter('title', 'Edm.String') +
      optional('pages', 'Edm.Int32', '7') +
      returns('Lib.Book', required),
  ),
  action('Sum', parameter('numbers', 'Collection(Edm.Int64)', required) + returns('Edm.Int64')),
  action('Nothing', returns('Edm.String')),
  action(
    'Merge',
    parameter('place', 'Lib.Place') +
      parameter('book', 'Lib.Book') +
      parameter('books', 'Collection(Lib.Book)') +
      returns('Edm.String'),
  ),
  action('Discount', book + parameter('percent', 'Edm.Int32', required) + returns('Lib.Book', required), {
    ...bound,
    path: 'book',
  }),
  action('Touch', book, bound),
  action('Touch', parameter('book', 'Lib.RareBook', required), bound),
  action('Retag', books + parameter('tag', 'Edm.String', required) + returns('Collection(Lib.Book)'), {
    ...bound,
    path: 'books',
  }),
  action('Break', book, bound),
  action(
    'Restock',
    `${book}<Annotation Term="Core.OperationAvailable"><Gt><Path>book/Pages</Path><Int>100</Int></Gt></Annotation>`,
    bound,
  ),
  action('Retire', `${book}<Annotation Term="Core.OperationAvailable" Bool="false"/>`, bound),
  functionOf('Never', `${returns('Edm.String')}<Annotation Term="Core.OperationAvailable" Bool="false"/>`),
  functionOf('Unhandled', book + returns('Edm.String'), bound),
  action('Fuss', book, bound),
  action('Print', book + returns('Edm.Stream'), bound),
  action('Hold', book, bound),
].join('\n');

const importsXml = [
  ['BooksByGenre', 'Books'],
  ['Cheapest', 'Books'],
  ['Nobody', 'Authors'],
  ['Maybe', 'Authors'],
  ...[
    'Echo',
    'Types',
    'Limited',
    'Shape',
    'Unclear',
    'Filter',
    'Places',
    'Home',
    'Pick',
    'Numbers',
    'Empty',
    'Genres',
  ].map((name) => [name]),
  ...['Loose', 'Report', 'Count', 'Never', 'Wrong', 'Writes', 'Slow', 'Missing'].map((name) => [name]),
  ['Closed', 'Books'],
]
  .map(([name, set]) => `<FunctionImport Name="${name}" Function="Lib.${name}"${set ? ` EntitySet="${set}"` : ''}/>`)
  .concat(
    [['Reset'], ['Add', 'Books'], ['Sum'], ['Nothing'], ['Merge']].map(
      ([name, set]) => `<ActionImport Name="${name}" Action="Lib.${name}"${set ? ` EntitySet="${set}"` : ''}/>`,
    ),
  )
  .join('\n');

/** The library's model with operations; `schema` and `container` are further elements, `attributes` of the schema's start. */
export function operationsModel(schema = '', container = '') {
  const text = readFileSync(join(libraryFolder, 'schema/library.csdl.xml'), 'utf8');
  return readModel({
    file: 'library.csdl.xml',
    text: text
      .replace('<EntityContainer', () => `${operationsXml}${schema}<EntityContainer`)
      .replace('</EntityContainer>', () => `${importsXml}${container}</EntityContainer>`),
  });
}

interface Gate {
  /** Settles when the action `Hold` has changed something and waits. */
  readonly entered: Promise<void>;
  /** Lets it go on. */
  release(): void;
}
const gate = { enter: () => {}, opened: Promise.resolve() };

/** Makes the action `Hold` wait within its transaction. */
export function holdHandlers(): Gate {
  let release = () => {};
  gate.opened = new Promise((resolve) => {
    release = resolve;
  });
  const entered = new Promise<void>((resolve) => {
    gate.enter = resolve;
  });
  return { entered, release };
}

/** Handlers for all of them but `Missing`. */
export const operations: Operations = {
  'Lib.BooksByGenre': ({ parameters }) =>
    parameters.genre === null
      ? { url: 'Books?$filter=Genre eq null&$orderby=Title desc' }
      : { url: `Books?$filter=Genre eq '${String(parameters.genre).replaceAll("'", "''")}'&$orderby=Title desc` },
  'Lib.Cheapest': () => ({ '@id': 'Books(5)' }),
  'Lib.Nobody': () => null,
  'Lib.Maybe': () => undefined,
  'Lib.Echo': { pure: ({ text }) => text },
  'Lib.Types': ({ parameters }) => JSON.stringify(parameters),
  'Lib.Limited': ({ parameters }) => JSON.stringify(parameters),
  'Lib.Shape(a)': () => 'one',
  'Lib.Shape(a,b)': () => 'two',
  'Lib.Unclear': ({ parameters }) => JSON.stringify(parameters),
  'Lib.Filter': ({ parameters }) => parameters.filter,
  'Lib.Places': () => [
    { Street: 'A', City: 'Ulm' },
    { '@type': '#Lib.Abroad', Street: 'B', City: 'Oslo', Country: 'NO' },
    { Street: null, City: 'Bern' },
  ],
  'Lib.Pick': () => ({ '@id': 'Books(2)' }),
  'Lib.Home': { pure: () => ({ Street: 'A', City: 'Ulm' }) },
  'Lib.Numbers': { pure: () => [3, 1, 2] },
  'Lib.Empty': () => null,
  'Lib.Loose': () => [
    { ID: 90, Title: 'Draft', Price: '1.50', Tags: ['x'] },
    { '@type': '#Lib.EBook', ID: 91, Title: 'Proof', Format: 'pdf' },
  ],
  'Lib.Count': { pure: ({ words }) => words.length },
  'Lib.Report': () => ({ type: 'text/csv', content: 'a,b\n1,2\n' }),
  'Lib.Closed': () => [{ ID: 3 }, { ID: 1 }],
  'Lib.Wrong': () => 'text',
  'Lib.Writes': ({ odata }) => odata.delete('Books(1)'),
  'Lib.Slow': () => new Promise(() => {}),
  'Lib.Similar': ({ binding }) => ({
    url: `Books?$filter=AuthorID eq ${binding?.value.AuthorID} and ID ne ${binding?.value.ID}`,
  }),
  'Lib.Label': ({ binding }) => `${binding?.type} ${binding?.value.Title ?? binding?.value.Name}`,
  'Lib.Costlier': async ({ binding, parameters }) => {
    const items = (await binding?.items()) ?? [];
    return items.filter(({ Price }) => Price > parameters.than).reverse();
  },
  'Lib.Titles': async ({ binding }) => (await binding?.items())?.map(({ Title }) => Title),
  'Lib.Size': { pure: ({ entities }) => entities.length },
  'Lib.Lent': () => [{ No: 3 }, { No: 1 }],
  'Lib.Writer': ({ binding }) => ({ url: `Authors(${binding?.value.AuthorID})` }),
  'Lib.Shout': { pure: ({ text }) => text?.toUpperCase() },
  'Lib.Line': { pure: ({ place }) => place && `${place.Street}, ${place.City}` },
  'Lib.Longest': {
    pure: ({ words }) => [...words].sort((a, b) => b.length - a.length)[0],
  },
  'Lib.Price': { pure: ({ book, percent }) => book.Price && Number(book.Price) * (1 - percent / 100) },
  'Lib.Genres': () => ['Poetry', 'Fiction'],
  'Lib.Reset': async ({ odata }) => {
    await odata.patch('Desk', { Clerk: 'reset' });
    return 'ignored';
  },
  'Lib.Add': async ({ odata, parameters }) => {
    const made = await odata.post('Books', {
      ID: parameters.id,
      Title: parameters.title ?? 'Untitled',
      Pages: parameters.pages,
    });
    return { '@id': made.headers.Location, created: true };
  },
  'Lib.Sum': ({ parameters }) => parameters.numbers.reduce((sum: bigint, next: string) => sum + BigInt(next), 0n),
  'Lib.Nothing': () => null,
  'Lib.Merge': ({ parameters }) => JSON.stringify(parameters),
  'Lib.Discount': async ({ binding, parameters, odata }) => {
    if (parameters.percent > 90) throw new ODataError('Conflict', 'Not that much.', 'percent');
    await odata.patch(binding?.url ?? '', { Price: binding?.value.Price * (1 - parameters.percent / 100) });
    return (await odata.get(binding?.url ?? '')).body;
  },
  'Lib.Touch': ({ binding, odata }) => odata.patch(binding?.url ?? '', { Title: binding?.type ?? '' }),
  'Lib.Retag': async ({ binding, parameters, odata }) => {
    const items = (await binding?.items()) ?? [];
    await Promise.all(items.map(({ ID }) => odata.patch(`Books(${ID})`, { Tags: [parameters.tag] })));
    return items;
  },
  'Lib.Break': async ({ binding, odata }) => {
    await odata.patch(binding?.url ?? '', { Title: 'half' });
    throw new TypeError('a secret of the handler');
  },
  'Lib.Restock': () => undefined,
  'Lib.Retire': () => undefined,
  'Lib.Never': () => 'never',
  'Lib.Fuss': async ({ binding, odata }) => {
    const title = binding?.value.Title;
    await odata.patch(binding?.url ?? '', { Title: 'before', Price: 1 });
    if (binding?.value.Price === null) throw new ODataError('UnprocessableEntity', 'Has no price.');
    await odata.patch(binding?.url ?? '', { Title: title });
  },
  'Lib.Print': ({ binding }) => ({ type: 'text/plain', content: Buffer.from(binding?.value.Title) }),
  'Lib.Hold': async ({ binding, odata }) => {
    await odata.patch(binding?.url ?? '', { Title: 'held' });
    gate.enter();
    await gate.opened;
    await odata.patch(binding?.url ?? '', { Pages: 1 });
  },
};

/** The library with its operations behind real HTTP, on a fresh database with its seed. */
export function startOperations(options: ServiceOptions = {}, app: AppOptions = {}): Promise<Server> {
  return startServer({ model: operationsModel(), seed: join(libraryFolder, 'db/seed'), operations, ...options }, app);
}
