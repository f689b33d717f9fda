import { expect, test } from 'vitest';
import { createAddresses } from '../../services/webhooks/index.ts';

const known: Record<string, string[]> = {
  'good.example': ['93.184.216.34', '2606:2800:220:1::1'],
  'private.example': ['10.0.0.7'],
  'mixed.example': ['93.184.216.34', '169.254.169.254'],
  'mapped.example': ['::ffff:127.0.0.1'],
  localhost: ['127.0.0.1', '::1'],
  'erp.plant.example': ['10.1.2.3'],
};
const resolve = async (host: string) =>
  (known[host] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
const addresses = createAddresses([], resolve);

test.each([
  'https://169.254.169.254/latest/meta-data',
  'https://2852039166/',
  'https://0xa9fea9fe/',
  'https://0251.0376.0251.0376/',
  'https://0xA9.254.0251.254/',
  'https://169.254.43518/',
  'https://169.254.169.254./',
  'https://１６９.２５４.１６９.２５４/',
  'https://①⑥⑨.254.169.254/',
  'https://169.254.169.254%2f@good.example/',
  'https://169.254.169.254\\@good.example/',
  'https://[::ffff:169.254.169.254]/',
  'https://[::ffff:a9fe:a9fe]/',
  'https://[::ffff:0:a9fe:a9fe]/',
  'https://[::a9fe:a9fe]/',
  'https://[64:ff9b::a9fe:a9fe]/',
  'https://[2002:a9fe:a9fe::1]/',
  'https://[2001::a9fe:a9fe]/',
  'https://0.0.0.0/',
  'https://0/',
  'https://127.0.0.1/',
  'https://127.1/',
  'https://localhost/',
  'https://[::]/',
  'https://[::1]/',
  'https://[fe80::1]/',
  'https://[fd00::1]/',
  'https://10.0.0.1/',
  'https://172.16.0.1/',
  'https://192.168.1.1/',
  'https://100.64.0.1/',
  'https://198.18.0.1/',
  'https://224.0.0.1/',
  'https://255.255.255.255/',
  'https://private.example/',
  'https://mixed.example/',
  'https://mapped.example/',
  'https://nowhere.example/',
  'http://good.example/',
  'https://user:pass@good.example/',
  'ftp://good.example/',
  'file:///etc/passwd',
  'gopher://good.example/',
  'javascript:alert(1)',
  'https://good.example/#fragment',
  'https://',
  'good.example',
  '',
])('%s is no target', async (url) => {
  expect(await addresses.refusal(url)).not.toBeNull();
});

test.each([
  'https://good.example/hook?x=1',
  'https://93.184.216.34:8443/',
  'https://[2606:2800:220:1::1]/',
])('%s is a target', async (url) => {
  expect(await addresses.refusal(url)).toBeNull();
});

test('the allow-list opens a host, an address or a network, over http too, and nothing beside it', async () => {
  const allowing = createAddresses(
    ['erp.plant.example', '127.0.0.1', '10.2.0.0/16', 'fd00::/8'],
    resolve,
  );
  const refusals = async (...urls: string[]) =>
    Promise.all(urls.map(async (url) => (await allowing.refusal(url)) !== null));
  expect(
    await refusals(
      'http://erp.plant.example/',
      'http://127.0.0.1:8080/',
      'https://10.2.255.1/',
      'https://[fd00::5]/',
    ),
  ).toEqual([false, false, false, false]);
  expect(
    await refusals(
      'http://127.0.0.2/',
      'https://10.3.0.1/',
      'https://private.example/',
      'https://[::ffff:127.0.0.2]/',
      'https://sub.erp.plant.example/',
    ),
  ).toEqual([true, true, true, true, true]);
});

test('a connection gets the addresses of its own look-up: a name that turned private is not reached', async () => {
  const lookUp = (host: string) =>
    new Promise((done) => {
      addresses.lookup(host, { all: true }, (error, found) => done(error?.name ?? found));
    });
  expect(await lookUp('good.example')).toEqual(await resolve('good.example'));
  expect(await lookUp('mixed.example')).toBe('ForbiddenTarget');
  expect(await lookUp('nowhere.example')).toBe('Error');
});
