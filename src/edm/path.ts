import { findMember } from './member.js';
import type { NavigationProperty, Property, StructuredType, Type } from './model.js';

/** What one segment of a model path is. */
export type PathStep = Property | NavigationProperty | StructuredType;

/** The steps of a path as far as it can be followed; `failed` is the first segment that is nothing, null when all are something. */
export interface Followed {
  readonly steps: readonly PathStep[];
  readonly failed: string | null;
}

/** Follows property, navigation and type-cast segments from a structured type (CSDL 14.4.1.1). */
export function follow(start: StructuredType, path: string, typeOf: (name: string) => Type | null): Followed {
  const steps: PathStep[] = [];
  let current: StructuredType | null = start;
  for (const segment of path.split('/')) {
    const step: PathStep | null = current === null ? null : stepFrom(current, segment, typeOf);
    if (step === null) return { steps, failed: segment };
    steps.push(step);
    current = structuredOf(step);
  }
  return { steps, failed: null };
}

function stepFrom(type: StructuredType, segment: string, typeOf: (name: string) => Type | null): PathStep | null {
  if (!segment.includes('.')) return findMember(type, segment);
  const cast = typeOf(segment);
  return cast?.kind === 'entity' || cast?.kind === 'complex' ? cast : null;
}

/** The structured type a step leads to, or null. */
export function structuredOf(step: PathStep): StructuredType | null {
  const type = step.kind === 'property' || step.kind === 'navigationProperty' ? step.type : step;
  return type.kind === 'entity' || type.kind === 'complex' ? type : null;
}

/** The structural properties of a path like `Address/City`; empty when it leads elsewhere. */
export function propertiesAlong(start: StructuredType, path: string): readonly Property[] {
  const { steps, failed } = follow(start, path, () => null);
  const properties = steps.filter((step) => step.kind === 'property');
  return failed === null && properties.length === steps.length ? properties : [];
}
