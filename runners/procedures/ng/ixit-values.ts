import type { Equipment, SecretRef } from '../../../src/domain/equipment.ts';
import { Blocked } from '../procedure.ts';

export type Product = Pick<Equipment, 'id' | 'ixit'>;

export function isSecret(value: object): value is SecretRef {
  const { file, env } = value as { readonly file?: unknown; readonly env?: unknown };
  return typeof file === 'string' || typeof env === 'string';
}

export function missing({ id }: Product, name: string, wanted: string): Blocked {
  return unusable(`${id}: ixit ${name} does not say ${wanted}`);
}

export function unusable(text: string): Blocked {
  return new Blocked({ code: 'IXIT_MISSING', text }, 'notSupportedByTestbed');
}
