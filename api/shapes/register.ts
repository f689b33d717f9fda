/** Machines, customers, failures: what we know before anybody calls, and what we learned. */
import { z } from 'zod';
import type { FlowDefinition } from '../../domain/catalogue.ts';
import type { FailureRecord } from '../../services/defects/index.ts';
import type { Asset, Customer } from '../../services/directory/index.ts';
import { caseShape, entitlementShape } from './case.ts';
import { at, day, jsonSchema, locale, role, rowOf, titleShape } from './common.ts';

const text = z.string().nullable();
const openCases = z.array(caseShape);

export const assetShape = rowOf<Asset>()({
  serialNumber: z.string(),
  productModel: z.string(),
  productClass: z.string(),
  customerNumber: z.string(),
  territory: z.string(),
  installedOn: day.nullable(),
  purchasedOn: day.nullable(),
  manufacturedOn: day.nullable(),
  warrantyTerm: z
    .object({ months: z.int(), basis: z.enum(['installed', 'purchased', 'manufactured']) })
    .nullable()
    .describe('null: nothing is promised for this model'),
  contracts: z.array(
    z.object({ contractNumber: z.string(), package: z.string(), startsOn: day, endsOn: day }),
  ),
})
  .extend({ entitlement: entitlementShape, openCases })
  .meta({ id: 'Asset' });

export const customerShape = rowOf<Customer>()({
  customerNumber: z.string(),
  kind: z.enum(['enterprise', 'individual']),
  arrears: z.boolean(),
  territory: z.string(),
  contact: z.object({ name: text, phone: text, mail: text, address: text, locale }),
})
  .extend({ openCases })
  .meta({ id: 'Customer' });

export const failureShape = rowOf<FailureRecord>()({
  seq: z.int(),
  caseNumber: z.string(),
  cycle: z.int(),
  productModel: z.string(),
  serialNumber: z.string(),
  faultCode: z.string(),
  causeCode: text,
  remedyCode: text,
  failedAt: at.describe('when the customer reported it'),
  recordedAt: at,
  state: z
    .enum(['open', 'closed'])
    .describe('closed once an effect check has confirmed the remedy'),
}).meta({ id: 'FailureRecord' });

export const flowShape = rowOf<Pick<FlowDefinition, 'name' | 'title'>>()({
  name: z.string(),
  title: titleShape,
})
  .extend({
    stages: z.array(z.object({ name: z.string(), title: titleShape })),
    chart: z.string().describe('the stages as a Mermaid flowchart'),
    inputSchema: jsonSchema,
    tasks: z.array(
      z.object({
        name: z.string(),
        title: titleShape,
        role,
        stage: z.string().nullable().describe('null: it may come up at any stage'),
        answerSchema: jsonSchema,
      }),
    ),
  })
  .meta({ id: 'Flow' });
export type FlowPage = z.output<typeof flowShape>;
