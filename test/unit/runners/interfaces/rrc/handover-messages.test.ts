import { expect, it } from 'vitest';
import {
  handoverCommand,
  handoverPreparation,
} from '../../../../../runners/interfaces/rrc/handover-messages.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

it('writes the smallest messages that a source and a target hand each other', () => {
  // 0 00 0000 0000, filled up
  expect(hex(handoverPreparation())).toBe('0000');
  // 0 00 0, one octet: 00 0 00000, filled up
  expect(hex(handoverCommand())).toBe('001000');
});
