/** Part of `problem-catalogue.ts`: refusals that say nothing of the call, only that it may be made again later. */

export const ofLoad = {
  tooManyRequests: {
    status: 429,
    title: { en: 'Too many requests', zh: '请求过于频繁' },
    means: {
      en: 'More calls within a minute than one caller may make. This one was not looked at.',
      zh: '一分钟内的调用次数超过上限。本次请求未被处理。',
    },
    remedy: {
      en: 'Wait for the seconds in `Retry-After`, then go on more slowly.',
      zh: '请等待 `Retry-After` 所示秒数，然后放慢调用。',
    },
  },
  busy: {
    status: 503,
    title: {
      en: 'Too many cases are being opened; nothing was taken',
      zh: '当前新建服务单过多；本次请求未被接受',
    },
    means: {
      en: 'Cases are opened no faster than they can be worked on, so that answers come first. This one was not opened: there is no case, and the Idempotency-Key is free.',
      zh: '为优先处理答复，新建服务单的速度不超过处理速度。本次没有新建：服务单不存在，Idempotency-Key 也未被占用。',
    },
    remedy: {
      en: 'Send it again after `Retry-After` seconds, with the same key or another.',
      zh: '请在 `Retry-After` 所示秒数后重新发送，键可以沿用，也可以更换。',
    },
  },
  unavailable: {
    status: 503,
    title: {
      en: 'Not reachable now; repeat the same call with the same key',
      zh: '暂时无法访问；请使用相同的键重复同一调用',
    },
    means: {
      en: 'The engine, the database or a partner did not answer. Whether it was taken is not known yet.',
      zh: '引擎、数据库或合作方没有响应。请求是否已被接受尚不确定。',
    },
    remedy: {
      en: 'Repeat the same call with the same Idempotency-Key after `Retry-After` seconds: it is applied once.',
      zh: '请在 `Retry-After` 所示秒数后，使用相同的 Idempotency-Key 重复同一调用：它只会生效一次。',
    },
  },
} as const;
