const partials = new Map<RegExp, RegExp>();

/**
 * The pattern that fits whatever the other one's texts begin with: every character of it may also be the end. For patterns of plain characters,
 * classes, groups and quantifiers between `^` and `$`.
 */
function partial(pattern: RegExp): RegExp {
  const known = partials.get(pattern);
  if (known !== undefined) return known;
  const source = pattern.source.replace(
    /\(\?:|\{[\d,]+\}|(\\p\{\w+\}|\\.|\[[^\]]+\]|[^()|?*+^$])/g,
    (whole, character?: string) => (character === undefined ? whole : `(?:${character}|$)`),
  );
  const found = new RegExp(source, pattern.flags);
  partials.set(pattern, found);
  return found;
}

/** Texts are shown up to here, so nothing further on is looked for. */
const furthest = 80;

/** The offset of the first character because of which `text` does not fit `pattern`; its length when something is missing at its end. */
export function reach(pattern: RegExp, text: string): number {
  const begun = partial(pattern);
  const last = Math.min(text.length, furthest);
  for (let length = 1; length <= last; length++) if (!begun.test(text.slice(0, length))) return length - 1;
  return last;
}
