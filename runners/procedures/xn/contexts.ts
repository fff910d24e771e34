import { outgoing } from '../../interfaces/xnap/codec.ts';
import { broken, clausesOf, type Found, holds, shown, unseen } from '../ap/judging.ts';
import { openingOf } from '../ap/seen-messages.ts';
import type { Procedure } from '../procedure.ts';
import { driveXn } from './driver.ts';
import { answered, came, knownUe, unknownUe } from './judging.ts';
import { SETTLED } from './parameters.ts';
import { seenPdus, type SeenPdu } from './seen-messages.ts';
import { handOver, mustHandOver, probeUe } from './takings.ts';

// Whether the product knows the UEs that it should know, and no others.

const PREPARE = 'prepare';
const SOURCE = 4_001;

/** TS 38.423 8.2.3, 10.6: what was cancelled is not known any more. */
export const cancellation: Procedure = {
  id: 'xn.gnb.handover-cancel',
  parameters: SETTLED,
  clauses: ['known', 'forgotten', 'again'],
  drive: (bench, { signal }) =>
    driveXn(bench, { signal }, async (driver) => {
      const link = await driver.ready();
      const pair = await mustHandOver(driver, link, { step: PREPARE, source: SOURCE });
      await probeUe(driver, link, { step: 'known', pair });
      await link.send(
        'cancel',
        outgoing('HandoverCancel', {
          'sourceNG-RANnodeUEXnAPID': pair.source,
          'targetNG-RANnodeUEXnAPID': pair.target,
          Cause: { radioNetwork: 'tXnRELOCprep-expiry' },
        }),
      );
      await probeUe(driver, link, { step: 'forgotten', pair });
      await handOver(driver, link, { step: 'again', source: SOURCE });
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    return {
      clauses: clausesOf({
        known: knownUe(pdus, 'known'),
        forgotten: unknownUe(pdus, 'forgotten'),
        again: answered(pdus, 'again', 'HandoverRequestAcknowledge'),
      }),
    };
  },
};

const FULL = { ResetRequestTypeInfo: { fullReset: {} }, Cause: { misc: 'unspecified' } } as const;

/** TS 38.423 8.4.4: a full reset ends all that is under way. */
export const fullReset: Procedure = {
  id: 'xn.gnb.reset',
  parameters: SETTLED,
  clauses: ['answered', 'kind', 'forgotten'],
  drive: (bench, { signal }) =>
    driveXn(bench, { signal }, async (driver) => {
      const link = await driver.ready();
      const pair = await mustHandOver(driver, link, { step: PREPARE, source: SOURCE });
      await link.request('reset', { name: 'ResetRequest', ies: FULL }, driver.waiting);
      await probeUe(driver, link, { step: 'forgotten', pair });
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    return {
      clauses: clausesOf({
        answered: answered(pdus, 'reset', 'ResetResponse'),
        kind: judgeResetKind(pdus, 'fullReset'),
        forgotten: unknownUe(pdus, 'forgotten'),
      }),
    };
  },
};

/** A partial reset ends what it names, and nothing else. */
export const partialReset: Procedure = {
  id: 'xn.gnb.partial-reset',
  parameters: SETTLED,
  clauses: ['answered', 'kind', 'forgotten', 'kept'],
  drive: (bench, { signal }) =>
    driveXn(bench, { signal }, async (driver) => {
      const link = await driver.ready();
      const gone = await mustHandOver(driver, link, { step: PREPARE, source: SOURCE });
      const kept = await mustHandOver(driver, link, { step: 'prepare-other', source: SOURCE + 1 });
      const item = { 'ng-ran-node1UEXnAPID': gone.source, 'ng-ran-node2UEXnAPID': gone.target };
      const ResetRequestTypeInfo = { partialReset: { 'ue-contexts-ToBeReleasedList': [item] } };
      const ies = { ...FULL, ResetRequestTypeInfo };
      await link.request('reset', { name: 'ResetRequest', ies }, driver.waiting);
      await probeUe(driver, link, { step: 'forgotten', pair: gone });
      await probeUe(driver, link, { step: 'kept', pair: kept });
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    return {
      clauses: clausesOf({
        answered: answered(pdus, 'reset', 'ResetResponse'),
        kind: judgeResetKind(pdus, 'partialReset'),
        forgotten: unknownUe(pdus, 'forgotten'),
        kept: knownUe(pdus, 'kept'),
      }),
    };
  },
};

function judgeResetKind(pdus: readonly SeenPdu[], wanted: 'fullReset' | 'partialReset'): Found {
  const response = came(pdus, 'ResetResponse', openingOf(pdus, 'reset'));
  const kind = response?.message.ies.ResetResponseTypeInfo;
  if (response === undefined) return unseen('there is no response');
  return kind !== undefined && wanted in kind
    ? holds(wanted, response.n)
    : broken(`another kind of reset than ${wanted}; octets: ${shown(response)}`, response.n);
}

/** TS 38.423 10.6: a message of a UE that was never handed over is objected to. */
export const unknownIds: Procedure = {
  id: 'xn.gnb.unknown-ue',
  parameters: SETTLED,
  clauses: ['indicated'],
  drive: (bench, { signal }) =>
    driveXn(bench, { signal }, async (driver) => {
      const link = await driver.ready();
      await probeUe(driver, link, { step: 'stranger', pair: { source: 77, target: 0xffff_0001 } });
    }),
  judge: ({ observations }) => ({
    clauses: clausesOf({ indicated: unknownUe(seenPdus(observations), 'stranger') }),
  }),
};
