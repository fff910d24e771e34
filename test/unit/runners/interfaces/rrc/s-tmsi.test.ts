import { expect, it } from 'vitest';
import { bitsOf } from '../../../../../runners/interfaces/ap/values.ts';
import { cellGroupConfig } from '../../../../../runners/interfaces/rrc/cell-group.ts';
import { readRrc } from '../../../../../runners/interfaces/rrc/messages.ts';
import { RrcNetworkSide } from '../../../../../runners/interfaces/rrc/network-side.ts';
import { sTmsiIn } from '../../../../../runners/interfaces/rrc/s-tmsi.ts';
import { RrcUeSide } from '../../../../../runners/interfaces/rrc/ue-side.ts';

const NAME = { set: 0x2a5, pointer: 0x31, tmsi: Uint8Array.of(0x81, 2, 3, 0xfe) };

/** What a network reads of a UE that comes under that name. */
function readAs(sTmsi: typeof NAME | null) {
  const network = new RrcNetworkSide();
  const ue = new RrcUeSide({ kgnb: () => null });
  const request = readRrc('ulCcch', ue.connect({ cause: 'mt-Access', sTmsi, nas: Uint8Array.of(1) }).octets);
  const reaction = ue.receiveCommon(network.setup(cellGroupConfig([{ srb: 1 }])));
  if (!request.ok || request.value.name !== 'rrcSetupRequest' || !reaction.ok) throw new Error('no request');
  const complete = network.receive(1, reaction.value.answers[0]?.octets ?? new Uint8Array());
  if (!complete.ok || complete.value.name !== 'rrcSetupComplete') throw new Error('not completed');
  return {
    identity: request.value.contents['ue-Identity'],
    value: complete.value.contents['ng-5G-S-TMSI-Value'],
  };
}

it('comes in two parts, and is put together again', () => {
  const { identity, value } = readAs(NAME);
  expect(Object.keys(identity)).toEqual(['ng-5G-S-TMSI-Part1']);
  expect(sTmsiIn(identity, value)).toEqual(NAME);
});

it('comes whole where there was no request, as after a re-establishment', () => {
  const whole = (0x2a5n << 38n) | (0x31n << 32n) | 0x810203fen;
  expect(sTmsiIn(null, { 'ng-5G-S-TMSI': bitsOf(whole, 48) })).toEqual(NAME);
});

it('is not there of a UE that has none, or that has said only half of it', () => {
  const { identity, value } = readAs(null);
  expect(sTmsiIn(identity, value)).toBeNull();
  expect(sTmsiIn(identity, readAs(NAME).value)).toBeNull();
  expect(sTmsiIn(readAs(NAME).identity, undefined)).toBeNull();
});
