/** Numbers, names and formats of E2SM-KPM. @see O-RAN.WG3.E2SM-KPM clauses 7.3 and 7.4 */

export const KPM_TRIGGER_STYLES = [{ style: 1, name: 'Periodic report', format: 1 }] as const;

/** `actionFormat` is the number of the style. */
export const KPM_REPORT_STYLES = [
  { style: 1, name: 'E2 Node Measurement', actionFormat: 1, headerFormat: 1, messageFormat: 1 },
  {
    style: 2,
    name: 'E2 Node Measurement for a single UE',
    actionFormat: 2,
    headerFormat: 1,
    messageFormat: 1,
  },
  {
    style: 3,
    name: 'Condition-based, UE-level E2 Node Measurement',
    actionFormat: 3,
    headerFormat: 1,
    messageFormat: 2,
  },
  {
    style: 4,
    name: 'Common condition-based, UE-level Measurement',
    actionFormat: 4,
    headerFormat: 1,
    messageFormat: 3,
  },
  {
    style: 5,
    name: 'E2 Node Measurement for multiple UEs',
    actionFormat: 5,
    headerFormat: 1,
    messageFormat: 3,
  },
] as const;
