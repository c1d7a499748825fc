/** A simple identifier (CSDL 15.2). */
const simple = /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}\p{Cf}]{0,127}$/u;
const plain = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/** CSDL 15.2. */
export function isIdentifier(text: string): boolean {
  return plain.test(text) || simple.test(text);
}

/** Most paths; looking for names in others takes longer. */
const plainPath = /^[A-Za-z_][\w.]*(?:\/[A-Za-z_][\w.]*)*$/;
const plainDotted = /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$/;

/** CSDL 15.1: dotted identifiers, at most 511 characters. */
export function isNamespace(text: string): boolean {
  if (text.length <= 128 && plainDotted.test(text)) return true;
  return text.split('.').every(isIdentifier) && [...text].length <= 511;
}

/** CSDL 15.3: namespace or alias, a dot, a name. */
export function isQualifiedName(text: string): boolean {
  const dot = text.lastIndexOf('.');
  return dot > 0 && isNamespace(text);
}

/** Namespaces and aliases that nobody may define (CSDL 4.2, 5). */
export const reservedNames: ReadonlySet<string> = new Set(['Edm', 'odata', 'System', 'Transient']);

const dotted =
  /'(?:[^']|'')*'|[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}\p{Cf}]*(?:\.[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}\p{Cf}]*)+/gu;

/** Replaces the part before the last dot of every qualified name in a path, type or target (CSDL 15.3); literals in quotes stay. */
export function mapQualifiers(text: string, map: (qualifier: string) => string | undefined): string {
  const last = text.lastIndexOf('.');
  if (last === -1) return text;
  if (plainDotted.test(text)) return mapped(text, last, map);
  if (plainPath.test(text))
    return text
      .split('/')
      .map((segment) => mapped(segment, segment.lastIndexOf('.'), map))
      .join('/');
  return text.replace(dotted, (name) => (name.startsWith("'") ? name : mapped(name, name.lastIndexOf('.'), map)));
}

function mapped(name: string, dot: number, map: (qualifier: string) => string | undefined): string {
  const replaced = dot === -1 ? undefined : map(name.slice(0, dot));
  return replaced === undefined ? name : `${replaced}${name.slice(dot)}`;
}
