/** The parts of a URL relative to the service root, as written. */
function splitUrl(url: string): { readonly path: string; readonly parts: readonly string[] } {
  const mark = url.indexOf('?');
  if (mark < 0) return { path: url, parts: [] };
  return {
    path: url.slice(0, mark),
    parts: url
      .slice(mark + 1)
      .split('&')
      .filter((part) => part !== ''),
  };
}

function without(url: string, options: readonly string[]): ReturnType<typeof splitUrl> {
  const { path, parts } = splitUrl(url);
  const left = new RegExp(`^(?:\\$|%24)?(?:${options.join('|')})=`, 'i');
  return { path, parts: parts.filter((part) => !left.test(part)) };
}

/** A query without some of its options, in a fixed order: a token opens only for the query it was made for. */
export function queryText(url: string, options: readonly string[]): string {
  const { path, parts } = without(url, options);
  return `${path}?${[...parts].sort().join('&')}`;
}

/** The absolute URL of a request without some of its options, and with what is added. */
export function linkWith(
  { base, url }: { readonly base: string; readonly url: string },
  options: readonly string[],
  ...added: readonly string[]
): string {
  const { path, parts } = without(url, options);
  const query = [...parts, ...added].join('&');
  return `${base}${path}${query === '' ? '' : `?${query}`}`;
}
