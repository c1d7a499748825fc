import type { BoundOptions } from '../bind/index.js';

/**
 * Whether options say which members of a collection are shown, or in which order: what a modification answers cannot obey them
 * (Protocol 11.4.1.5), and a collection that is changed as a whole is not to be shaped (11.4.12).
 */
export function shapesCollection(options: BoundOptions): boolean {
  const { filter, search, top, skip, orderby, count, apply, skiptoken } = options;
  const narrows = filter !== null || search !== null || top !== null || skip !== null || skiptoken !== null;
  return narrows || orderby.length > 0 || count || apply !== null;
}
