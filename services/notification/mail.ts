import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import type { Line, Outcome } from '../delivery/index.ts';
import type { OutgoingMessage } from './outbox.ts';
import type { Locale } from './render.ts';

export interface MailServer {
  smtpUrl: string;
  /** `Afterloop <service@example.com>`; checked when it was configured. */
  from: string;
  timeoutMs?: number;
}

const subjects: Record<Locale, { own: string; yours: string }> = {
  en: { own: 'Case', yours: 'Your service request' },
  'zh-CN': { own: '服务单', yours: '您的服务单' },
};
/** One address and nothing else: no name, no list, no line break that could begin a header. */
const plainAddress = /^[^\s<>@"\\,;:()]{1,64}@[^\s<>@"\\,;:()]{1,190}$/;

/** Sends by SMTP, under a Message-ID that every attempt repeats. Close it when nothing is to be sent any more. */
export function createMailSender({ smtpUrl, from, timeoutMs = 15_000 }: MailServer) {
  const transport = createTransport({
    url: smtpUrl,
    disableFileAccess: true,
    disableUrlAccess: true,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
  });
  const domain = /@([^\s<>@]+)>?$/.exec(from)?.[1] ?? 'afterloop.invalid';
  const send: Line<OutgoingMessage>['send'] = async (message) => {
    const { address, text, locale, caseNumber, isInternal } = message;
    if (address === null || !plainAddress.test(address))
      return { result: 'refused', detail: 'no mail address' };
    const mail = {
      from,
      to: { name: '', address },
      subject: `${subjects[locale][isInternal ? 'own' : 'yours']} ${caseNumber}`,
      text,
      messageId: `<${digest(message.effectKey)}@${domain}>`,
      headers: { 'auto-submitted': 'auto-generated' },
    };
    return transport.sendMail(mail).then(() => ({ result: 'sent' }), outcomeOfError);
  };
  /** Connects and signs in, and sends nothing. Fails with the library's error. */
  const verify = () => transport.verify();
  return { send, verify, close: () => transport.close() };
}

const digest = (key: string) => createHash('sha256').update(key).digest('hex').slice(0, 40);

/** 5xx to this message is for good; anything else, a refused login among it, may be mended. */
function outcomeOfError(error: { responseCode?: unknown; code?: unknown }): Outcome {
  const { responseCode, code } = error;
  const isAboutMessage = code === 'EENVELOPE' || code === 'EMESSAGE';
  const detail =
    typeof responseCode === 'number' ? `answered ${responseCode}` : String(code ?? 'no answer');
  const isForGood = isAboutMessage && typeof responseCode === 'number' && responseCode >= 500;
  return isForGood ? { result: 'refused', detail } : { result: 'tryAgain', detail };
}
