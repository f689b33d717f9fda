import type { OpenDefectReport } from '../../domain/flows/defect-report/opening.ts';
import { type DefectFacts, planDefectReport } from '../../domain/flows/defect-report/plan.ts';
import { type FactSources, type Gathered, noPolicy, policyOf } from './facts.ts';
import { promising } from './promise.ts';

/** The facts of a defect report: a model that we sell, a fault and a source that we know, units of that model. */
async function gatherDefectFacts(
  { directory }: FactSources,
  request: OpenDefectReport,
): Promise<Gathered<DefectFacts>> {
  const { productModel, fault, source, affectedSerials = [] } = request;
  const [model, unknown, foreign] = await Promise.all([
    directory.productModel(productModel),
    directory.unknown({
      faultCode: [fault.code],
      caseNumber: source.caseNumber === undefined ? [] : [source.caseNumber],
    }),
    directory.notOfModel(productModel, affectedSerials),
  ]);
  // which number nobody knows is found out by the door, field by field
  if (!model || Object.keys(unknown).length > 0)
    return { errors: [{ pointer: '/productModel', detail: 'unknown productModel' }] };
  if (foreign.length > 0) return { errors: foreign.map((one) => notOfModel(request, one)) };
  const policy = await policyOf(directory, model.productClass);
  return policy ? { facts: { model, policy } } : noPolicy('/productModel');
}

/** Promised by these facts. */
export const defectReport = promising(gatherDefectFacts, planDefectReport);

const notOfModel = ({ productModel, affectedSerials = [] }: OpenDefectReport, serial: string) => ({
  pointer: `/affectedSerials/${affectedSerials.indexOf(serial)}`,
  detail: `not a ${productModel}`,
});
