import { describe, expect, it } from 'vitest';
import { chooseTransport, type TransportFacts } from '../../../../../runners/interfaces/sctp/choose.ts';

const NOTHING: TransportFacts = { kernel: false, usrsctp: undefined, raw: false };
const ALL: TransportFacts = { kernel: false, usrsctp: 'libusrsctp.so.2', raw: true };

describe('the choice of an SCTP transport', () => {
  it('takes the first that is there, and says why not one before it', () => {
    expect(chooseTransport('auto', ALL).name).toBe('sctp:usrsctp');
    const poor = chooseTransport(undefined, NOTHING);
    expect(poor.name).toBe('sctp:ts-udp');
    expect(poor.why).toContain('not sctp:kernel: the kernel gives no SCTP socket');
    expect(poor.why).toContain('not sctp:usrsctp: libusrsctp is not installed');
  });

  it('takes the kernel before all others', () => {
    expect(chooseTransport('auto', { ...ALL, kernel: true })).toMatchObject({ name: 'sctp:kernel' });
    expect(chooseTransport('kernel', { ...NOTHING, kernel: true })).toMatchObject({ name: 'sctp:kernel' });
  });

  it('takes what the equipment file asks for, by its short or its full name', () => {
    expect(chooseTransport('ts-raw', ALL).name).toBe('sctp:ts-raw');
    expect(chooseTransport('sctp:ts-udp', ALL).name).toBe('sctp:ts-udp');
  });

  it.each([
    ['kernel', ALL],
    ['usrsctp', NOTHING],
    ['ts-raw', NOTHING],
    ['ts-raw', { ...ALL, kernel: true }],
    ['carrier-pigeon', ALL],
  ])('refuses %s where it is not to be had', (wanted, facts) => {
    expect(() => chooseTransport(wanted, facts)).toThrow(
      expect.objectContaining({ code: 'SCTP_TRANSPORT_UNUSABLE' }) as Error,
    );
  });
});
