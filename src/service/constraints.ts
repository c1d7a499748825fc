import { checkItems, constraintsOf } from '../bind/index.js';
import { annotationOf, type EntityType, type NavigationProperty } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { type ConstrainedRow, planConstraints, planCounts } from '../plan/index.js';
import { compileReading, sqlite } from '../sql/index.js';
import { type Applying, below, typeOfRow, type WrittenRow } from './applying.js';
import { identity, rowsWith, type StoredRow } from './locate.js';

/**
 * Looks at everything a modification has written when all of it is: constraints hold for the instances as they are now
 * (Validation.Constraint), related collections have as many members as they may (MinItems, MaxItems). Every problem is told at once.
 */
export async function checkWritten(applying: Applying): Promise<void> {
  const problems: ODataError[] = [];
  for (const written of applying.written.rows) {
    problems.push(...(await brokenConstraints(written, applying)));
    problems.push(...(await wrongCounts(written, applying)));
  }
  for (const row of await parentsOf(applying)) problems.push(...(await wrongCounts({ row, target: '' }, applying)));
  const [first, second] = problems;
  if (first === undefined) return;
  if (second === undefined) throw first;
  throw new ODataError('ValidationFailed', `The change breaks ${problems.length} rules; see details.`, null, {
    details: problems,
  });
}

function constrained(row: StoredRow): ConstrainedRow {
  return { table: row.table, type: typeOfRow(row), key: identity(row) };
}

async function brokenConstraints({ row, target }: WrittenRow, applying: Applying): Promise<readonly ODataError[]> {
  const { engine, session } = applying;
  const constraints = constraintsOf(typeOfRow(row), engine.model);
  if (constraints.length === 0) return [];
  const reading = planConstraints(constrained(row), constraints, engine.layout);
  const [results] = await session.all(compileReading(reading, sqlite));
  if (results === undefined) return []; // gone again
  return constraints.flatMap((constraint, index) => {
    if (results[index] === 1n) return [];
    const path = [...constraint.path.map(({ name }) => name), constraint.target].filter((name) => name !== '');
    const at = path.reduce(below, target);
    return [new ODataError('InvalidValue', constraint.message, at === '' ? null : at)];
  });
}

const counted = new WeakMap<EntityType, readonly NavigationProperty[]>();

/** Navigation properties whose members are counted. */
function countedOf(type: EntityType): readonly NavigationProperty[] {
  const before = counted.get(type);
  if (before !== undefined) return before;
  const found = [...type.navigationProperties.values()].filter(
    (property) =>
      property.collection &&
      (['MinItems', 'MaxItems'] as const).some(
        (term) => annotationOf(property, `Org.OData.Validation.V1.${term}`) !== null,
      ),
  );
  counted.set(type, found);
  return found;
}

async function wrongCounts({ row, target }: WrittenRow, { engine, session }: Applying): Promise<readonly ODataError[]> {
  const properties = countedOf(typeOfRow(row)).filter((property) => row.table.links.has(property));
  if (properties.length === 0) return [];
  const [counts] = await session.all(compileReading(planCounts(constrained(row), properties, engine.layout), sqlite));
  if (counts === undefined) return [];
  return properties.flatMap((property, index) => {
    try {
      checkItems(Number(counts[index] ?? 0), property, property.name);
      return [];
    } catch (error) {
      if (!(error instanceof ODataError)) throw error;
      return [new ODataError(error.code, error.message, below(target, property.name))];
    }
  });
}

/** The entities that contain what was written or removed, where their contents are counted. */
async function parentsOf({ written, session }: Applying): Promise<readonly StoredRow[]> {
  const found = new Map<string, StoredRow>();
  for (const { row } of [...written.rows, ...written.removed.map((row) => ({ row }))]) {
    const { parent } = row.table;
    const [table] = parent?.tables ?? [];
    if (parent === null || table === undefined || !countedOf(table.type).includes(parent.navigation)) continue;
    const key = new Map(parent.pairs.map((pair) => [pair.target.name, row.values.get(pair.own.name) ?? null]));
    const name = `${table.name}\n${[...key.values()].map(String).join('\n')}`;
    if (found.has(name)) continue;
    for (const owner of await rowsWith(table, key, session)) found.set(name, owner);
  }
  return [...found.values()];
}
