import { describe, expect, it } from 'vitest';
import { KPM } from '../../../../../../runners/interfaces/e2sm/kpm/kpm.ts';
import {
  checkTimeStamp,
  closestTime,
  ntpTime,
  ntpTimeStamp,
} from '../../../../../../runners/interfaces/e2sm/kpm/time-stamp.ts';
import { aHeader, SAMPLE_START_MS } from '../../../../../support/kpm-samples.ts';

describe('a time stamp', () => {
  it('counts seconds since 1900, as NTP does', () => {
    expect(Buffer.from(ntpTimeStamp(0, 4)).toString('hex')).toBe('83aa7e80');
    expect(Buffer.from(ntpTimeStamp(500, 8)).toString('hex')).toBe('83aa7e8080000000');
  });

  it('of eight octets keeps the millisecond, of four the second', () => {
    expect(ntpTime(ntpTimeStamp(SAMPLE_START_MS, 8))).toBe(SAMPLE_START_MS);
    expect(ntpTime(ntpTimeStamp(SAMPLE_START_MS, 4))).toBe(SAMPLE_START_MS - 250);
  });

  it('goes on after 2036', () => {
    const late = Date.parse('2040-01-01T00:00:00Z');
    expect(ntpTime(ntpTimeStamp(late, 8))).toBe(late);
  });

  it('that counts from 1970 is read so, when that is closer to its arrival', () => {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, BigInt(SAMPLE_START_MS) * 1_000n);
    const microseconds = new Uint8Array(view.buffer);
    expect(closestTime(microseconds, SAMPLE_START_MS + 900)).toEqual({
      reading: 'unix-us',
      atMs: SAMPLE_START_MS,
    });
    const standard = ntpTimeStamp(SAMPLE_START_MS, 8);
    expect(closestTime(standard, SAMPLE_START_MS)).toEqual({ reading: 'ntp', atMs: SAMPLE_START_MS });
  });
});

describe('the length of the time stamp', () => {
  const of4 = KPM.v2.header.encode(aHeader(4, { senderName: 'du-1' }));
  const of8 = KPM.v3.header.encode(aHeader(8));

  it('is told from the octets of the header', () => {
    expect(checkTimeStamp(of4, 'v2')).toMatchObject({ lengths: [4], fits: true });
    expect(checkTimeStamp(of8, 'v3')).toMatchObject({ lengths: [8], fits: true });
  });

  it('that is of the other version does not fit', () => {
    expect(checkTimeStamp(of4, 'v3')).toEqual({
      lengths: [4],
      fits: false,
      text: 'KPM v3 has a time stamp of 8 octets; this is a time stamp of 4 octets',
    });
    expect(checkTimeStamp(of8, 'v2')).toMatchObject({ lengths: [8], fits: false });
  });

  it('is not found in what is no header', () => {
    expect(checkTimeStamp(Uint8Array.of(1, 2, 3), 'v3')).toMatchObject({ lengths: [], fits: false });
    expect(checkTimeStamp(new Uint8Array(0), 'v2').fits).toBe(false);
  });
});
