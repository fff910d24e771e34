import type { Observation } from '../../../src/evidence/observation.ts';
import { isJsonObject } from '../../../src/kernel/json.ts';
import { broken, type Found, holds, unseen } from '../ap/judging.ts';
import { USER_DATA } from './tester.ts';

interface SeenWay {
  readonly n: number;
  readonly sent: number;
  readonly arrived: number;
  readonly wrong: readonly string[];
}

function wayIn(
  observations: readonly Observation[],
  step: string,
  way: 'uplink' | 'downlink',
): SeenWay | undefined {
  const found = observations.find(
    (each) =>
      each.kind === USER_DATA && each.step === step && isJsonObject(each.data) && each.data['way'] === way,
  );
  if (found === undefined || !isJsonObject(found.data)) return undefined;
  const { sent, arrived, wrong } = found.data;
  return {
    n: found.n,
    sent: Number(sent),
    arrived: Number(arrived),
    wrong: Array.isArray(wrong) ? wrong.map((each) => String(each)) : [],
  };
}

/** Everything that was sent arrived as it was, and nothing else did. */
export function allArrived(
  observations: readonly Observation[],
  step: string,
  way: 'uplink' | 'downlink',
): Found {
  const seen = wayIn(observations, step, way);
  if (seen === undefined) return unseen('nothing was sent');
  const what = `${seen.arrived} of ${seen.sent} packets arrived`;
  if (seen.arrived === seen.sent && seen.wrong.length === 0) return holds(what, seen.n);
  return broken([what, ...seen.wrong].join('; '), seen.n);
}

/** Nothing arrives any more. */
export function nothingArrives(
  observations: readonly Observation[],
  step: string,
  way: 'uplink' | 'downlink',
): Found {
  const seen = wayIn(observations, step, way);
  if (seen === undefined) return unseen('nothing was sent');
  const what = `${seen.arrived} of ${seen.sent} packets arrived`;
  return seen.arrived === 0 && seen.wrong.length === 0
    ? holds(what, seen.n)
    : broken([what, ...seen.wrong].join('; '), seen.n);
}
