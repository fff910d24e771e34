/** Numbers and names of E2SM-RC v01.03 as far as our simulators and procedures use them. @see O-RAN.WG3.E2SM-RC clauses 7 and 8 */

export const RC_TRIGGER_STYLES = {
  1: 'Message Event',
  2: 'Call Process Breakpoint',
  3: 'E2 Node Information Change',
  4: 'UE Information Change',
  5: 'On Demand',
} as const;

export const RC_REPORT_STYLES = {
  1: 'Message Copy',
  2: 'Call Process Outcome',
  3: 'E2 Node Information',
  4: 'UE Information',
  5: 'On Demand Report',
} as const;

export const RC_CONTROL_STYLES = {
  1: 'Radio Bearer Control',
  2: 'Radio Resource Allocation Control',
  3: 'Connected Mode Mobility Control',
  4: 'Radio Access Control',
  5: 'Dual Connectivity (DC) Control',
  6: 'Carrier Aggregation (CA) Control',
  7: 'Idle Mode Mobility Control',
  255: 'Multiple Actions Control',
} as const;

export const RC_CONTROL_ACTIONS = {
  1: {
    1: 'DRB QoS Configuration',
    2: 'QoS Flow Mapping Configuration',
    3: 'Logical Channel Configuration',
    4: 'Radio Admission Control',
    5: 'DRB Termination Control',
    6: 'DRB Split Ratio Control',
    7: 'PDCP Duplication Control',
  },
  2: {
    1: 'DRX Parameter Configuration',
    2: 'SR Periodicity Configuration',
    3: 'SPS Parameters Configuration',
    4: 'Configured Grant Control',
    5: 'CQI Table Configuration',
    6: 'Slice-level PRB quota',
  },
  3: { 1: 'Handover Control', 2: 'Conditional Handover Control', 3: 'DAPS Handover Control' },
} as const;

/** Style and action of the three controls that we read and write. */
export const RC_CONTROLS = {
  drbQos: { style: 1, action: 1 },
  sliceQuota: { style: 2, action: 6 },
  handover: { style: 3, action: 1 },
} as const;

export type RcControl = keyof typeof RC_CONTROLS;

/** RAN parameters of Handover Control. @see clause 8.4.4.1 */
export const HANDOVER_PARAMETERS = {
  targetPrimaryCell: { id: 1, name: 'Target Primary Cell ID' },
  targetCell: { id: 2, name: 'CHOICE Target Cell' },
  nrCell: { id: 3, name: 'NR Cell' },
  nrCgi: { id: 4, name: 'NR CGI' },
  eutraCell: { id: 5, name: 'E-UTRA Cell' },
  eutraCgi: { id: 6, name: 'E-UTRA CGI' },
} as const;

/** RAN parameters of DRB QoS Configuration. @see clause 8.4.2.1 */
export const DRB_QOS_PARAMETERS = {
  drb: { id: 1, name: 'DRB ID' },
  fiveQi: { id: 2, name: '5QI' },
  priorityLevel: { id: 11, name: 'Priority Level of mapped QoS Flows' },
  guaranteed: { id: 12, name: 'QoS parameters for GBR Flows in NG-RAN Bearer' },
  maxDl: { id: 13, name: 'Maximum Flow Bit Rate Downlink' },
  guaranteedDl: { id: 14, name: 'Guaranteed Flow Bit Rate Downlink' },
  maxUl: { id: 16, name: 'Maximum Flow Bit Rate Uplink' },
  guaranteedUl: { id: 17, name: 'Guaranteed Flow Bit Rate Uplink' },
} as const;

/** RAN parameters of Slice-level PRB quota; the standard has no number 4. @see clause 8.4.3.6 */
export const SLICE_QUOTA_PARAMETERS = {
  ratioList: { id: 1, name: 'RRM Policy Ratio List' },
  ratioGroup: { id: 2, name: 'RRM Policy Ratio Group' },
  policy: { id: 3, name: 'RRM Policy' },
  memberList: { id: 5, name: 'RRM Policy Member List' },
  member: { id: 6, name: 'RRM Policy Member' },
  plmn: { id: 7, name: 'PLMN Identity' },
  snssai: { id: 8, name: 'S-NSSAI' },
  sst: { id: 9, name: 'SST' },
  sd: { id: 10, name: 'SD' },
  minRatio: { id: 11, name: 'Min PRB Policy Ratio' },
  maxRatio: { id: 12, name: 'Max PRB Policy Ratio' },
  dedicatedRatio: { id: 13, name: 'Dedicated PRB Policy Ratio' },
} as const;

/** The parameters of a control, for RAN function definitions. */
export const CONTROL_PARAMETERS = {
  drbQos: Object.values(DRB_QOS_PARAMETERS),
  sliceQuota: Object.values(SLICE_QUOTA_PARAMETERS),
  handover: Object.values(HANDOVER_PARAMETERS),
} as const satisfies Record<RcControl, readonly { readonly id: number; readonly name: string }[]>;
