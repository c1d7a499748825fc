import { type Parameter, parseParameter, splitList } from './header.js';

/** A media type or, in `Accept`, a range of them; names in lower case. */
export interface MediaType {
  /** `application/json`, `application/*`, `*\/*`. */
  readonly name: string;
  /** Without `q`. */
  readonly parameters: readonly Parameter[];
}

/** A range of `Accept` and how much it is liked (RFC 9110 12.5.1). */
export interface MediaRange extends MediaType {
  readonly quality: number;
}

const tokens = /^[!#$%&'*+.^_`|~0-9a-z-]+\/[!#$%&'*+.^_`|~0-9a-z-]+$/;

/** A media type with parameters; null when the text is none. */
export function parseMediaType(text: string): MediaType | null {
  const [name = '', ...parameters] = splitList(text, ';');
  const lower = name.replaceAll(' ', '').toLowerCase();
  return tokens.test(lower) ? { name: lower, parameters: parameters.map(parseParameter) } : null;
}

/** The ranges of an `Accept` header, as written. What is no media range is left out: nothing can match it. */
export function parseAccept(text: string): MediaRange[] {
  const ranges: MediaRange[] = [];
  for (const part of splitList(text, ',')) {
    const media = parseMediaType(part === '*' ? '*/*' : part);
    if (media === null) continue;
    const quality = media.parameters.find((parameter) => parameter.name === 'q')?.value ?? '1';
    ranges.push({
      name: media.name,
      parameters: media.parameters.filter((parameter) => parameter.name !== 'q'),
      quality: qualityOf(quality),
    });
  }
  return ranges;
}

/** 0 … 1; what is no number counts as 1. */
export function qualityOf(text: string): number {
  const quality = Number(text);
  return Number.isNaN(quality) ? 1 : Math.min(1, Math.max(0, quality));
}

/** The value of a parameter, or undefined. */
export function parameterOf(media: MediaType, name: string): string | undefined {
  return media.parameters.find((parameter) => parameter.name === name)?.value ?? undefined;
}
