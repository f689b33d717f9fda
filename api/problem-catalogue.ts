/** Every refusal by its stable code: what it is called, what it means, and what to do (`/problems/{code}`). */
import type { Title } from '../domain/flows/define.ts';
import { ofLoad } from './problems-of-load.ts';

/** A kind of refusal, as people read of it. */
export interface ProblemKind {
  status: number;
  title: Title;
  means: Title;
  remedy: Title;
}

/** Every `code` of problem+json. */
export const codes = {
  malformedRequest: {
    status: 400,
    title: { en: 'The request could not be read', zh: '无法读取该请求' },
    means: {
      en: 'The body is not strict JSON in UTF-8, or the address or a header is broken. A key given twice, a byte order mark, and nesting deeper than 32 are refused too.',
      zh: '请求体不是严格的 UTF-8 JSON，或者地址、请求头有误。重复的键、字节顺序标记以及超过 32 层的嵌套同样不被接受。',
    },
    remedy: {
      en: 'Read `detail`, correct the request, and send it again. The same request will fail again.',
      zh: '查看 `detail`，改正后重新发送。原样重发仍会失败。',
    },
  },
  headerMissing: {
    status: 400,
    title: { en: 'A required header is missing', zh: '缺少必需的请求头' },
    means: {
      en: 'The call needs a header that was not sent. `detail` names it; mostly it is Idempotency-Key.',
      zh: '该调用需要的请求头没有发送。`detail` 中写明了名称，通常是 Idempotency-Key。',
    },
    remedy: {
      en: 'Send the header. Choose a new Idempotency-Key for each thing you want done, and keep it for repetitions.',
      zh: '补上该请求头。每件新的事情使用新的 Idempotency-Key，重试时沿用原来的。',
    },
  },
  unauthorized: {
    status: 401,
    title: { en: 'A valid token is required', zh: '需要有效的令牌' },
    means: {
      en: 'No bearer token was sent, or it is expired, of another issuer, or names no role. At the door of gateways: the signature is not right.',
      zh: '没有发送令牌，或令牌已过期、来自其他签发方、不含任何角色。对于网关入口：签名不正确。',
    },
    remedy: {
      en: 'Send `Authorization: Bearer …` with a token that is valid now.',
      zh: '请在 `Authorization: Bearer …` 中发送当前有效的令牌。',
    },
  },
  forbidden: {
    status: 403,
    title: { en: 'Your role may not do this', zh: '您的角色无权执行此操作' },
    means: {
      en: 'You are known, but the call is for another role. The attempt stands in the audit log; nothing was changed.',
      zh: '身份已确认，但该操作属于其他角色。此次尝试已记入审计日志，数据没有改变。',
    },
    remedy: {
      en: 'Ask somebody in that role. `allowedActions` of a case lists what you may do.',
      zh: '请由相应角色的人员操作。服务单的 `allowedActions` 列出了您可以执行的操作。',
    },
  },
  notFound: {
    status: 404,
    title: { en: 'There is no such thing', zh: '没有找到' },
    means: {
      en: 'The path names a case, asset, flow, task, action or page that does not exist.',
      zh: '路径中的服务单、设备、流程、任务、操作或页面不存在。',
    },
    remedy: {
      en: 'Check the number or name in the path. `/openapi.json` lists every route.',
      zh: '请核对路径中的编号或名称。全部接口见 `/openapi.json`。',
    },
  },
  methodNotAllowed: {
    status: 405,
    title: { en: 'Not with this method', zh: '不支持该请求方法' },
    means: {
      en: 'The path exists, but takes other methods. The header `Allow` lists them.',
      zh: '该路径存在，但不支持所用的请求方法。响应头 `Allow` 列出了支持的方法。',
    },
    remedy: {
      en: 'Use one of the methods in `Allow`.',
      zh: '请使用 `Allow` 中列出的方法。',
    },
  },
  requestTimeout: {
    status: 408,
    title: { en: 'The request took too long to arrive', zh: '请求到达超时' },
    means: {
      en: 'Headers or body were not complete in time. Nothing was done.',
      zh: '请求头或请求体没有在规定时间内到齐。没有执行任何操作。',
    },
    remedy: {
      en: 'Send it again, on a better connection.',
      zh: '请在网络状况良好时重新发送。',
    },
  },
  taskNotOpen: {
    status: 409,
    title: { en: 'The task is not open', zh: '任务未处于待办状态' },
    means: {
      en: 'The task was answered already, withdrawn, or its time is over. `currentStatus`, `stage` and `allowedActions` say where the case stands.',
      zh: '该任务已被答复、撤回或超过期限。`currentStatus`、`stage` 和 `allowedActions` 说明服务单的当前状态。',
    },
    remedy: {
      en: 'Read the case again and answer one of its `openTasks`.',
      zh: '重新读取服务单，答复其 `openTasks` 中的任务。',
    },
  },
  illegalTransition: {
    status: 409,
    title: { en: 'Not in this status', zh: '当前状态下不允许' },
    means: {
      en: 'The thing exists, but what you ask for is not possible where it stands now. Nothing was changed.',
      zh: '对象存在，但在当前状态下不能执行该操作。数据没有改变。',
    },
    remedy: {
      en: 'Read it again. `allowedActions` says what is possible now.',
      zh: '请重新读取。`allowedActions` 列出了当前可执行的操作。',
    },
  },
  blocked: {
    status: 409,
    title: { en: 'An obligation is still open', zh: '仍有未完成的义务' },
    means: {
      en: 'A case closes only once nothing is owed: parts on loan, signatures, callbacks, payments. `blockers` lists what is open.',
      zh: '只有借出配件、签字、回访、付款等全部完成后，服务单才能关闭。`blockers` 列出了未完成的事项。',
    },
    remedy: {
      en: 'Settle each of the `blockers`, or have a supervisor waive those that are `waivable`.',
      zh: '逐项完成 `blockers`；其中 `waivable` 的可由主管豁免。',
    },
  },
  duplicateCase: {
    status: 409,
    title: {
      en: 'The same fault of this asset is open already',
      zh: '该设备的同一故障已有未结服务单',
    },
    means: {
      en: 'A case of the same flow, asset and fault is open. `link` leads to it.',
      zh: '同一流程、同一设备、同一故障的服务单尚未结束，见 `link`。',
    },
    remedy: {
      en: 'Go on with that case. If it is another fault all the same, send `allowDuplicate` with a reason.',
      zh: '请在原服务单上继续。如确为另一故障，请发送带原因的 `allowDuplicate`。',
    },
  },
  tooLarge: {
    status: 413,
    title: { en: 'The body is too large', zh: '请求体过大' },
    means: {
      en: 'A body may hold 1 MiB, a file of a register 8 MiB.',
      zh: '请求体上限为 1 MiB，导入文件上限为 8 MiB。',
    },
    remedy: { en: 'Send less at a time.', zh: '请分批发送。' },
  },
  unsupportedMediaType: {
    status: 415,
    title: {
      en: 'Send application/json in UTF-8, a file of a register as text/csv',
      zh: '请使用 UTF-8 的 application/json；导入文件请使用 text/csv',
    },
    means: {
      en: 'The media type, its charset or a content encoding is not one that the call takes.',
      zh: '媒体类型、字符集或内容编码不被该调用接受。',
    },
    remedy: {
      en: 'Send JSON in UTF-8, uncompressed; a CSV file as text/csv.',
      zh: '请发送未压缩的 UTF-8 JSON；CSV 文件使用 text/csv。',
    },
  },
  invalidRequest: {
    status: 422,
    title: { en: 'Well-formed but wrong', zh: '格式正确但内容有误' },
    means: {
      en: 'A field is missing, unknown, out of range, or names something that does not exist. `errors` has each one with a JSON pointer.',
      zh: '有字段缺失、未知、超出范围，或引用了不存在的内容。`errors` 用 JSON 指针逐项列出。',
    },
    remedy: {
      en: 'Correct every field in `errors`, and send it again with a new Idempotency-Key.',
      zh: '改正 `errors` 中的每个字段，并使用新的 Idempotency-Key 重新发送。',
    },
  },
  entitlementMismatch: {
    status: 422,
    title: { en: 'The asset is not entitled to this flow', zh: '该设备不适用此流程' },
    means: {
      en: 'Warranty or contract lead to another flow. `evidence` says why, `fits` names the flow.',
      zh: '按保修或合同应使用其他流程。`evidence` 说明依据，`fits` 给出适用的流程。',
    },
    remedy: {
      en: 'Open the flow in `fits`, or leave `flow` out. A supervisor may send `overrideEntitlement` with a reason.',
      zh: '请使用 `fits` 中的流程，或不填 `flow`。主管可发送带原因的 `overrideEntitlement`。',
    },
  },
  idempotencyKeyReused: {
    status: 422,
    title: {
      en: 'This Idempotency-Key came with another body',
      zh: '该 Idempotency-Key 已用于另一请求体',
    },
    means: {
      en: 'A key stands for one request. This one was used before, with another body.',
      zh: '一个键只对应一个请求。该键此前已与另一请求体一起使用。',
    },
    remedy: {
      en: 'For something new choose a new key. For a repetition send the very same body.',
      zh: '新的事情请使用新的键；重试时请发送完全相同的请求体。',
    },
  },
  headersTooLarge: {
    status: 431,
    title: { en: 'The headers are too large', zh: '请求头过大' },
    means: {
      en: 'All headers together may hold 16 KiB.',
      zh: '全部请求头合计上限为 16 KiB。',
    },
    remedy: { en: 'Send fewer or shorter headers.', zh: '请减少或缩短请求头。' },
  },
  ...ofLoad,
} as const satisfies Record<string, ProblemKind>;
export type Code = keyof typeof codes;
export const allCodes = Object.keys(codes) as [Code, ...Code[]];
