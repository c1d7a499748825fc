import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createStatements, sqlite } from '../../src/sql/index.js';
import { createLayout } from '../../src/tables/index.js';
import { modelOf } from '../tables/model.js';

const model = modelOf({
  types: {
    Folder: {
      key: ['na"me'],
      properties: { 'na"me': 'String!' },
      navigation: { children: { to: 'Folder', many: true, contained: true }, tags: { to: 'Tag', many: true } },
    },
    Tag: {
      key: ['id'],
      properties: { id: 'Int32!', price: { type: 'Decimal', precision: 9, scale: 2 }, raw: 'Binary', list: 'String[]' },
    },
  },
  sets: { folders: { type: 'Folder', bindings: { tags: 'tags' } }, tags: { type: 'Tag' } },
});

describe('sql: create statements', () => {
  const statements = createStatements(createLayout(model), sqlite);

  it('quotes every name and declares every type', () => {
    assert.equal(
      statements.find((text) => text.includes('"tags" (')),
      `create table "tags" (
  "id" integer not null,
  "price" integer,
  "raw" blob,
  "list" text not null default '[]',
  "@version" integer not null default 1,
  primary key ("id")
) strict`,
    );
    assert.ok(statements.some((text) => text.includes('"na""me" text not null')));
  });

  it('removes what hangs on parents of several tables', () =>
    assert.deepEqual(
      statements.filter((text) => text.startsWith('create trigger "@delete')),
      [
        'create trigger "@delete:folders/folders_children" after delete on "folders" begin delete from "folders_children" where "@parent" = old."@id"; end',
        'create trigger "@delete:folders_children/folders_children" after delete on "folders_children" begin delete from "folders_children" where "@parent" = old."@id"; end',
      ],
    ));

  it("SQLite's own shell understands them", function () {
    const input = `pragma foreign_keys = on; ${statements.join(';\n')};\npragma foreign_key_check; select count(*) from sqlite_schema where type = 'table';`;
    try {
      execFileSync('sqlite3', ['-version']);
    } catch {
      return this.skip(); // no shell here
    }
    assert.equal(execFileSync('sqlite3', ['-bail', ':memory:'], { input, encoding: 'utf8' }).trim(), '6');
  });
});
