/** What is played: three cases that the documents tell (CASE-01, CASE-06, CASE-08), each step in a sentence and with its answer. */

type Answer = Record<string, unknown>;

/** What somebody does in a task: said in a sentence, answered by the task's own example with these changes. */
interface Act {
  says: string;
  answer?: Answer;
}

export interface Story {
  name: string;
  title: string;
  /** What has happened. */
  before: string;
  /** What opens the case. */
  request: Answer & { flow: string };
  /** By task name; a task that is not named here is answered by its example. */
  acts: Record<string, Act>;
  /** The task that nobody answers the first time, and what is said of it. */
  passed?: { task: string; says: string };
  /** The task before which the worker is killed. */
  breaksBefore?: string;
}

const remote = { way: 'remote', dataLost: false, expectedParts: [] };
const fixed = {
  result: 'fixed',
  change: 'kept',
  next: undefined,
  dataLost: false,
  expectedParts: [],
};

/** CASE-01: an emergency, paged, contacted and restored within its 15 minutes. */
const dataCentreOutage: Story = {
  name: 'CASE-01',
  title: 'Data-centre outage',
  before: '03:00. The system is down; the business of every tenant stands still.',
  request: {
    flow: 'emergencyResponse',
    customerNumber: 'CU-1004',
    serialNumber: 'SRV-DC-0601',
    channel: 'phone',
    contact: { name: 'Tan Wei Ming', phone: '+86 139 0000 1004' },
    fault: {
      code: 'SRV-SYSTEM-DOWN',
      description: 'Since 03:00 the system is down; the business of every tenant stands still.',
      place: 'Data centre South, hall 2',
      impactScope: 'siteDown',
    },
    severity: 'critical',
  },
  passed: {
    task: 'answerPage',
    says: 'does not answer; after four minutes (two seconds here) the next is paged',
  },
  acts: {
    answerPage: { says: '"I take it."' },
    reportFirstContact: {
      says: 'calls the customer and puts the emergency plan into effect',
      answer: {
        ...remote,
        firstSolution: 'Emergency plan: tenants to the replica, controller A isolated.',
      },
    },
    reportRemoteFix: {
      says: 'the fault is located, the controller restarted: the system is back within 15 minutes',
      answer: {
        ...fixed,
        findings: 'Controller A hung and held the array; restarted, all volumes are back.',
      },
    },
    writeIncidentReport: {
      says: 'puts down what happened',
      answer: {
        causeCode: 'CONTROLLER-HANG',
        remedyCode: 'RESTARTED',
        solution: 'Tenants ran on the replica while the controller was restarted.',
        customerFeedback: 'Our customers were back in business within two hours.',
      },
    },
    recordCallback: {
      says: '"Back in business within two hours."',
      answer: { remarks: 'All tenants work.' },
    },
    recordFollowUp: { says: '"95 of 100."', answer: { feedback: 'Scores the service 95 of 100.' } },
    reviewEmergency: {
      says: 'looks for what to do better',
      answer: {
        rootCause: 'software',
        findings: 'Controller firmware; warn all sites that run it.',
      },
    },
  },
  breaksBefore: 'reportRemoteFix',
};

/** CASE-06: a repair in warranty that ends in praise. */
const politeRepair: Story = {
  name: 'CASE-06',
  title: 'Polite air-conditioner repair',
  before: 'A household’s air conditioner does not cool any more.',
  request: {
    flow: 'inWarrantyRepair',
    customerNumber: 'CU-1006',
    serialNumber: 'AC35-302819',
    channel: 'phone',
    contact: { name: 'He Xiaoyan', phone: '+86 139 0000 1006' },
    fault: { code: 'AC-NO-COOLING', description: 'It blows, but does not cool.' },
  },
  acts: {
    reportPhoneTriage: {
      says: 'asks what it does; this needs a visit, and no parts',
      answer: {
        fixedByPhone: false,
        customerHasPart: false,
        guideByPhone: false,
        expectedParts: [],
        findings: 'Blows warm; probably clogged.',
      },
    },
    confirmVisit: { says: 'agrees the visit with the customer' },
    confirmDeparture: { says: 'checks clothing, tools and papers, and goes' },
    recordSiteFacts: {
      says: 'puts on shoe covers and asks what happened',
      answer: {
        faultAccount: 'Air flow weak, coil iced over.',
        operationBefore: 'Ran all day on its lowest setting.',
        operationAfter: 'Switched off.',
        userSignature: 'He Xiaoyan',
      },
    },
    confirmSafety: { says: 'cuts the power before opening it' },
    reportDiagnosis: {
      says: 'finds the filter and the coil clogged',
      answer: {
        causeCode: 'COIL-CLOGGED',
        determination: 'Filter and coil clogged; coolant as it should be.',
      },
    },
    adviseDiagnosis: {
      says: 'agrees, from the rear',
      answer: { advice: 'Clean the coil with water only, then look for leaks.' },
    },
    adviseReplacement: {
      says: 'nothing need be replaced',
      answer: {
        procedure: { id: 'PS-AC-004', version: 1 },
        advice: 'Let it run for 20 minutes after cleaning.',
      },
    },
    reportRepair: { says: 'cleans both, tidily', answer: { remedyCode: 'CLEANED', usedParts: [] } },
    reportMachineCheck: {
      says: 'lets it run: it cools',
      answer: {
        items: [
          { item: 'COOLING', ok: true },
          { item: 'DRAIN', ok: true },
        ],
      },
    },
    writeServiceRecord: {
      says: 'writes down what was done, and how to care for it',
      answer: {
        workDone: 'Filter and coil cleaned, run for 20 minutes.',
        precautions: 'Wash the filter every month; not below 26 °C for days on end.',
        laborMinutes: 60,
      },
    },
    signServiceRecord: {
      says: 'teaches use and care; the customer signs and rates: A',
      answer: { signedBy: 'He Xiaoyan', rating: 'A', precautionsTaught: true },
    },
    recordCallback: {
      says: '"Such a polite young man, and he knew his trade!"',
      answer: { remarks: 'Praise: polite, professional, taught use and care.' },
    },
  },
};

/** CASE-08: solved from afar, nobody travels. */
const remoteSupport: Story = {
  name: 'CASE-08',
  title: 'Remote support',
  before: 'A fault in the customer’s network blocks access to its services.',
  request: {
    flow: 'emergencyResponse',
    customerNumber: 'CU-1003',
    serialNumber: 'NET-GW-0801',
    channel: 'mail',
    contact: { name: 'Grace Miller', phone: '+86 139 0000 1003' },
    fault: {
      code: 'NET-ACCESS-BLOCKED',
      description: 'Nobody in the district reaches the services.',
      impactScope: 'machineDown',
    },
    severity: 'high',
  },
  acts: {
    answerPage: { says: '"I take it."' },
    reportFirstContact: {
      says: 'calls within the hour, and guides from afar',
      answer: { ...remote, firstSolution: 'Look at the gateway together, by remote session.' },
    },
    reportRemoteFix: {
      says: 'step by step: the fault is solved in four hours, without a visit',
      answer: {
        ...fixed,
        findings: 'A rule of the gateway held back answers; corrected together.',
      },
    },
    writeIncidentReport: {
      says: 'puts down what happened',
      answer: {
        causeCode: 'RULE-WRONG',
        remedyCode: 'CONFIGURED',
        solution: 'Rule of the gateway corrected, by remote session.',
        customerFeedback: 'Good guidance.',
      },
    },
    recordCallback: {
      says: '"Everything can be reached again."',
      answer: { remarks: 'All services reached.' },
    },
    recordFollowUp: { says: 'asks again: it holds', answer: { feedback: 'Stable since.' } },
    reviewEmergency: {
      says: 'looks for what to do better',
      answer: { rootCause: 'operation', findings: 'Check rules before they are activated.' },
    },
  },
};

export const stories: Story[] = [dataCentreOutage, politeRepair, remoteSupport];
