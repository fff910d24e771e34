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

it('tells in a handover command of which next hop the keys are derived', () => {
  // 0 00 0, three octets: 00 0 00001 | 00010000 | 0 0 0 101 and two to fill up; four more
  expect(hex(handoverCommand(5))).toBe('0030110140');
});
