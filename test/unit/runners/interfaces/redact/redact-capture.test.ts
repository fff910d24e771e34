import { beforeAll, describe, expect, it } from 'vitest';
import { encodeMobility } from '../../../../../runners/interfaces/nas/codec.ts';
import { encodeIdentity, nullSchemeSuci } from '../../../../../runners/interfaces/nas/identity.ts';
import { redactCapture } from '../../../../../runners/interfaces/redact/redact-capture.ts';
import type { Program } from '../../../../../src/judge/program.ts';
import { DATA_FLAG } from '../../../../../runners/interfaces/sctp/chunks.ts';
import { framesOf, pcapFile } from '../../../../support/capture/files.ts';
import { readMessages } from '../../../../support/capture/read.ts';
import { aTalk } from '../../../../support/capture/talk.ts';
import { shippedProperties } from '../../../../support/judge/catalogue.ts';
import { captureFile, judgedFile } from '../../../../support/judge/spoken.ts';
import { Octets } from '../../../../support/signalling/octets.ts';
import { Signalling } from '../../../../support/signalling/signalling.ts';

const KEY = new Uint8Array(32).fill(7);
const TMSI = Uint8Array.of(0xca, 0xfe, 0xba, 0xbe);
const MSIN = '0123456789';
const bits = (length: number, ...octets: number[]) => ({ bits: Uint8Array.from(octets), length });

function registration(identity: Uint8Array): Uint8Array {
  return encodeMobility('RegistrationRequest', {
    ...{ registrationType: 1, ngKsi: 7, mobileIdentity: identity },
  });
}

/** Messages of NGAP with the identities of one subscriber, twice, and a key. */
function identities(): readonly Uint8Array[] {
  const octets = new Octets(2);
  const amf = { region: 1, set: 2, pointer: 3 };
  const suci = registration(encodeIdentity(nullSchemeSuci('00101', MSIN)));
  const guti = registration(encodeIdentity({ kind: 'guti', plmn: '00101', amf, tmsi: TMSI }));
  const sTmsi = { aMFSetID: bits(10, 0, 0x40), aMFPointer: bits(6, 4), 'fiveG-TMSI': TMSI };
  return [
    octets.of('NGAP', 'InitialUEMessage', { 'NAS-PDU': suci, 'FiveG-S-TMSI': sTmsi }),
    octets.of('NGAP', 'InitialUEMessage', { 'NAS-PDU': guti, 'FiveG-S-TMSI': sTmsi }),
    octets.of('NGAP', 'InitialContextSetupRequest', {
      SecurityKey: bits(256, ...new Uint8Array(32).fill(0x5a)),
      MaskedIMEISV: bits(64, 0x35, 0x12, 0x34, 0x56, 0x78, 0xff, 0xff, 0x01),
    }),
  ];
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

describe('a capture that is redacted', () => {
  let programs: readonly Program[] = [];
  beforeAll(async () => {
    programs = [...(await shippedProperties()).values()];
  });

  it.each([
    ['on IP', {}],
    ['in UDP', { udpPorts: [50_000, 9_899] as const }],
    ['on IPv6 in UDP', { hosts: ['2001:db8::1', '2001:db8::2'] as const, udpPorts: [9_899, 9_899] as const }],
  ])('has neither identities nor keys, and checksums that are right: %s', (_, options) => {
    const talk = aTalk();
    const messages = identities();
    const packets = messages.map((bytes, index) =>
      talk.data('a', { tsn: 100 + index, ssn: index, ppid: 60, bytes }),
    );
    const whole = pcapFile(framesOf([...talk.open(), ...packets], options));
    const { file, counts } = redactCapture(whole, { key: KEY });
    expect(counts).toMatchObject({ frames: 7, written: 7, messages: 3, masked: 0, leftOut: 0 });
    const read = readMessages(file);
    expect(read.counts).toMatchObject({ messages: 3, wrongChecksum: 0, malformed: 0, missing: 0 });
    expect(read.messages.map(({ bytes }) => bytes.length)).toEqual(messages.map(({ length }) => length));
    const all = hex(file);
    for (const secret of [hex(TMSI), '5a'.repeat(8), '351234567', '1032547698'])
      expect([secret, hex(whole).includes(secret), all.includes(secret)]).toEqual([secret, true, false]);
  });

  it('names the same subscriber alike wherever it is named, and otherwise under another key', () => {
    const talk = aTalk();
    const packets = identities().map((bytes, index) =>
      talk.data('a', { tsn: 100 + index, ssn: index, ppid: 60, bytes }),
    );
    const whole = pcapFile(framesOf([...talk.open(), ...packets]));
    const [first, second] = readMessages(redactCapture(whole, { key: KEY }).file).messages;
    const tmsi = hex(first?.bytes ?? new Uint8Array(0)).slice(-8);
    const places = hex(second?.bytes ?? new Uint8Array(0)).split(tmsi).length - 1;
    expect([tmsi === hex(TMSI), places]).toEqual([false, 2]);
    expect(hex(redactCapture(whole, { key: new Uint8Array(32) }).file)).not.toContain(tmsi);
  });

  it('shows a judge what the other shows', () => {
    const lab = new Signalling({ seed: 9, goesOn: (octets) => octets < 20_000 });
    const whole = captureFile([...lab.packets()]);
    const { file, counts } = redactCapture(whole, { key: KEY });
    const verdicts = (of: Uint8Array) =>
      judgedFile(of, programs).findings.map(({ verdict, held }) => [verdict, held]);
    expect(verdicts(file)).toEqual(verdicts(whole));
    expect(counts).toMatchObject({ masked: 0, leftOut: 0 });
  });

  it('has zeros for what cannot be read, and nothing of what nobody has looked into', () => {
    const talk = aTalk();
    const secret = Buffer.from('who knows what this is');
    const data = { ppid: 60, bytes: secret };
    const frames = framesOf([
      ...talk.open(),
      talk.data('a', { ...data, tsn: 100 }),
      talk.data('a', { ...data, tsn: 101, flags: DATA_FLAG.beginning }),
      talk.data('a', { ...data, tsn: 102, ssn: 1, ppid: 46 }),
    ]);
    const other = framesOf([{ from: 'a', bytes: secret }], { udpPorts: [53, 53] });
    const { file, counts } = redactCapture(pcapFile([...frames, ...other]), { key: KEY });
    expect(counts).toMatchObject({ messages: 0, masked: 3, leftOut: 1, written: 7 });
    expect(Buffer.from(file).includes(secret)).toBe(false);
    const kept = redactCapture(pcapFile(other), { key: KEY, keepsOthers: true });
    expect(Buffer.from(kept.file).includes(secret)).toBe(true);
  });
});
