import type { Resource } from '../bind/index.js';
import { ODataError } from '../errors.js';
import { columnOf, planner, planPath } from '../plan/index.js';
import type { ODataResponse } from '../protocol/index.js';
import { type Applying, typeOfRow } from './applying.js';
import { entityChange, entityTypeOf, receiveBody } from './body.js';
import type { Exchange, Handler } from './context.js';
import { fetchRows, type StoredRow } from './locate.js';
import { appliedHeaders, emptyResponse } from './response.js';
import type { Engine } from './service.js';
import { inTransaction } from './transaction.js';
import { changeEntity, removeRow } from './update.js';

/** The rows of a collection that a path with `/$each` speaks of. */
async function members(
  resource: Resource,
  exchange: Exchange,
  engine: Engine,
  applying: Applying,
): Promise<readonly StoredRow[]> {
  const { rows, item } = planPath(resource, planner(engine.layout, exchange.restriction));
  if (item.kind !== 'row') throw new ODataError('NotImplemented', 'Only entities can be changed by /$each.', '$each');
  const columns = item.table.columns.map((column) => columnOf(item.as, column));
  return fetchRows(applying.session, item.table, { kind: 'columns', rows, columns });
}

async function each(
  exchange: Exchange,
  engine: Engine,
  work: (row: StoredRow, applying: Applying) => Promise<unknown>,
): Promise<ODataResponse> {
  return inTransaction(exchange, engine, async (applying) => {
    for (const row of await members(exchange.url.resource, exchange, engine, applying)) await work(row, applying);
    return emptyResponse(
      appliedHeaders(exchange, { return: exchange.preferences.return === 'minimal' ? 'minimal' : null }),
    );
  });
}

/** PATCH of `…/$each`: the same merge for every member; one failure, and nothing is done (Protocol 11.4.13). */
export const updateEach: Handler = async (exchange, engine) => {
  const body = receiveBody(exchange);
  const change = entityChange(body, entityTypeOf(exchange.url.resource), 'merge', exchange, engine);
  return each(exchange, engine, (row, applying) =>
    changeEntity(applying, row, { ...change, type: typeOfRow(row) }, 'merge'),
  );
};

/** DELETE of `…/$each` (Protocol 11.4.14). */
export const deleteEach: Handler = (exchange, engine) =>
  each(exchange, engine, (row, applying) => removeRow(applying, row));
