import assert from 'node:assert/strict';
import { startLibrary } from '../../model/library.js';
import type { Server } from '../../model/serve.js';

/** A request, and what of its answer says that the alias stood for the right value; blanks are encoded by the client. */
const rows: readonly [row: string, path: string, found: unknown][] = [
  ['U5.3-1 U4.3-8', "Topics(@k)?$select=Name&@k='A/1'", 'Algebra'],
  ['U5.3-1 U4.3-8', 'Books(1)/Copies(No=@k)?$select=Shelf&@k=2', 'B'],
  ['U4.3-9', "Topics(Code=@k)?$select=Name&@k='A/1'", 'Algebra'],
  ['U5.3-1', 'Books?$filter=ID eq @id&$select=Title&@id=1', ['Engines']],
  ['U5.3-1', 'Books?$orderby=@o desc&$top=1&$select=Title&@o=Pages', ['Engines']],
  ['U5.3-1', 'Books?$compute=Pages add @n as More&$filter=More eq 301&$select=Title&@n=1', ['Engines']],
  ['U5.3-2 U5.1.1-1', 'Books?$filter=@p&$select=Title&@p=Pages gt 2 mul 100', ['Engines']],
  ['U5.3-2', 'Books?$filter=ID in @list&$select=Title&@list=[1,5]', ['Engines', "o'clock"]],
  ['U5.3-3', 'Books?$filter=Pages eq @nothing&$select=Title', ['Engines II']],
  ['U5.3-3', 'Books?$filter=@nothing/Name eq null and ID eq 1&$select=Title', ['Engines']],
  ['U5.3-3', 'Books?$filter=ID gt @n and ID lt @n add 2&$select=Title&@n=1', ['Ödland']],
  ['U5.3-4 U4.12-2', 'Books/$filter(@f)?$select=Title&@f=Pages lt 44', ["o'clock"]],
  ['U5.3-4', 'Books?$filter=@a/Name eq null&$select=Title&@a=Author', ["o'clock"]],
  ['U5.3-6', 'Books?$filter=ID eq @N and ID eq @n sub 1&$select=Title&%40N=1&@n=2', ['Engines']],
  ['U5.3-7', 'Books?$filter=ID eq 1&$select=Title&@unused=5', ['Engines']],
  ['U5.1.1.15-1 U5.3-2', "Books?$filter=@a/Home/City eq 'Umeå'&$select=Title&@a=Author", ['Ödland']],
  ['U5.3-2', "Books?$filter=@a/any(c:c/Shelf eq 'B')&$select=Title&@a=Copies", ['Engines']],
];

const refused: readonly [row: string, path: string, status: number, code: string][] = [
  ['U5.3-3', 'Books?$filter=ID eq @a&@a=1&@a=2', 400, 'DuplicateQueryOption'],
  ['U5.3-6', 'Books?$filter=ID eq @1&@1=1', 400, 'MalformedQueryOption'],
  ['U5.3-7', 'Books?$filter=ID eq @a&@a=@b&@b=@a', 400, 'InvalidValue'],
  ['U4.3-10', 'Books(@k)', 400, 'InvalidKey'],
  ['U4.3-10', 'Books(@k)?@k=null', 400, 'InvalidKey'],
  ['U5.3-4', 'Books?$filter=Copies/any(c:@a)&@a=c/No eq 1', 400, 'UnknownProperty'],
];

/** Aliases assigned within a nested item belong to it; those of the request are seen there, and mean what they mean outside. */
const nested: readonly [row: string, path: string, found: unknown][] = [
  ['U5.3-5', 'Books(1)?$expand=Copies(@n=2;$filter=No gt @n;$select=No)', [3]],
  ['U5.3-5', 'Books(1)?$expand=Copies(@c=$this;$filter=@c/No gt 2;$select=No)', [3]],
  ['U5.3-5', 'Books(1)?$expand=Copies(@n=No sub 1;$filter=@n eq 1;$select=No)', [2]],
  ['U5.3-4', 'Books(1)?$expand=Copies($filter=No eq @n;$select=No)&@n=3', [3]],
  ['U5.3-4', 'Books(1)?$expand=Copies(@n=1;$filter=No eq @n;$select=No)&@n=3', [1]],
];

describe('URL 5.3: parameter aliases', () => {
  let server: Server;
  before(async () => {
    server = await startLibrary();
  });
  after(() => server.close());

  for (const [row, path, found] of rows)
    it(`${row} ${path}`, async () => {
      const { status, json, text } = await server.ask('GET', path);
      assert.equal(status, 200, text);
      const titles = json.value?.map((item: { readonly Title: string }) => item.Title);
      assert.deepEqual(titles ?? json.Name ?? json.Shelf, found);
    });

  for (const [row, path, status, code] of refused)
    it(`${row} refuses ${path}`, async () => {
      const reply = await server.ask('GET', path);
      assert.deepEqual([reply.status, reply.json.error.code], [status, code], reply.text);
    });

  for (const [row, path, found] of nested)
    it(`${row} ${path}`, async () => {
      const { status, json, text } = await server.ask('GET', path);
      assert.equal(status, 200, text);
      assert.deepEqual(
        json.Copies.map((copy: { readonly No: number }) => copy.No),
        found,
      );
    });
});
