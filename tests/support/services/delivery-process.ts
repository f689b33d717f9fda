/** A delivery worker as a process of its own, to be killed: `node delivery-process.ts <database URL> <gateway URL>`. */
import { connect } from '../../../db/connect.ts';
import { runDelivery } from '../../../services/delivery/run.ts';
import { createMessageOutbox } from '../../../services/notification/outbox.ts';
import { createSmsSender } from '../../../services/notification/sms.ts';

const [databaseUrl = '', url = ''] = process.argv.slice(2);
runDelivery(
  {
    name: 'sms',
    outbox: createMessageOutbox(connect(databaseUrl, { max: 4 }), 'sms', null),
    send: createSmsSender({ url, token: null, phoneCountry: '86' }),
  },
  () => undefined,
  { atOnce: 8, pollMs: 20, leaseMs: 400, backOff: { firstMs: 20, mostMs: 100 } },
);
process.stdout.write('delivering\n');
