import { describe, expect, it } from 'vitest';
import { KPM } from '../../../../../runners/interfaces/e2sm/kpm/kpm.ts';
import {
  kpmModel,
  kpmVersionOf,
  SERVICE_MODEL_OIDS,
  serviceModel,
} from '../../../../../runners/interfaces/e2sm/service-models.ts';
import { PerError } from '../../../../../runners/interfaces/per/error.ts';
import { aHeader } from '../../../../support/kpm-samples.ts';

describe('a service model', () => {
  it('is found by its number', () => {
    const models = Object.values(SERVICE_MODEL_OIDS).map(serviceModel);
    expect(models.map(({ name, version }) => `${name} ${version}`)).toEqual([
      'E2SM-KPM v2 or later',
      'E2SM-KPM v3',
      'E2SM-RC v1',
    ]);
  });

  it('that is not known passes everything through', () => {
    const oid = '1.3.6.1.4.1.99999.1';
    expect(serviceModel(oid)).toEqual({ oid, name: oid, version: '', parts: {} });
  });

  it('decodes its parts to trees', () => {
    const tree = serviceModel(SERVICE_MODEL_OIDS.kpm).parts.eventTrigger?.decode(KPM.v3.periodMs.encode(100));
    expect(tree).toEqual({
      'eventDefinition-formats': { 'eventDefinition-Format1': { reportingPeriod: 100 } },
    });
  });

  it('KPM has the header of its version', () => {
    const header = KPM.v2.header.encode(aHeader(4));
    expect(kpmModel(SERVICE_MODEL_OIDS.kpm, 'v2').parts.indicationHeader?.decode(header)).toBeDefined();
    expect(() => kpmModel(SERVICE_MODEL_OIDS.kpm, 'v3').parts.indicationHeader?.decode(header)).toThrow(
      PerError,
    );
  });

  it('KPM declares its version in several ways', () => {
    expect(
      ['v2.03', 'V02.00', '2', 'v3.00', 'v03.00', '4.0', 'v06.00', 'v1.0', '', 'three'].map(kpmVersionOf),
    ).toEqual(['v2', 'v2', 'v2', 'v3', 'v3', 'v3', 'v3', null, null, null]);
  });
});
