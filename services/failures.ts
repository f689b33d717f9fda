/** The closed list of failures, for activities to classify: the one place that maps SQL and HTTP errors. */
export {
  type FailureType,
  failureOfStatus,
  ServiceFailure,
  toServiceFailure,
} from '../db/failures.ts';
