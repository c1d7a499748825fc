/** The nearest of `names` to `wanted`, as the tail of a message: ` Did you mean 'city'?`, or nothing when none is near. */
export function didYouMean(wanted: string, names: Iterable<string>): string {
  let best: string | null = null;
  let least = Math.max(1, Math.floor(Math.min(wanted.length, 40) / 3)) + 1;
  for (const name of names) {
    if (name.toLowerCase() === wanted.toLowerCase()) return ` Did you mean '${name}'?`;
    const distance = editDistance(wanted.slice(0, 40), name.slice(0, 40), least);
    if (distance < least) {
      least = distance;
      best = name;
    }
  }
  return best === null ? '' : ` Did you mean '${best}'?`;
}

/** Levenshtein distance, given up once it cannot be below `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? limit;
}
