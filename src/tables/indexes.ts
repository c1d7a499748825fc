import { defaultOrder } from './annotations.js';
import { columnAt, propertiesOf, type TableBuilder } from './builder.js';
import type { Column } from './layout.js';
import type { Names } from './names.js';

/** Indexes for foreign keys, for alternate keys, and for the order the model states: (parent, column, key) serves its pages. */
export function addIndexes(table: TableBuilder, names: Names): void {
  const above = table.parent?.pairs.map((pair) => pair.own) ?? [];
  for (const { pairs } of table.foreignKeys)
    addIndex(
      table,
      pairs.map((pair) => pair.own),
      false,
      names,
    );
  for (const link of table.links.values())
    if (link.kind === 'columns' && link.writtenOn === 'own')
      addIndex(
        table,
        link.pairs.map((pair) => pair.own),
        false,
        names,
      );
  for (const key of table.type.alternateKeys) {
    const columns = key.map((part) => columnAt(table, part.properties));
    if (allColumns(columns)) addIndex(table, [...above, ...columns], true, names);
  }
  const order = defaultOrder(table.source, table.type).map((path) => columnAt(table, propertiesOf(table.type, path)));
  if (order.length > 0 && allColumns(order)) {
    const rest = table.key.filter((column) => !order.includes(column));
    addIndex(table, [...above, ...order, ...rest], false, names);
  }
}

function allColumns(columns: readonly (Column | null)[]): columns is readonly Column[] {
  return !columns.includes(null);
}

/** Adds an index unless the primary key or another index begins with the same columns. */
export function addIndex(table: TableBuilder, columns: readonly Column[], unique: boolean, names: Names): void {
  const begins = (other: readonly Column[]) => columns.every((column, index) => other[index] === column);
  if (!unique && (begins(table.primaryKey) || table.indexes.some((index) => begins(index.columns)))) return;
  const list = columns.map((column) => column.name).join(',');
  const name = names.choose(`#${table.identity}:${list}`, `@${table.name}:${list}`);
  table.indexes.push({ name, columns, unique });
}
