import type { PrimitiveTypeName } from '../model.js';
import { rule } from './rule.js';

const ranges: Readonly<Partial<Record<PrimitiveTypeName, readonly [bigint, bigint]>>> = {
  'Edm.Byte': [0n, 255n],
  'Edm.SByte': [-128n, 127n],
  'Edm.Int16': [-32768n, 32767n],
  'Edm.Int32': [-2147483648n, 2147483647n],
  'Edm.Int64': [-(2n ** 63n), 2n ** 63n - 1n],
};

/** Rules for enumeration types (CSDL 10). */
export const typeRules = [
  rule('enum-empty', 'enum', 'C10-2', (type, tell) => {
    if (type.members.size === 0) tell(`The enumeration type ${type.name} needs at least one member.`);
  }),
  rule('enum-range', 'enum', 'C10.3-1', (type, tell) => {
    const [least, greatest] = ranges[type.underlyingType.name] ?? [0n, 0n];
    for (const { name, value, at } of type.members.values())
      if (value < least || value > greatest)
        tell(`The value ${value} of '${name}' does not fit ${type.underlyingType.name}.`, at);
  }),
  rule('enum-flags', 'enum', 'C10.3-2', (type, tell) => {
    for (const { name, value, at } of type.members.values())
      if (type.isFlags && value < 0n) tell(`The member '${name}' of a flags type cannot be negative.`, at);
  }),
];
